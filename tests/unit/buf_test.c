#include "check.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"

/* A buffer beside the plainest model of one. */
struct twin {
	struct buf b;
	struct check_mem mem;
	uint8_t model[2048];
	size_t n;
	uint64_t seed;
};

static bool
same(const struct twin *t)
{
	const struct buf *b = &t->b;

	return CHECK(b->head <= b->tail && b->tail <= b->cap && b->cap <= b->max) &&
	       CHECK_UINT(buf_room(b), b->max - t->n) &&
	       CHECK_MEM(buf_data(b), buf_len(b), t->model, t->n);
}

static size_t
below(struct twin *t, size_t n)
{
	return check_random(&t->seed) % n;
}

/* Puts n bytes in one of the ways there are. */
static int
put_somehow(struct twin *t, const char *text, size_t n)
{
	uint8_t *p;
	int r;

	switch (below(t, 4)) {
	case 0:
		return buf_puts(&t->b, text);
	case 1:
		return buf_putf(&t->b, "%.*s%s", (int)(n / 2), text, text + n / 2);
	case 2: /* more is reserved than used */
		if ((r = buf_reserve(&t->b, n + n / 4, &p)) != 0)
			return r;
		if (n > 0)
			memcpy(p, text, n);
		buf_commit(&t->b, n);
		return 0;
	}
	return n == 1 ? buf_putc(&t->b, (uint8_t)text[0]) : buf_put(&t->b, text, n);
}

static void
random_put(struct twin *t)
{
	size_t n = below(t, 4) == 0 ? below(t, 400) : below(t, 20);
	char text[400];
	int r;

	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + below(t, 26));
	text[n] = '\0';
	t->mem.failed = false;
	t->mem.fail_at = below(t, 8) == 0 ? t->mem.requests + 1 + below(t, 2) : 0;
	r = put_somehow(t, text, n);
	if (r == 0 && CHECK(n <= t->b.max - t->n)) {
		memcpy(t->model + t->n, text, n);
		t->n += n;
	} else if (r == ERR_NOMEM) {
		CHECK(t->mem.failed);
	} else if (r != 0) {
		CHECK_INT(r, ERR_LIMIT);
		CHECK(n + n / 4 > t->b.max - t->n);
	}
}

static void
random_take(struct twin *t)
{
	size_t n = below(t, t->n + 1);

	switch (below(t, 8)) {
	case 0:
		buf_truncate(&t->b, n);
		t->n -= n;
		break;
	case 1:
		buf_shrink(&t->b, below(t, 200));
		break;
	case 2:
		if (below(t, 20) == 0) {
			buf_reset(&t->b);
			t->n = 0;
		}
		break;
	case 3:
		if (below(t, 20) == 0) {
			buf_clear(&t->b);
			CHECK_UINT(t->mem.live, 0);
			t->n = 0;
		}
		break;
	default:
		buf_consume(&t->b, n);
		memmove(t->model, t->model + n, t->n - n);
		t->n -= n;
	}
}

static void
buf_agrees_with_a_model_in_random_use(void)
{
	static const size_t maxima[] = { 0, 1, 2, 63, 64, 65, 100, 127, 128, 129, 500, 2000 };

	for (size_t i = 0; i < sizeof maxima / sizeof maxima[0]; i++) {
		struct twin t = { .seed = i };
		bool good = true;

		check_mem_init(&t.mem);
		buf_init(&t.b, &t.mem.mem, maxima[i]);
		check_enter("max %zu", maxima[i]);
		for (int step = 0; step < 20000 && good; step++) {
			if (below(&t, 2) == 0)
				random_put(&t);
			else
				random_take(&t);
			good = same(&t);
		}
		buf_clear(&t.b);
		CHECK_UINT(t.mem.live, 0);
		check_leave();
	}
}

static void
buf_is_empty_and_without_memory_at_first(void)
{
	struct check_mem m;
	struct buf b;
	uint8_t *p;

	check_mem_init(&m);
	buf_init(&b, &m.mem, 100);
	CHECK_UINT(buf_len(&b), 0);
	CHECK_UINT(buf_room(&b), 100);
	CHECK_INT(buf_put(&b, NULL, 0), 0);
	CHECK_INT(buf_puts(&b, ""), 0);
	CHECK_INT(buf_putf(&b, "%s", ""), 0);
	CHECK_INT(buf_reserve(&b, 0, &p), 0);
	buf_commit(&b, 0);
	buf_consume(&b, 0);
	buf_truncate(&b, 0);
	buf_reset(&b);
	buf_shrink(&b, 0);
	buf_clear(&b);
	CHECK_UINT(m.requests, 0);
}

static void
buf_refuses_more_than_its_maximum(void)
{
	struct buf b;
	uint8_t *p;

	buf_init(&b, &mem_libc, 5);
	CHECK_INT(buf_puts(&b, "abcdef"), ERR_LIMIT);
	CHECK_INT(buf_puts(&b, "abcd"), 0);
	CHECK_INT(buf_puts(&b, "ef"), ERR_LIMIT);
	CHECK_INT(buf_putf(&b, "%d", 42), ERR_LIMIT);
	CHECK_INT(buf_reserve(&b, SIZE_MAX, &p), ERR_LIMIT);
	CHECK_MEM(buf_data(&b), buf_len(&b), "abcd", 4);
	CHECK_INT(buf_putf(&b, "%d", 5), 0); /* its NUL would not fit */
	CHECK_INT(buf_putc(&b, '6'), ERR_LIMIT);
	buf_consume(&b, 2);
	CHECK_INT(buf_puts(&b, "xy"), 0);
	CHECK_MEM(buf_data(&b), buf_len(&b), "cd5xy", 5);
	CHECK_UINT(buf_room(&b), 0);
	CHECK_UINT(b.cap, 5);
	buf_clear(&b);
}

static void
buf_without_bound_refuses_what_has_no_size(void)
{
	struct buf b;
	uint8_t *p;

	buf_init(&b, &mem_libc, SIZE_MAX);
	CHECK_INT(buf_putc(&b, 'a'), 0);
	CHECK_INT(buf_reserve(&b, SIZE_MAX, &p), ERR_LIMIT);
	CHECK_MEM(buf_data(&b), buf_len(&b), "a", 1);
	buf_clear(&b);
}

static void
buf_slides_down_before_it_grows(void)
{
	struct check_mem m;
	struct buf b;
	char text[64];

	memset(text, 'x', sizeof text);
	check_mem_init(&m);
	buf_init(&b, &m.mem, 1000);
	CHECK_INT(buf_put(&b, text, sizeof text), 0);
	CHECK_UINT(b.cap, sizeof text);
	buf_consume(&b, 60);
	CHECK_INT(buf_put(&b, text, 60), 0);
	CHECK_UINT(m.requests, 1);
	CHECK_UINT(b.head, 0);
	CHECK_UINT(buf_len(&b), sizeof text);
	buf_clear(&b);
}

static void
buf_in_steady_use_does_not_allocate(void)
{
	struct check_mem m;
	struct buf b;
	char text[100] = { 0 };

	check_mem_init(&m);
	buf_init(&b, &m.mem, 1 << 20);
	for (int i = 0; i < 1000; i++) {
		CHECK_INT(buf_put(&b, text, sizeof text), 0);
		CHECK_INT(buf_put(&b, text, (size_t)i % sizeof text), 0);
		buf_consume(&b, buf_len(&b) - (size_t)i % 7);
	}
	CHECK(m.requests <= 4);
	buf_clear(&b);
}

static void
buf_grows_in_few_steps(void)
{
	struct check_mem m;
	struct buf b;

	check_mem_init(&m);
	buf_init(&b, &m.mem, 100000);
	for (int i = 0; i < 100000; i++)
		buf_putc(&b, (uint8_t)(i & 0xff));
	CHECK_UINT(buf_len(&b), 100000);
	CHECK_UINT(b.cap, 100000);
	CHECK(m.requests <= 12);
	buf_clear(&b);
}

static void
buf_shrink_frees_only_a_big_empty_buffer(void)
{
	struct check_mem m;
	struct buf b;
	char text[200] = { 0 };

	check_mem_init(&m);
	buf_init(&b, &m.mem, 1000);
	buf_put(&b, text, sizeof text);
	buf_shrink(&b, 100);
	CHECK_UINT(buf_len(&b), sizeof text);
	buf_consume(&b, sizeof text);
	buf_shrink(&b, 200);
	CHECK_UINT(m.live, 1);
	buf_shrink(&b, 199);
	CHECK_UINT(m.live, 0);
	CHECK_INT(buf_puts(&b, "again"), 0);
	buf_clear(&b);
}

static void
buf_putf_formats_long_text(void)
{
	struct check_mem m;
	struct buf b;

	check_mem_init(&m);
	buf_init(&b, &m.mem, 2000);
	/* Around the size of what is formatted without memory of its own. */
	for (size_t n = 250; n < 260; n++) {
		CHECK_INT(buf_putf(&b, "%0*d|", (int)n - 1, 7), 0);
		CHECK_UINT(buf_len(&b), n);
		CHECK_MEM(buf_data(&b) + n - 3, 3, "07|", 3);
		buf_reset(&b);
	}
	CHECK_INT(buf_putf(&b, "%02000d", 7), 0);
	buf_reset(&b);
	CHECK_INT(buf_putf(&b, "%02001d", 7), ERR_LIMIT);
	CHECK_UINT(buf_len(&b), 0);
	CHECK_UINT(m.live, 1);
	buf_clear(&b);
}

static void
fill(struct check_mem *m, void *arg)
{
	struct buf b;
	size_t n = 0;

	(void)arg;
	buf_init(&b, &m->mem, 5000);
	for (int i = 0; i < 10; i++) {
		int r = buf_putf(&b, "%0400d", i);

		CHECK(r == 0 || (r == ERR_NOMEM && m->failed));
		n += r == 0 ? 400 : 0;
		CHECK_UINT(buf_len(&b), n);
		if (r == 0)
			CHECK_INT(buf_data(&b)[n - 1], '0' + i);
	}
	buf_clear(&b);
}

static void
buf_keeps_its_content_where_memory_fails(void)
{
	check_allocations(fill, NULL);
}

static void
use_mem(struct check_mem *m, void *arg)
{
	char *copy = mem_dup(&m->mem, "text and more", 4);
	uint8_t *zero = mem_new(&m->mem, 100), *more;

	(void)arg;
	CHECK((copy != NULL && zero != NULL) || m->failed);
	if (copy != NULL)
		CHECK_STR(copy, "text");
	if (zero != NULL) {
		for (size_t i = 0; i < 100; i++)
			CHECK_UINT(zero[i], 0);
		more = mem_resize(&m->mem, zero, 200);
		CHECK(more != NULL || m->failed);
		mem_free(&m->mem, more != NULL ? more : zero);
	}
	mem_free(&m->mem, copy);
	mem_free(&m->mem, NULL);
}

static void
mem_allocates_or_leaves_as_it_was(void)
{
	check_allocations(use_mem, NULL);
	CHECK(mem_dup(&mem_libc, "", SIZE_MAX) == NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(buf_is_empty_and_without_memory_at_first),
		CHECK_CASE(buf_agrees_with_a_model_in_random_use),
		CHECK_CASE(buf_refuses_more_than_its_maximum),
		CHECK_CASE(buf_without_bound_refuses_what_has_no_size),
		CHECK_CASE(buf_slides_down_before_it_grows),
		CHECK_CASE(buf_in_steady_use_does_not_allocate),
		CHECK_CASE(buf_grows_in_few_steps),
		CHECK_CASE(buf_shrink_frees_only_a_big_empty_buffer),
		CHECK_CASE(buf_putf_formats_long_text),
		CHECK_CASE(buf_keeps_its_content_where_memory_fails),
		CHECK_CASE(mem_allocates_or_leaves_as_it_was),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

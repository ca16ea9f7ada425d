#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "proto/params.h"

/* clang-format off */

/*
 * HC21 HC22 HS14 P09 P22: lists and what is read of them: "name{text} key key=value", elements
 * separated by a bar, "!" where the text is off the grammar.
 */
static const struct {
	const char *in, *want;
} rows[] = {
	{ "", "" },
	{ " \t", "" },
	{ ",", "" },
	{ " , ,\t,", "" },
	{ "a", "a{a}" },
	{ " a ", "a{a}" },
	{ "a,", "a{a}" },
	{ ",a", "a{a}" },
	{ "a,b", "a{a}|b{b}" },
	{ "a , , b", "a{a}|b{b}" },
	{ "permessage-deflate", "permessage-deflate{permessage-deflate}" },
	{ "permessage-deflate,", "permessage-deflate{permessage-deflate}" },
	{ "a;b", "a{a;b} b" },
	{ "a ; b ; c , d", "a{a ; b ; c} b c|d{d}" },
	{ "a\t;\tb\t", "a{a\t;\tb} b" },
	{ "a; b=1", "a{a; b=1} b=1" },
	{ "a; b = 1", "a{a; b = 1} b=1" },	/* implied blanks of RFC 2616 2.1 */
	{ "a; b=\"1\"", "a{a; b=\"1\"} b=1" },
	{ "a; b=\"10\" ; c=x, d", "a{a; b=\"10\" ; c=x} b=10 c=x|d{d}" },
	{ "a; b=\"1\\0\"", "a{a; b=\"10\"} b=10" },
	{ "a; b=\"\\1\\0\"; c", "a{a; b=\"10\"  ; c} b=10 c" },
	{ "a; b=\"\\a\", c", "a{a; b=\"a\"} b=a|c{c}" },
	{ "x-a; b=1, permessage-deflate; client_max_window_bits",
	    "x-a{x-a; b=1} b=1|permessage-deflate{permessage-deflate; client_max_window_bits} "
	    "client_max_window_bits" },
	{ "a; b; b; b=1", "a{a; b; b; b=1} b b b=1" }, /* whether they may repeat is not for here */
	{ ";", "!" },
	{ "=", "!" },
	{ "a, =", "a{a}|!" },
	{ "a;", "!" },
	{ "a;;", "!" },
	{ "a; ;b", "!" },
	{ "a;,b", "!" },
	{ "a; =1", "!" },
	{ "a=1", "!" },
	{ "a b", "!" },
	{ "a; b c", "!" },
	{ "a; b=", "!" },
	{ "a; b=,c", "!" },
	{ "a; b==1", "!" },
	{ "a; b=1 2", "!" },
	{ "a; b=1=2", "!" },
	{ "a/b", "!" },
	{ "\"a\"", "!" },
	{ "a; \"b\"", "!" },
	{ "a; b=(", "!" },
	{ "a; b=\xe9", "!" },
	{ "a; b=\"", "!" },
	{ "a; b=\"x", "!" },
	{ "a; b=\"\"", "!" },
	{ "a; b=\"1 0\"", "!" },
	{ "a; b=\"1,0\"", "!" },
	{ "a; b=\"\\", "!" },
	{ "a; b=\"\\\"", "!" },
	{ "a; b=\"\\\"\"", "!" },
	{ "a; b=\"\\\\\"", "!" },
	{ "a; b=\"1\\ 0\"", "!" },
	{ "a; b=\"1\"x", "!" },
	{ "a; b=x\"1\"", "!" },
	{ "a; b=\"1\"\"2\"", "!" },
	{ "a; p0; p1; p2; p3; p4; p5; p6; p7; p8; p9; pa; pb; pc; pd; pe; pf; pg", "!" },
	{ "a;0;1;2;3;4;5;6;7;8;9;a;b;c;d;e;f",
	    "a{a;0;1;2;3;4;5;6;7;8;9;a;b;c;d;e;f} 0 1 2 3 4 5 6 7 8 9 a b c d e f" },
};

/* HS12 HC08 HC20: lists of tokens, separated by a bar. */
static const struct {
	const char *in, *want;
} token_rows[] = {
	{ "", "" },
	{ ",", "" },
	{ " \t ", "" },
	{ "a", "a" },
	{ " a\t", "a" },
	{ "a,b", "a|b" },
	{ "a, b", "a|b" },
	{ "a,,b", "a|b" },
	{ ",, a ,\t, b ,", "a|b" },
	{ "a, a", "a|a" },
	{ "v1.chat%0d%0aX", "v1.chat%0d%0aX" },
	{ "a a", "!" },
	{ "a/b", "!" },
	{ "a,b c", "a|!" },
	{ "a;b", "!" },
	{ "a=b", "!" },
	{ "\"a\"", "!" },
	{ "a,\xc3\xa9", "a|!" },
};
/* clang-format on */

/* A copy of just the size, so that ASan sees a step over its end; NULL for an empty one. */
static char *
copy(const char *s, size_t n)
{
	char *p = n > 0 ? malloc(n) : NULL;

	if (n > 0 && CHECK(p != NULL))
		memcpy(p, s, n);
	return p;
}

static void
put_span(struct buf *b, struct span s)
{
	CHECK_INT(buf_put(b, s.p, s.n), 0);
}

static void
put_element(struct buf *b, const struct params *e)
{
	put_span(b, e->name);
	buf_putc(b, '{');
	put_span(b, e->text);
	buf_putc(b, '}');
	for (size_t i = 0; i < e->n; i++) {
		buf_putc(b, ' ');
		put_span(b, e->list[i].key);
		if (e->list[i].value.p != NULL) {
			buf_putc(b, '=');
			put_span(b, e->list[i].value);
		}
	}
}

/* The elements at p as in the rows above, into the empty b. */
static void
describe(struct buf *b, const char *p, size_t n)
{
	struct span rest = { p, n };
	struct params e;
	int r;

	while ((r = params_next(&rest, &e)) != 0) {
		if (buf_len(b) > 0)
			buf_putc(b, '|');
		if (r < 0) {
			buf_putc(b, '!');
			break;
		}
		put_element(b, &e);
	}
	CHECK_INT(buf_putc(b, '\0'), 0);
}

static void
params_reads_elements_and_refuses_the_rest(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t n = strlen(rows[i].in);
		char *p = copy(rows[i].in, n);
		struct buf b;

		check_enter("%s", rows[i].in);
		buf_init(&b, &mem_libc, SIZE_MAX);
		/* twice: what was written in place reads the same again */
		for (int round = 0; round < 2; round++) {
			buf_reset(&b);
			describe(&b, p, n);
			CHECK_STR((const char *)buf_data(&b), rows[i].want);
		}
		buf_clear(&b);
		free(p);
		check_leave();
	}
}

static void
params_reads_tokens_and_refuses_the_rest(void)
{
	for (size_t i = 0; i < sizeof token_rows / sizeof token_rows[0]; i++) {
		size_t n = strlen(token_rows[i].in);
		char *p = copy(token_rows[i].in, n);
		struct span rest = { p, n }, token;
		struct buf b;
		int r;

		check_enter("%s", token_rows[i].in);
		buf_init(&b, &mem_libc, SIZE_MAX);
		while ((r = params_next_token(&rest, &token)) != 0) {
			if (buf_len(&b) > 0)
				buf_putc(&b, '|');
			if (r < 0) {
				buf_putc(&b, '!');
				break;
			}
			put_span(&b, token);
		}
		CHECK_INT(buf_putc(&b, '\0'), 0);
		CHECK_STR((const char *)buf_data(&b), token_rows[i].want);
		buf_clear(&b);
		free(p);
		check_leave();
	}
}

/* P22 B15 B16 HS12: long runs of what a naive reader would go over again and again. */
static void
params_takes_linear_time(void)
{
	static const char *const parts[] = { "\\", "\\a", " ", ",", ";", "\"", "a", "a,", ";a",
		"= " };
	static const char *const starts[] = { "", "a", "a; b=\"", "a; b=" };
	static char text[64 << 10];

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		for (size_t j = 0; j < sizeof starts / sizeof starts[0]; j++) {
			size_t part = strlen(parts[i]), n = strlen(starts[j]), elements = 0;
			struct span rest = { text, 0 }, token;
			struct params e;

			memcpy(text, starts[j], n);
			for (; n + part <= sizeof text; n += part)
				memcpy(text + n, parts[i], part);
			rest.n = n;
			while (params_next(&rest, &e) > 0)
				elements++;
			CHECK(elements <= n / 2);
			rest = (struct span){ text, n };
			while (params_next_token(&rest, &token) > 0)
				elements++;
			CHECK(elements <= n);
		}
	}
}

/* P22: an escaped value of 64 KiB, whole and without its closing quote. */
static void
params_unescapes_long_values(void)
{
	static char text[64 << 10];
	struct span rest = { text, sizeof text };
	struct params e;

	memcpy(text, "a;b=\"", 5);
	for (size_t i = 5; i + 1 < sizeof text; i += 2)
		memcpy(text + i, "\\x", 2);
	text[sizeof text - 1] = 'x';
	CHECK_INT(params_next(&rest, &e), -1);

	rest = (struct span){ text, sizeof text };
	text[sizeof text - 1] = '"';
	if (!CHECK_INT(params_next(&rest, &e), 1))
		return;
	CHECK_UINT(e.n, 1);
	CHECK_UINT(e.list[0].value.n, (sizeof text - 6) / 2);
	CHECK(memchr(e.list[0].value.p, '\\', e.list[0].value.n) == NULL);
	CHECK_INT(params_next(&rest, &e), 0);
}

static void
params_stands_random_input(void)
{
	static const char bits[] = "aab1,,;;==\"\"\\\\ \t/\xff";
	uint64_t seed = 3;

	for (int i = 0; i < 100000; i++) {
		size_t n = check_random(&seed) % 24;
		char text[24], *p;
		struct buf first, again;

		for (size_t j = 0; j < n; j++)
			text[j] = bits[check_random(&seed) % sizeof bits];
		p = copy(text, n);
		buf_init(&first, &mem_libc, SIZE_MAX);
		buf_init(&again, &mem_libc, SIZE_MAX);
		describe(&first, p, n);
		describe(&again, p, n);
		CHECK_MEM(buf_data(&again), buf_len(&again), buf_data(&first), buf_len(&first));
		buf_clear(&first);
		buf_clear(&again);
		free(p);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(params_reads_elements_and_refuses_the_rest),
		CHECK_CASE(params_reads_tokens_and_refuses_the_rest),
		CHECK_CASE(params_takes_linear_time),
		CHECK_CASE(params_unescapes_long_values),
		CHECK_CASE(params_stands_random_input),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

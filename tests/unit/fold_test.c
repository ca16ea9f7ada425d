#include "check.h"

#include <string.h>

#include "base/utf8.h"
#include "ui/fold.h"

/* Long text, of which the beginning is left. */

static const char before[] = "before ";

/* Folds the text behind another one; what is left of it stays in b. */
static bool
fold(struct buf *b, const char *text, size_t n, size_t max)
{
	buf_reset(b);
	if (buf_puts(b, before) != 0 || buf_put(b, text, n) != 0)
		return false;
	return fold_text(b, strlen(before), max);
}

static void
short_text_stays(void)
{
	char text[2 * FOLD_ROWS];
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	CHECK(!fold(&b, "", 0, 10));
	CHECK(!fold(&b, "0123456789", 10, 10));
	CHECK_MEM(buf_data(&b), buf_len(&b), "before 0123456789", 17);
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 2 == 0 ? 'x' : '\n';
	CHECK(!fold(&b, text, sizeof text - 1, SIZE_MAX));
	CHECK(!fold(&b, text, sizeof text, SIZE_MAX));
	buf_clear(&b);
}

static void
half_of_the_bytes_are_left(void)
{
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	CHECK(fold(&b, "0123456789a", 11, 10));
	CHECK_MEM(buf_data(&b), buf_len(&b), "before 01234", 12);
	buf_clear(&b);
}

static void
half_of_the_rows_are_left(void)
{
	char text[2 * (FOLD_ROWS + 1)];
	struct buf b;

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 2 == 0 ? 'x' : '\n';
	buf_init(&b, &mem_libc, SIZE_MAX);
	CHECK(fold(&b, text, sizeof text - 1, SIZE_MAX));
	CHECK_UINT(buf_len(&b), strlen(before) + FOLD_ROWS - 1); /* without the last newline */
	CHECK(fold(&b, text, sizeof text, FOLD_ROWS)); /* rows and bytes */
	CHECK_UINT(buf_len(&b), strlen(before) + FOLD_ROWS / 2);
	buf_clear(&b);
}

static void
characters_and_colours_stay_whole_wherever_it_is_cut(void)
{
	static const char text[] = "a\033[36mb\xc3\xa9\xe2\x82\xac\033[0m\033[2mc\xf0\x9f\x98\x80"
				   "d\033[31m\033[0mmmm";
	const size_t n = sizeof text - 1;
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	for (size_t max = 0; max < n; max++) {
		const uint8_t *p, *escape;
		size_t k;

		check_enter("at %zu", max / 2);
		CHECK(fold(&b, text, n, max));
		p = buf_data(&b) + strlen(before);
		k = buf_len(&b) - strlen(before);
		CHECK(k <= max / 2);
		CHECK_MEM(p, k, text, k);
		CHECK(utf8_valid(p, k));
		escape = memrchr(p, '\033', k);
		CHECK(escape == NULL || memchr(escape, 'm', k - (size_t)(escape - p)) != NULL);
		check_leave();
	}
	buf_clear(&b);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(short_text_stays),
		CHECK_CASE(half_of_the_bytes_are_left),
		CHECK_CASE(half_of_the_rows_are_left),
		CHECK_CASE(characters_and_colours_stay_whole_wherever_it_is_cut),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

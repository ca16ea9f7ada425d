#include "check.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "ui/wrap.h"

static const char before[] = "12345678901234567890";

/* Breaks a text behind another one, and checks what becomes of it. */
static void
wraps(const char *text, size_t columns, const char *want)
{
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	if (CHECK_INT(buf_puts(&b, before), 0) && CHECK_INT(buf_puts(&b, text), 0) &&
	    CHECK_INT(wrap_rows(&b, strlen(before), columns, "| "), 0))
		CHECK_MEM(buf_data(&b) + strlen(before), buf_len(&b) - strlen(before),
		    (const uint8_t *)want, strlen(want));
	buf_clear(&b);
}

static void
rows_are_broken_where_the_screen_ends(void)
{
	wraps("", 16, "");
	wraps("0123456789abcdef", 16, "0123456789abcdef");
	wraps("0123456789abcdef\n", 16, "0123456789abcdef\n");
	wraps("0123456789abcdefg", 16, "0123456789abcdef\n| g");
	wraps("0123456789abcdef0123456789abcdef", 16, "0123456789abcdef\n| 0123456789abcd\n| ef");
	wraps("a\n0123456789abcdefg\nb\n", 16, "a\n0123456789abcdef\n| g\nb\n");
	wraps("0123456789abcdefg", 15, "0123456789abcdefg");
}

static void
characters_count_as_wide_as_they_are(void)
{
	wraps("\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9", 16,
	    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9");
	wraps("0123456789abcd\u754c", 16, "0123456789abcd\u754c");
	wraps("0123456789abcde\u754c", 16, "0123456789abcde\n| \u754c");
	wraps("0123456789abcdee\u0301f", 16, "0123456789abcdee\u0301\n| f");
	wraps("0123456789abcd\u2764\ufe0f<", 16, "0123456789abcd\u2764\ufe0f\n| <");
	wraps("0123456789abcde\U000e1234", 16, "0123456789abcde\n| \U000e1234"); /* nobody's */
}

static void
a_tab_ends_with_its_row(void)
{
	wraps("a\tb", 16, "a\tb");
	wraps("a\t1234567\tb", 16, "a\t1234567\t\n| b");
	wraps("a\t\t\tb", 16, "a\t\t\n| \tb");
}

static void
colours_take_no_room(void)
{
	wraps("\033[36m0123456789abcdef\033[0m\n", 16, "\033[36m0123456789abcdef\033[0m\n");
	wraps("0123456789abcdef\033[0mg", 16, "0123456789abcdef\033[0m\n| g");
}

static void
images_stay_as_they_are(void)
{
	wraps("0123456789abcdefg\n\033_Ga=T;0123456789abcdefg\033\\\n", 16,
	    "0123456789abcdef\n| g\n\033_Ga=T;0123456789abcdefg\033\\\n");
	wraps("\033]1337;File=0123456789abcdefg\a\n", 16, "\033]1337;File=0123456789abcdefg\a\n");
}

static void
refused_memory(struct check_mem *m, void *arg)
{
	static const char text[] = "0123456789abcdefg";
	struct buf b;
	int r;

	(void)arg;
	buf_init(&b, &m->mem, 24);
	if (buf_puts(&b, text) == 0) {
		r = wrap_rows(&b, 0, 16, "| ");
		CHECK(r == ERR_LIMIT || (r == ERR_NOMEM && m->failed));
		CHECK_MEM(buf_data(&b), buf_len(&b), (const uint8_t *)text, strlen(text));
	}
	buf_clear(&b);
}

static void
without_room_all_is_as_it_was(void)
{
	check_allocations(refused_memory, NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(rows_are_broken_where_the_screen_ends),
		CHECK_CASE(characters_count_as_wide_as_they_are),
		CHECK_CASE(a_tab_ends_with_its_row),
		CHECK_CASE(colours_take_no_room),
		CHECK_CASE(images_stay_as_they_are),
		CHECK_CASE(without_room_all_is_as_it_was),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

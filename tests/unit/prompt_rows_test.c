#include "check.h"

#include <locale.h>
#include <wchar.h>

#include "ui/prompt_rows.h"

static size_t
row(size_t columns, const wchar_t *line, size_t cursor)
{
	return prompt_rows(columns, L"> ", line, wcslen(line), cursor);
}

static void
a_short_line_has_one_row(void)
{
	CHECK_UINT(row(80, L"", 0), 0);
	CHECK_UINT(row(80, L"hello", 0), 0);
	CHECK_UINT(row(80, L"hello", 5), 0);
}

static void
a_full_row_has_the_cursor_on_the_next(void)
{
	CHECK_UINT(row(10, L"1234567", 7), 0);
	CHECK_UINT(row(10, L"12345678", 8), 1);
	CHECK_UINT(row(10, L"12345678", 7), 0);
	CHECK_UINT(row(10, L"123456789012345678", 18), 2);
	CHECK_UINT(row(2, L"", 0), 1); /* the prompt alone fills it */
}

static void
wide_characters_take_two_columns(void)
{
	CHECK_UINT(row(10, L"日本語", 3), 0);
	CHECK_UINT(row(10, L"日本語あ", 4), 1);
	CHECK_UINT(row(10, L"日本語あ", 3), 0);
	CHECK_UINT(row(9, L"日本語あ", 3), 1); /* does not fit, so the cursor is where it went */
	CHECK_UINT(row(9, L"日本語", 3), 0);
	CHECK_UINT(row(11, L"日本語あ日", 5), 1);
	CHECK_UINT(row(10, L"👍👍👍👍", 4), 1);
}

static void
marks_take_no_column(void)
{
	CHECK_UINT(row(10, L"1234567\x301\x301\x301", 10), 0);
	CHECK_UINT(row(10,
		       L"1234567\x301"
		       L"8",
		       9),
	    1);
}

static void
controls_take_the_columns_they_are_shown_in(void)
{
	CHECK_UINT(row(10, L"\001\002\003", 3), 0); /* ^A^B^C */
	CHECK_UINT(row(10, L"\001\002\003\004", 4), 1);
	CHECK_UINT(row(9, L"\ue000\x378", 1), 0);
	CHECK_UINT(row(8, L"\x378", 1), 1); /* not assigned: \U+0378 */
	CHECK_UINT(row(10, L"\x378", 1), 0);
}

static void
tabs_go_to_the_next_stop(void)
{
	CHECK_UINT(row(20, L"\t", 1), 0);
	CHECK_UINT(row(20, L"\t\t", 2), 0);
	CHECK_UINT(row(20, L"\t\t\t", 3), 1); /* cut short by the end of the row */
	CHECK_UINT(row(16, L"\t\t", 2), 1);
}

static void
newlines_begin_rows(void) /* of a paste, or of the search of history */
{
	CHECK_UINT(row(80, L"a\nb\nc", 5), 2);
	CHECK_UINT(row(80, L"a\nb\nc", 1), 0);
	CHECK_UINT(row(80, L"a\nb\nc", 2), 1);
	CHECK_UINT(row(10, L"12345678\nb", 10), 2); /* one row stays empty */
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(a_short_line_has_one_row),
		CHECK_CASE(a_full_row_has_the_cursor_on_the_next),
		CHECK_CASE(wide_characters_take_two_columns),
		CHECK_CASE(marks_take_no_column),
		CHECK_CASE(controls_take_the_columns_they_are_shown_in),
		CHECK_CASE(tabs_go_to_the_next_stop),
		CHECK_CASE(newlines_begin_rows),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77; /* meson's word for skipped */
	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

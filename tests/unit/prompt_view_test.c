#include "check.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/prompt_view.h"

/* Lines of more rows than the screen, drawn by those around the cursor. */

struct view {
	struct prompt_view view;
	FILE *out;
	char *text;
	size_t n;
};

static void
open_view(struct view *v)
{
	*v = (struct view){ .n = 0 };
	v->out = open_memstream(&v->text, &v->n);
}

static void
close_view(struct view *v)
{
	fclose(v->out);
	free(v->text);
}

/* What is written by it: on 4 columns, 3 rows at most. */
static void
draws(struct view *v, const wchar_t *text, size_t cursor, const char *want)
{
	const struct prompt_line line = { L">", text, wcslen(text), cursor };
	long before = ftell(v->out);

	prompt_view_draw(&v->view, v->out, &line, 4, 3);
	fflush(v->out);
	CHECK_STR(v->text + before, want);
}

#define ROW "\r\n\033[K"

static void
the_end_is_drawn_and_the_beginning(void)
{
	static const wchar_t text[] = L"abc1234567890";
	struct view v;

	open_view(&v);
	draws(&v, text, 13, "\033[K1234" ROW "5678" ROW "90\r\033[2C");
	CHECK_UINT(v.view.top, 1);
	CHECK_UINT(v.view.row, 2);
	/* over what is shown; scrolled as far as the cursor needs it */
	draws(&v, text, 4, "\r\033[2A\033[K1234" ROW "5678" ROW "90\r\033[2A\033[1C");
	draws(&v, text, 0, "\r\033[K>abc" ROW "1234" ROW "5678\r\033[2A\033[1C");
	draws(&v, text, 8, "\r\033[K>abc" ROW "1234" ROW "5678\r\033[1C");
	close_view(&v);
}

static void
what_became_shorter_is_erased_first(void)
{
	struct view v;

	open_view(&v);
	draws(&v, L"abc1234567", 10, "\033[K>abc" ROW "1234" ROW "567\r\033[3C");
	draws(&v, L"abc1", 4, "\r\033[2A\033[K\033[C\033[J\r\033[K>abc" ROW "1\r\033[1C");
	CHECK_UINT(v.view.rows, 2);
	close_view(&v);
}

static void
characters_are_drawn_as_libedit_would(void)
{
	struct view v;

	open_view(&v);
	/* a control in two rows, a wide one that does not fit, a mark, an end of a row */
	draws(&v, L"ab\001日本\x301\nx", 7, "\033[KA日" ROW "本" ROW "x\r");
	close_view(&v);
}

static void
it_is_erased_or_left(void)
{
	struct view v;
	long before;

	open_view(&v);
	prompt_view_erase(&v.view, v.out);
	prompt_view_leave(&v.view, v.out);
	CHECK_INT(ftell(v.out), 0);
	draws(&v, L"abc1234567", 4, "\033[K>abc" ROW "1234" ROW "567\r\033[1A\033[1C");
	before = ftell(v.out);
	prompt_view_leave(&v.view, v.out);
	fflush(v.out);
	CHECK_STR(v.text + before, "\033[1B\r\n");
	CHECK(!v.view.shown);
	draws(&v, L"abc1234567", 4, "\033[K>abc" ROW "1234" ROW "567\r\033[1A\033[1C");
	before = ftell(v.out);
	prompt_view_erase(&v.view, v.out);
	fflush(v.out);
	CHECK_STR(v.text + before, "\r\033[1A\033[K\033[C\033[J\r");
	CHECK(!v.view.shown);
	close_view(&v);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(the_end_is_drawn_and_the_beginning),
		CHECK_CASE(what_became_shorter_is_erased_first),
		CHECK_CASE(characters_are_drawn_as_libedit_would),
		CHECK_CASE(it_is_erased_or_left),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

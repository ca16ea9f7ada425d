#include "ui/prompt_view.h"

#include "base/utf8.h"
#include "ui/prompt_rows.h"

struct drawing {
	FILE *out;
	size_t from, to; /* rows that are drawn, and the row past them */
	size_t at; /* the row that is being drawn */
};

static void
go_to_top(const struct prompt_view *v, FILE *out)
{
	fputc('\r', out);
	if (v->row > 0)
		fprintf(out, "\033[%zuA", v->row);
}

/* A row is erased before it is drawn: behind one that is full that would take its last character. */
static void
go_to_row(struct drawing *d, size_t row)
{
	for (; d->at < row; d->at++)
		fputs("\r\n\033[K", d->out);
}

static void
draw(struct prompt_place at, wchar_t c, void *arg)
{
	struct drawing *d = arg;
	uint8_t bytes[4];
	size_t n;

	if (at.row < d->from || at.row >= d->to)
		return;
	go_to_row(d, at.row);
	n = utf8_encode((uint32_t)c, bytes);
	fwrite(bytes, 1, n, d->out);
}

/* The cursor is in view, and the rows of the view are those of a line. */
static void
scroll(struct prompt_view *v, size_t cursor, size_t total, size_t most)
{
	if (v->top + most > total)
		v->top = total > most ? total - most : 0;
	if (cursor < v->top)
		v->top = cursor;
	if (cursor >= v->top + most)
		v->top = cursor - most + 1;
}

void
prompt_view_draw(
    struct prompt_view *v, FILE *out, const struct prompt_line *line, size_t columns, size_t most)
{
	struct prompt_place cursor =
	    prompt_place(columns, line->prompt, line->text, line->n, line->cursor);
	size_t total = prompt_rows(columns, line->prompt, line->text, line->n, line->n) + 1;
	struct drawing d = { .out = out };

	if (v->shown && v->rows > (total < most ? total : most))
		prompt_view_erase(v, out);
	if (v->shown)
		go_to_top(v, out);
	else
		v->top = 0;
	scroll(v, cursor.row, total, most);
	d.from = d.at = v->top;
	d.to = v->top + (total - v->top < most ? total - v->top : most);
	fputs("\033[K", out);
	prompt_lay_out(columns, line->prompt, line->text, line->n, draw, &d);
	go_to_row(&d, d.to - 1);
	fputc('\r', out);
	if (d.to - 1 > cursor.row)
		fprintf(out, "\033[%zuA", d.to - 1 - cursor.row);
	if (cursor.column > 0)
		fprintf(out, "\033[%zuC", cursor.column);
	v->rows = d.to - d.from;
	v->row = cursor.row - v->top;
	v->shown = true;
}

/*
 * Not all of the screen in one go, if it begins at the top: terminals may take that for a reason to
 * keep what was there in their scrollback.
 */
void
prompt_view_erase(struct prompt_view *v, FILE *out)
{
	if (!v->shown)
		return;
	go_to_top(v, out);
	fputs("\033[K\033[C\033[J\r", out);
	v->shown = false;
}

void
prompt_view_leave(struct prompt_view *v, FILE *out)
{
	size_t down = v->rows - 1 - v->row;

	if (!v->shown)
		return;
	if (down > 0)
		fprintf(out, "\033[%zuB", down);
	fputs("\r\n", out);
	v->shown = false;
}

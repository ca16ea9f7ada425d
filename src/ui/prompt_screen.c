/* What is on the screen: the line being typed, and what comes above it. */

#include "ui/prompt_editor.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ui/prompt_rows.h"

/* libedit keeps all of the screen in memory, twice; more than this is no window but a claim. */
#define CELLS_MAX ((size_t)1 << 22)

/*
 * The terminal as it is now. libedit is told of another size only right before it draws all anew:
 * what it believes is on the screen may lie outside of a smaller one, where it writes nevertheless.
 */
static struct winsize
window_of(const struct prompt_editor *p)
{
	struct winsize size;
	int columns = 80, rows = 24;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
		return size;
	el_wget(p->el, EL_GETTC, "co", &columns);
	el_wget(p->el, EL_GETTC, "li", &rows);
	return (
	    struct winsize){ .ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows };
}

static bool
is_vast(struct winsize size)
{
	return (size_t)size.ws_col * size.ws_row > CELLS_MAX;
}

bool
prompt_window_is_vast(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && is_vast(size);
}

size_t
prompt_width(const struct prompt_editor *p)
{
	return window_of(p).ws_col;
}

static size_t
rows_of(const struct prompt_editor *p)
{
	return window_of(p).ws_row;
}

/* The row of the cursor if it stood on that character of the line, as far as the screen goes. */
static size_t
row_at(struct prompt_editor *p, size_t cursor)
{
	const LineInfoW *line = el_wline(p->el);
	size_t row, rows = rows_of(p);

	row = prompt_rows(prompt_width(p), p->text, line->buffer,
	    (size_t)(line->lastchar - line->buffer), cursor);
	return row < rows ? row : rows - 1;
}

size_t
prompt_cursor(const struct prompt_editor *p)
{
	const LineInfoW *line = el_wline(p->el);

	return (size_t)(line->cursor - line->buffer);
}

size_t
prompt_length(const struct prompt_editor *p)
{
	const LineInfoW *line = el_wline(p->el);

	return (size_t)(line->lastchar - line->buffer);
}

/* What of the line is on the screen; of one that libedit has drawn, all. */
static struct prompt_view *
view_of(struct prompt_editor *p)
{
	if (!p->tall)
		p->view = (struct prompt_view){ .shown = true,
			.row = row_at(p, prompt_cursor(p)),
			.rows = row_at(p, prompt_length(p)) + 1 };
	return &p->view;
}

void
prompt_hide(struct prompt_editor *p)
{
	if (p->hidden)
		return;
	prompt_view_erase(view_of(p), p->out);
	p->hidden = true;
}

void
prompt_leave(struct prompt_editor *p)
{
	if (p->hidden)
		return;
	prompt_view_leave(view_of(p), p->out);
	p->hidden = true;
}

static void
draw_view(struct prompt_editor *p, size_t most)
{
	const struct prompt_line line = { p->text, el_wline(p->el)->buffer, prompt_length(p),
		prompt_cursor(p) };

	prompt_view_draw(&p->view, p->out, &line, prompt_width(p), most);
}

static void
set_tall(struct prompt_editor *p, bool tall)
{
	p->tall = tall;
	el_wset(p->el, EL_SETFP, 1, tall ? p->null : p->out);
}

/* el_wgets() and el_resize() ask libedit's input for the size: of a vast one they hear nothing. */
static void
hear_of_size(struct prompt_editor *p)
{
	bool vast = is_vast(window_of(p));

	el_wset(p->el, EL_SETFP, 0, vast ? p->null : stdin);
	if (vast && !p->tall)
		set_tall(p, true);
}

void
prompt_show(struct prompt_editor *p)
{
	p->hidden = p->stale = false;
	hear_of_size(p);
	el_resize(p->el);
	/* also where we draw: else its picture of the screen would be one of another size */
	el_wset(p->el, EL_REFRESH);
	if (p->tall)
		draw_view(p, rows_of(p) > 1 ? rows_of(p) - 1 : 1); /* and what came last above it */
}

/* Most lines are known to be short without counting. */
static bool
is_tall(struct prompt_editor *p)
{
	const LineInfoW *line = el_wline(p->el);
	struct winsize size = window_of(p);
	size_t n = prompt_length(p), rows = size.ws_row;

	if (is_vast(size))
		return true;
	return n + 1 >= rows && prompt_rows(size.ws_col, p->text, line->buffer, n, n) + 1 >= rows;
}

void
prompt_measure(struct prompt_editor *p)
{
	bool tall = is_tall(p);

	if (tall != p->tall) {
		prompt_hide(p);
		set_tall(p, tall);
	}
	p->stale |= tall; /* no change of it is on the screen */
}

void
prompt_show_whole(struct prompt_editor *p)
{
	prompt_hide(p);
	p->hidden = false;
	draw_view(p, SIZE_MAX);
	p->view.shown = false;
	set_tall(p, false);
}

void
prompt_put_above(struct prompt_editor *p, const void *text, size_t n)
{
	if (n == 0)
		return;
	if (p->reading)
		prompt_hide(p);
	fwrite(text, 1, n, p->out);
	p->midline = ((const char *)text)[n - 1] != '\n';
}

void
prompt_update(struct prompt_editor *p)
{
	if (p->midline) {
		fputc('\n', p->out);
		p->midline = false;
	}
	if (p->reading && p->hidden && !p->suspended)
		prompt_show(p);
	fflush(p->out);
}

void
prompt_begin(struct prompt_editor *p)
{
	prompt_update(p);
	p->reading = true;
	p->hidden = p->stale = false;
	el_wset(p->el, EL_PREP_TERM, 1); /* which a vast window would keep el_wgets() from */
	hear_of_size(p);
}

void
prompt_end(struct prompt_editor *p, bool given)
{
	if (!given) {
		if (prompt_length(p) == 0)
			prompt_hide(p);
		else
			prompt_leave(p);
	}
	p->reading = false;
	if (p->tall)
		set_tall(p, false);
	el_wset(p->el, EL_SETFP, 0, stdin);
	el_wset(p->el, EL_PREP_TERM, 0);
	prompt_update(p);
}

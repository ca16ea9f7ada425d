/* What keys do that libedit has no command for. */

#include <stdlib.h>

#include "base/utf8.h"
#include "ui/prompt_bind.h"
#include "ui/prompt_editor.h"

static unsigned char
insert_paste(struct prompt_editor *p)
{
	wchar_t part[256 + 1];
	bool lost = false;
	size_t n;

	while ((n = prompt_keys_paste(&p->keys, part, 256)) > 0) {
		part[n] = L'\0';
		if (!lost)
			lost = el_winsertstr(p->el, part) != 0;
	}
	prompt_measure(p); /* before libedit draws it */
	if (p->hidden)
		prompt_show(p);
	return lost ? CC_REFRESH_BEEP : CC_REFRESH;
}

/* All of the line, and the cursor behind it. */
static void
leave_to_be_seen(struct prompt_editor *p)
{
	size_t below = prompt_length(p) - prompt_cursor(p);

	if (p->tall) {
		el_cursor(p->el, (int)below);
		prompt_show_whole(p);
	} else if (below > 0) {
		prompt_hide(p);
		el_cursor(p->el, (int)below);
		prompt_show(p);
	}
}

/* Starts afresh below what was typed. */
static unsigned char
empty_line(struct prompt_editor *p)
{
	p->interrupted = false;
	if (p->keys.pasting || p->keys.pasted) /* what was typed behind it counts */
		prompt_keys_drop(&p->keys);
	if (prompt_length(p) == 0)
		return CC_NORM;
	leave_to_be_seen(p);
	fputs("^C\n", p->out);
	return CC_FATAL; /* its name for: empties the line and draws the prompt */
}

/* What next_key() had to say that is no key. */
static unsigned char
attend(EditLine *el, wint_t c)
{
	struct prompt_editor *p = prompt_of(el);

	(void)c;
	if (p->over)
		return CC_EOF;
	if (p->interrupted)
		return empty_line(p);
	if (p->keys.pasted)
		return insert_paste(p);
	return CC_NORM;
}

/* The mark of a paste came as keys, since it was cut in two by a read. */
static unsigned char
begin_paste(EditLine *el, wint_t c)
{
	(void)c;
	prompt_keys_begin_paste(&prompt_of(el)->keys);
	return CC_NORM;
}

static unsigned char
insert(EditLine *el, const wchar_t *s)
{
	return el_winsertstr(el, s) == 0 ? CC_REFRESH : CC_ERROR;
}

static unsigned char
quote(EditLine *el, wint_t c)
{
	struct prompt_editor *p = prompt_of(el);
	wchar_t key[2] = L"";
	int n;

	p->quoting = true;
	n = el_wgetc(el, key);
	p->quoting = false;
	if (n != 1)
		return CC_EOF;
	if (p->over || p->interrupted || p->keys.pasted)
		return attend(el, c);
	return key[0] != L'\0' ? insert(el, key) : CC_ERROR;
}

/* The first n characters of the line in UTF-8, and a NUL: 0 or an error. */
static int
put_line(struct prompt_editor *p, struct buf *b, size_t n)
{
	int r = prompt_put_wide(b, el_wline(p->el)->buffer, n);

	return r == 0 ? buf_putc(b, '\0') : r;
}

/* What the host would insert at the cursor, as libedit takes it: NULL for nothing. */
static wchar_t *
completion(struct prompt_editor *p)
{
	struct buf before, more;
	wchar_t *wide = NULL;

	buf_init(&before, &mem_libc, SIZE_MAX);
	buf_init(&more, &mem_libc, SIZE_MAX);
	if (put_line(p, &before, prompt_cursor(p)) == 0) {
		p->config.complete(
		    (const char *)buf_data(&before), buf_len(&before) - 1, &more, p->config.arg);
		if (buf_len(&more) > 0 && utf8_valid(buf_data(&more), buf_len(&more)) &&
		    buf_putc(&more, '\0') == 0)
			wide = prompt_wide((const char *)buf_data(&more));
	}
	buf_clear(&before);
	buf_clear(&more);
	return wide;
}

static unsigned char
complete(EditLine *el, wint_t c)
{
	struct prompt_editor *p = prompt_of(el);
	wchar_t *wide;
	unsigned char r;

	(void)c;
	if (p->config.complete == NULL)
		return insert(el, L"\t");
	wide = completion(p);
	if (p->hidden)
		prompt_show(p);
	if (wide == NULL)
		return CC_NORM;
	r = insert(el, wide);
	free(wide);
	return r;
}

static enum prompt_enter
ask_host(struct prompt_editor *p)
{
	enum prompt_enter what = PROMPT_END;
	struct buf line;

	if (p->config.enter == NULL)
		return PROMPT_END;
	buf_init(&line, &mem_libc, SIZE_MAX);
	if (put_line(p, &line, prompt_length(p)) == 0)
		what = p->config.enter(
		    (const char *)buf_data(&line), buf_len(&line) - 1, p->config.arg);
	buf_clear(&line);
	if (p->hidden) /* by what the host had to say, of which libedit does not know */
		prompt_show(p);
	return what;
}

static bool
ends_in_empty_row(const struct prompt_editor *p)
{
	const LineInfoW *line = el_wline(p->el);

	return line->cursor == line->lastchar && line->cursor > line->buffer + 1 &&
	       line->cursor[-1] == L'\n';
}

/* libedit's own command can not be called from here: this does what it does. */
static unsigned char
end_line(struct prompt_editor *p)
{
	leave_to_be_seen(p);
	if (el_winsertstr(p->el, L"\n") != 0)
		return CC_ERROR;
	fputc('\n', p->out);
	return CC_NEWLINE;
}

static unsigned char
enter(EditLine *el, wint_t c)
{
	struct prompt_editor *p = prompt_of(el);

	(void)c;
	switch (ask_host(p)) {
	case PROMPT_STAY:
		return CC_NORM;
	case PROMPT_ROW:
		if (!ends_in_empty_row(p))
			return insert(el, L"\n");
		prompt_hide(p);
		el_deletestr(el, 1);
		prompt_show(p);
		break;
	case PROMPT_END:
		break;
	}
	return end_line(p);
}

static unsigned char
new_row(EditLine *el, wint_t c)
{
	(void)c;
	return insert(el, L"\n");
}

/* Of an empty line there is nothing to be put aside, in place of what was. */
static unsigned char
kill_line(EditLine *el, wint_t c)
{
	(void)c;
	if (prompt_length(prompt_of(el)) > 0)
		el_wpush(el, PROMPT_KILL_LINE);
	return CC_NORM;
}

/* The newline before the character at p of the line that begins at start, or NULL. */
static const wchar_t *
newline_before(const wchar_t *start, const wchar_t *p)
{
	while (p > start)
		if (*--p == L'\n')
			return p;
	return NULL;
}

static unsigned char
move_to(EditLine *el, const wchar_t *to)
{
	el_cursor(el, (int)(to - el_wline(el)->cursor));
	return CC_CURSOR;
}

/* A key that does nothing here; else what it sends would be typed. */
static unsigned char
ignore(EditLine *el, wint_t c)
{
	(void)el;
	(void)c;
	return CC_NORM;
}

static unsigned char
up(EditLine *el, wint_t c)
{
	const LineInfoW *line = el_wline(el);
	const wchar_t *end = newline_before(line->buffer, line->cursor), *before;
	const wchar_t *row;
	size_t column;

	(void)c;
	if (end == NULL) {
		el_wpush(el, PROMPT_PREV_HISTORY);
		return CC_NORM;
	}
	column = (size_t)(line->cursor - end) - 1;
	before = newline_before(line->buffer, end);
	row = before != NULL ? before + 1 : line->buffer;
	return move_to(el, column < (size_t)(end - row) ? row + column : end);
}

static unsigned char
down(EditLine *el, wint_t c)
{
	const LineInfoW *line = el_wline(el);
	const wchar_t *before = newline_before(line->buffer, line->cursor);
	const wchar_t *row = line->cursor, *to;
	size_t column;

	(void)c;
	while (row < line->lastchar && *row != L'\n')
		row++;
	if (row == line->lastchar) {
		el_wpush(el, PROMPT_NEXT_HISTORY);
		return CC_NORM;
	}
	column = (size_t)(line->cursor - (before != NULL ? before + 1 : line->buffer));
	for (to = ++row; to < line->lastchar && *to != L'\n' && (size_t)(to - row) < column; to++)
		continue;
	return move_to(el, to);
}

void
prompt_commands_add(struct prompt_editor *p)
{
	static const struct prompt_commands commands = {
		.attend = attend,
		.quote = quote,
		.kill_line = kill_line,
		.begin_paste = begin_paste,
		.complete = complete,
		.enter = enter,
		.new_row = new_row,
		.up = up,
		.down = down,
		.ignore = ignore,
	};

	prompt_bind(p->el, &commands);
}

#include "ui/pretty.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/json.h"
#include "ui/show.h"

/* What is nested deeper is indented no further: its rows would be mostly blanks. */
#define INDENT_MAX 32

/* The text is known to be JSON, or the beginning of it; the first failure stays in r. */
struct pretty {
	struct buf *out;
	const char *cont;
	const struct colours *colours;
	const uint8_t *p;
	size_t n, at;
	size_t depth;
	size_t rows; /* that were begun */
	int r;
};

static void
put(struct pretty *t, const char *s)
{
	if (t->r == 0)
		t->r = buf_puts(t->out, s);
}

static void
put_row(struct pretty *t)
{
	t->rows++;
	put(t, "\n");
	put(t, t->cont);
	for (size_t i = 0; i < t->depth && i < INDENT_MAX; i++)
		put(t, "  ");
}

static void
skip_blanks(struct pretty *t)
{
	while (t->at < t->n && json_is_blank(t->p[t->at]))
		t->at++;
}

/* One past the end of the string that begins at from, or of the text if that comes first. */
static size_t
string_end(const struct pretty *t, size_t from)
{
	size_t i = from + 1;

	while (i < t->n && t->p[i] != '"')
		i += t->p[i] == '\\' ? 2 : 1;
	return i < t->n ? i + 1 : t->n;
}

static void
put_coloured(struct pretty *t, const char *colour, size_t end)
{
	put(t, colour);
	if (t->r == 0)
		t->r = show_line(t->out, t->p + t->at, end - t->at);
	put(t, colour[0] != '\0' ? t->colours->reset : "");
	t->at = end;
}

/* A string is a name if a colon follows it. */
static void
put_string(struct pretty *t)
{
	size_t end = string_end(t, t->at), next = end;

	while (next < t->n && json_is_blank(t->p[next]))
		next++;
	put_coloured(
	    t, next < t->n && t->p[next] == ':' ? t->colours->name : t->colours->string, end);
}

static void
put_scalar(struct pretty *t)
{
	size_t end = t->at;

	while (end < t->n && !json_is_blank(t->p[end]) && t->p[end] != ',' && t->p[end] != ']' &&
	       t->p[end] != '}')
		end++;
	put_coloured(t, t->colours->scalar, end);
}

static void
put_open(struct pretty *t)
{
	char mark[2] = { (char)t->p[t->at++], '\0' };

	put(t, mark);
	skip_blanks(t);
	if (t->at < t->n &&
	    (t->p[t->at] == ']' || t->p[t->at] == '}')) { /* nothing in it stays on one row */
		mark[0] = (char)t->p[t->at++];
		put(t, mark);
		return;
	}
	t->depth++;
	put_row(t);
}

static void
put_close(struct pretty *t)
{
	const char mark[2] = { (char)t->p[t->at++], '\0' };

	t->depth--;
	put_row(t);
	put(t, mark);
}

static void
put_token(struct pretty *t)
{
	switch (t->p[t->at]) {
	case '{':
	case '[':
		put_open(t);
		break;
	case '}':
	case ']':
		put_close(t);
		break;
	case ',':
		t->at++;
		put(t, ",");
		put_row(t);
		break;
	case ':':
		t->at++;
		put(t, ": ");
		break;
	case '"':
		put_string(t);
		break;
	default:
		put_scalar(t);
	}
}

/* Of a text that is cut, what the last token may lack: a surrogate's second half. */
#define CUT_TOKEN_MAX 6

/* An array or object, or the beginning of one that is cut there. -1 without memory. */
static int
is_laid_out(const uint8_t *p, size_t n, bool cut)
{
	uint8_t *copy;
	struct json j;
	int kind;
	bool is;

	if (n == 0)
		return 0;
	if ((copy = mem_resize(&mem_libc, NULL, n)) == NULL)
		return -1;
	memcpy(copy, p, n); /* strings are decoded in place */
	json_init(&j, copy, n);
	kind = json_peek(&j);
	is = j.why == NULL && (kind == '{' || kind == '[');
	if (is && json_skip(&j))
		is = !cut && json_end(&j);
	else if (is)
		is = cut && n - j.at <= CUT_TOKEN_MAX;
	mem_free(&mem_libc, copy);
	return is ? 1 : 0;
}

static int
lay_out(struct pretty *t, size_t rows)
{
	size_t before = buf_len(t->out);

	for (skip_blanks(t); t->at < t->n && t->rows < rows && t->r == 0; skip_blanks(t))
		put_token(t);
	if (t->r != 0)
		buf_truncate(t->out, buf_len(t->out) - before);
	return t->r;
}

int
pretty_json(
    struct buf *out, const uint8_t *p, size_t n, const char *cont, const struct colours *colours)
{
	return pretty_json_start(out, p, n, SIZE_MAX, SIZE_MAX, cont, colours);
}

int
pretty_json_start(struct buf *out, const uint8_t *p, size_t n, size_t max, size_t rows,
    const char *cont, const struct colours *colours)
{
	size_t start = n > max ? utf8_cut(p, max) : n;
	struct pretty t = { .out = out, .cont = cont, .colours = colours, .p = p, .n = start };
	int is = is_laid_out(p, start, start < n), r;

	if (is < 0)
		return ERR_NOMEM;
	if (is == 0)
		return 0;
	if ((r = lay_out(&t, rows)) != 0)
		return r;
	return t.at < n ? PRETTY_CUT : 1;
}

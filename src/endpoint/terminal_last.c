/* The last message that came: shown whole, in a pager, and saved. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "endpoint/terminal_int.h"
#include "ui/wrap.h"

/* What is longer, as it is shown, is not shown but in a pager. */
#define SHOWN_MAX ((size_t)1 << 20)

/* Bytes of binary data in a row, and what it is shown as: its offset may have 16 digits. */
#define ROW      16
#define DUMP_ROW (16 + 1 + 3 * ROW + 2 + ROW + 1)

static void
on_paged(int status, void *arg)
{
	struct terminal *t = arg;

	prompt_resume(t->prompt);
	if (buf_len(&t->deferred) > 0)
		terminal_print(t, buf_data(&t->deferred), buf_len(&t->deferred));
	buf_clear(&t->deferred);
	if (status == 127)
		report_error(
		    t->env->report, "the pager could not be run; PAGER is to be one that is here");
	pump_wake(&t->ep);
}

void
terminal_end_pager(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (!pager_runs(&t->pager))
		return;
	pager_clear(&t->pager);
	prompt_recover(t->prompt);
	on_paged(0, t);
}

void
terminal_last_init(struct terminal *t)
{
	buf_init(&t->last, &mem_libc, SIZE_MAX);
	buf_init(&t->deferred, &mem_libc, SIZE_MAX);
	pager_init(&t->pager, on_paged, t);
}

void
terminal_last_clear(struct terminal *t)
{
	pager_clear(&t->pager);
	buf_clear(&t->last);
	buf_clear(&t->deferred);
}

void
terminal_last_set(struct terminal *t, const struct wsx_piece *piece)
{
	buf_reset(&t->last);
	t->last_type = piece->type;
	t->has_last = piece->n == 0 || buf_put(&t->last, piece->data, piece->n) == 0;
}

static bool
has_last(const struct terminal *t)
{
	if (!t->has_last)
		report_error(t->env->report, "no message has come yet");
	return t->has_last;
}

/* One row of at most ROW bytes: 00000010  30 31 32 ...  012... */
static int
put_row(struct buf *b, size_t at, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char row[DUMP_ROW + 1];
	char *to = row + snprintf(row, sizeof row, "%08zx ", at);

	for (size_t i = 0; i < ROW; i++) {
		*to++ = ' ';
		*to++ = i < n ? digits[p[i] >> 4] : ' ';
		*to++ = i < n ? digits[p[i] & 15] : ' ';
	}
	*to++ = ' ';
	*to++ = ' ';
	for (size_t i = 0; i < n; i++)
		*to++ = p[i] >= 0x20 && p[i] < 0x7f ? (char)p[i] : '.';
	*to++ = '\n';
	return buf_put(b, row, (size_t)(to - row));
}

/* All bytes, in rows of hexadecimal digits and what of them is ASCII. */
static int
put_dump(struct buf *b, const uint8_t *p, size_t n)
{
	int r = 0;

	for (size_t at = 0; at < n && r == 0; at += ROW)
		r = put_row(b, at, p + at, n - at < ROW ? n - at : ROW);
	return r;
}

/* As it is shown here, or in a pager, which breaks and marks rows as it likes. */
static int
put_last(const struct terminal *t, struct buf *b, bool paged)
{
	const uint8_t *p = buf_data(&t->last);
	size_t n = buf_len(&t->last);
	int r = 0;

	if (t->last_type == WSX_BINARY)
		return put_dump(b, p, n);
	if (!paged)
		r = buf_puts(b, "< ");
	if (r == 0)
		r = terminal_put_text(t, b, p, n, paged ? "" : TERMINAL_MORE);
	if (r == 0)
		r = buf_putc(b, '\n');
	if (r == 0 && !paged && !t->config.raw)
		r = wrap_rows(b, 0, prompt_columns(t->prompt), TERMINAL_MORE);
	return r;
}

/* True for what would be more than SHOWN_MAX, as far as that shows without making it. */
static bool
is_too_long(const struct terminal *t)
{
	size_t n = buf_len(&t->last);

	return n > SHOWN_MAX || (t->last_type == WSX_BINARY && n / ROW > SHOWN_MAX / DUMP_ROW);
}

/* The prompt makes way, and nothing is printed until the pager has ended. */
static void
page(struct terminal *t, const struct buf *b)
{
	prompt_flush(t->prompt);
	prompt_suspend(t->prompt); /* with all that was printed */
	t->printed = 0;
	if (pager_start(&t->pager, t->env->loop, t->config.pager, buf_data(b), buf_len(b)) == 0)
		return;
	prompt_resume(t->prompt);
	report_error(t->env->report, "cannot run a pager: %s", strerror(errno));
}

void
terminal_last_show(struct endpoint *ep, bool paged)
{
	struct terminal *t = (struct terminal *)ep;
	struct buf b;
	int r;

	if (!has_last(t))
		return;
	buf_init(&b, &mem_libc, paged ? SIZE_MAX : SHOWN_MAX);
	r = !paged && is_too_long(t) ? ERR_LIMIT : put_last(t, &b, paged);
	if (r == ERR_LIMIT) /* nothing else would go on meanwhile */
		report_error(
		    t->env->report, "it is too long to be shown here: /last pager, or /save FILE");
	else if (r < 0)
		report_error(t->env->report, "out of memory");
	else if (paged)
		page(t, &b);
	else
		terminal_print(t, buf_data(&b), buf_len(&b));
	buf_clear(&b);
}

/* As it came. What is there already is nobody's to write over by a slip of the hand. */
void
terminal_last_save(struct endpoint *ep, const char *path)
{
	struct terminal *t = (struct terminal *)ep;
	size_t n = buf_len(&t->last), written;
	FILE *f;
	int error = 0;

	if (!has_last(t))
		return;
	if ((f = fopen(path, "wxe")) == NULL) {
		report_error(t->env->report, "cannot save to %s: %s", path, strerror(errno));
		return;
	}
	written = n > 0 ? fwrite(buf_data(&t->last), 1, n, f) : 0;
	if (written != n)
		error = errno;
	if (fclose(f) != 0 && error == 0)
		error = errno;
	if (error == 0) {
		report_notice(t->env->report, "%zu bytes saved to %s", n, path);
		return;
	}
	unlink(path); /* it is ours, and not whole */
	report_error(t->env->report, "cannot save to %s: %s", path, strerror(error));
}

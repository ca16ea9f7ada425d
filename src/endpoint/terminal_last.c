/* The last message that came: shown whole, in a pager, and saved. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "endpoint/terminal_int.h"
#include "ui/show.h"

/* What is longer, as it is shown, is not shown but in a pager. */
#define SHOWN_MAX ((size_t)1 << 20)

/* Bytes of binary data in a row. */
#define ROW 16

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

/* All bytes, in rows of hexadecimal digits and what of them is ASCII. */
static int
put_dump(struct buf *b, const uint8_t *p, size_t n)
{
	int r = 0;

	for (size_t at = 0; at < n && r == 0; at += ROW) {
		r = buf_putf(b, "%08zx ", at);
		for (size_t i = at; i < at + ROW && r == 0; i++)
			r = i < n ? buf_putf(b, " %02x", p[i]) : buf_puts(b, "   ");
		if (r == 0)
			r = buf_puts(b, "  ");
		for (size_t i = at; i < at + ROW && i < n && r == 0; i++)
			r = buf_putc(b, p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '.');
		if (r == 0)
			r = buf_putc(b, '\n');
	}
	return r;
}

static int
put_last(const struct terminal *t, struct buf *b, const char *mark)
{
	const uint8_t *p = buf_data(&t->last);
	size_t n = buf_len(&t->last);
	int r;

	if (t->last_type == WSX_BINARY)
		return put_dump(b, p, n);
	if ((r = buf_puts(b, mark)) == 0)
		r = terminal_put_text(t, b, p, n, mark);
	return r == 0 ? buf_puts(b, "\n") : r;
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

	if (!has_last(t))
		return;
	buf_init(&b, &mem_libc, SIZE_MAX);
	if (put_last(t, &b, paged ? "" : "< ") < 0)
		report_error(t->env->report, "out of memory");
	else if (paged)
		page(t, &b);
	else if (buf_len(&b) > SHOWN_MAX) /* nothing else would go on meanwhile */
		report_error(
		    t->env->report, "it is too long to be shown here: /last pager, or /save FILE");
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

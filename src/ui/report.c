#include "ui/report.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "ui/colour.h"
#include "ui/show.h"

/* How long to wait for somebody who does not read standard error. */
#define PATIENCE_MS 100

/*
 * Nobody is held up for a line that is not read: a peer that causes many could stop us for good.
 * What poll(2) promises room for, PIPE_BUF bytes, is written without waiting.
 */
static void
write_stderr(const char *p, size_t n)
{
	struct pollfd fd = { STDERR_FILENO, POLLOUT, 0 };
	ssize_t w;

	while (n > 0) {
		if (poll(&fd, 1, PATIENCE_MS) == 0)
			return;
		w = write(STDERR_FILENO, p, n < PIPE_BUF ? n : PIPE_BUF);
		if (w >= 0) {
			p += w;
			n -= (size_t)w;
		} else if (errno != EINTR && errno != EAGAIN) {
			return; /* there is nowhere left to complain */
		}
	}
}

static void
emit(const struct report *r, const char *p, size_t n)
{
	if (r->divert != NULL) {
		r->divert(p, n, r->arg);
		return;
	}
	if (r->erase != NULL)
		r->erase(r->erase_arg);
	write_stderr(p, n);
}

/* The whole line in out: 0 or an error. */
__attribute__((format(printf, 5, 0))) static int
compose(const struct report *r, struct buf *out, const char *colour, const char *prefix,
    const char *fmt, va_list ap)
{
	struct buf said;
	int e;

	buf_init(&said, &mem_libc, SIZE_MAX);
	if ((e = buf_puts(out, colour)) != 0 || (e = buf_puts(out, prefix)) != 0)
		goto done;
	if ((e = buf_vputf(&said, fmt, ap)) != 0)
		goto done;
	if ((e = show_line(out, buf_data(&said), buf_len(&said))) == 0)
		e = buf_puts(out, colours_for(r->colour)->reset);
	if (e == 0)
		e = buf_putc(out, '\n');
done:
	buf_clear(&said);
	return e;
}

__attribute__((format(printf, 4, 0))) static void
say(const struct report *r, const char *colour, const char *prefix, const char *fmt, va_list ap)
{
	static const char lost[] = "wsx: out of memory\n";
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	if (compose(r, &out, colour, prefix, fmt, ap) == 0)
		emit(r, (const char *)buf_data(&out), buf_len(&out));
	else
		emit(r, lost, sizeof lost - 1);
	buf_clear(&out);
}

void
report_error(const struct report *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(r, colours_for(r->colour)->error, "wsx: ", fmt, ap);
	va_end(ap);
}

void
report_notice(const struct report *r, const char *fmt, ...)
{
	va_list ap;

	if (r->quiet)
		return;
	va_start(ap, fmt);
	say(r, colours_for(r->colour)->notice, "", fmt, ap);
	va_end(ap);
}

void
report_detail(const struct report *r, int level, const char *fmt, ...)
{
	va_list ap;

	if (r->quiet || r->verbose < level)
		return;
	va_start(ap, fmt);
	say(r, colours_for(r->colour)->dim, "", fmt, ap);
	va_end(ap);
}

#include "endpoint/stdinout.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/mem.h"
#include "base/span.h"
#include "endpoint/input.h"
#include "endpoint/notice.h"
#include "endpoint/output.h"
#include "endpoint/pump.h"
#include "ui/jsonl.h"
#include "ui/show.h"

struct stdinout {
	struct endpoint ep;
	const struct env *env;
	struct stdinout_config config;
	struct input in;
	struct output out;
	bool any; /* input gave a message */
	bool waiting; /* the peer was told that output is not ready */
};

/* Input. */

static bool
in_ready(void *arg)
{
	struct stdinout *io = arg;

	return pump_ready(&io->ep);
}

static void
in_pieces(const struct wsx_piece *pieces, size_t n, void *arg)
{
	struct stdinout *io = arg;

	io->any = true;
	pump_put(&io->ep, pieces, n);
}

static void
in_end(void *arg)
{
	struct stdinout *io = arg;

	pump_input_end(&io->ep, io->any);
}

static void
in_bad(const char *what, void *arg)
{
	struct stdinout *io = arg;

	io->any = true;
	report_error(io->env->report, "%s: it was not sent; -b sends bytes as they are", what);
	pump_blemish(&io->ep, ENDED_LOCAL);
}

static void
in_failed(int error, void *arg)
{
	struct stdinout *io = arg;

	report_error(io->env->report, "cannot read standard input: %s", strerror(error));
	pump_fail(&io->ep, ENDED_LOCAL);
}

static const struct input_handlers in_handlers = { in_ready, in_pieces, in_end, in_bad, in_failed };

/* Output. */

static void
out_drained(void *arg)
{
	struct stdinout *io = arg;

	if (io->waiting) {
		io->waiting = false;
		pump_wake(&io->ep);
	}
	if (output_empty(&io->out))
		pump_idle(&io->ep);
}

static void
out_failed(int error, void *arg)
{
	struct stdinout *io = arg;

	input_stop(&io->in);
	if (error == EPIPE) { /* whoever read has enough: that is a normal end */
		pump_fail(&io->ep, ENDED_OK);
	} else {
		report_error(
		    io->env->report, "cannot write to standard output: %s", strerror(error));
		pump_fail(&io->ep, ENDED_LOCAL);
	}
	pump_idle(&io->ep);
}

/* What follows the piece: a text ends with a newline. */
static struct span
end_of(const struct wsx_piece *piece)
{
	return (struct span){ "\n", piece->type == WSX_TEXT && piece->last ? 1 : 0 };
}

static int
put_plain(struct buf *b, const struct wsx_piece *pieces, size_t n)
{
	uint8_t *start, *to;
	size_t room = 0;
	int r;

	for (size_t i = 0; i < n; i++)
		room += pieces[i].n + 1;
	if ((r = buf_reserve(b, room, &start)) < 0)
		return r;
	to = start;
	for (size_t i = 0; i < n; i++) {
		copy_line(to, pieces[i].data, pieces[i].n);
		to += pieces[i].n;
		if (end_of(&pieces[i]).n > 0)
			*to++ = '\n';
	}
	buf_commit(b, (size_t)(to - start));
	return 0;
}

static void
take_plain(struct stdinout *io, const struct wsx_piece *pieces, size_t n)
{
	struct span spans[2];

	if (n > 1) {
		output_end(&io->out, put_plain(output_begin(&io->out), pieces, n));
	} else {
		spans[0] = (struct span){ (const char *)pieces->data, pieces->n };
		spans[1] = end_of(pieces);
		output_put(&io->out, spans, 2);
	}
}

static int
put_shown(struct buf *b, const struct wsx_piece *piece, const char *mark)
{
	int r = buf_puts(b, mark);

	if (r < 0)
		return r;
	if (piece->type == WSX_TEXT)
		r = show_text(b, piece->data, piece->n, mark);
	else
		r = show_binary(b, piece->data, piece->n);
	return r < 0 ? r : buf_putc(b, '\n');
}

static int
put_formatted(struct stdinout *io, struct buf *b, const struct wsx_piece *piece)
{
	if (io->config.format == STDINOUT_JSON)
		return jsonl_message(b, piece->type == WSX_TEXT, piece->data, piece->n);
	return put_shown(b, piece, io->config.notices ? "< " : "");
}

static void
stdinout_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	struct stdinout *io = (struct stdinout *)ep;

	if (io->config.format == STDINOUT_PLAIN) {
		take_plain(io, pieces, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		output_end(
		    &io->out, put_formatted(io, output_begin(&io->out), &pieces[i]));
}

/* Events. */

static int
put_open(struct buf *b, const struct event *e)
{
	struct jsonl_open open = {
		.url = wsx_display_url(e->ws),
		.protocol = wsx_protocol(e->ws),
		.extensions = wsx_extensions(e->ws),
		.timing = { e->timing.dns, e->timing.connect, e->timing.tls, e->timing.upgrade },
	};

	clock_gettime(CLOCK_REALTIME, &open.time);
	return jsonl_open(b, &open);
}

static int
put_event(struct stdinout *io, struct buf *b, const struct event *e)
{
	switch (e->kind) {
	case EVENT_OPEN:
		return put_open(b, e);
	case EVENT_PING:
		return io->config.show_ping_pong ? jsonl_ping(b, e->data, e->n) : 0;
	case EVENT_PONG:
		return io->config.show_ping_pong ? jsonl_pong(b, e->data, e->n) : 0;
	case EVENT_ERROR:
		return jsonl_error(b, e->text, (int)e->ending);
	case EVENT_CLOSE:
		return jsonl_close(b, e->code, (const char *)e->data, e->n, e->was_clean);
	}
	return 0;
}

static void
stdinout_event(struct endpoint *ep, const struct event *e)
{
	struct stdinout *io = (struct stdinout *)ep;

	if (io->config.format == STDINOUT_JSON)
		output_end(&io->out, put_event(io, output_begin(&io->out), e));
	else if (io->config.notices || e->kind == EVENT_PING || e->kind == EVENT_PONG)
		notice_event(io->env->report, e, io->config.show_ping_pong);
}

/* The endpoint. */

static bool
stdinout_ready(struct endpoint *ep)
{
	struct stdinout *io = (struct stdinout *)ep;

	io->waiting = !output_ready(&io->out);
	return !io->waiting;
}

static void
stdinout_wake(struct endpoint *ep)
{
	input_wake(&((struct stdinout *)ep)->in);
}

static bool
stdinout_idle(const struct endpoint *ep)
{
	return output_empty(&((const struct stdinout *)ep)->out);
}

static void
stdinout_free(struct endpoint *ep)
{
	struct stdinout *io = (struct stdinout *)ep;

	input_clear(&io->in);
	output_clear(&io->out);
	mem_free(&mem_libc, io);
}

static const struct endpoint_ops stdinout_ops = {
	.take = stdinout_take,
	.ready = stdinout_ready,
	.wake = stdinout_wake,
	.event = stdinout_event,
	.idle = stdinout_idle,
	.free = stdinout_free,
};

int
stdinout_new(const struct env *env, const struct stdinout_config *config, struct endpoint **ep)
{
	struct stdinout *io;
	int r;

	if ((io = mem_new(&mem_libc, sizeof *io)) == NULL)
		return WSX_ERR_NOMEM;
	io->ep.ops = &stdinout_ops;
	io->env = env;
	io->config = *config;
	if ((r = output_init(&io->out, env->loop, STDOUT_FILENO, out_drained, out_failed, io)) <
		0 ||
	    (r = input_init(&io->in, env->loop, config->read ? STDIN_FILENO : -1, config->binary,
		 config->execute, config->n_execute, &in_handlers, io)) < 0) {
		output_clear(&io->out);
		mem_free(&mem_libc, io);
		return r;
	}
	*ep = &io->ep;
	return 0;
}

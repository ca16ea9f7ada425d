#include "endpoint/stdinout.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/mem.h"
#include "endpoint/notice.h"
#include "endpoint/stdinout_int.h"
#include "ui/show.h"
#include "ui/stamp.h"

/* Input. */

static bool
in_ready(void *arg)
{
	struct stdinout *io = arg;

	/* commands may be answered, and those answers are to be read */
	if (io->config.input.framing == FRAMING_JSON && !output_ready(&io->out))
		return false;
	return pump_ready(&io->ep);
}

static void
in_pieces(const struct wsx_piece *pieces, size_t n, void *arg)
{
	struct stdinout *io = arg;

	io->any = true;
	pump_put(&io->ep, pieces, n);
}

const struct jsonl_also *
stdinout_stamp(struct stdinout *io)
{
	if (!io->config.timestamps)
		return NULL;
	clock_gettime(CLOCK_REALTIME, &io->now);
	io->also = (struct jsonl_also){ .time = &io->now };
	return &io->also;
}

void
stdinout_put_error(struct stdinout *io, const char *text)
{
	struct buf *b = output_begin(&io->out);

	if (io->config.output == FRAMING_JSON)
		output_end(&io->out, jsonl_error(b, text, ENDED_LOCAL, stdinout_stamp(io)));
}

static void
in_end(void *arg)
{
	struct stdinout *io = arg;

	pump_input_end(&io->ep, io->any);
}

static void
in_bad(const char *why, void *arg)
{
	struct stdinout *io = arg;

	io->any = true;
	report_error(io->env->report, "%s", why);
	pump_blemish(&io->ep, ENDED_LOCAL);
	stdinout_put_error(io, why);
}

static void
in_failed(const char *what, int error, void *arg)
{
	struct stdinout *io = arg;

	report_error(io->env->report, "cannot read %s: %s", what, strerror(error));
	pump_fail(&io->ep, ENDED_LOCAL);
}

static const struct input_handlers in_handlers = {
	.ready = in_ready,
	.pieces = in_pieces,
	.command = stdinout_command,
	.end = in_end,
	.bad = in_bad,
	.failed = in_failed,
};

/* Output. */

static void
out_drained(void *arg)
{
	struct stdinout *io = arg;

	if (io->waiting) {
		io->waiting = false;
		pump_wake(&io->ep);
	}
	if (io->config.input.framing == FRAMING_JSON)
		input_wake(&io->in);
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

/* Output that is payload and ends of lines, and needs no look at what is in it. */
static bool
is_plain(const struct stdinout_config *c)
{
	return !c->show && !c->timestamps && c->blobs == NULL &&
	       (c->output == FRAMING_RAW || c->output == FRAMING_WHOLE ||
		   (c->output == FRAMING_LINE && c->marks.text_prefix == NULL &&
		       c->marks.binary_prefix == NULL && !c->marks.base64 &&
		       !c->marks.base64_text));
}

/* What follows the piece: a text ends with a separator, where there are any. */
static size_t
end_of(const struct stdinout *io, const struct wsx_piece *piece)
{
	return io->config.output == FRAMING_LINE && piece->type == WSX_TEXT && piece->last ? 1 : 0;
}

static int
put_plain(const struct stdinout *io, struct buf *b, const struct wsx_piece *pieces, size_t n)
{
	uint8_t separator = io->config.marks.separator;
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
		if (end_of(io, &pieces[i]) > 0)
			*to++ = separator;
	}
	buf_commit(b, (size_t)(to - start));
	return 0;
}

static void
take_plain(struct stdinout *io, const struct wsx_piece *pieces, size_t n)
{
	struct span spans[2];

	if (n > 1) {
		output_end(&io->out, put_plain(io, output_begin(&io->out), pieces, n));
	} else {
		spans[0] = (struct span){ (const char *)pieces->data, pieces->n };
		spans[1] =
		    (struct span){ (const char *)&io->config.marks.separator, end_of(io, pieces) };
		output_put(&io->out, spans, 2);
	}
}

static int
put_stamp(struct buf *b)
{
	char text[STAMP_MAX];

	stamp_now(text);
	return buf_putf(b, "%s ", text);
}

static int
put_shown(const struct stdinout *io, struct buf *b, const struct wsx_piece *piece)
{
	const char *mark = io->config.notices ? "< " : "";
	int r;

	if ((io->config.timestamps && (r = put_stamp(b)) != 0) || (r = buf_puts(b, mark)) != 0)
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
	const struct stdinout_config *c = &io->config;
	int r;

	if (c->show)
		return put_shown(io, b, piece);
	if (c->output == FRAMING_JSON)
		return jsonl_message(
		    b, piece->type == WSX_TEXT, piece->data, piece->n, stdinout_stamp(io));
	if (c->timestamps && piece->first && framing_is_line(c->output, &c->marks, piece->type) &&
	    (r = put_stamp(b)) != 0)
		return r;
	return framing_put(b, c->output, &c->marks, piece);
}

static int
put_blob(struct stdinout *io, struct buf *b, const struct blob *blob)
{
	const struct stdinout_config *c = &io->config;
	int r = 0;

	if (c->output == FRAMING_JSON)
		return jsonl_saved(b, blob->path, blob->size, stdinout_stamp(io));
	if ((c->timestamps && (r = put_stamp(b)) != 0) ||
	    (c->notices && (r = buf_puts(b, "< ")) != 0))
		return r;
	if (c->show)
		r = notice_blob(b, blob);
	else
		r = buf_putf(b, "%s\t%" PRIu64, blob->path, blob->size);
	return r == 0 ? buf_putc(b, c->show ? '\n' : c->marks.separator) : r;
}

/* Of a binary message that is saved only where it is gets printed. */
static int
save(struct stdinout *io, struct buf *b, const struct wsx_piece *piece)
{
	struct blob blob;
	int r = blobs_take(io->config.blobs, piece, &blob);

	if (r >= 0)
		return r > 0 ? put_blob(io, b, &blob) : 0;
	report_error(io->env->report, "cannot save a message in the directory of --blob-dir: %s",
	    strerror(errno));
	pump_fail(&io->ep, ENDED_LOCAL);
	return 0;
}

static void
stdinout_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	struct stdinout *io = (struct stdinout *)ep;
	struct buf *b;
	int r = 0;

	if (io->config.on_terminal)
		meter_erase(&io->meter);

	if (io->plain) {
		take_plain(io, pieces, n);
		return;
	}
	for (size_t i = 0; i < n && r == 0; i++) {
		b = output_begin(&io->out);
		if (io->config.blobs != NULL && pieces[i].type == WSX_BINARY)
			r = save(io, b, &pieces[i]);
		else
			r = put_formatted(io, b, &pieces[i]);
		if (i + 1 == n || r != 0 || !output_ready(&io->out)) /* what is much goes at once */
			output_end(&io->out, r);
	}
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
	return jsonl_open(b, &open, NULL);
}

static int
put_event(struct stdinout *io, struct buf *b, const struct event *e)
{
	switch (e->kind) {
	case EVENT_HEAD:
		return 0;
	case EVENT_OPEN:
		return put_open(b, e);
	case EVENT_PING:
		return io->config.show_ping_pong ? jsonl_ping(b, e->data, e->n, stdinout_stamp(io))
						 : 0;
	case EVENT_PONG:
		return io->config.show_ping_pong ? jsonl_pong(b, e->data, e->n, stdinout_stamp(io))
						 : 0;
	case EVENT_ERROR:
		return jsonl_error(b, e->text, (int)e->ending, stdinout_stamp(io));
	case EVENT_CLOSE:
		return jsonl_close(
		    b, e->code, (const char *)e->data, e->n, e->was_clean, stdinout_stamp(io));
	}
	return 0;
}

/* Another connection: what opens one is said again. */
static void
begin_again(struct stdinout *io)
{
	if (io->config.n_execute == 0)
		return;
	input_again(&io->in, io->config.execute, io->config.n_execute);
	pump_input_begin(&io->ep);
}

static void
stdinout_event(struct endpoint *ep, const struct event *e)
{
	struct stdinout *io = (struct stdinout *)ep;

	if (e->kind == EVENT_OPEN && io->opened)
		begin_again(io);
	io->opened |= e->kind == EVENT_OPEN;
	if (e->kind == EVENT_OPEN)
		meter_begin(&io->meter);
	else if (e->kind == EVENT_CLOSE)
		meter_erase(&io->meter);
	if (e->kind == EVENT_CLOSE && io->closed && input_has_more(&io->in))
		in_bad("what followed the close in standard input was not sent", io);
	if (io->config.output == FRAMING_JSON) {
		if (io->config.on_terminal)
			meter_erase(&io->meter);
		output_end(&io->out, put_event(io, output_begin(&io->out), e));
	} else if (io->config.notices || e->kind == EVENT_PING || e->kind == EVENT_PONG)
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

	meter_end(&io->meter);
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

/* How many bytes there are to send, 0 if nobody can tell. */
static uint64_t
total_of(const struct stdinout_config *c)
{
	uint64_t total = 0;
	struct stat st;
	off_t at;

	for (size_t i = 0; i < c->n_files; i++)
		if (stat(c->files[i], &st) == 0 && S_ISREG(st.st_mode))
			total += (uint64_t)st.st_size;
	if (!c->read)
		return total;
	if (c->input.framing == FRAMING_HEX || c->input.framing == FRAMING_BASE64 ||
	    c->input.framing == FRAMING_JSON) /* more bytes than they stand for */
		return 0;
	at = lseek(STDIN_FILENO, 0, SEEK_CUR);
	if (at == -1 || fstat(STDIN_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	return total + (st.st_size > at ? (uint64_t)(st.st_size - at) : 0);
}

int
stdinout_new(const struct env *env, const struct stdinout_config *config, struct endpoint **ep)
{
	const struct input_config input = {
		.fd = config->read ? STDIN_FILENO : -1,
		.split = config->input,
		.first = config->execute,
		.n_first = config->n_execute,
		.files = config->files,
		.n_files = config->n_files,
	};
	struct stdinout *io;
	int r;

	if ((io = mem_new(&mem_libc, sizeof *io)) == NULL)
		return WSX_ERR_NOMEM;
	io->ep.ops = &stdinout_ops;
	io->env = env;
	io->config = *config;
	io->plain = is_plain(config);
	if ((r = output_init(&io->out, env->loop, STDOUT_FILENO, out_drained, out_failed, io)) <
		0 ||
	    (r = input_init(&io->in, env->loop, &input, &in_handlers, io)) < 0) {
		output_clear(&io->out);
		mem_free(&mem_libc, io);
		return r;
	}
	if (config->report != NULL)
		meter_init(&io->meter, env, config->report, &io->ep, total_of(config),
		    !config->on_terminal);
	*ep = &io->ep;
	return 0;
}

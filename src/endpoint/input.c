#include "endpoint/input.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/newlines.h"
#include "base/utf8.h"
#include "endpoint/endpoint.h"

#define READ_SIZE PIECE_MAX
/* A buffer that grew for one long line goes back to this. */
#define KEEP ((size_t)256 << 10)

static bool
is_ready(const struct input *in)
{
	return in->handlers->ready(in->arg);
}

/* Gives the next piece of the message under way. */
static void
give_piece(struct input *in)
{
	size_t left = in->msg_n - in->msg_at;
	size_t n = left < PIECE_MAX ? left : PIECE_MAX;
	struct wsx_piece piece = {
		.type = in->binary ? WSX_BINARY : WSX_TEXT,
		.first = in->msg_at == 0,
		.last = n == left,
		.data = in->msg + in->msg_at,
		.n = n,
	};

	in->msg_at += n;
	in->handlers->pieces(&piece, 1, in->arg);
	if (piece.last) {
		in->msg = NULL;
		buf_consume(&in->buf, in->msg_held);
		buf_shrink(&in->buf, KEEP);
	}
}

static void
begin_message(struct input *in, const void *p, size_t n, size_t held)
{
	in->msg = p;
	in->msg_n = n;
	in->msg_at = 0;
	in->msg_held = held;
}

/*
 * A line, or the last one without its newline, becomes a message: of the n bytes held for it the
 * last may be the newline.
 */
static void
begin_line(struct input *in, size_t n, size_t held)
{
	const uint8_t *p = buf_data(&in->buf);
	char what[80];

	in->scanned = 0;
	if (utf8_valid(p, n)) {
		begin_message(in, p, n, held);
	} else {
		snprintf(what, sizeof what, "line %llu of standard input is not UTF-8",
		    (unsigned long long)in->line);
		buf_consume(&in->buf, held);
		in->handlers->bad(what, in->arg);
	}
	in->line++;
}

/* Finds the next message in what was read; false if there is none yet. */
static bool
next_message(struct input *in)
{
	const uint8_t *p, *newline;
	size_t n;

	if (in->n_first > 0) {
		begin_message(in, *in->first, strlen(*in->first), 0);
		in->first++;
		in->n_first--;
		return true;
	}
	p = buf_data(&in->buf);
	n = buf_len(&in->buf);
	if (n == 0)
		return false;
	if (in->binary) {
		begin_message(in, p, n, n);
		return true;
	}
	newline = memchr(p + in->scanned, '\n', n - in->scanned);
	if (newline != NULL) {
		begin_line(in, (size_t)(newline - p), (size_t)(newline - p) + 1);
		return true;
	}
	in->scanned = n;
	if (!in->eof)
		return false;
	begin_line(in, n, n);
	return true;
}

/*
 * The lines at the front of what was read go together, where they are no longer than a piece is:
 * false if there are none, or the first is not one to be given.
 */
static bool
give_lines(struct input *in)
{
	const uint8_t *p = buf_data(&in->buf);
	size_t n = buf_len(&in->buf), at = 0, k, good;
	struct wsx_piece pieces[WSX_BATCH];
	struct utf8 utf8 = UTF8_INIT;
	uint32_t ends[WSX_BATCH];

	if (in->n_first > 0 || in->binary || in->scanned > 0)
		return false;
	k = newlines_find(p, n < PIECE_MAX ? n : PIECE_MAX, ends, WSX_BATCH);
	for (size_t i = 0; i < k; i++) {
		pieces[i] = (struct wsx_piece){ WSX_TEXT, true, true, p + at, ends[i] - at };
		at = ends[i] + 1;
	}
	/* a newline ends a character, so what is good of all is good of each */
	for (good = utf8_check(&utf8, p, at); at > good; k--)
		at = (size_t)(pieces[k - 1].data - p);
	if (k == 0)
		return false;
	in->line += k;
	in->handlers->pieces(pieces, k, in->arg);
	buf_consume(&in->buf, at);
	buf_shrink(&in->buf, KEEP);
	return true;
}

static void
finish(struct input *in)
{
	in->ended = true;
	watch_remove(&in->watch);
}

/* Gives what there is, as long as it is taken; then waits for whichever side is missing. */
static void
give(struct input *in)
{
	while (!in->ended && is_ready(in)) {
		if (in->msg != NULL) {
			give_piece(in);
		} else if (!give_lines(in) && !next_message(in)) {
			if (in->eof || in->fd == -1) {
				finish(in);
				in->handlers->end(in->arg);
				return;
			}
			watch_set(&in->watch, POLLIN);
			return;
		}
	}
	if (!in->ended && in->fd != -1)
		watch_set(&in->watch, 0);
}

static void
on_ready(struct watch *w, short revents)
{
	struct input *in = w->arg;
	uint8_t *p;
	ssize_t n;

	(void)revents; /* a hang-up or an error shows in what read(2) gives */
	if (buf_reserve(&in->buf, READ_SIZE, &p) < 0) {
		finish(in);
		in->handlers->failed(ENOMEM, in->arg);
		return;
	}
	n = read(in->fd, p, READ_SIZE);
	if (n < 0) {
		if (errno == EINTR || errno == EAGAIN)
			return;
		finish(in);
		in->handlers->failed(errno, in->arg);
		return;
	}
	buf_commit(&in->buf, (size_t)n);
	in->eof = n == 0;
	give(in);
}

static void
on_more(struct idle *i)
{
	give(i->arg);
}

int
input_init(struct input *in, struct loop *loop, int fd, bool binary, const char *const *first,
    size_t n_first, const struct input_handlers *handlers, void *arg)
{
	*in = (struct input){
		.loop = loop,
		.handlers = handlers,
		.arg = arg,
		.binary = binary,
		.first = first,
		.n_first = n_first,
		.fd = fd,
		.watch = { .fd = fd, .ready = on_ready, .arg = in },
		.more = { .run = on_more, .arg = in },
		.line = 1,
	};
	buf_init(&in->buf, &mem_libc, SIZE_MAX);
	return fd == -1 ? 0 : watch_add(loop, &in->watch);
}

void
input_clear(struct input *in)
{
	watch_remove(&in->watch);
	idle_cancel(&in->more);
	buf_clear(&in->buf);
}

void
input_wake(struct input *in)
{
	/* not at once: the consumer may be in the middle of what made it ready */
	if (!in->ended)
		idle_queue(in->loop, &in->more);
}

void
input_stop(struct input *in)
{
	in->ended = true;
	watch_remove(&in->watch);
	idle_cancel(&in->more);
}

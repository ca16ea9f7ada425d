#include "endpoint/input.h"

#include <errno.h>
#include <poll.h>
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

static void
begin_message(struct input *in, const struct split_message *message, const uint8_t *own)
{
	in->giving = true;
	in->begun = false;
	in->message = *message;
	in->own = own;
	if (own == NULL)
		buf_consume(&in->buf, message->at);
}

/* A message is over, given or left out. */
static void
drop_rest(struct input *in, size_t n)
{
	in->giving = false;
	buf_consume(&in->buf, n);
	buf_shrink(&in->buf, KEEP);
}

/* Gives the next piece of the message under way; false if it has still to come. */
static bool
give_piece(struct input *in)
{
	struct split_message *m = &in->message;
	size_t there = in->own != NULL ? (size_t)m->n : buf_len(&in->buf);
	size_t most = there < PIECE_MAX ? there : PIECE_MAX;
	size_t n = m->n < most ? (size_t)m->n : most;
	bool last = n == m->n || (m->may_end && in->eof && n == there);
	struct wsx_piece piece = {
		.type = m->type,
		.first = !in->begun,
		.last = last,
		.data = in->own != NULL ? in->own : buf_data(&in->buf),
		.n = n,
	};

	if (n == 0 && !last)
		return false;
	in->begun = true;
	m->n -= n;
	in->handlers->pieces(&piece, 1, in->arg);
	if (in->own != NULL)
		in->own += n;
	else
		buf_consume(&in->buf, n);
	if (last)
		drop_rest(in, m->after);
	return true;
}

/* Messages that are given before any is read. */
static void
begin_first(struct input *in)
{
	const char *text = *in->first++;
	const struct split_message m = {
		.type = in->split.config.type == SPLIT_TYPE_BINARY ? WSX_BINARY : WSX_TEXT,
		.n = strlen(text)
	};

	in->n_first--;
	begin_message(in, &m, (const uint8_t *)text);
}

/* The line of m, at the front: perhaps a message, which is part of it. */
static void
run_command(struct input *in, const struct split_message *line)
{
	size_t n = (size_t)line->n, held = n + line->after;
	struct split_message m = { .type = line->type };

	if (in->handlers->command(buf_mutable_data(&in->buf), n, in->split.count, &m, in->arg)) {
		m.after = held - m.at - (size_t)m.n;
		begin_message(in, &m, NULL);
	} else {
		drop_rest(in, held);
	}
}

/* Finds the next message in what was read; false if there is none yet. */
static bool
next_message(struct input *in)
{
	struct split_message m;
	char why[INPUT_FILE_WHY_MAX];

	if (in->n_first > 0) {
		begin_first(in);
		return true;
	}
	if (in->n_files > 0) {
		in->n_files--;
		if (input_give_file(in, *in->files++, why) != 0)
			in->handlers->bad(why, in->arg);
		return true;
	}
	switch (split_next(
	    &in->split, buf_mutable_data(&in->buf), buf_len(&in->buf), in->eof, &m, why)) {
	case SPLIT_MORE:
		return false;
	case SPLIT_MESSAGE:
		begin_message(in, &m, NULL);
		return true;
	case SPLIT_COMMAND:
		run_command(in, &m);
		return true;
	case SPLIT_BAD:
		drop_rest(in, m.at + (size_t)m.n + m.after);
		in->handlers->bad(why, in->arg);
		return true;
	case SPLIT_LOST:
		break;
	}
	in->eof = true;
	drop_rest(in, buf_len(&in->buf));
	in->handlers->bad(why, in->arg);
	return false;
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
	enum wsx_type type = split_type(&in->split);
	struct wsx_piece pieces[WSX_BATCH];
	struct utf8 utf8 = UTF8_INIT;
	uint32_t ends[WSX_BATCH];

	if (in->n_first > 0 || in->n_files > 0 || !split_is_plain(&in->split) ||
	    in->split.scanned > 0)
		return false;
	k = newlines_find(
	    p, n < PIECE_MAX ? n : PIECE_MAX, in->split.config.marks.separator, ends, WSX_BATCH);
	for (size_t i = 0; i < k; i++) {
		pieces[i] = (struct wsx_piece){ type, true, true, p + at, ends[i] - at };
		at = ends[i] + 1;
	}
	/* a separator ends a character, so what is good of all is good of each */
	good = type == WSX_TEXT ? utf8_check(&utf8, p, at) : at;
	for (; at > good; k--)
		at = (size_t)(pieces[k - 1].data - p);
	if (k == 0)
		return false;
	in->split.count += k;
	in->handlers->pieces(pieces, k, in->arg);
	drop_rest(in, at);
	return true;
}

static void
finish(struct input *in)
{
	in->ended = true;
	watch_remove(&in->watch);
}

/* The next piece of the file under way. */
static bool
give_file(struct input *in)
{
	struct wsx_piece piece = { .type = WSX_BINARY, .first = !in->begun };
	uint8_t *p;
	ssize_t n = -1;

	if (buf_reserve(&in->buf, PIECE_MAX, &p) < 0)
		errno = ENOMEM;
	else
		n = input_file_read(&in->file, p, PIECE_MAX, &piece.last);
	if (n < 0) { /* a part of it is no message: there is no other way on */
		finish(in);
		in->handlers->failed("a file", errno, in->arg);
		return true;
	}
	in->begun = true;
	piece.data = p;
	piece.n = (size_t)n;
	in->handlers->pieces(&piece, 1, in->arg);
	if (piece.last) {
		if (in->file.size != INPUT_FILE_UNKNOWN && in->file.at < in->file.size)
			in->handlers->bad("a file became shorter while it was sent", in->arg);
		input_file_close(&in->file);
	}
	return true;
}

/* The next piece, batch or message; false if more has to be read. */
static bool
give_some(struct input *in)
{
	if (in->file.fd != -1)
		return give_file(in);
	if (in->giving)
		return give_piece(in);
	return give_lines(in) || next_message(in);
}

static void
end(struct input *in)
{
	finish(in);
	if (in->giving)
		in->handlers->bad(
		    "standard input ended within a message: its end was not sent", in->arg);
	in->handlers->end(in->arg);
}

/* Gives what there is, as long as it is taken; then waits for whichever side is missing. */
static void
give(struct input *in)
{
	while (!in->ended && is_ready(in)) {
		if (give_some(in))
			continue;
		if (in->eof || in->fd == -1) {
			end(in);
		} else {
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
		in->handlers->failed("standard input", ENOMEM, in->arg);
		return;
	}
	n = read(in->fd, p, READ_SIZE);
	if (n < 0) {
		if (errno == EINTR || errno == EAGAIN)
			return;
		finish(in);
		in->handlers->failed("standard input", errno, in->arg);
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
input_init(struct input *in, struct loop *loop, const struct input_config *config,
    const struct input_handlers *handlers, void *arg)
{
	*in = (struct input){
		.loop = loop,
		.handlers = handlers,
		.arg = arg,
		.first = config->first,
		.n_first = config->n_first,
		.files = config->files,
		.n_files = config->n_files,
		.file = { .fd = -1 },
		.fd = config->fd,
		.watch = { .fd = config->fd, .ready = on_ready, .arg = in },
		.more = { .run = on_more, .arg = in },
	};
	split_init(&in->split, &config->split);
	buf_init(&in->buf, &mem_libc, SIZE_MAX);
	return in->fd == -1 ? 0 : watch_add(loop, &in->watch);
}

void
input_clear(struct input *in)
{
	watch_remove(&in->watch);
	idle_cancel(&in->more);
	input_file_close(&in->file);
	buf_clear(&in->buf);
}

void
input_wake(struct input *in)
{
	/* not at once: the consumer may be in the middle of what made it ready */
	if (!in->ended)
		idle_queue(in->loop, &in->more);
}

int
input_give_file(struct input *in, const char *path, char why[INPUT_FILE_WHY_MAX])
{
	in->begun = false;
	return input_file_open(&in->file, path, why);
}

void
input_again(struct input *in, const char *const *first, size_t n)
{
	in->first = first;
	in->n_first = n;
	if (in->ended)
		in->fd = -1;
	in->ended = false;
}

void
input_stop(struct input *in)
{
	in->ended = true;
	watch_remove(&in->watch);
	idle_cancel(&in->more);
}

bool
input_has_more(const struct input *in)
{
	return buf_len(&in->buf) > 0;
}

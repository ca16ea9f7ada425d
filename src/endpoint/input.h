#ifndef ENDPOINT_INPUT_H
#define ENDPOINT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "io/loop.h"
#include "wsx.h"

/*
 * A descriptor read as messages: its lines as text, or its chunks as binary. Memory grows with
 * the longest line, since a line that is not UTF-8 must not be sent in part; nothing else is
 * read ahead of what the consumer takes.
 */

struct input_handlers {
	bool (*ready)(void *arg); /* takes PIECE_MAX bytes now, in WSX_BATCH pieces at most? */
	void (*pieces)(const struct wsx_piece *pieces, size_t n, void *arg);
	void (*end)(void *arg); /* all of it was given; once */
	void (*bad)(const char *what, void *arg); /* a message that is left out, in words */
	void (*failed)(int error, void *arg); /* errno: it can not be read on */
};

struct input {
	struct loop *loop;
	const struct input_handlers *handlers;
	void *arg;
	bool binary;
	const char *const *first; /* messages to give before anything is read */
	size_t n_first;
	int fd; /* -1: only those */

	struct watch watch;
	struct idle more;
	struct buf buf;
	size_t scanned; /* bytes of buf known to hold no newline */
	uint64_t line; /* the one being read, from 1 */
	const uint8_t *msg; /* the message being given, NULL between messages */
	size_t msg_n, msg_at;
	size_t msg_held; /* bytes of buf that go when it has been given */
	bool eof;
	bool ended; /* end() or failed() was said */
};

/* 0 or ERR_NOMEM. first is borrowed for life. Nothing is read before input_wake(). */
int input_init(struct input *in, struct loop *loop, int fd, bool binary, const char *const *first,
    size_t n_first, const struct input_handlers *handlers, void *arg);
void input_clear(struct input *in);

/* The consumer takes pieces (again). */
void input_wake(struct input *in);

/* Read no more. */
void input_stop(struct input *in);

#endif

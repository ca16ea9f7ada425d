#ifndef ENDPOINT_INPUT_H
#define ENDPOINT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "endpoint/input_file.h"
#include "endpoint/split.h"
#include "io/loop.h"
#include "wsx.h"

/*
 * A descriptor read as messages. Memory grows with the longest text, since one that is not UTF-8
 * must not be sent in part; binary messages go on in pieces as they come. Nothing else is read
 * ahead of what the consumer takes.
 */

struct input_handlers {
	bool (*ready)(void *arg); /* takes PIECE_MAX bytes now, in WSX_BATCH pieces at most? */
	void (*pieces)(const struct wsx_piece *pieces, size_t n, void *arg);
	/*
	 * A line that is a command, the count-th of input. True if it is a message to be given: m is
	 * set to its type and where in line it is. The line may be written to. NULL without JSON.
	 */
	bool (*command)(
	    uint8_t *line, size_t n, uint64_t count, struct split_message *m, void *arg);
	void (*end)(void *arg); /* all of it was given; again after input_again() */
	void (*bad)(const char *why, void *arg); /* a message that is left out, or cut off */
	void (*failed)(const char *what, int error, void *arg); /* errno: it can not be read on */
};

struct input_config {
	int fd; /* -1: nothing is read, only what follows is given */
	struct split_config split;
	const char *const *first; /* messages to give before anything is read; borrowed for life */
	size_t n_first;
	const char *const *files; /* each one binary message, after those; borrowed for life */
	size_t n_files;
};

struct input {
	struct loop *loop;
	const struct input_handlers *handlers;
	void *arg;
	const char *const *first; /* those still to give */
	size_t n_first;
	const char *const *files;
	size_t n_files;
	int fd;

	struct watch watch;
	struct idle more;
	struct buf buf;
	struct split split;
	bool eof;
	bool ended; /* end() or failed() was said */

	/* the message being given */
	bool giving;
	bool begun; /* a piece of it was given */
	struct split_message message; /* n: bytes left */
	const uint8_t *own; /* where it lies, NULL for the front of buf */
	struct input_file file; /* or the file it is */
};

/* 0 or ERR_NOMEM. Nothing is read before input_wake(). */
int input_init(struct input *in, struct loop *loop, const struct input_config *config,
    const struct input_handlers *handlers, void *arg);
void input_clear(struct input *in);

/* The consumer takes pieces (again). */
void input_wake(struct input *in);

/* Give a file next, as one binary message: 0, or -1 and why it can not be read. From command(). */
int input_give_file(struct input *in, const char *path, char why[INPUT_FILE_WHY_MAX]);

/* Give the first messages again before anything else, also after the end. */
void input_again(struct input *in, const char *const *first, size_t n);

/* True if something was read that has not been given. */
bool input_has_more(const struct input *in);

/* Read no more. */
void input_stop(struct input *in);

#endif

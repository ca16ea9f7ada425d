#ifndef ENDPOINT_OUTPUT_H
#define ENDPOINT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "io/loop.h"

/*
 * A descriptor that may block, such as standard output, written without ever blocking the loop.
 * What is put in one turn of the loop goes out with one write at its end.
 */

enum output_kind {
	OUTPUT_PLAIN, /* files and the like: a write does not wait for anybody */
	OUTPUT_NONBLOCK, /* a pipe or terminal of which we have a non-blocking descriptor */
	OUTPUT_SOCKET, /* send(2) can be told not to wait */
	OUTPUT_POLLED, /* none of these: as much as poll(2) promises at a time */
};

struct output {
	struct loop *loop;
	enum output_kind kind;
	int fd; /* what is written to; ours to close if it is not given_fd */
	int given_fd;
	struct buf buf;
	struct watch watch;
	struct idle flush;
	bool dead; /* it takes no more; what is put is dropped */
	void (*drained)(void *arg); /* bytes left and it is ready, perhaps empty */
	void (*failed)(int error, void *arg); /* errno, EPIPE among others; once */
	void *arg;
};

/* 0 or ERR_NOMEM. */
int output_init(struct output *o, struct loop *loop, int fd, void (*drained)(void *arg),
    void (*failed)(int error, void *arg), void *arg);
void output_clear(struct output *o); /* what was not written is dropped */

/* Queue n spans. There is no bound but memory: ask output_ready() before producing more. */
#define OUTPUT_SPANS 2 /* the most */
void output_put(struct output *o, const struct span *spans, size_t n);

/* Or append to the buffer this gives, and say so. */
struct buf *output_begin(struct output *o);
void output_end(struct output *o, int error); /* what the appending function returned */

/* True while less than one read's worth is waiting. */
bool output_ready(const struct output *o);
bool output_empty(const struct output *o);
size_t output_waiting(const struct output *o); /* bytes */

/* Writes what waits, outside of the loop. False if its reader took nothing for so long. */
bool output_finish(struct output *o, int patience_ms);

#endif

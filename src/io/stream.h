#ifndef IO_STREAM_H
#define IO_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A connected, non-blocking stream of bytes: a socket, or TLS on one. One interface, so that
 * nobody above knows which. Functions never block and never raise SIGPIPE.
 */
struct stream;

enum stream_result {
	STREAM_AGAIN = -1, /* nothing now; poll for stream_events() */
	STREAM_LOST = -2, /* reset, or a TLS fault: stream_error() says what */
	STREAM_TRUNCATED = -3, /* the peer's TCP ended without TLS close_notify */
};

struct tls_module;

struct stream_ops {
	const struct tls_module *tls; /* what a TLS stream is of, for io/tls.c; NULL for others */
	ssize_t (*read)(struct stream *s, uint8_t *p, size_t n);
	ssize_t (*write)(struct stream *s, const uint8_t *p, size_t n);
	int (*shutdown)(struct stream *s);
	short (*events)(const struct stream *s, bool want_read, bool want_write);
	bool (*pending)(const struct stream *s);
	void (*free)(struct stream *s);
};

/* Implementations embed this first. */
struct stream {
	const struct stream_ops *ops;
	int fd; /* for poll only */
	char error[256];
};

/* Read at most n > 0 bytes: their number, 0 at the end of the stream, or an enum stream_result. */
ssize_t stream_read(struct stream *s, uint8_t *p, size_t n);

/*
 * Write at most n > 0 bytes: their number, at least 1, or an enum stream_result. After
 * STREAM_AGAIN the next write must begin with the same bytes, no fewer than before, wherever
 * they are by then: TLS may have sealed them. After STREAM_LOST what has come may still be read.
 */
ssize_t stream_write(struct stream *s, const uint8_t *p, size_t n);

/*
 * Say that no more will be written (close_notify, then FIN); reading goes on.
 * 0 once it has gone out, STREAM_AGAIN (call again when ready) or STREAM_LOST.
 */
int stream_shutdown(struct stream *s);

/*
 * The poll(2) events to wait for, so that what is wanted may proceed. TLS may have to read in
 * order to write and the reverse, so after any ready event try everything that is wanted.
 */
short stream_events(const struct stream *s, bool want_read, bool want_write);

/* True if a read may give bytes that poll(2) can not see, as they are inside TLS already: read
 * without waiting. Never true after a read gave STREAM_AGAIN. */
bool stream_pending(const struct stream *s);

/* The last fault in words, "" if there was none. */
const char *stream_error(const struct stream *s);

/* Closes the socket and frees. NULL is allowed. */
void stream_free(struct stream *s);

#endif

#ifndef ENDPOINT_TRACE_H
#define ENDPOINT_TRACE_H

#include "base/buf.h"
#include "endpoint/endpoint.h"

/*
 * What goes over the wire, for people: with -v the heads of the handshake, their secrets masked,
 * with -vv every frame too, on standard error; with --trace both in a file, each line with its time:
 *
 *     12:00:00.123 > text fin masked 5 bytes "hello"
 *     12:00:00.125 < close fin 5 bytes 1000 (normal closure) "bye"
 */

struct trace;

/*
 * path NULL: no file; hex: the starts of payloads as bytes. 0, ERR_NOMEM, or ERR_ARGUMENT with
 * errno set where the file can not be opened.
 */
int trace_new(const struct env *env, const char *path, bool hex, struct trace **trace);

/* Whatever else the session needs is there: what the file had is gone from now on. */
void trace_start(struct trace *trace); /* NULL is allowed */

/* True if all it was told is in its file. NULL is allowed: there was none. */
bool trace_free(struct trace *trace);

/* who: of which connection, "" where there is only one. */
/* Lines of HTTP. */
void trace_text(
    struct trace *trace, const char *who, enum wsx_direction dir, const char *p, size_t n);
/* bytes: its payload is no text, as the message is compressed or binary. */
void trace_frame(struct trace *trace, const char *who, enum wsx_direction dir,
    const struct wsx_frame *frame, bool bytes);

/* Whether anything is done with frames. */
bool trace_wants_frames(const struct trace *trace);

/* Appends a line of an HTTP head without its newline, if it has one, a secret masked: 0 or an error. */
int trace_put_field(struct buf *b, const char *p, size_t n);

#endif

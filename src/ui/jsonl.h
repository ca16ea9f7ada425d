#ifndef UI_JSONL_H
#define UI_JSONL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/buf.h"

/*
 * The events of a connection as JSON lines. Each function appends one line with its newline and
 * returns 0, ERR_LIMIT or ERR_NOMEM. What comes back
 * from the parser is what went in; besides what JSON asks for, characters that could drive a
 * terminal are escaped. Bytes that are not UTF-8 (only header values can hold any) become U+FFFD,
 * so that a line is always valid JSON.
 */

/* What any event may have besides its own members, after them. NULL: nothing. */
struct jsonl_also {
	const struct timespec *time; /* "time", NULL for none */
	const char *client; /* "client": of many connections, NULL for the only one */
	bool more; /* "fin":false: the rest of the message follows in another event */
};

struct jsonl_timing {
	uint64_t dns, connect, tls, upgrade; /* nanoseconds; written as milliseconds, one decimal */
};

struct jsonl_open {
	const char *url, *protocol, *extensions;
	struct timespec time; /* UTC */
	struct jsonl_timing timing;
};

int jsonl_open(struct buf *out, const struct jsonl_open *open, const struct jsonl_also *also);

/* The attributes of a connection, asked for by a command. */
struct jsonl_state {
	const char *url, *protocol, *extensions, *binary_type;
	int ready_state;
	uint64_t buffered_amount;
};

int jsonl_state(struct buf *out, const struct jsonl_state *state, const struct jsonl_also *also);

/* Text must be UTF-8; binary goes as base64. */
int jsonl_message(
    struct buf *out, bool text, const uint8_t *p, size_t n, const struct jsonl_also *also);

/* A binary message that was saved as a file of so many bytes. */
int jsonl_saved(struct buf *out, const char *path, uint64_t size, const struct jsonl_also *also);

/* What we sent: a message; a ping, pong or close, which has a code and the reason as its data. */
int jsonl_send(
    struct buf *out, bool text, const uint8_t *p, size_t n, const struct jsonl_also *also);
int jsonl_send_control(struct buf *out, const char *type, uint16_t code, const uint8_t *p, size_t n,
    const struct jsonl_also *also);

/* A Ping or Pong; its payload as text where it is UTF-8, as base64 otherwise. */
int jsonl_ping(struct buf *out, const uint8_t *p, size_t n, const struct jsonl_also *also);
int jsonl_pong(struct buf *out, const uint8_t *p, size_t n, const struct jsonl_also *also);

int jsonl_error(struct buf *out, const char *message, int exit, const struct jsonl_also *also);
int jsonl_close(struct buf *out, uint16_t code, const char *reason, size_t n, bool was_clean,
    const struct jsonl_also *also);

/* A string alone, with its quotes, by the same rules. */
int jsonl_string(struct buf *out, const void *p, size_t n);

#endif

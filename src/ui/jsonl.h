#ifndef UI_JSONL_H
#define UI_JSONL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/buf.h"

/*
 * The events of a connection as JSON lines. Each function appends one line with its newline and
 * returns 0, ERR_LIMIT or ERR_NOMEM. time, if not NULL, becomes its last member. What comes back
 * from the parser is what went in; besides what JSON asks for, characters that could drive a
 * terminal are escaped. Bytes that are not UTF-8 (only header values can hold any) become U+FFFD,
 * so that a line is always valid JSON.
 */

struct jsonl_timing {
	uint64_t dns, connect, tls, upgrade; /* nanoseconds; written as milliseconds, one decimal */
};

struct jsonl_open {
	const char *url, *protocol, *extensions;
	struct timespec time; /* UTC */
	struct jsonl_timing timing;
};

int jsonl_open(struct buf *out, const struct jsonl_open *open);

/* The attributes of a connection, asked for by a command. */
struct jsonl_state {
	const char *url, *protocol, *extensions, *binary_type;
	int ready_state;
	uint64_t buffered_amount;
};

int jsonl_state(struct buf *out, const struct jsonl_state *state, const struct timespec *time);

/* Text must be UTF-8; binary goes as base64. */
int jsonl_message(
    struct buf *out, bool text, const uint8_t *p, size_t n, const struct timespec *time);

/* A Ping or Pong; its payload as text where it is UTF-8, as base64 otherwise. */
int jsonl_ping(struct buf *out, const uint8_t *p, size_t n, const struct timespec *time);
int jsonl_pong(struct buf *out, const uint8_t *p, size_t n, const struct timespec *time);

int jsonl_error(struct buf *out, const char *message, int exit, const struct timespec *time);
int jsonl_close(struct buf *out, uint16_t code, const char *reason, size_t n, bool was_clean,
    const struct timespec *time);

#endif

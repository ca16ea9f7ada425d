#ifndef PROTO_HTTP_BODY_H
#define PROTO_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "proto/http.h"

/*
 * The body that follows the head of a response (RFC 9112 6): of a stated length, chunked, or up to
 * the end of the stream. Only its start is kept, to explain a refusal to people.
 */

enum http_body_state {
	BODY_BYTES, /* left of them */
	BODY_CHUNK_SIZE, /* the line before a chunk */
	BODY_CHUNK_EXTENSION, /* the rest of that line */
	BODY_CHUNK_END, /* the line end after a chunk */
	BODY_DONE, /* nothing more of it is wanted */
};

struct http_body {
	enum http_body_state state;
	bool chunked;
	uint64_t left; /* of the body, or of the chunk */
};

/* What body follows this head. */
struct http_body http_body_of(const struct http_head *h);

/*
 * The next n bytes came: what of them is body is appended to out until that holds max bytes.
 * BODY_DONE is reached then, at its end, or where it is malformed. 0 or ERR_NOMEM.
 */
int http_body_take(struct http_body *b, const uint8_t *p, size_t n, struct buf *out, size_t max);

#endif

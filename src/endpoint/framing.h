#ifndef ENDPOINT_FRAMING_H
#define ENDPOINT_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wsx.h"

/* How messages lie in a stream of bytes, such as standard input and output. */

enum framing {
	FRAMING_LINE, /* up to a separator, a newline unless another is asked for */
	FRAMING_WHOLE, /* all of the stream is one message */
	FRAMING_RAW, /* chunks, with nothing between them */
	FRAMING_LENGTH, /* FRAMING_HEAD bytes, then the payload */
	FRAMING_HEX, /* lines of hex digits */
	FRAMING_BASE64, /* lines of Base64 */
	FRAMING_JSON, /* lines of JSON: events out (ui/jsonl.h), commands in */
};

/* Before a payload: its length in four bytes, big-endian, and the opcode, 1 (text) or 2. */
#define FRAMING_HEAD        5
#define FRAMING_PAYLOAD_MAX UINT32_MAX
enum { FRAMING_OPCODE_TEXT = 1, FRAMING_OPCODE_BINARY = 2 };

/* What changes the framing of lines. */
struct framing_marks {
	uint8_t separator; /* what ends a line */
	const char *text_prefix, *binary_prefix; /* NULL: none. A line with one is of that type. */
	bool base64; /* binary messages are Base64; of input those with the prefix */
	bool base64_text; /* text ones too */
};

/* True if messages have to come whole to be written so. */
bool framing_is_whole(enum framing framing, const struct framing_marks *marks);

/* True if messages of this type are lines, which may have something before them. */
bool framing_is_line(enum framing framing, const struct framing_marks *marks, enum wsx_type type);

/*
 * Appends a piece as FRAMING_LINE to FRAMING_BASE64 have it; a whole message where
 * framing_is_whole(). 0, ERR_LIMIT (a length of more than 32 bits) or ERR_NOMEM.
 */
int framing_put(struct buf *b, enum framing framing, const struct framing_marks *marks,
    const struct wsx_piece *piece);

#endif

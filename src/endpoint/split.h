#ifndef ENDPOINT_SPLIT_H
#define ENDPOINT_SPLIT_H

#include "endpoint/framing.h"

/*
 * Finds messages in a stream of bytes. No I/O: the caller holds the bytes read so far and drops
 * from their front what has been given.
 */

enum split_type {
	SPLIT_TYPE_OWN, /* what the framing has: text for lines and all at once, binary for bytes */
	SPLIT_TYPE_TEXT,
	SPLIT_TYPE_BINARY,
};

struct split_config {
	enum framing framing;
	struct framing_marks marks;
	enum split_type type;
	size_t chunk; /* FRAMING_RAW: bytes a message; 0: as many as are there */
};

struct split {
	struct split_config config;
	size_t scanned; /* bytes known to hold no separator */
	uint64_t count; /* lines or messages found so far, the bad ones too */
};

enum split_result {
	SPLIT_MORE, /* more bytes must tell; at the end of input: there is no other message */
	SPLIT_MESSAGE,
	SPLIT_COMMAND, /* of FRAMING_JSON: a line, whole, in the place of a payload */
	SPLIT_BAD, /* one that can not be sent: what it is goes into why, and the next may follow */
	SPLIT_LOST, /* likewise, and no more can be found */
};

/* A message at the front of the bytes. */
struct split_message {
	enum wsx_type type;
	size_t at; /* bytes before its payload */
	uint64_t n; /* of its payload; some may still have to come */
	bool may_end; /* the end of input ends it too, even before n */
	size_t after; /* bytes behind the payload that go with it */
};

#define SPLIT_WHY_MAX 128

void split_init(struct split *s, const struct split_config *config);

/*
 * Looks at the n bytes at p, the front of what is left of the input; eof if there are no more to
 * come. Text is found only when all of it is there, and it is UTF-8; what is encoded is decoded
 * in place. m is set for SPLIT_MESSAGE, SPLIT_COMMAND and, so that it can be dropped, for SPLIT_BAD.
 */
enum split_result split_next(struct split *s, uint8_t *p, size_t n, bool eof,
    struct split_message *m, char why[SPLIT_WHY_MAX]);

/* True if messages are plain lines of text or bytes, which the caller may find by itself. */
bool split_is_plain(const struct split *s);

/* The type of messages that do not say theirs. */
enum wsx_type split_type(const struct split *s);

#endif

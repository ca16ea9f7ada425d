#ifndef PROTO_FRAME_H
#define PROTO_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/copy.h"
#include "proto/mask.h"

/* The head of a frame, RFC 6455 5.2: a plain struct, and the bytes it stands for. */

enum opcode {
	OP_CONTINUATION = 0x0,
	OP_TEXT = 0x1,
	OP_BINARY = 0x2,
	OP_CLOSE = 0x8,
	OP_PING = 0x9,
	OP_PONG = 0xa,
};

static inline bool
opcode_is_control(uint8_t opcode)
{
	return (opcode & 0x8) != 0;
}

#define RSV1           0x40
#define RSV2           0x20
#define RSV3           0x10
#define FRAME_RSV      (RSV1 | RSV2 | RSV3)
#define FRAME_HEAD_MAX 14

/* As its first byte has it, and the longest payload whose length is in the second. */
#define FRAME_FIN       0x80
#define FRAME_SHORT_MAX 125

struct frame_head {
	bool fin;
	uint8_t rsv; /* the bits as they stand in the first byte */
	uint8_t opcode;
	bool masked;
	uint8_t key[4]; /* meaningful if masked */
	uint64_t length;
};

/* What a frame that comes next may look like. */
struct frame_rules {
	bool masked; /* it must be (a server reads), or must not */
	uint8_t rsv; /* bits that an extension gave a meaning on the first frame of a message */
	bool in_message; /* a fragmented message is under way */
};

/*
 * Parse a head from the first n bytes at p. 1 and *h, *used; 0 when more bytes are needed;
 * WSX_ERR_PROTOCOL and a static text in *why, as soon as a byte shows it. p is not kept.
 */
int frame_parse(const uint8_t *p, size_t n, const struct frame_rules *rules, struct frame_head *h,
    size_t *used, const char **why);

/* Writes the shortest form of h and returns its length. */
size_t frame_build(uint8_t out[FRAME_HEAD_MAX], const struct frame_head *h);

/* Writes the frame, with its h->length bytes of payload at p, masked if it is to be: its length. */
size_t frame_put(uint8_t *out, const struct frame_head *h, const void *p);

/* The same for one with n <= FRAME_SHORT_MAX bytes, by its first byte and a key, NULL for none. */
static inline size_t
frame_put_short(uint8_t *out, uint8_t first, const uint8_t *key, const uint8_t *p, size_t n)
{
	out[0] = first;
	out[1] = (uint8_t)n;
	if (key == NULL) {
		copy_line(out + 2, p, n);
		return 2 + n;
	}
	out[1] |= 0x80;
	memcpy(out + 2, key, 4);
	mask_apply(out + 6, p, n, key, 0);
	return 6 + n;
}

#endif

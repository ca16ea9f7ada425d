/* The frames a link brings (RFC 6455 section 5.2), in pieces as they arrive. */
#ifndef FRAMES_H
#define FRAMES_H

#include "link.h"

#include <stdbool.h>

enum { FRAMES_ROOM = 128 * 1024 };

enum { FRAME_MORE = 0, FRAME_TEXT = 1, FRAME_BINARY = 2, FRAME_CLOSE = 8, FRAME_PING = 9 };

struct frame {
	bool fin, rsv1, masked;
	uint8_t opcode;
	uint8_t key[4]; /* what the next byte of the payload is masked with comes first */
	uint64_t left; /* bytes of payload not yet taken */
};

struct frames {
	struct link *link;
	uint64_t taken; /* bytes from the link in all */
	size_t at, end;
	uint8_t bytes[FRAMES_ROOM];
};

/* Bytes of a payload as they came, with the key of the first of them. */
struct piece {
	const uint8_t *bytes;
	size_t n;
	uint8_t key[4];
};

/* The head of the next frame, after all of the payload of the one before: false at the end. */
bool frames_head(struct frames *in, struct frame *f);

/* More of its payload, while f->left is not 0: false where the connection ended. */
bool frames_piece(struct frames *in, struct frame *f, struct piece *piece);

/* The rest of a payload up to `room` bytes, unmasked; what is longer is cut. Returns its length. */
size_t frames_payload(struct frames *in, struct frame *f, uint8_t *to, size_t room);

/* Reads a head of HTTP, its empty line included, into `head`, ended with a NUL: 0, or -1. */
int frames_http(struct frames *in, char *head, size_t room);

/* Writes the head of an unmasked frame of a message in one frame; returns its length. */
size_t frame_write_head(uint8_t to[10], uint8_t first, uint64_t length);

#endif

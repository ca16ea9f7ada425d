#ifndef FUZZ_WS_H
#define FUZZ_WS_H

#include <stddef.h>
#include <stdint.h>

#include "wsx.h"

/*
 * A WebSocket in that role, fed with an input: its first FUZZ_WS_CHOICES bytes choose how it is
 * set up and what its host does, the rest comes from the peer. It must be made of it
 *
 *	- what the laws of ws_driver.h allow, and no other;
 *	- the same, to the byte, whether it comes whole or in pieces, with or without pauses, and
 *	  whether messages are asked for whole or not, in batches or one by one;
 *	- the same up to the end of it, where memory fails.
 *
 *	byte 0   1 deflate, 2 whole, 4 receive_while_closing, 8 the handshake is made first,
 *	         16 (server) frames are masked first, 32 replies, 64 pauses, 128 trickle
 *	byte 1   the low 2 bits: max_message; the next 3: window_bits; then no_context_takeover and
 *	         2 bits for what the handshake of bit 8 has as extensions
 *	byte 2   after how many events the host closes, 0 for never
 *	byte 3   the longest piece
 *	byte 4   which allocation fails, 0 for none
 */
#define FUZZ_WS_CHOICES 5

void fuzz_ws(enum wsx_role role, const uint8_t *p, size_t n);

#endif

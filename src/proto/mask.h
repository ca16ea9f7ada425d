#ifndef PROTO_MASK_H
#define PROTO_MASK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Masking, RFC 6455 5.3: byte i of a frame's payload is XORed with byte i mod 4 of its key; done
 * twice it undoes itself. offset is the place of p[0] in the payload, so that a payload may come
 * in parts. dst may equal p; otherwise they do not overlap.
 */
static inline void mask_apply(
    uint8_t *dst, const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset);

/* As mask_apply(), of bytes of any number. */
void mask_apply_any(
    uint8_t *dst, const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset);

/* The rest is how a payload of a line's length is masked without a call. */

typedef uint32_t mask_block __attribute__((vector_size(16)));

/* The key as a word, turned so that it fits the payload from the place by on. */
static inline uint32_t
mask_turn(uint32_t key, uint64_t by)
{
	unsigned bits = (unsigned)(by % 4) * 8;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return key >> bits | key << (32 - bits) % 32;
#else
	return key << bits | key >> (32 - bits) % 32;
#endif
}

static inline void
mask_apply(uint8_t *dst, const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset)
{
	mask_block block, last;
	uint32_t k;

	if (n < sizeof block || n > 128) {
		mask_apply_any(dst, p, n, key, offset);
		return;
	}
	memcpy(&k, key, sizeof k);
	k = mask_turn(k, offset);
	/* the last block may overlap the one before: it is read before that is written */
	memcpy(&last, p + n - sizeof last, sizeof last);
	last ^= mask_turn(k, n);
	for (size_t i = 0; n - i > sizeof block; i += sizeof block) {
		memcpy(&block, p + i, sizeof block);
		block ^= k;
		memcpy(dst + i, &block, sizeof block);
	}
	memcpy(dst + n - sizeof last, &last, sizeof last);
}

#endif

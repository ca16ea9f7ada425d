#include "base/sha1.h"

#include <string.h>

#include "base/num.h"

enum { BLOCK = 64, LENGTH = 8 }; /* bytes of a block, and of the length at the end of the last */

static uint32_t
rotate(uint32_t x, unsigned bits)
{
	return x << bits | x >> (32 - bits);
}

/* f and K of a round (FIPS 180-4 4.1.1, 4.2.1), added. */
static uint32_t
mix(int round, uint32_t b, uint32_t c, uint32_t d)
{
	if (round < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (round < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (round < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

static void
add_block(uint32_t h[5], const uint8_t *p)
{
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)load_be(p + 4 * (size_t)i, 4);
	for (int i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++) {
		uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + w[i];

		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void
sha1(const void *p, size_t n, uint8_t out[SHA1_LEN])
{
	uint32_t h[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	uint8_t last[2 * BLOCK] = { 0 };
	const uint8_t *from = p;
	size_t left = n, padded;

	for (; left >= BLOCK; left -= BLOCK, from += BLOCK)
		add_block(h, from);
	if (left > 0)
		memcpy(last, from, left);
	last[left] = 0x80;
	padded = left + 1 + LENGTH <= BLOCK ? BLOCK : 2 * BLOCK;
	store_be(last + padded - LENGTH, (uint64_t)n * 8, LENGTH);
	for (size_t i = 0; i < padded; i += BLOCK)
		add_block(h, last + i);
	for (size_t i = 0; i < 5; i++)
		store_be(out + 4 * i, h[i], 4);
}

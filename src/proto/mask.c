#include "proto/mask.h"

#include <string.h>

/* The key as a word, turned so that it fits the payload from the place by on. */
static inline uint32_t
turn(uint32_t key, uint64_t by)
{
	unsigned bits = (unsigned)(by % 4) * 8;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return key >> bits | key << (32 - bits) % 32;
#else
	return key << bits | key >> (32 - bits) % 32;
#endif
}

static inline uint64_t
twice(uint32_t key)
{
	return (uint64_t)key << 32 | key;
}

/* memcpy is how C spells an unaligned load and store. */
static inline void
mask_word(uint8_t *dst, const uint8_t *p, uint64_t key)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	word ^= key;
	memcpy(dst, &word, sizeof word);
}

static inline void
mask_bytes(uint8_t *dst, const uint8_t *p, size_t n, uint32_t key)
{
	uint8_t k[4];

	memcpy(k, &key, sizeof k);
	for (size_t i = 0; i < n; i++)
		dst[i] = p[i] ^ k[i % 4];
}

/* Of 8 to 64 bytes the last word may overlap the one before: it is read before that is written. */
static void
mask_few(uint8_t *dst, const uint8_t *p, size_t n, uint32_t key)
{
	uint64_t last;

	memcpy(&last, p + n - sizeof last, sizeof last);
	last ^= twice(turn(key, n));
	for (size_t i = 0; n - i > sizeof last; i += sizeof last)
		mask_word(dst + i, p + i, twice(key));
	memcpy(dst + n - sizeof last, &last, sizeof last);
}

void
mask_apply(uint8_t *dst, const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset)
{
	uint32_t k;
	size_t i;

	memcpy(&k, key, sizeof k);
	k = turn(k, offset);
	if (n >= 8 && n <= 64) {
		mask_few(dst, p, n, k);
		return;
	}
	/* compilers make this loop one of vectors; wider ones (AVX2) were measured no faster */
	for (i = 0; n - i >= 8; i += 8)
		mask_word(dst + i, p + i, twice(k));
	mask_bytes(dst + i, p + i, n - i, k);
}

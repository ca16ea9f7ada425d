#include "proto/mask.h"

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

void
mask_apply_any(uint8_t *dst, const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset)
{
	uint32_t k;
	size_t i;

	memcpy(&k, key, sizeof k);
	k = mask_turn(k, offset);
	/* compilers make this loop one of vectors; wider ones (AVX2) were measured no faster */
	for (i = 0; n - i >= 8; i += 8)
		mask_word(dst + i, p + i, twice(k));
	mask_bytes(dst + i, p + i, n - i, k);
}

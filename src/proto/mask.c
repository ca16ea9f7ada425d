#include "proto/mask.h"

#include <string.h>

void
mask_apply(uint8_t *dst, const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset)
{
	uint8_t turned[8];
	uint64_t word, k;
	size_t i;

	for (i = 0; i < sizeof turned; i++)
		turned[i] = key[(offset + i) % 4];
	memcpy(&k, turned, sizeof k);
	/* memcpy is how C spells an unaligned load; compilers make this loop a vector one */
	for (i = 0; n - i >= sizeof word; i += sizeof word) {
		memcpy(&word, p + i, sizeof word);
		word ^= k;
		memcpy(dst + i, &word, sizeof word);
	}
	for (; i < n; i++)
		dst[i] = p[i] ^ turned[i % 4];
}

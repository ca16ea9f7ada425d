#ifndef BASE_COPY_H
#define BASE_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t copy_block __attribute__((vector_size(16)));

/* memcpy(3) for what is often of a line's length: such needs no call. n may be 0, and p NULL then. */
static inline void
copy_line(uint8_t *dst, const uint8_t *p, size_t n)
{
	copy_block block;

	if (n < sizeof block || n > 128) {
		if (n > 0)
			memcpy(dst, p, n);
		return;
	}
	for (size_t i = 0; n - i > sizeof block; i += sizeof block) {
		memcpy(&block, p + i, sizeof block);
		memcpy(dst + i, &block, sizeof block);
	}
	/* the last block may overlap the one before */
	memcpy(&block, p + n - sizeof block, sizeof block);
	memcpy(dst + n - sizeof block, &block, sizeof block);
}

#endif

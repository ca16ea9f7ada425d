#include "base/newlines.h"

#include <assert.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

/* Bytes looked at together, with a bit for each. */
#define BLOCK 64

static inline uint64_t
newlines_of(const uint8_t *p, __m128i newline)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < BLOCK; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(p + i));

		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, newline)) << i;
	}
	return bits;
}

/* Those of whole blocks, which are *used bytes, or of no more than hold max. */
static size_t
find_in_blocks(const uint8_t *p, size_t n, uint8_t newline, uint32_t *at, size_t max, size_t *used)
{
	const __m128i wanted = _mm_set1_epi8((char)newline);
	size_t i = 0, k = 0;

	for (; n - i >= BLOCK && k < max; i += BLOCK)
		for (uint64_t bits = newlines_of(p + i, wanted); bits != 0 && k < max;
		     bits &= bits - 1)
			at[k++] = (uint32_t)(i + (unsigned)__builtin_ctzll(bits));
	*used = i;
	return k;
}

#else

static size_t
find_in_blocks(const uint8_t *p, size_t n, uint8_t newline, uint32_t *at, size_t max, size_t *used)
{
	(void)p, (void)n, (void)newline, (void)at, (void)max;
	*used = 0;
	return 0;
}

#endif

size_t
newlines_find(const uint8_t *p, size_t n, uint8_t newline, uint32_t *at, size_t max)
{
	const uint8_t *next;
	size_t i, k;

	assert(n <= UINT32_MAX);
	k = find_in_blocks(p, n, newline, at, max, &i);
	for (; k < max && i < n && (next = memchr(p + i, newline, n - i)) != NULL; k++) {
		at[k] = (uint32_t)(next - p);
		i = at[k] + 1;
	}
	return k;
}

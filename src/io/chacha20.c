#include "io/chacha20.h"

#include <string.h>

#include "base/cpu.h"

/* A word of each block; compilers make of it what vectors there are. */
typedef uint32_t words __attribute__((vector_size(4 * CHACHA20_BLOCKS)));

#define INLINE static inline __attribute__((always_inline))

INLINE void
add_turn(words *a, const words *b, words *c, int by)
{
	*a += *b;
	*c ^= *a;
	*c = *c << by | *c >> (32 - by);
}

INLINE void
quarter(words *a, words *b, words *c, words *d)
{
	add_turn(a, b, d, 16);
	add_turn(c, d, b, 12);
	add_turn(a, b, d, 8);
	add_turn(c, d, b, 7);
}

INLINE void
make_blocks(uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], const uint32_t key[8], uint32_t counter,
    const uint32_t nonce[3])
{
	static const words count = { 0, 1, 2, 3, 4, 5, 6, 7 };
	uint32_t first[CHACHA20_WORDS] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	words x[CHACHA20_WORDS];

	memcpy(first + 4, key, 32);
	first[12] = counter;
	memcpy(first + 13, nonce, 12);
	for (int i = 0; i < CHACHA20_WORDS; i++)
		x[i] = (words){ 0 } + first[i];
	x[12] += count;
	for (int i = 0; i < 10; i++) {
		quarter(&x[0], &x[4], &x[8], &x[12]);
		quarter(&x[1], &x[5], &x[9], &x[13]);
		quarter(&x[2], &x[6], &x[10], &x[14]);
		quarter(&x[3], &x[7], &x[11], &x[15]);
		quarter(&x[0], &x[5], &x[10], &x[15]);
		quarter(&x[1], &x[6], &x[11], &x[12]);
		quarter(&x[2], &x[7], &x[8], &x[13]);
		quarter(&x[3], &x[4], &x[9], &x[14]);
	}
	x[12] += count;
	for (int i = 0; i < CHACHA20_WORDS; i++) {
		x[i] += first[i];
		memcpy(out[i], &x[i], sizeof x[i]);
	}
	explicit_bzero(first, sizeof first);
}

void
chacha20_blocks_anywhere(uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], const uint32_t key[8],
    uint32_t counter, const uint32_t nonce[3])
{
	make_blocks(out, key, counter, nonce);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
blocks_avx2(uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], const uint32_t key[8], uint32_t counter,
    const uint32_t nonce[3])
{
	make_blocks(out, key, counter, nonce);
}
#endif

void
chacha20_blocks(uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], const uint32_t key[8],
    uint32_t counter, const uint32_t nonce[3])
{
#if defined(__x86_64__)
	if (cpu_has_avx2()) {
		blocks_avx2(out, key, counter, nonce);
		return;
	}
#endif
	make_blocks(out, key, counter, nonce);
}

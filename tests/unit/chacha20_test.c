#include "check.h"

#include <string.h>

#include "io/chacha20.h"

static uint32_t
load_le(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

struct vector {
	const char *key, *nonce; /* for check_hex() */
	uint32_t counter;
	const char *stream; /* of the block counter and those after it */
};

#define KEY "00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f"

static const struct vector vectors[] = {
	/* RFC 8439 2.3.2 */
	{ KEY, "00000009 0000004a 00000000", 1,
	    "10f1e7e4 d13b5915 500fdd1f a32071c4 c7d1f4c7 33c06803 0422aa9a c3d46c4e"
	    "d2826446 079faa09 14c2d705 d98b02a2 b5129cd1 de164eb9 cbd083e8 a2503c4e" },
	/* 2.4.2, its two blocks of key stream */
	{ KEY, "00000000 0000004a 00000000", 1,
	    "224f51f3 401bd9e1 2fde276f b8631ded 8c131f82 3d2c06e2 7e4fcaec 9ef3cf78"
	    "8a3b0aa3 72600a92 b57974cd ed2b9334 794cba40 c63e34cd ea212c4c f07d41b7"
	    "69a6749f 3f630f41 22cafe28 ec4dc47e 26d4346d 70b98c73 f3e9c53a c40c5945"
	    "398b6eda 1a832c89 c167eacd 901d7e2b f363" },
	/* A.1, the first */
	{ "00*32", "00*12", 0,
	    "76b8e0ad a0f13d90 405d6ae5 5386bd28 bdd219b8 a08ded1a a836efcc 8b770dc7"
	    "da41597c 5157488d 7724e03f b8d84a37 6a43b8f4 1518a11c c387b669 b2ee6586" },
};

typedef void make(uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], const uint32_t key[8],
    uint32_t counter, const uint32_t nonce[3]);

static make *const makers[] = { chacha20_blocks, chacha20_blocks_anywhere };

static void
write_blocks(make *blocks, const struct vector *v, uint8_t stream[CHACHA20_BLOCKS * 64])
{
	uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], key[8], nonce[3];
	uint8_t bytes[32];

	check_hex(v->key, bytes, sizeof bytes);
	for (size_t i = 0; i < 8; i++)
		key[i] = load_le(bytes + 4 * i);
	check_hex(v->nonce, bytes, sizeof bytes);
	for (size_t i = 0; i < 3; i++)
		nonce[i] = load_le(bytes + 4 * i);
	blocks(out, key, v->counter, nonce);
	for (size_t k = 0; k < CHACHA20_BLOCKS; k++)
		for (size_t i = 0; i < CHACHA20_WORDS; i++)
			for (size_t b = 0; b < 4; b++)
				stream[k * 64 + i * 4 + b] = (uint8_t)(out[i][k] >> 8 * b & 0xff);
}

static void
chacha20_gives_the_blocks_of_the_rfc(void)
{
	uint8_t stream[CHACHA20_BLOCKS * 64], want[128];

	for (size_t m = 0; m < sizeof makers / sizeof *makers; m++)
		for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
			size_t n = check_hex(vectors[i].stream, want, sizeof want);

			write_blocks(makers[m], &vectors[i], stream);
			CHECK_MEM(stream, n, want, n);
		}
}

/* Each of the blocks made at once is the one that is made first of its counter. */
static void
chacha20_counts_from_block_to_block(void)
{
	uint8_t all[CHACHA20_BLOCKS * 64], one[CHACHA20_BLOCKS * 64];

	for (size_t m = 0; m < sizeof makers / sizeof *makers; m++) {
		struct vector v = vectors[0];

		v.counter = 0xfffffffc; /* the counter has 32 bits */
		write_blocks(makers[m], &v, all);
		for (size_t k = 0; k < CHACHA20_BLOCKS; k++, v.counter++) {
			write_blocks(makers[m], &v, one);
			CHECK_MEM(all + k * 64, 64, one, 64);
		}
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(chacha20_gives_the_blocks_of_the_rfc),
		CHECK_CASE(chacha20_counts_from_block_to_block),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "io/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

void
random_init(struct random *r)
{
	r->fillings = 0;
	r->left = 0;
}

/* What the system has comes whole: a call for so few bytes is never cut short by a signal. */
static int
new_key(struct random *r)
{
	ssize_t n;

	do
		n = getrandom(r->key, sizeof r->key, 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof r->key)
		return -1;
	r->fillings = RANDOM_FILLINGS;
	return 0;
}

/* A key is used once, so that the counter and the nonce can begin anew with each. */
static int
refill(struct random *r)
{
	static const uint32_t nonce[3];

	if (r->fillings == 0 && new_key(r) != 0)
		return -1;
	for (uint32_t i = 0; i < RANDOM_GROUPS; i++)
		chacha20_blocks(r->block[i], r->key, i * CHACHA20_BLOCKS, nonce);
	memcpy(r->key, r->block, sizeof r->key);
	explicit_bzero(r->block, sizeof r->key);
	r->left = sizeof r->block - sizeof r->key;
	r->fillings--;
	return 0;
}

/* explicit_bzero() in line: the compiler must believe that the zeros are read. */
static inline void
wipe(uint8_t *p, size_t n)
{
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");
}

/* Gives k bytes that are left. A constant k, the size of a mask key, needs no calls. */
static inline void
give(struct random *r, uint8_t *out, size_t k)
{
	uint8_t *from = (uint8_t *)r->block + sizeof r->block - r->left;

	memcpy(out, from, k);
	wipe(from, k);
	r->left -= k;
}

int
random_bytes(struct random *r, void *p, size_t n)
{
	uint8_t *out = p;

	if (n == 4 && r->left >= 4) {
		give(r, out, 4);
		return 0;
	}
	while (n > 0) {
		size_t k;

		if (r->left == 0 && refill(r) != 0)
			return -1;
		k = n < r->left ? n : r->left;
		give(r, out, k);
		out += k;
		n -= k;
	}
	return 0;
}

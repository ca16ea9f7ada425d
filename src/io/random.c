#include "io/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

void
random_init(struct random *r)
{
	r->left = 0;
}

static int
refill(struct random *r)
{
	size_t got = 0;

	while (got < sizeof r->block) {
		ssize_t n = getrandom(r->block + got, sizeof r->block - got, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		got += (size_t)n;
	}
	r->left = sizeof r->block;
	return 0;
}

int
random_bytes(struct random *r, void *p, size_t n)
{
	uint8_t *out = p;

	while (n > 0) {
		size_t k;
		uint8_t *from;

		if (r->left == 0 && refill(r) != 0)
			return -1;
		k = n < r->left ? n : r->left;
		from = r->block + sizeof r->block - r->left;
		memcpy(out, from, k);
		explicit_bzero(from, k);
		r->left -= k;
		out += k;
		n -= k;
	}
	return 0;
}

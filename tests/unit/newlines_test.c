#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/newlines.h"

enum { MOST = 300 };

/* What newlines_find() is to give, byte by byte. */
static size_t
find_slowly(const uint8_t *p, size_t n, uint32_t *at, size_t max)
{
	size_t k = 0;

	for (size_t i = 0; i < n && k < max; i++)
		if (p[i] == '\n')
			at[k++] = (uint32_t)i;
	return k;
}

/* The n bytes in memory of just that size, so that a byte too many is seen. */
static void
compare(const uint8_t *bytes, size_t n, size_t max)
{
	uint32_t want[MOST + 1], got[MOST + 1];
	uint8_t *p = malloc(n + 1);
	size_t k;

	if (p == NULL)
		abort();
	memcpy(p + 1, bytes, n);
	memset(got, 0xee, sizeof got);
	k = find_slowly(p + 1, n, want, max);
	CHECK_UINT(newlines_find(p + 1, n, '\n', got, max), k);
	CHECK_MEM(got, k * sizeof *got, want, k * sizeof *want);
	CHECK_UINT(got[k], 0xeeeeeeee);
	free(p);
}

static void
newlines_are_found_at_all_places(void)
{
	uint8_t bytes[MOST];

	for (size_t n = 0; n <= MOST; n++) {
		memset(bytes, 'x', sizeof bytes);
		compare(bytes, n, MOST);
		for (size_t i = 0; i < n; i++) {
			bytes[i] = '\n';
			compare(bytes, n, MOST);
			bytes[i] = 0x8a;
		}
	}
}

static void
newlines_are_found_among_all_bytes(void)
{
	static const size_t most[] = { 0, 1, 2, 63, 64, 65, MOST };
	uint64_t state = 11;
	uint8_t bytes[MOST];

	for (int turn = 0; turn < 2000; turn++) {
		unsigned rarity = 1 + (unsigned)(check_random(&state) % 40);
		size_t n = check_random(&state) % (MOST + 1);

		for (size_t i = 0; i < n; i++)
			bytes[i] = check_random(&state) % rarity == 0
				       ? '\n'
				       : (uint8_t)check_random(&state);
		for (size_t i = 0; i < sizeof most / sizeof *most; i++)
			compare(bytes, n, most[i]);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(newlines_are_found_at_all_places),
		CHECK_CASE(newlines_are_found_among_all_bytes),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "io/random.h"

#include <string.h>

#include "check.h"

static void
bytes_given_are_wiped_and_never_repeat(void)
{
	struct random r;
	uint8_t zero[sizeof r.block] = { 0 };
	uint8_t seen[64][16];

	random_init(&r);
	for (size_t i = 0; i < 64; i++) {
		CHECK_INT(random_bytes(&r, seen[i], 16), 0);
		for (size_t k = 0; k < i; k++)
			CHECK(memcmp(seen[i], seen[k], 16) != 0);
		CHECK_UINT(r.left, sizeof r.block - 16 * (i + 1));
		CHECK_MEM(r.block, 16 * (i + 1), zero, 16 * (i + 1));
	}
	CHECK_UINT(r.left, 0);
}

static void
more_than_a_block_is_given_at_once(void)
{
	struct random r;
	uint8_t big[5000] = { 0 };
	size_t zeros = 0;

	random_init(&r);
	CHECK_INT(random_bytes(&r, big, 3), 0);
	CHECK_INT(random_bytes(&r, big, sizeof big), 0);
	for (size_t i = 0; i < sizeof big; i++)
		zeros += big[i] == 0;
	CHECK(zeros < 100); /* 20 are to be expected */
}

static void
none_asked_is_none_taken(void)
{
	struct random r;

	random_init(&r);
	CHECK_INT(random_bytes(&r, NULL, 0), 0);
	CHECK_UINT(r.left, 0);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(bytes_given_are_wiped_and_never_repeat),
		CHECK_CASE(more_than_a_block_is_given_at_once),
		CHECK_CASE(none_asked_is_none_taken),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"

/* Both in memory of just their size, so that a byte too many is seen. */
static void
copy_line_copies_what_it_is_given_and_no_more(void)
{
	for (size_t n = 0; n <= 300; n++) {
		uint8_t *from = malloc(n + 1), *to = malloc(n + 2);

		if (from == NULL || to == NULL)
			abort();
		for (size_t i = 0; i < n; i++)
			from[1 + i] = (uint8_t)(i + n);
		memset(to, 0xee, n + 2);
		copy_line(to + 1, from + 1, n);
		CHECK_MEM(to + 1, n, from + 1, n);
		CHECK_UINT(to[0], 0xee);
		CHECK_UINT(to[n + 1], 0xee);
		free(from);
		free(to);
	}
}

static void
copy_line_takes_nothing(void)
{
	uint8_t one = 7;

	copy_line(&one, NULL, 0);
	CHECK_UINT(one, 7);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(copy_line_copies_what_it_is_given_and_no_more),
		CHECK_CASE(copy_line_takes_nothing),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

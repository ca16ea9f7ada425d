/* The validator, in each of its ways, against one that works with code points; whole and cut. */

#include <stdlib.h>

#include "base/utf8_blocks.h"
#include "fuzz.h"

static void
check_pieces(const struct utf8_way *way, struct fuzz_in in, size_t step, size_t good, bool complete)
{
	struct utf8 u = UTF8_INIT;
	size_t at = 0, take, got;

	for (; at < in.n; at += take) {
		uint8_t *copy = fuzz_copy(in.p + at, take = step < in.n - at ? step : in.n - at);

		got = way != NULL ? utf8_check_in(way, &u, copy, take) : utf8_check(&u, copy, take);
		free(copy);
		MUST(got == (good - at < take ? good - at : take));
		if (got < take)
			return;
	}
	MUST(utf8_complete(&u) == complete);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	size_t step = 1 + fuzz_byte(&in), good;
	const struct utf8_way *way = NULL;
	bool complete;

	good = fuzz_utf8_good(in.p, in.n, &complete);
	for (size_t i = 0; i == 0 || way != NULL; way = utf8_way(i++)) {
		check_pieces(way, in, in.n, good, complete);
		check_pieces(way, in, step, good, complete);
		check_pieces(way, in, 1, good, complete);
	}
	MUST(utf8_valid(in.p, in.n) == (good == in.n && complete));
	return 0;
}

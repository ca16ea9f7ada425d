/* Newlines found in blocks against those found byte by byte. */

#include <stdlib.h>
#include <string.h>

#include "base/newlines.h"
#include "fuzz.h"

enum { MOST = 512 };

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	uint32_t want[MOST], got[MOST];
	size_t max = fuzz_number(&in, MOST), k = 0;
	uint8_t *copy = fuzz_copy(in.p, in.n);

	for (size_t i = 0; i < in.n && k < max; i++)
		if (copy[i] == '\n')
			want[k++] = (uint32_t)i;
	MUST(newlines_find(copy, in.n, '\n', got, max) == k);
	MUST(memcmp(got, want, k * sizeof *want) == 0);
	free(copy);
	return 0;
}

/* The characters of a text, one by one: written again they are its bytes, and it is cut between. */

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"

static size_t
check_character(const uint8_t *p, size_t n, size_t at)
{
	uint8_t again[4];
	uint32_t c;
	int length = utf8_decode(p + at, n - at, &c);

	if (length <= 0) {
		MUST(!utf8_valid(p + at, n - at) && fuzz_utf8_good(p + at, n - at, NULL) < 4);
		MUST((length == 0) == (fuzz_utf8_good(p + at, n - at, NULL) == n - at));
		return 1;
	}
	MUST((size_t)length <= n - at && utf8_valid(p + at, (size_t)length));
	MUST(utf8_encode(c, again) == (size_t)length);
	MUST(memcmp(again, p + at, (size_t)length) == 0);
	for (size_t cut = 1; cut < (size_t)length; cut++) {
		MUST(utf8_decode(p + at, cut, &c) == 0);
		MUST(utf8_cut(p, at + cut) == at);
	}
	return (size_t)length;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *copy = fuzz_copy(p, n);

	for (size_t at = 0; at < n;)
		at += check_character(copy, n, at);
	if (utf8_valid(copy, n))
		MUST(utf8_cut(copy, n) == n);
	free(copy);
	return 0;
}

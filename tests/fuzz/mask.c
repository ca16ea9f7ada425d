/* Masking against a byte at a time: in place and not, whole and in two parts, and twice. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proto/mask.h"

static void
check(const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset, size_t align)
{
	uint8_t *want = fuzz_copy(p, n), *from = fuzz_copy(p, n), *block = malloc(align + n + 1),
		*to;

	MUST(block != NULL);
	to = block + align;
	to[n] = 0x5a;
	for (size_t i = 0; i < n; i++)
		want[i] = p[i] ^ key[(offset + i) % 4];
	mask_apply(to, from, n, key, offset);
	MUST(memcmp(to, want, n) == 0 && to[n] == 0x5a);
	MUST(memcmp(from, p, n) == 0);

	mask_apply(to, to, n, key, offset);
	MUST(memcmp(to, p, n) == 0 && to[n] == 0x5a);

	for (size_t cut = 0; cut <= n && cut < 80; cut++) {
		memcpy(to, p, n);
		mask_apply(to, to, cut, key, offset);
		mask_apply(to + cut, to + cut, n - cut, key, offset + cut);
		MUST(memcmp(to, want, n) == 0 && to[n] == 0x5a);
	}
	free(want);
	free(from);
	free(block);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	size_t align = fuzz_byte(&in) % 64;
	uint64_t offset = fuzz_byte(&in);
	uint8_t key[4];

	if (offset & 0x80) /* such as only a payload of many gigabytes has */
		offset |= UINT64_C(0x7fffffff00000000);
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = fuzz_byte(&in);
	check(in.p, in.n, key, offset, align);
	return 0;
}

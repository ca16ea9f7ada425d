#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "proto/mask.h"

/* RFC 6455 5.7, F01 */
static void
mask_turns_the_example_of_the_rfc(void)
{
	static const uint8_t key[4] = { 0x37, 0xfa, 0x21, 0x3d };
	uint8_t p[] = { 0x7f, 0x9f, 0x4d, 0x51, 0x58 };

	mask_apply(p, p, sizeof p, key, 0);
	CHECK_MEM(p, sizeof p, "Hello", 5);
}

static void
mask_takes_no_bytes(void)
{
	static const uint8_t key[4] = { 1, 2, 3, 4 };
	uint8_t one = 7;

	mask_apply(&one, &one, 0, key, 3);
	CHECK_UINT(one, 7);
	mask_apply(NULL, NULL, 0, key, 0);
}

/* Each length, place in the frame and alignment gives what the formula of 5.3 gives (F08). */
static void
mask_is_the_formula_for_all_lengths_offsets_and_alignments(void)
{
	static const uint8_t key[4] = { 0x01, 0x80, 0xff, 0x5a };
	uint64_t state = 5;
	uint8_t in[310], want[310];

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)check_random(&state);
	for (size_t n = 0; n <= 300; n++)
		for (uint64_t offset = 0; offset < 8; offset++)
			for (size_t align = 0; align < 8; align++) {
				/* of just the size, so that a byte too many is seen */
				uint8_t *out = malloc(align + n + 1);

				if (out == NULL)
					abort();
				memset(out, 0xee, align + n + 1);
				for (size_t i = 0; i < n; i++)
					want[i] = in[align + i] ^ key[(offset + i) % 4];
				mask_apply(out + align, in + align, n, key, offset);
				CHECK_MEM(out + align, n, want, n);
				CHECK_UINT(out[align + n], 0xee);
				CHECK(align == 0 || out[align - 1] == 0xee);
				mask_apply(out + align, out + align, n, key, offset);
				CHECK_MEM(out + align, n, in + align, n);
				CHECK_UINT(out[align + n], 0xee);
				CHECK(align == 0 || out[align - 1] == 0xee);
				free(out);
			}
}

/* What is read is all there is of it. */
static void
mask_reads_no_byte_outside_its_payload(void)
{
	static const uint8_t key[4] = { 1, 2, 3, 4 };

	for (size_t n = 1; n <= 300; n++) {
		uint8_t *p = malloc(n), *out = malloc(n);

		if (p == NULL || out == NULL)
			abort();
		memset(p, 0, n);
		mask_apply(out, p, n, key, UINT64_MAX - 2);
		CHECK_UINT(out[0], 2);
		free(p);
		free(out);
	}
}

/* F08: 1 MiB in parts of 1, 3, 5 and 4093 bytes */
static void
mask_in_parts_is_mask_at_once(void)
{
	enum { N = 1 << 20 };
	static const size_t steps[] = { 1, 3, 5, 4093 };
	static const uint8_t key[4] = { 0xde, 0xad, 0xbe, 0xef };
	uint8_t *whole = malloc(N), *parts = malloc(N);
	uint64_t state = 9;

	if (whole == NULL || parts == NULL)
		abort();
	for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
		for (size_t i = 0; i < N; i++)
			whole[i] = parts[i] = (uint8_t)check_random(&state);
		mask_apply(whole, whole, N, key, 0);
		for (size_t i = 0; i < N; i += steps[s])
			mask_apply(
			    parts + i, parts + i, N - i < steps[s] ? N - i : steps[s], key, i);
		CHECK(memcmp(whole, parts, N) == 0);
	}
	free(whole);
	free(parts);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(mask_turns_the_example_of_the_rfc),
		CHECK_CASE(mask_takes_no_bytes),
		CHECK_CASE(mask_is_the_formula_for_all_lengths_offsets_and_alignments),
		CHECK_CASE(mask_reads_no_byte_outside_its_payload),
		CHECK_CASE(mask_in_parts_is_mask_at_once),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

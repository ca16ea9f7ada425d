/* Inflating a connection's messages in pieces, against zlib told of each of them whole. */

#include "fuzz.h"
#include "inflating.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	bool alone = fuzz_byte(&in) & 1, good = true;
	size_t step = 1 + fuzz_byte(&in), room = 1 + fuzz_number(&in, 16383);
	struct reference ref;
	struct deflate d;
	struct buf out;

	reference_init(&ref, alone);
	deflate_init(&d, &mem_libc, 6, 15, false, alone);
	buf_init(&out, &mem_libc, SIZE_MAX);
	while (good && in.n > 0) {
		struct span message = fuzz_take(&in, fuzz_byte(&in));

		if (alone)
			buf_reset(&out);
		good = reference_inflate(&ref, message);
		MUST(inflate_in_steps(&d, message, step, room, &out) ==
		     (good ? DEFLATE_OK : DEFLATE_CORRUPT));
		MUST(span_eq(fuzz_span(&out), fuzz_span(&ref.text)));
	}
	reference_clear(&ref);
	deflate_clear(&d);
	buf_clear(&out);
	return 0;
}

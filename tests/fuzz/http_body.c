/* The body of an answer, all at once and in parts, chunked or not: the same start of it is kept. */

#include <stdlib.h>

#include "base/err.h"
#include "fuzz.h"
#include "proto/http_body.h"

enum { MOST = 300 };

static struct http_body
a_body(uint8_t choice)
{
	static const struct http_body bodies[] = {
		{ BODY_CHUNK_SIZE, true, 0 },
		{ BODY_BYTES, false, UINT64_MAX },
		{ BODY_BYTES, false, 100 },
		{ BODY_DONE, false, 0 },
	};

	return bodies[choice % (sizeof bodies / sizeof *bodies)];
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	struct http_body whole = a_body(fuzz_byte(&in)), parts = whole;
	size_t max = 1 + fuzz_number(&in, MOST), step = 1 + fuzz_byte(&in);
	uint8_t *copy = fuzz_copy(in.p, in.n);
	struct buf kept, again;

	buf_init(&kept, &mem_libc, max);
	buf_init(&again, &mem_libc, max);
	MUST(http_body_take(&whole, copy, in.n, &kept, max) == 0);
	for (size_t at = 0; at < in.n; at += step)
		MUST(http_body_take(
			 &parts, copy + at, at + step < in.n ? step : in.n - at, &again, max) == 0);
	MUST(whole.state == parts.state && whole.left == parts.left);
	MUST(span_eq(fuzz_span(&kept), fuzz_span(&again)));
	MUST(buf_len(&kept) <= in.n);
	buf_clear(&kept);
	buf_clear(&again);
	free(copy);
	return 0;
}

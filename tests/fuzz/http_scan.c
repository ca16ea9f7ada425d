/* The end of an HTTP head: found at the same place, or refused for the same, however it comes. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proto/http.h"

static ptrdiff_t
scan(enum http_kind kind, struct fuzz_in in, size_t step, struct http_fault *fault)
{
	struct http_scan s = { 0 };
	ptrdiff_t end = 0;

	for (size_t have = 0; end == 0 && have < in.n;) {
		char *copy;

		have = step < in.n - have ? have + step : in.n;
		copy = fuzz_copy(in.p, have);
		end = http_scan(&s, kind, copy, have, fault);
		free(copy);
	}
	return end;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	uint8_t choice = fuzz_byte(&in);
	enum http_kind kind = choice & 1 ? HTTP_RESPONSE : HTTP_REQUEST;
	struct http_fault fault = { 0 }, other = { 0 };
	ptrdiff_t end = scan(kind, in, SIZE_MAX, &fault);
	size_t skip = http_skip((const char *)in.p, in.n);

	MUST(scan(kind, in, 1 + (choice >> 1), &other) == end);
	MUST(other.status == fault.status && other.why == fault.why);
	if (end > 0) {
		MUST((size_t)end <= in.n && memcmp(in.p + end - 4, "\r\n\r\n", 4) == 0);
		MUST(memmem(in.p, (size_t)end - 1, "\r\n\r\n", 4) == NULL);
	} else if (end < 0) {
		MUST(fault.status == 400 || fault.status == 414 || fault.status == 431);
		MUST(fault.why != NULL);
	}
	MUST(skip <= 2 && (skip == 0 || (in.p[0] == '\r' && (skip == 1) == (in.n == 1))));
	return 0;
}

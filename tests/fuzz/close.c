/* The body of a Close: what is taken is as it came, what is refused is so for its reason. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proto/close.h"
#include "wsx.h"

/* RFC 6455 7.4.1 and 7.4.2, and the registry. */
static bool
may_be_sent(unsigned code)
{
	if (code < 1000 || code >= 5000 || (code >= 1015 && code < 3000))
		return false;
	return code != 1004 && code != 1005 && code != 1006;
}

static uint16_t
fault_of(const uint8_t *p, size_t n)
{
	bool complete;

	if (n == 0)
		return 0;
	if (n == 1 || !may_be_sent((unsigned)p[0] << 8 | p[1]))
		return WSX_CLOSE_PROTOCOL_ERROR;
	if (fuzz_utf8_good(p + 2, n - 2, &complete) == n - 2 && complete)
		return 0;
	return WSX_CLOSE_INVALID_DATA;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct close_body body;
	const char *why = NULL;
	uint8_t *copy, again[125];
	uint16_t fault;

	if (n > WSX_MAX_CONTROL)
		n = WSX_MAX_CONTROL;
	copy = fuzz_copy(p, n);
	fault = close_parse(copy, n, &body, &why);
	MUST(fault == fault_of(p, n));
	MUST((fault != 0) == (why != NULL));
	if (fault == 0) {
		MUST(body.reason_n <= WSX_MAX_REASON);
		MUST(n == 0 ? body.code == WSX_CLOSE_NO_STATUS : close_code_on_wire(body.code));
		MUST(close_build(again, n == 0 ? 0 : body.code, body.reason, body.reason_n) == n);
		MUST(memcmp(again, p, n) == 0);
		MUST(wsx_close_name(body.code) != NULL);
	}
	free(copy);
	return 0;
}

#include "proto/close.h"

#include <assert.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "wsx.h"

bool
close_code_on_wire(uint16_t code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
	       (code >= 3000 && code <= 4999);
}

bool
close_code_for_application(uint16_t code)
{
	return code == WSX_CLOSE_NORMAL || (code >= 3000 && code <= 4999);
}

uint16_t
close_parse(const uint8_t *p, size_t n, struct close_body *body, const char **why)
{
	assert(n <= WSX_MAX_CONTROL);
	if (n == 0) {
		body->code = WSX_CLOSE_NO_STATUS;
		body->reason_n = 0;
		return 0;
	}
	if (n == 1) {
		*why = "a Close with half a code";
		return WSX_CLOSE_PROTOCOL_ERROR;
	}
	body->code = (uint16_t)load_be(p, 2);
	if (!close_code_on_wire(body->code)) {
		*why = "a Close with a code that must not be sent";
		return WSX_CLOSE_PROTOCOL_ERROR;
	}
	if (!utf8_valid(p + 2, n - 2)) {
		*why = "a Close whose reason is not UTF-8";
		return WSX_CLOSE_INVALID_DATA;
	}
	body->reason_n = n - 2;
	memcpy(body->reason, p + 2, n - 2);
	return 0;
}

size_t
close_build(uint8_t out[125], uint16_t code, const char *reason, size_t n)
{
	assert(n <= WSX_MAX_REASON);
	if (code == 0)
		return 0;
	assert(close_code_on_wire(code));
	store_be(out, code, 2);
	if (n > 0)
		memcpy(out + 2, reason, n);
	return 2 + n;
}

const char *
wsx_close_name(uint16_t code)
{
	static const struct {
		uint16_t code;
		const char *name;
	} names[] = {
		{ 1000, "normal" },
		{ 1001, "going away" },
		{ 1002, "protocol error" },
		{ 1003, "unsupported data" },
		{ 1005, "no code" },
		{ 1006, "no Close received" },
		{ 1007, "invalid data" },
		{ 1008, "policy violation" },
		{ 1009, "message too big" },
		{ 1010, "extension missing" },
		{ 1011, "internal error" },
		{ 1012, "service restart" },
		{ 1013, "try again later" },
		{ 1014, "bad gateway" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].code == code)
			return names[i].name;
	return "";
}

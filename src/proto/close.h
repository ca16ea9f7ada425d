#ifndef PROTO_CLOSE_H
#define PROTO_CLOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The body of a Close frame (RFC 6455 5.5.1, 7.4): no bytes, or a code and a reason. */

struct close_body {
	uint16_t code; /* 1005 for an empty body */
	size_t reason_n;
	char reason[123];
};

/* True for the codes that may stand on the wire: 1000-1003, 1007-1014, 3000-4999. */
bool close_code_on_wire(uint16_t code);

/* True for the codes an application may close with: 1000, 3000-4999 (W3C close()). */
bool close_code_for_application(uint16_t code);

/* Parse n <= 125 bytes: 0; or the code to fail with, 1002 or 1007, and a static text in *why. */
uint16_t close_parse(const uint8_t *p, size_t n, struct close_body *body, const char **why);

/* Writes code and reason, n <= 123 bytes, to out; code 0 makes an empty body. Its length. */
size_t close_build(uint8_t out[125], uint16_t code, const char *reason, size_t n);

#endif

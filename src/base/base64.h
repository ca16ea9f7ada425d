#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/span.h"

/* Base64 with padding and the standard alphabet (RFC 4648 4). */

/* The length of n bytes encoded, without a NUL. */
#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

/* Writes BASE64_LEN(n) characters and a NUL to out. */
void base64_encode(char *out, const uint8_t *p, size_t n);

/* Appends the encoding of p to b: 0, ERR_LIMIT or ERR_NOMEM. */
int base64_put(struct buf *b, const uint8_t *p, size_t n);

/*
 * Decodes the whole of s into out, which has room for max bytes and may be s.p itself. Returns the
 * number of bytes, ERR_LIMIT where they do not fit, ERR_ARGUMENT where s is not padded base64. The unused low
 * bits of the last character may be set, as RFC 6455 4.1's own example has them.
 */
ssize_t base64_decode(struct span s, uint8_t *out, size_t max);

#endif

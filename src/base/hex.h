#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/span.h"

/* Bytes as pairs of hexadecimal digits (RFC 4648 8), written in lower case. */

/* Appends 2 n digits to b: 0, ERR_LIMIT or ERR_NOMEM. */
int hex_put(struct buf *b, const uint8_t *p, size_t n);

/*
 * Decodes the whole of s into out, which has room for max bytes and may be s.p itself. Spaces and
 * tabs may stand between bytes. Returns the number of bytes, ERR_LIMIT where they do not fit,
 * ERR_ARGUMENT where s is no hex.
 */
ssize_t hex_decode(struct span s, uint8_t *out, size_t max);

#endif

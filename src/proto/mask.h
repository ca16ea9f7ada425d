#ifndef PROTO_MASK_H
#define PROTO_MASK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Masking, RFC 6455 5.3: byte i of a frame's payload is XORed with byte i mod 4 of its key; done
 * twice it undoes itself. offset is the place of p[0] in the payload, so that a payload may come
 * in parts. dst may equal p; otherwise they do not overlap.
 */
void mask_apply(uint8_t *dst, const uint8_t *p, size_t n, const uint8_t key[4], uint64_t offset);

#endif

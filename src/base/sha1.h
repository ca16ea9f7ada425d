#ifndef BASE_SHA1_H
#define BASE_SHA1_H

#include <stddef.h>
#include <stdint.h>

/*
 * SHA-1 (FIPS 180-4). It is not fit for anything that must withstand an attacker: the opening
 * handshake takes it to show that the peer has read the key, which proves nothing and need not.
 * It is here since a run without TLS would spend most of its time loading a library of
 * cryptography for one block of it.
 */
#define SHA1_LEN 20

void sha1(const void *p, size_t n, uint8_t out[SHA1_LEN]);

#endif

#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An incremental validator of UTF-8 (RFC 3629) that can stop anywhere in a sequence and go on
 * with the next bytes, and that tells a bad sequence at its first impossible byte.
 */
struct utf8 {
	uint8_t left; /* continuation bytes still to come, 0 between characters */
	uint8_t min, max; /* range of the next continuation byte */
};

#define UTF8_INIT ((struct utf8){ 0, 0x80, 0xbf })

/*
 * Check n more bytes. Returns how many are good: n, or the offset of the first byte that can
 * not be part of valid text (the state is then of no more use).
 */
size_t utf8_check(struct utf8 *u, const uint8_t *p, size_t n);

/* True between characters: a text may end here. */
static inline bool
utf8_complete(const struct utf8 *u)
{
	return u->left == 0;
}

/* True if the n bytes at p are valid and complete text. */
bool utf8_valid(const uint8_t *p, size_t n);

/*
 * The character at p: sets *c and returns its length, 1 to 4.
 * Returns 0 if the n bytes are the unfinished start of one, -1 if no character starts so.
 */
int utf8_decode(const uint8_t *p, size_t n, uint32_t *c);

/* Writes c, at most 0x10ffff and no surrogate, as 1 to 4 bytes and returns their number. */
size_t utf8_encode(uint32_t c, uint8_t out[4]);

/* How many of the n bytes of valid text at p can be taken without splitting a character. */
size_t utf8_cut(const uint8_t *p, size_t n);

#endif

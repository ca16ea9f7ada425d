#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * An incremental validator of UTF-8 (RFC 3629) that can stop anywhere in a sequence and go on
 * with the next bytes, and that tells a bad sequence at its first impossible byte.
 */
struct utf8 {
	uint8_t left; /* continuation bytes still to come, 0 between characters */
	uint8_t min, max; /* range of the next continuation byte */
};

#define UTF8_INIT ((struct utf8){ 0, 0x80, 0xbf })

/* True if the n bytes at p are few and all ASCII, as most lines are: then no call is needed. */
static inline bool
utf8_few_ascii(const uint8_t *p, size_t n)
{
	uint64_t all = 0, w[2];

	if (n > 128)
		return false;
	/* gcc, where it knows the array, warns of words past its end that no n leads to */
	__asm__("" : "+r"(p));
	if (n < sizeof w[0]) {
		for (size_t i = 0; i < n; i++)
			all |= p[i];
		return all < 0x80;
	}
	/* words from the front, the last two or one from the end: they may overlap */
	for (size_t i = 0; i + sizeof w < n; i += sizeof w) {
		memcpy(w, p + i, sizeof w);
		all |= w[0] | w[1];
	}
	memcpy(w, p + (n < sizeof w ? 0 : n - sizeof w), sizeof w[0]);
	memcpy(w + 1, p + n - sizeof w[1], sizeof w[1]);
	all |= w[0] | w[1];
	return (all & UINT64_C(0x8080808080808080)) == 0;
}

/* As utf8_check(), of bytes of any kind and number. */
size_t utf8_check_any(struct utf8 *u, const uint8_t *p, size_t n);

/*
 * Check n more bytes. Returns how many are good: n, or the offset of the first byte that can
 * not be part of valid text (the state is then of no more use).
 */
static inline size_t
utf8_check(struct utf8 *u, const uint8_t *p, size_t n)
{
	return u->left == 0 && utf8_few_ascii(p, n) ? n : utf8_check_any(u, p, n);
}

/* True between characters: a text may end here. */
static inline bool
utf8_complete(const struct utf8 *u)
{
	return u->left == 0;
}

/* True if the n bytes at p are valid and complete text. */
static inline bool
utf8_valid(const uint8_t *p, size_t n)
{
	struct utf8 u = UTF8_INIT;

	return utf8_check(&u, p, n) == n && utf8_complete(&u);
}

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

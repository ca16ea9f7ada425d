#ifndef BASE_UTF8_BLOCKS_H
#define BASE_UTF8_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"

/*
 * The ways utf8.c has to pass over much text at once. Only it and its test look in here.
 */

/* Bytes a way looks at together. */
#define UTF8_BLOCK 64

struct utf8_way {
	const char *name;
	/*
	 * How many of the n bytes at p are whole blocks of good text; p[0] begins a character.
	 * What the last of them begin, of a character, is left to judge: up to three bytes, or
	 * one byte that begins none. NULL for the way that goes character by character.
	 */
	size_t (*pass)(const uint8_t *p, size_t n);
};

/* The ways of the processor this runs on, the best first; NULL from where there are no more. */
const struct utf8_way *utf8_way(size_t i);

/* utf8_check() in that way. */
size_t utf8_check_in(const struct utf8_way *way, struct utf8 *u, const uint8_t *p, size_t n);

#endif

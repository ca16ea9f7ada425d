#ifndef BASE_NEWLINES_H
#define BASE_NEWLINES_H

#include <stddef.h>
#include <stdint.h>

/*
 * The newlines, or bytes of another value, in the n bytes at p: at[i] becomes the offset of the
 * i-th, of the first max at most. Returns their number. n is at most UINT32_MAX.
 */
size_t newlines_find(const uint8_t *p, size_t n, uint8_t newline, uint32_t *at, size_t max);

#endif

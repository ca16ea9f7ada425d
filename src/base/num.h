#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* Big-endian integers of n <= 8 bytes at p. */
uint64_t load_be(const uint8_t *p, size_t n);
void store_be(uint8_t *p, uint64_t v, size_t n);

/* *product = a * b; false, with it unset, where it would not fit. */
bool size_mul(size_t a, size_t b, size_t *product);

/*
 * Strict readers of numbers: the whole of s, decimal digits, no sign, no space, not empty.
 * They return false, with *v unset, for anything else or a value outside the range.
 */
bool num_parse_u64(struct span s, uint64_t max, uint64_t *v);

/* A count of bytes: digits with an optional suffix k, M or G (powers of 1024, any case). */
bool num_parse_size(struct span s, uint64_t *v);

/* Seconds with up to three decimals ("2", "0.25", ".5"), at most 10^9, as milliseconds. */
bool num_parse_seconds(struct span s, uint64_t *ms);

#endif

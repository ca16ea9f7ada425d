#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "proto/deflate.h"

/*
 * What the fuzz targets share. A target is one file with the one function libFuzzer calls; it
 * takes any bytes, gives them to one entry point of wsx, and checks with MUST() what its header
 * promises. replay.c has the main() with which a target runs its seeds as a unit test.
 */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Ends the program, saying where, if the condition does not hold. */
#define MUST(cond) ((cond) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #cond))

_Noreturn void fuzz_fail(const char *file, int line, const char *what);

/* An input whose first bytes choose how the others are used. A spent one gives zeros. */
struct fuzz_in {
	const uint8_t *p;
	size_t n;
};

uint8_t fuzz_byte(struct fuzz_in *in);
size_t fuzz_number(struct fuzz_in *in, size_t max); /* of two bytes, modulo max + 1 */

/* The next at most n bytes. */
struct span fuzz_take(struct fuzz_in *in, size_t n);

/* Terms of permessage-deflate, as its next two bytes say. */
struct deflate_params fuzz_deflate_params(struct fuzz_in *in);

/*
 * A copy of n bytes in a block of just that size, so that a sanitizer sees reads beyond it; never
 * NULL; to be freed with free().
 */
void *fuzz_copy(const void *p, size_t n);

/* As utf8_check() for a whole text, worked out from the ranges of code points. complete or NULL. */
size_t fuzz_utf8_good(const uint8_t *p, size_t n, bool *complete);

/* True if a terminal shows the n bytes and does nothing else, but for tabs and newlines. */
bool fuzz_is_tame(const void *p, size_t n);

/* True if the n bytes are printable ASCII without a space. */
bool fuzz_is_printable(const void *p, size_t n);

/* What is in b. */
struct span fuzz_span(const struct buf *b);

/* Appends to out, which has room. */
void fuzz_put(struct buf *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* How many bytes of s are c. */
size_t fuzz_count(struct span s, char c);

/* A wsx_config.to_ascii by which names become what is in their bytes: delimiters and controls too. */
int fuzz_to_ascii(const char *name, size_t n, char *out, size_t max, void *arg);

#endif

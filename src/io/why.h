#ifndef IO_WHY_H
#define IO_WHY_H

#include <stddef.h>

/*
 * Reasons as they stand in the middle of a line: "connection refused", and not "Connection
 * refused". All write to out, of n > 0 bytes, and cut what does not fit.
 */
void why_words(const char *words, char *out, size_t n);
void why_errno(int error, char *out, size_t n);
void why_name(int error, char *out, size_t n); /* of getaddrinfo(3) */

/* Adds to what stands in out. */
void why_add(char *out, size_t n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif

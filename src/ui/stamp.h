#ifndef UI_STAMP_H
#define UI_STAMP_H

#include <stddef.h>
#include <time.h>

/* A point in time as RFC 3339 has it, in UTC: "2026-01-31T23:59:59.123Z". */
#define STAMP_MAX 40

/* Writes it, and a NUL. Returns its length. */
size_t stamp_format(char out[STAMP_MAX], const struct timespec *t);

/* The present one. */
size_t stamp_now(char out[STAMP_MAX]);

#endif

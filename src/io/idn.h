#ifndef IO_IDN_H
#define IO_IDN_H

#include <stddef.h>

/*
 * The A-label form (UTS 46, non-transitional) of the n bytes of UTF-8 at name, in lower case with
 * a NUL in out. 0; -1 where the name has none, or libidn2 is not there.
 */
int idn_to_ascii(const char *name, size_t n, char *out, size_t max);

#endif

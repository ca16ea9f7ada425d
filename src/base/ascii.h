#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * ASCII classes and comparisons, free of the locale (a Turkish one must not change a header).
 * Bytes over 127 belong to no class and equal only themselves.
 */

bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);
bool ascii_is_blank(char c); /* space and tab */
bool ascii_is_control(char c); /* 0x00-0x1f and 0x7f */
bool ascii_is_tchar(char c); /* a character of a token, RFC 9110 5.6.2 */
char ascii_lower(char c);
int ascii_hex_value(char c); /* 0-15, or -1 */

/* True if s is a token of RFC 9110: not empty, tchars only. */
bool ascii_is_token(struct span s);

/* Equality ignoring ASCII case. */
bool ascii_eq_nocase(struct span a, struct span b);

/* s without leading and trailing spaces and tabs (the OWS of RFC 9110 5.6.3). */
struct span ascii_trim(struct span s);

#endif

#ifndef UI_PROMPT_ESCAPE_H
#define UI_PROMPT_ESCAPE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What begins with an escape among the bytes that a terminal sends: keys that mean something here,
 * and others, mice, and what it answers to somebody's questions (ECMA-48; xterm's control
 * sequences), of which the line editor would type what it does not know.
 */

/*
 * How many of the n bytes at p, of which the first is an escape, are to be dropped: 0 if they are
 * keys, or -1 if that can not be said before more have come.
 */
ssize_t prompt_escape(const uint8_t *p, size_t n);

#endif

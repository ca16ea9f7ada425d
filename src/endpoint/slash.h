#ifndef ENDPOINT_SLASH_H
#define ENDPOINT_SLASH_H

#include "base/span.h"
#include "endpoint/endpoint.h"

/*
 * The lines of an interactive session that are for wsx itself: those that begin with a slash.
 * Two slashes begin a text that begins with one.
 */

/* True for such a line. */
bool slash_is_command(const uint8_t *p, size_t n);

/* The text that a line is: past the first of two slashes. */
struct span slash_text(const uint8_t *p, size_t n);

/* Carries out a command. ws is the connection, NULL if there is not just one. */
void slash_run(const struct report *report, const struct wsx *ws, const uint8_t *p, size_t n);

#endif

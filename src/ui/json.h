#ifndef UI_JSON_H
#define UI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * A strict reader of JSON (RFC 8259) that keeps every byte: strings may hold NUL, and numbers stay
 * text. A value is taken from the front by the function for its kind. The first fault stays in why,
 * and nothing is taken after it.
 */
struct json {
	uint8_t *p; /* the text, UTF-8; strings are decoded in place */
	size_t n;
	size_t at; /* bytes taken */
	unsigned depth; /* of arrays and objects entered */
	const char *why; /* NULL while all is well */
};

/* Blanks of JSON: of those of C, only some. */
bool json_is_blank(uint8_t c);

/* Begins to read; faults at once if the text is not UTF-8. */
void json_init(struct json *j, uint8_t *p, size_t n);

/*
 * Goes through an object: false at its end, or at a fault. Otherwise *name is the next member's,
 * and its value is to be taken. *first starts as true.
 *
 *	for (bool first = true; json_member(&j, &first, &name);)
 */
bool json_member(struct json *j, bool *first, struct span *name);

/* The same for the elements of an array, whose next value is to be taken while it is true. */
bool json_element(struct json *j, bool *first);

/* The byte the next value begins with, which tells its kind, or -1 at the end. */
int json_peek(struct json *j);

/* A string, decoded; it holds as long as the text does. */
bool json_string(struct json *j, struct span *s);

/* A number, as it stands. */
bool json_number(struct json *j, struct span *s);

/* true, false or null, as it stands. */
bool json_literal(struct json *j, struct span *s);

/* Any value. */
bool json_skip(struct json *j);

/* For who goes into arrays and objects by recursion: a fault if that is too deep. */
#define JSON_DEPTH_MAX 512
bool json_enter(struct json *j);
void json_leave(struct json *j);

/* Nothing but blanks may be left. */
bool json_end(struct json *j);

#endif

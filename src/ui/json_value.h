#ifndef UI_JSON_VALUE_H
#define UI_JSON_VALUE_H

#include "base/buf.h"
#include "ui/json.h"

/*
 * Takes a value and appends to out what is the same for all values that are equal to it, and for no
 * other: strings are equal if their characters are, numbers if their values are (1e2 and 100.0),
 * objects if their members are, in whatever order. 0, ERR_ARGUMENT with j->why, or ERR_NOMEM.
 */
int json_canonical(struct json *j, struct buf *out);

/*
 * Goes from the value that is next to the one a JSON Pointer (RFC 6901) tells of, which is next
 * then. False if there is none; j->why is set if that is for a fault of the JSON.
 */
bool json_find(struct json *j, const char *pointer);

/* A JSON Pointer in its right form: nothing, or beginning with a slash, with ~0 and ~1 alone. */
bool json_pointer_valid(const char *pointer);

#endif

#ifndef JSON_LINE_H
#define JSON_LINE_H

#include "base/span.h"

/*
 * The line is one event as JSON, in the eyes of another reader too, that drives no terminal; what
 * is under the key is the data.
 */
void check_json_line(struct span line, const char *key, struct span data);

/* The text is a JSON object to another reader, and its member of that name, if any, is the data. */
void check_json_member(struct span text, const char *name, struct span data);

#endif

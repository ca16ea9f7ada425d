#ifndef JSON_LINE_H
#define JSON_LINE_H

#include "base/span.h"

/*
 * The line is one event as JSON, in the eyes of another reader too, that drives no terminal; what
 * is under the key is the data.
 */
void check_json_line(struct span line, const char *key, struct span data);

#endif

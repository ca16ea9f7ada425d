#ifndef PROTO_HTTP_H
#define PROTO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * The head of an HTTP/1.1 message (RFC 9112): one start line, fields, an empty line. Strict: lines
 * end in CRLF, names are tokens, values hold no controls. Spans point into the bytes parsed.
 */

#define HTTP_MAX_LINE   8192 /* bytes of the start line */
#define HTTP_MAX_FIELD  16384 /* bytes of a field's line: cookies and tokens are long */
#define HTTP_MAX_FIELDS 128
#define HTTP_MAX_HEAD   ((size_t)64 << 10)

struct http_field {
	struct span name;
	struct span value; /* trimmed */
};

struct http_head {
	int minor; /* the version is HTTP/1.minor */
	struct span method, target; /* of a request */
	int status; /* of a response: 100 to 599 */
	struct span reason; /* of a response, may be empty */
	size_t n_fields;
	struct http_field fields[HTTP_MAX_FIELDS];
};

enum http_kind { HTTP_REQUEST, HTTP_RESPONSE };

/* What is wrong with a head. For a request, status is the answer it deserves. */
struct http_fault {
	int status; /* 400, 414, 431 or 505 */
	const char *why; /* static */
};

/*
 * Finds the end of a head that arrives in pieces, in time linear in its length: call it with all
 * bytes so far each time more came. Bad starts and passed limits are told as soon as they show.
 * Empty lines before the start line of a request are to be skipped with http_skip() first.
 */
struct http_scan {
	size_t at; /* bytes looked at */
	size_t line; /* start of the line at is in */
	size_t lines; /* ended so far */
};

/* The length of the head with its empty line; 0: more is needed; -1: *fault says why not. */
ptrdiff_t http_scan(
    struct http_scan *s, enum http_kind kind, const char *p, size_t n, struct http_fault *fault);

/*
 * How many bytes at p are an empty line before a request, which a server skips (RFC 9112 2.2):
 * 2, or 0. 1 if only the start of one is there: ask again with more.
 */
size_t http_skip(const char *p, size_t n);

/*
 * Parse the n bytes of a whole head. A response's folded lines are joined, in place (RFC 9112
 * 5.2). 0, or -1 and *fault.
 */
int http_parse(
    enum http_kind kind, char *p, size_t n, struct http_head *h, struct http_fault *fault);

/* The first field of that name (any case), or NULL; and how many there are. */
const struct http_field *http_find(const struct http_head *h, const char *name);
size_t http_count(const struct http_head *h, const char *name);

/* True if a list field, over all its lines, has token as an element, ignoring case. */
bool http_has_token(const struct http_head *h, const char *name, const char *token);

/* True if name may be a field name and value a field value (RFC 9110 5.1, 5.5) to be sent. */
bool http_valid_name(struct span name);
bool http_valid_value(struct span value);

#endif

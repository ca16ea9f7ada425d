#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * Borrowed text: n bytes at p, not NUL-terminated, valid as long as what it points into.
 * Never freed. The empty span may have p == NULL.
 */
struct span {
	const char *p;
	size_t n;
};

/* A span over a literal or another NUL-terminated string. */
static inline struct span
span_str(const char *s)
{
	return (struct span){ s, strlen(s) };
}

static inline bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

#endif

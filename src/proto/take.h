#ifndef PROTO_TAKE_H
#define PROTO_TAKE_H

#include "base/span.h"

/* The step the parsers of text in this room share: what they read, they take off the front. */

/* Takes n <= s->n bytes. */
static inline struct span
take_n(struct span *s, size_t n)
{
	struct span head = { s->p, n };

	if (n > 0) /* an empty span may have no p to add to */
		s->p += n;
	s->n -= n;
	return head;
}

/* Takes what is before the first c, or all where there is none. */
static inline struct span
take_to(struct span *s, char c)
{
	const char *end = s->n > 0 ? memchr(s->p, c, s->n) : NULL;

	return take_n(s, end != NULL ? (size_t)(end - s->p) : s->n);
}

#endif

#ifndef ENDPOINT_CHOICES_H
#define ENDPOINT_CHOICES_H

#include <stddef.h>

#include "base/buf.h"

/*
 * What Tab makes of the start of a word: of all choices that begin so, what they have in common
 * is inserted, or where that is nothing more they are listed.
 */
struct choices {
	const char *typed; /* the start; borrowed */
	size_t typed_n;
	struct buf common; /* what all of them begin with */
	size_t n; /* of different choices */
	struct buf *listed; /* them, for people, two blanks between; borrowed */
};

/* listed is empty. */
void choices_init(struct choices *c, const char *typed, size_t typed_n, struct buf *listed);
void choices_clear(struct choices *c);

/*
 * Offers a choice of n bytes, unless it begins otherwise; mark stands behind it in the list.
 * Without memory it is not one.
 */
void choices_add(struct choices *c, const char *word, size_t n, const char *mark);

/*
 * Appends to to what is common to all, and after if there is one only; what is listed stays
 * where that is nothing.
 */
void choices_insert(struct choices *c, const char *after, struct buf *to);

#endif

#include "io/address.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* The first in ai that is of the family, or that is not. */
static const struct addrinfo *
find(const struct addrinfo *ai, int family, bool is)
{
	while (ai != NULL && (ai->ai_family == family) != is)
		ai = ai->ai_next;
	return ai;
}

/* Takes *ai into a and moves *ai on; false at its end. */
static bool
take(const struct addrinfo **ai, int family, bool is, struct address *a)
{
	if (*ai == NULL)
		return false;
	assert((*ai)->ai_addrlen <= sizeof a->addr);
	memcpy(&a->addr, (*ai)->ai_addr, (*ai)->ai_addrlen);
	a->len = (*ai)->ai_addrlen;
	*ai = find((*ai)->ai_next, family, is);
	return true;
}

int
address_list(const struct addrinfo *ai, struct address **list, size_t *n)
{
	int family = ai->ai_family;
	const struct addrinfo *first = ai;
	const struct addrinfo *other = find(ai, family, false);
	size_t total = 0, i = 0;

	for (; ai != NULL; ai = ai->ai_next)
		total++;
	if ((*list = calloc(total, sizeof **list)) == NULL)
		return ERR_NOMEM;
	while (i < total) {
		if (take(&first, family, true, *list + i))
			i++;
		if (take(&other, family, false, *list + i))
			i++;
	}
	*n = total;
	return 0;
}

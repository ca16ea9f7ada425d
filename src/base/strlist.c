#include "base/strlist.h"

#include <string.h>

#include "base/err.h"
#include "base/num.h"

enum { MIN_CAP = 8 };

void
strlist_init(struct strlist *l, const struct mem *mem)
{
	*l = (struct strlist){ .mem = mem };
}

void
strlist_clear(struct strlist *l)
{
	for (size_t i = 0; i < l->n; i++)
		mem_free(l->mem, l->items[i]);
	mem_free(l->mem, l->items);
	strlist_init(l, l->mem);
}

static int
grow(struct strlist *l)
{
	size_t cap, size;
	char **items;

	if (!size_mul(l->cap, 2, &cap))
		return ERR_NOMEM;
	if (cap == 0)
		cap = MIN_CAP;
	if (!size_mul(cap, sizeof *items, &size))
		return ERR_NOMEM;
	if ((items = mem_resize(l->mem, l->items, size)) == NULL)
		return ERR_NOMEM;
	l->items = items;
	l->cap = cap;
	return 0;
}

int
strlist_add(struct strlist *l, const char *s)
{
	return strlist_add_n(l, s, strlen(s));
}

int
strlist_add_n(struct strlist *l, const char *p, size_t n)
{
	char *copy;
	int r;

	if (l->n == l->cap && (r = grow(l)) != 0)
		return r;
	if ((copy = mem_dup(l->mem, p, n)) == NULL)
		return ERR_NOMEM;
	l->items[l->n++] = copy;
	return 0;
}

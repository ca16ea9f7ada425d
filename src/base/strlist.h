#ifndef BASE_STRLIST_H
#define BASE_STRLIST_H

#include <stddef.h>

#include "base/mem.h"

/* An owned list of NUL-terminated strings. items may be passed on as const char *const *. */
struct strlist {
	char **items;
	size_t n;
	size_t cap;
	const struct mem *mem;
};

void strlist_init(struct strlist *l, const struct mem *mem); /* allocates nothing */
void strlist_clear(struct strlist *l); /* frees; as after init */
int strlist_add(struct strlist *l, const char *s); /* a copy: 0 or ERR_NOMEM */
int strlist_add_n(struct strlist *l, const char *p, size_t n);

#endif

#include "base/mem.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *
libc_resize(void *p, size_t n, void *arg)
{
	(void)arg;
	if (n > 0)
		return realloc(p, n);
	/* What realloc() does with 0 is left open by the standard. */
	free(p);
	return NULL;
}

const struct mem mem_libc = { libc_resize, NULL };

void *
mem_new(const struct mem *m, size_t n)
{
	void *p = mem_resize(m, NULL, n);

	if (p != NULL)
		memset(p, 0, n);
	return p;
}

void *
mem_resize(const struct mem *m, void *p, size_t n)
{
	assert(n > 0);
	return m->resize(p, n, m->arg);
}

void
mem_free(const struct mem *m, void *p)
{
	if (p != NULL)
		m->resize(p, 0, m->arg);
}

char *
mem_dup(const struct mem *m, const void *p, size_t n)
{
	char *s = n < SIZE_MAX ? mem_resize(m, NULL, n + 1) : NULL;

	if (s == NULL)
		return NULL;
	if (n > 0)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

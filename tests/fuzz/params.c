/* Lists of extensions and of tokens: parts that are tokens, each once, the same when read twice. */

#include <stdlib.h>

#include "base/ascii.h"
#include "fuzz.h"
#include "proto/deflate.h"
#include "proto/params.h"

static void
check_element(const struct params *e, struct span list)
{
	MUST(ascii_is_token(e->name) && e->n <= PARAMS_MAX);
	MUST(e->text.p == e->name.p && e->text.p >= list.p);
	MUST(e->text.p + e->text.n <= list.p + list.n);
	for (size_t i = 0; i < e->n; i++) {
		MUST(ascii_is_token(e->list[i].key));
		MUST(e->list[i].value.p == NULL || ascii_is_token(e->list[i].value));
	}
}

/* A number for what stands in the list. */
static size_t
walk(struct span list)
{
	struct span rest = list;
	size_t sum = 0, before;
	struct params e;
	int r;

	while (before = rest.n, (r = params_next(&rest, &e)) > 0) {
		MUST(rest.n < before);
		check_element(&e, list);
		sum = sum * 31 + e.name.n;
		for (size_t i = 0; i < e.n; i++)
			sum = sum * 31 + e.list[i].key.n * 7 + e.list[i].value.n;
	}
	MUST(r == 0 || r == -1);
	return sum * 2 + (r == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *copy = fuzz_copy(p, n);
	struct span list = { copy, n }, rest = list, token;
	size_t sum, before;

	while (before = rest.n, params_next_token(&rest, &token) > 0)
		MUST(ascii_is_token(token) && rest.n < before);
	sum = walk(list);
	MUST(walk(list) == sum); /* what was rewritten in place reads the same */
	free(copy);
	return 0;
}

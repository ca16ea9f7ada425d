#include "check.h"

#include <string.h>

#include "base/err.h"
#include "base/strlist.h"

static void
strlist_keeps_copies_in_order(void)
{
	struct strlist l;
	char text[] = "chat";

	strlist_init(&l, &mem_libc);
	CHECK_UINT(l.n, 0);
	CHECK_INT(strlist_add(&l, text), 0);
	memset(text, 'x', 4);
	CHECK_INT(strlist_add(&l, ""), 0);
	CHECK_INT(strlist_add_n(&l, "superchat", 5), 0);
	CHECK_INT(strlist_add_n(&l, NULL, 0), 0);
	if (CHECK_UINT(l.n, 4)) {
		CHECK_STR(l.items[0], "chat");
		CHECK_STR(l.items[1], "");
		CHECK_STR(l.items[2], "super");
		CHECK_STR(l.items[3], "");
	}
	strlist_clear(&l);
	CHECK_UINT(l.n, 0);
	CHECK(l.items == NULL);
	strlist_clear(&l);
}

static void
strlist_can_be_used_after_clear(void)
{
	struct strlist l;

	strlist_init(&l, &mem_libc);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 1000; i++)
			CHECK_INT(strlist_add_n(&l, "0123456789", (size_t)i % 10), 0);
		CHECK_UINT(l.n, 1000);
		CHECK_STR(l.items[999], "012345678");
		strlist_clear(&l);
	}
}

static void
add_twenty(struct check_mem *m, void *arg)
{
	struct strlist l;
	size_t added = 0;

	(void)arg;
	strlist_init(&l, &m->mem);
	for (size_t i = 0; i < 20; i++) {
		int r = strlist_add_n(&l, "abcdefghijklmnopqrst", i + 1);

		CHECK_INT(r, r == 0 ? 0 : ERR_NOMEM);
		CHECK(r == 0 || m->failed);
		if (r == 0)
			CHECK_UINT(strlen(l.items[added++]), i + 1);
		CHECK_UINT(l.n, added);
	}
	strlist_clear(&l);
}

static void
strlist_is_unchanged_where_memory_fails(void)
{
	check_allocations(add_twenty, NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(strlist_keeps_copies_in_order),
		CHECK_CASE(strlist_can_be_used_after_clear),
		CHECK_CASE(strlist_is_unchanged_where_memory_fails),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

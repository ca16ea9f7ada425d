#include "check.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC    UINT64_C(0x6d656d2d626c6f63)
#define MAX_RUNS 100000

/* Stands before each block. */
struct block {
	_Alignas(max_align_t) uint64_t magic;
	size_t n;
};

void
check_mem_init(struct check_mem *m)
{
	*m = (struct check_mem){ .mem = { check_mem_resize, m } };
}

static struct block *
block_of(void *p)
{
	struct block *b = (struct block *)p - 1;

	assert(b->magic == MAGIC); /* else p is not ours, or was written before */
	return b;
}

static bool
refused(struct check_mem *m)
{
	m->requests++;
	if (m->fail_at == 0 || m->requests < m->fail_at)
		return false;
	if (m->requests > m->fail_at && !m->fail_on)
		return false;
	m->failed = true;
	return true;
}

static void
release(struct check_mem *m, void *p)
{
	struct block *b = block_of(p);

	assert(m->live > 0);
	m->live--;
	b->magic = 0;
	free(b);
}

void *
check_mem_resize(void *p, size_t n, void *arg)
{
	struct check_mem *m = arg;
	struct block *b;

	if (n == 0) {
		if (p != NULL)
			release(m, p);
		return NULL;
	}
	if (refused(m) || n > SIZE_MAX - sizeof *b || (b = malloc(sizeof *b + n)) == NULL)
		return NULL;
	b->magic = MAGIC;
	b->n = n;
	m->live++;
	if (p != NULL) {
		size_t old = block_of(p)->n;

		memcpy(b + 1, p, old < n ? old : n);
		release(m, p);
	}
	return b + 1;
}

/* Runs it with the n-th request refused; false once nothing was. */
static bool
run_failing(void (*scenario)(struct check_mem *, void *), void *arg, size_t n, bool on)
{
	struct check_mem m;

	check_mem_init(&m);
	m.fail_at = n;
	m.fail_on = on;
	check_enter("allocation %zu%s fails", n, on ? " and on" : "");
	scenario(&m, arg);
	CHECK_UINT(m.live, 0);
	check_leave();
	return m.failed;
}

void
check_allocations(void (*scenario)(struct check_mem *m, void *arg), void *arg)
{
	size_t before = check_failures();

	for (size_t n = 1; check_failures() == before; n++) {
		if (!CHECK(n < MAX_RUNS) || !run_failing(scenario, arg, n, false))
			break;
		run_failing(scenario, arg, n, true);
	}
}

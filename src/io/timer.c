#include <assert.h>

#include "io/loop_int.h"

/*
 * A pairing heap of timers, linked through the timers themselves: arming one takes no memory and
 * so cannot fail. A timer is due no later than its children; prev is the sibling before or, of a
 * first child, the parent.
 */

static struct timer *
meld(struct timer *a, struct timer *b)
{
	struct timer *t;

	if (a == NULL)
		return b;
	if (b == NULL)
		return a;
	if (b->due < a->due) {
		t = a;
		a = b;
		b = t;
	}
	b->prev = a;
	b->sibling = a->child;
	if (a->child != NULL)
		a->child->prev = b;
	a->child = b;
	return a;
}

static struct timer *
detach(struct timer *t)
{
	t->prev = t->sibling = NULL;
	return t;
}

/* One heap of a row of siblings: melded in pairs from the left, then together from the right. */
static struct timer *
meld_row(struct timer *row)
{
	struct timer *pairs = NULL, *all = NULL;

	while (row != NULL) {
		struct timer *a = row, *b = a->sibling, *pair;

		row = b != NULL ? b->sibling : NULL;
		detach(a);
		pair = meld(a, b != NULL ? detach(b) : NULL);
		pair->sibling = pairs;
		pairs = pair;
	}
	while (pairs != NULL) {
		struct timer *pair = pairs;

		pairs = pair->sibling;
		all = meld(all, detach(pair));
	}
	return all;
}

/*
 * At least a nanosecond from now, so that a timer armed anew by its own callback fires in the
 * next turn and not for ever in this one.
 */
static uint64_t
due_after(uint64_t now, uint64_t ms)
{
	if (ms == 0)
		return now + 1;
	if (ms > (UINT64_MAX - now) / 1000000)
		return UINT64_MAX;
	return now + ms * 1000000;
}

void
timer_set(struct loop *loop, struct timer *t, uint64_t ms)
{
	assert(t->loop == NULL || t->loop == loop);
	timer_clear(t);
	t->loop = loop;
	t->due = due_after(loop_now(loop), ms);
	loop->timers = meld(loop->timers, t);
}

void
timer_clear(struct timer *t)
{
	struct loop *loop = t->loop;
	struct timer *children;

	if (loop == NULL)
		return;
	children = meld_row(t->child);
	if (t == loop->timers) {
		loop->timers = children;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->sibling;
		else
			t->prev->sibling = t->sibling;
		if (t->sibling != NULL)
			t->sibling->prev = t->prev;
		loop->timers = meld(loop->timers, children);
	}
	t->child = NULL;
	detach(t);
	t->loop = NULL;
}

void
timers_fire(struct loop *loop)
{
	while (loop->timers != NULL && loop->timers->due <= loop->now) {
		struct timer *t = loop->timers;

		timer_clear(t);
		t->fire(t);
	}
}

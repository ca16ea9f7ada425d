#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include "base/err.h"
#include "io/loop_int.h"

/* The heap: the timer at i is due no later than those at 2i + 1 and 2i + 2. */

static void
put_at(struct loop *loop, int i, struct timer *t)
{
	loop->timers[i] = t;
	t->slot = i;
}

static void
sift_up(struct loop *loop, int i, struct timer *t)
{
	while (i > 0 && loop->timers[(i - 1) / 2]->due > t->due) {
		put_at(loop, i, loop->timers[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	put_at(loop, i, t);
}

static void
sift_down(struct loop *loop, int i, struct timer *t)
{
	/* the same as 2 * i + 1 < n, without its overflow */
	while (i < loop->n_timers / 2) {
		int child = 2 * i + 1;

		if (child + 1 < loop->n_timers &&
		    loop->timers[child + 1]->due < loop->timers[child]->due)
			child++;
		if (loop->timers[child]->due >= t->due)
			break;
		put_at(loop, i, loop->timers[child]);
		i = child;
	}
	put_at(loop, i, t);
}

/* Where t may stand at i or has to move from there, up or down. */
static void
place(struct loop *loop, int i, struct timer *t)
{
	if (i > 0 && loop->timers[(i - 1) / 2]->due > t->due)
		sift_up(loop, i, t);
	else
		sift_down(loop, i, t);
}

static int
grow(struct loop *loop)
{
	int cap = loop->cap_timers == 0 ? 8 : loop->cap_timers * 2;
	struct timer **p;

	if (loop->cap_timers > INT_MAX / 2)
		return ERR_NOMEM;
	if ((p = reallocarray(loop->timers, (size_t)cap, sizeof(struct timer *))) == NULL)
		return ERR_NOMEM;
	loop->timers = p;
	loop->cap_timers = cap;
	return 0;
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

int
timer_set(struct loop *loop, struct timer *t, uint64_t ms)
{
	assert(t->loop == NULL || t->loop == loop);
	if (t->loop == NULL) {
		if (loop->n_timers == loop->cap_timers && grow(loop) != 0)
			return ERR_NOMEM;
		t->loop = loop;
		t->slot = loop->n_timers++;
	}
	t->due = due_after(loop_now(loop), ms);
	place(loop, t->slot, t);
	return 0;
}

void
timer_clear(struct timer *t)
{
	struct loop *loop = t->loop;
	struct timer *last;

	if (loop == NULL)
		return;
	last = loop->timers[--loop->n_timers];
	if (last != t)
		place(loop, t->slot, last);
	t->loop = NULL;
}

void
timers_fire(struct loop *loop)
{
	while (loop->n_timers > 0 && loop->timers[0]->due <= loop->now) {
		struct timer *t = loop->timers[0];

		timer_clear(t);
		t->fire(t);
	}
}

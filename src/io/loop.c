#include "io/loop_int.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"

enum { MS = 1000000 }; /* nanoseconds in a millisecond */

uint64_t
loop_clock(void)
{
	struct timespec t;
	int r = clock_gettime(CLOCK_MONOTONIC, &t);

	assert(r == 0);
	(void)r;
	return (uint64_t)t.tv_sec * 1000 * MS + (uint64_t)t.tv_nsec;
}

static void
idle_list_init(struct idle_list *l)
{
	l->first = NULL;
	l->end = &l->first;
}

int
loop_new(struct loop **loop)
{
	struct loop *l = calloc(1, sizeof *l);

	if (l == NULL)
		return ERR_NOMEM;
	idle_list_init(&l->queued);
	idle_list_init(&l->running);
	*loop = l;
	return 0;
}

/* Owners outlive the loop, and may still remove what they had registered. */
static void
detach_all(struct loop *loop)
{
	while (loop->n > 0)
		watch_remove(loop->watches[0]);
	while (loop->timers != NULL)
		timer_clear(loop->timers);
	while (loop->queued.first != NULL)
		idle_cancel(loop->queued.first);
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	assert(!loop->turning);
	signals_free(loop);
	detach_all(loop);
	free(loop->fds);
	free(loop->watches);
	free(loop);
}

uint64_t
loop_now(const struct loop *loop)
{
	return loop->turning ? loop->now : loop_clock();
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

int
loop_run(struct loop *loop)
{
	int r = 0;

	while (r == 0 && !loop->stopped)
		r = loop_turn(loop, -1);
	return r;
}

/* How long poll(2) may wait. Rounded up: a wait that ends before the timer is due would spin. */
static int
wait_ms(const struct loop *loop, int max_ms)
{
	uint64_t now, due, ms;
	uint64_t max = max_ms < 0 ? INT_MAX : (uint64_t)max_ms;

	if (loop->queued.first != NULL)
		return 0;
	if (loop->timers == NULL)
		return max_ms;
	now = loop_clock();
	due = loop->timers->due;
	ms = due <= now ? 0 : (due - now - 1) / MS + 1;
	return (int)(ms < max ? ms : max);
}

/*
 * From the last to the first: watch_remove() fills a hole with the last watch, which has had its
 * call by then, so that none is missed and none called twice, whatever a callback removes.
 */
static void
call_ready(struct loop *loop, int left)
{
	for (int i = loop->n - 1; i >= 0 && left > 0; i--) {
		short revents;

		if (i >= loop->n || loop->fds[i].revents == 0)
			continue;
		revents = loop->fds[i].revents;
		loop->fds[i].revents = 0;
		left--;
		loop->watches[i]->ready(loop->watches[i], revents);
	}
}

static void
list_put(struct idle_list *l, struct idle *i)
{
	i->next = NULL;
	*l->end = i;
	l->end = &i->next;
}

static bool
list_remove(struct idle_list *l, struct idle *i)
{
	struct idle **p = &l->first;

	while (*p != NULL && *p != i)
		p = &(*p)->next;
	if (*p == NULL)
		return false;
	*p = i->next;
	if (l->end == &i->next)
		l->end = p;
	return true;
}

/* Those queued meanwhile wait for the end of the next turn, so that poll(2) gets its share. */
static void
run_idles(struct loop *loop)
{
	if (loop->queued.first == NULL)
		return;
	loop->running = loop->queued;
	idle_list_init(&loop->queued);
	while (loop->running.first != NULL) {
		struct idle *i = loop->running.first;

		list_remove(&loop->running, i);
		i->loop = NULL;
		i->run(i);
	}
}

int
loop_turn(struct loop *loop, int max_ms)
{
	int ready;

	assert(!loop->turning);
	ready = poll(loop->fds, (nfds_t)loop->n, wait_ms(loop, max_ms));
	if (ready < 0 && errno != EINTR && errno != EAGAIN)
		return ERR_NOMEM;

	loop->turning = true;
	loop->now = loop_clock();
	call_ready(loop, ready);
	timers_fire(loop);
	run_idles(loop);
	loop->turning = false;
	return 0;
}

void
idle_queue(struct loop *loop, struct idle *i)
{
	assert(i->loop == NULL || i->loop == loop);
	if (i->loop != NULL)
		return;
	i->loop = loop;
	list_put(&loop->queued, i);
}

void
idle_cancel(struct idle *i)
{
	struct loop *loop = i->loop;

	if (loop == NULL)
		return;
	if (!list_remove(&loop->queued, i))
		list_remove(&loop->running, i);
	i->loop = NULL;
}

static int
grow(struct loop *loop)
{
	int cap = loop->cap == 0 ? 8 : loop->cap * 2;
	void *p;

	if (loop->cap > INT_MAX / 2)
		return ERR_NOMEM;
	if ((p = reallocarray(loop->fds, (size_t)cap, sizeof *loop->fds)) == NULL)
		return ERR_NOMEM;
	loop->fds = p;
	if ((p = reallocarray(loop->watches, (size_t)cap, sizeof(struct watch *))) == NULL)
		return ERR_NOMEM;
	loop->watches = p;
	loop->cap = cap;
	return 0;
}

int
watch_add(struct loop *loop, struct watch *w)
{
	assert(w->loop == NULL && w->fd >= 0);
	if (loop->n == loop->cap && grow(loop) != 0)
		return ERR_NOMEM;
	w->loop = loop;
	w->slot = loop->n++;
	loop->watches[w->slot] = w;
	loop->fds[w->slot] = (struct pollfd){ .fd = -1 };
	watch_set(w, w->events);
	return 0;
}

void
watch_set(struct watch *w, short events)
{
	struct pollfd *p = &w->loop->fds[w->slot];

	w->events = events;
	p->fd = events != 0 ? w->fd : -1;
	p->events = events;
	/* Another watch's callback may have taken away what this one was about to be told. */
	p->revents &= events != 0 ? (short)(events | POLLERR | POLLHUP | POLLNVAL) : 0;
}

void
watch_remove(struct watch *w)
{
	struct loop *loop = w->loop;

	if (loop == NULL)
		return;
	loop->n--;
	if (w->slot != loop->n) {
		loop->fds[w->slot] = loop->fds[loop->n];
		loop->watches[w->slot] = loop->watches[loop->n];
		loop->watches[w->slot]->slot = w->slot;
	}
	w->loop = NULL;
}

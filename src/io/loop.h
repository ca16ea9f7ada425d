#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One thread's readiness loop over poll(2): watched descriptors, monotonic timers, signals.
 * Watches and timers are embedded in their owners and registered by address; callbacks may
 * add, change and remove any of them, the running one included.
 */
struct loop;

struct watch {
	int fd;
	short events; /* set with watch_set() */
	void (*ready)(struct watch *w, short revents);
	void *arg;
	struct loop *loop; /* NULL while not registered */
	int slot; /* the loop's */
};

struct timer {
	void (*fire)(struct timer *t);
	void *arg;
	struct loop *loop; /* NULL while not armed */
	uint64_t due; /* the loop's, in nanoseconds */
	struct timer *child, *sibling, *prev; /* the loop's */
};

int loop_new(struct loop **loop); /* 0 or ERR_NOMEM */

/* Frees it; what is still registered no longer is. NULL is allowed. */
void loop_free(struct loop *loop);

/* Turns until loop_stop(): 0, or ERR_NOMEM if poll(2) can not go on. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Waits once for something to happen, at most max_ms milliseconds (-1: no bound); handles it. */
int loop_turn(struct loop *loop, int max_ms);

/* Monotonic nanoseconds; in callbacks those of the turn, which reads the clock once. */
uint64_t loop_now(const struct loop *loop);

/* The same clock read anew, to measure what happens within a turn. */
uint64_t loop_clock(void);

/* Calls once, at the end of the current turn, before it waits again; queued anew from within
 * run(), at the end of the next. */
struct idle {
	void (*run)(struct idle *i);
	void *arg;
	struct loop *loop; /* NULL while not queued */
	struct idle *next;
};
void idle_queue(struct loop *loop, struct idle *i); /* no effect while queued */
void idle_cancel(struct idle *i);

/*
 * Watch w->fd for w->events. ready() is also called with POLLERR, POLLHUP and POLLNVAL as
 * poll(2) gives them. 0 or ERR_NOMEM. With no events set it is not polled at all, so that a
 * hang-up does not spin.
 */
int watch_add(struct loop *loop, struct watch *w);
void watch_set(struct watch *w, short events);
void watch_remove(struct watch *w); /* no effect if not registered */

/* Arm t to fire once, in a later turn, ms milliseconds from now; armed already, it is moved. */
void timer_set(struct loop *loop, struct timer *t, uint64_t ms);
void timer_clear(struct timer *t); /* no effect if not armed */
static inline bool
timer_armed(const struct timer *t)
{
	return t->loop != NULL;
}

/*
 * Tell of a signal inside the loop, never in the handler, which only writes to a pipe. One loop
 * a process may do this, for at most 8 signals, which are unblocked. 0 or -1 with errno. loop_free()
 * restores the former dispositions.
 */
int loop_signal(struct loop *loop, int signo, void (*fn)(int signo, void *arg), void *arg);

/*
 * What a handler calls where a signal comes again before the loop got round to telling of the
 * last: the loop is held up, by a terminal that takes no output, say. Async-signal-safe.
 */
void loop_signal_stuck(void (*fn)(int signo));

#endif

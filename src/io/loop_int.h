#ifndef IO_LOOP_INT_H
#define IO_LOOP_INT_H

#include <poll.h>
#include <stddef.h>

#include "io/loop.h"

/* Private to the loop: loop.c, timer.c and signal.c. */

struct signals;

struct idle_list {
	struct idle *first, **end;
};

struct loop {
	struct pollfd *fds; /* fds[i] is of watches[i]; its fd is -1 while no events are set */
	struct watch **watches; /* dense: slot == index */
	int n, cap;

	struct timer *timers; /* a heap: the next one due, NULL if none is armed */

	struct idle_list queued; /* for the end of this turn */
	struct idle_list running; /* what is left of that end */

	struct signals *signals; /* NULL while no signal is told of */

	uint64_t now; /* of this turn */
	bool turning; /* between a wait and the next */
	bool stopped;
};

/* Fires the timers that are due, each once. */
void timers_fire(struct loop *loop);

/* Restores the dispositions of signals and frees. */
void signals_free(struct loop *loop);

#endif

#include "io/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static struct loop *
new_loop(void)
{
	struct loop *loop = NULL;

	CHECK_INT(loop_new(&loop), 0);
	return loop;
}

static void
sleep_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* What happened, a letter each. */
struct events {
	char text[64];
	size_t n;
};

static void
note(struct events *e, char c)
{
	if (e->n + 1 < sizeof e->text)
		e->text[e->n++] = c;
}

/* Timers. */

struct named_timer {
	struct timer timer;
	struct events *events;
	char name;
	struct named_timer *clears;
};

static void
on_timer(struct timer *t)
{
	struct named_timer *n = t->arg;

	CHECK(!timer_armed(t));
	note(n->events, n->name);
	if (n->clears != NULL)
		timer_clear(&n->clears->timer);
}

static void
init_timer(struct named_timer *n, struct events *events, char name)
{
	*n = (struct named_timer){ .events = events, .name = name };
	n->timer = (struct timer){ .fire = on_timer, .arg = n };
}

static void
timers_fire_in_the_order_they_are_due(void)
{
	static const int order[] = { 7, 2, 9, 0, 4, 1, 8, 3, 6, 5 };
	struct loop *loop = new_loop();
	struct events events = { 0 };
	struct named_timer timers[10];

	for (int i = 0; i < 10; i++)
		init_timer(&timers[i], &events, (char)('0' + i));
	for (int i = 0; i < 10; i++)
		timer_set(loop, &timers[order[i]].timer, (uint64_t)order[i] * 3 + 1);
	while (timer_armed(&timers[9].timer))
		CHECK_INT(loop_turn(loop, -1), 0);
	CHECK_STR(events.text, "0123456789");
	loop_free(loop);
}

static void
timers_keep_the_heap_when_moved_and_cleared(void)
{
	enum { N = 200 };
	struct loop *loop = new_loop();
	struct timer timers[N] = { 0 };
	uint64_t state = 1, last = 0;
	size_t left = 0;

	for (int round = 0; round < 2000; round++) {
		struct timer *t = &timers[check_random(&state) % N];

		if (check_random(&state) % 4 == 0)
			timer_clear(t);
		else
			timer_set(loop, t, check_random(&state) % 1000000);
	}
	for (int i = 0; i < N; i++)
		left += timer_armed(&timers[i]);
	/* Clear the earliest again and again: what is due must only grow. */
	while (left > 0) {
		struct timer *first = NULL;

		for (int i = 0; i < N; i++)
			if (timer_armed(&timers[i]) && timers[i].prev == NULL)
				first = &timers[i];
		if (!CHECK(first != NULL) || !CHECK(first->due >= last))
			break;
		last = first->due;
		timer_clear(first);
		left--;
	}
	loop_free(loop);
}

static void
timer_never_fires_early(void)
{
	struct loop *loop = new_loop();
	struct events events = { 0 };
	struct named_timer t;
	uint64_t began;
	int turns = 0;

	init_timer(&t, &events, 't');
	sleep_ms(20); /* the time before the first turn counts for nothing */
	began = loop_now(loop);
	timer_set(loop, &t.timer, 15);
	while (timer_armed(&t.timer)) {
		CHECK_INT(loop_turn(loop, -1), 0);
		turns++;
	}
	CHECK(loop_now(loop) - began >= 15000000);
	CHECK(turns <= 2);
	loop_free(loop);
}

/* After a stop: one late tick. */
static void
late_wake_up_fires_each_timer_once(void)
{
	struct loop *loop = new_loop();
	struct events events = { 0 };
	struct named_timer a, b;

	init_timer(&a, &events, 'a');
	init_timer(&b, &events, 'b');
	timer_set(loop, &a.timer, 1);
	timer_set(loop, &b.timer, 2);
	sleep_ms(30);
	CHECK_INT(loop_turn(loop, -1), 0);
	CHECK_STR(events.text, "ab");
	CHECK_INT(loop_turn(loop, 0), 0);
	CHECK_STR(events.text, "ab");
	loop_free(loop);
}

struct rearmed {
	struct timer timer;
	struct loop *loop;
	int fired;
};

static void
on_rearmed(struct timer *t)
{
	struct rearmed *r = t->arg;

	r->fired++;
	timer_set(r->loop, t, 0);
}

static void
timer_armed_by_itself_fires_once_a_turn(void)
{
	struct rearmed r = { .timer = { .fire = on_rearmed, .arg = &r }, .loop = new_loop() };

	timer_set(r.loop, &r.timer, 0);
	for (int i = 1; i <= 5; i++) {
		CHECK_INT(loop_turn(r.loop, -1), 0);
		CHECK_INT(r.fired, i);
	}
	loop_free(r.loop);
	CHECK(!timer_armed(&r.timer));
}

static void
timer_cleared_by_one_due_with_it_does_not_fire(void)
{
	struct loop *loop = new_loop();
	struct events events = { 0 };
	struct named_timer a, b;

	init_timer(&a, &events, 'a');
	init_timer(&b, &events, 'b');
	a.clears = &b;
	timer_set(loop, &a.timer, 1);
	timer_set(loop, &b.timer, 2);
	sleep_ms(5);
	loop_turn(loop, 0);
	CHECK_STR(events.text, "a");
	loop_free(loop);
}

static void
timer_far_away_does_not_overflow(void)
{
	struct loop *loop = new_loop();
	struct timer t = { 0 };

	timer_set(loop, &t, UINT64_MAX);
	CHECK_UINT(t.due, UINT64_MAX);
	CHECK_INT(loop_turn(loop, 1), 0);
	CHECK(timer_armed(&t));
	loop_free(loop);
}

/* Watches. */

struct pair {
	struct watch watch;
	int to; /* a byte here makes the watch ready */
	int calls;
	short last;
	struct pair *removes, *mutes;
	bool reads;
};

static void
on_ready(struct watch *w, short revents)
{
	struct pair *p = w->arg;
	char c;

	p->calls++;
	p->last = revents;
	if (p->reads)
		CHECK_INT(read(w->fd, &c, 1), 1);
	if (p->removes != NULL)
		watch_remove(&p->removes->watch);
	if (p->mutes != NULL)
		watch_set(&p->mutes->watch, 0);
}

static void
open_pair(struct loop *loop, struct pair *p)
{
	int fds[2];

	CHECK_INT(pipe2(fds, O_CLOEXEC), 0);
	*p = (struct pair){ .to = fds[1] };
	p->watch = (struct watch){ .fd = fds[0], .events = POLLIN, .ready = on_ready, .arg = p };
	CHECK_INT(watch_add(loop, &p->watch), 0);
}

static void
poke(const struct pair *p)
{
	CHECK_INT(write(p->to, "x", 1), 1);
}

static void
close_pair(struct pair *p)
{
	watch_remove(&p->watch);
	close(p->watch.fd);
	if (p->to != -1)
		close(p->to);
}

static void
watch_is_called_for_what_is_ready(void)
{
	struct loop *loop = new_loop();
	struct pair p[3];

	for (int i = 0; i < 3; i++) {
		open_pair(loop, &p[i]);
		p[i].reads = true;
	}
	poke(&p[0]);
	poke(&p[2]);
	CHECK_INT(loop_turn(loop, -1), 0);
	CHECK_INT(p[0].calls, 1);
	CHECK_INT(p[1].calls, 0);
	CHECK_INT(p[2].calls, 1);
	CHECK_INT(p[2].last, POLLIN);
	CHECK_INT(loop_turn(loop, 0), 0);
	CHECK_INT(p[0].calls + p[1].calls + p[2].calls, 2);
	for (int i = 0; i < 3; i++)
		close_pair(&p[i]);
	loop_free(loop);
}

/* Each of five ready watches removes each: the victim is not called after that, nobody twice. */
static void
watch_removed_by_a_ready_one_is_not_called(void)
{
	for (int who = 0; who < 5; who++)
		for (int whom = 0; whom < 5; whom++) {
			struct loop *loop = new_loop();
			struct pair p[5];

			check_enter("%d removes %d", who, whom);
			for (int i = 0; i < 5; i++)
				open_pair(loop, &p[i]);
			for (int i = 0; i < 5; i++)
				poke(&p[i]);
			p[who].removes = &p[whom];
			loop_turn(loop, 0);
			for (int i = 0; i < 5; i++)
				CHECK(i == whom && who != whom ? p[i].calls <= 1 : p[i].calls == 1);
			loop_turn(loop, 0);
			CHECK(p[whom].calls <= 1);
			for (int i = 0; i < 5; i++)
				close_pair(&p[i]);
			loop_free(loop);
			check_leave();
		}
}

static void
watches_that_remove_each_other_leave_one_call(void)
{
	struct loop *loop = new_loop();
	struct pair p[2];

	open_pair(loop, &p[0]);
	open_pair(loop, &p[1]);
	p[0].removes = &p[1];
	p[1].removes = &p[0];
	poke(&p[0]);
	poke(&p[1]);
	loop_turn(loop, 0);
	CHECK_INT(p[0].calls + p[1].calls, 1);
	close_pair(&p[0]);
	close_pair(&p[1]);
	loop_free(loop);
}

static void
watch_muted_by_a_ready_one_is_not_called(void)
{
	struct loop *loop = new_loop();
	struct pair p[2];

	open_pair(loop, &p[0]);
	open_pair(loop, &p[1]);
	p[0].mutes = &p[1];
	p[1].mutes = &p[0];
	poke(&p[0]);
	poke(&p[1]);
	loop_turn(loop, 0);
	CHECK_INT(p[0].calls + p[1].calls, 1);
	close_pair(&p[0]);
	close_pair(&p[1]);
	loop_free(loop);
}

static void
watch_without_events_does_not_spin_on_a_hang_up(void)
{
	struct loop *loop = new_loop();
	struct pair p;

	open_pair(loop, &p);
	close(p.to);
	p.to = -1;
	watch_set(&p.watch, 0);
	loop_turn(loop, 5);
	CHECK_INT(p.calls, 0);
	watch_set(&p.watch, POLLIN);
	loop_turn(loop, 5);
	CHECK_INT(p.calls, 1);
	CHECK((p.last & POLLHUP) != 0);
	close_pair(&p);
	loop_free(loop);
}

/* Idles. */

struct counted_idle {
	struct idle idle;
	struct loop *loop;
	int runs;
	bool again;
	struct counted_idle *cancels;
};

static void
on_idle(struct idle *i)
{
	struct counted_idle *c = i->arg;

	c->runs++;
	if (c->again)
		idle_queue(c->loop, i);
	if (c->cancels != NULL)
		idle_cancel(&c->cancels->idle);
}

static void
init_idle(struct counted_idle *c, struct loop *loop)
{
	*c = (struct counted_idle){ .loop = loop };
	c->idle = (struct idle){ .run = on_idle, .arg = c };
	idle_queue(loop, &c->idle);
}

static void
idle_runs_once_and_the_loop_does_not_wait_for_it(void)
{
	struct loop *loop = new_loop();
	struct counted_idle c;

	init_idle(&c, loop);
	idle_queue(loop, &c.idle);
	CHECK_INT(loop_turn(loop, -1), 0);
	CHECK_INT(c.runs, 1);
	CHECK_INT(loop_turn(loop, 0), 0);
	CHECK_INT(c.runs, 1);
	loop_free(loop);
}

static void
idle_that_queues_itself_leaves_poll_its_share(void)
{
	struct loop *loop = new_loop();
	struct counted_idle c;
	struct pair p;

	init_idle(&c, loop);
	c.again = true;
	open_pair(loop, &p);
	poke(&p);
	for (int i = 1; i <= 3; i++) {
		CHECK_INT(loop_turn(loop, -1), 0);
		CHECK_INT(c.runs, i);
		CHECK_INT(p.calls, i);
	}
	close_pair(&p);
	loop_free(loop);
	CHECK(c.idle.loop == NULL);
}

static void
idle_cancelled_by_another_does_not_run(void)
{
	struct loop *loop = new_loop();
	struct counted_idle c[3];

	for (int i = 0; i < 3; i++)
		init_idle(&c[i], loop);
	c[0].cancels = &c[1];
	c[2].again = true;
	loop_turn(loop, -1);
	CHECK_INT(c[0].runs, 1);
	CHECK_INT(c[1].runs, 0);
	CHECK_INT(c[2].runs, 1);
	idle_cancel(&c[2].idle);
	idle_queue(loop, &c[1].idle);
	loop_turn(loop, -1);
	CHECK_INT(c[1].runs, 1);
	CHECK_INT(c[2].runs, 1);
	loop_free(loop);
}

/* Signals. */

static void
on_signal(int signo, void *arg)
{
	note(arg, signo == SIGUSR1 ? '1' : '2');
}

static void
signals_are_told_inside_the_loop(void)
{
	struct loop *loop = new_loop();
	struct events events = { 0 };

	CHECK_INT(loop_signal(loop, SIGUSR1, on_signal, &events), 0);
	CHECK_INT(loop_signal(loop, SIGUSR2, on_signal, &events), 0);
	errno = 0;
	raise(SIGUSR1);
	raise(SIGUSR2);
	CHECK_INT(errno, 0);
	CHECK_STR(events.text, "");
	CHECK_INT(loop_turn(loop, -1), 0);
	CHECK_STR(events.text, "12");
	loop_free(loop);
}

static void
former(int signo)
{
	(void)signo;
}

static void
loop_free_restores_dispositions(void)
{
	struct sigaction now;
	struct loop *loop = new_loop();
	struct events events = { 0 };

	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, former);
	CHECK_INT(loop_signal(loop, SIGUSR1, on_signal, &events), 0);
	CHECK_INT(loop_signal(loop, SIGUSR2, on_signal, &events), 0);
	CHECK_INT(loop_signal(loop, SIGUSR2, on_signal, &events), 0);
	loop_free(loop);
	sigaction(SIGUSR1, NULL, &now);
	CHECK(now.sa_handler == SIG_IGN);
	sigaction(SIGUSR2, NULL, &now);
	CHECK(now.sa_handler == former);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
}

static void
signal_of_no_use_is_an_error(void)
{
	struct loop *loop = new_loop();
	struct events events = { 0 };

	CHECK_INT(loop_signal(loop, SIGKILL, on_signal, &events), -1);
	CHECK_INT(errno, EINVAL);
	loop_free(loop);
}

static void
flood_of_signals_neither_blocks_nor_fails(void)
{
	struct loop *loop = new_loop();
	struct events events = { 0 };

	loop_signal(loop, SIGUSR1, on_signal, &events);
	for (int i = 0; i < 100000; i++)
		raise(SIGUSR1);
	CHECK_INT(loop_turn(loop, -1), 0);
	CHECK_INT(events.text[0], '1');
	loop_free(loop);
}

static void
stop_watch(struct watch *w, short revents)
{
	(void)revents;
	loop_stop(w->arg);
}

static void
loop_runs_until_stopped(void)
{
	struct loop *loop = new_loop();
	struct pair p;

	open_pair(loop, &p);
	p.watch.ready = stop_watch;
	p.watch.arg = loop;
	poke(&p);
	CHECK_INT(loop_run(loop), 0);
	close_pair(&p);
	loop_free(loop);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(timers_fire_in_the_order_they_are_due),
		CHECK_CASE(timers_keep_the_heap_when_moved_and_cleared),
		CHECK_CASE(timer_never_fires_early),
		CHECK_CASE(late_wake_up_fires_each_timer_once),
		CHECK_CASE(timer_armed_by_itself_fires_once_a_turn),
		CHECK_CASE(timer_cleared_by_one_due_with_it_does_not_fire),
		CHECK_CASE(timer_far_away_does_not_overflow),
		CHECK_CASE(watch_is_called_for_what_is_ready),
		CHECK_CASE(watch_removed_by_a_ready_one_is_not_called),
		CHECK_CASE(watches_that_remove_each_other_leave_one_call),
		CHECK_CASE(watch_muted_by_a_ready_one_is_not_called),
		CHECK_CASE(watch_without_events_does_not_spin_on_a_hang_up),
		CHECK_CASE(idle_runs_once_and_the_loop_does_not_wait_for_it),
		CHECK_CASE(idle_that_queues_itself_leaves_poll_its_share),
		CHECK_CASE(idle_cancelled_by_another_does_not_run),
		CHECK_CASE(signals_are_told_inside_the_loop),
		CHECK_CASE(loop_free_restores_dispositions),
		CHECK_CASE(signal_of_no_use_is_an_error),
		CHECK_CASE(flood_of_signals_neither_blocks_nor_fails),
		CHECK_CASE(loop_runs_until_stopped),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

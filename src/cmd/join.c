#include "cmd/join.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/session.h"
#include "endpoint/pager.h"
#include "endpoint/terminal.h"
#include "endpoint/ws.h"
#include "ui/prompt.h"

/* Running. */

static void
stop(struct session *s)
{
	loop_stop(s->env.loop);
	if (s->terminal != NULL)
		terminal_stop(s->terminal);
}

static void
on_done(struct pump *pump, void *arg)
{
	struct session *s = arg;

	(void)pump;
	stop(s);
}

static void
on_quit(int signo, void *arg)
{
	struct session *s = arg;
	enum ending why = signo == SIGINT ? ENDED_INTERRUPTED : ENDED_TERMINATED;

	if (signo == SIGINT && s->terminal != NULL && terminal_interrupt(s->terminal))
		return;
	if (!s->stopping) {
		s->stopping = true;
		if (s->terminal != NULL)
			terminal_end_pager(s->terminal);
		pump_leave(&s->pump, why);
	} else { /* twice: at once */
		s->pump.ending = why;
		stop(s);
	}
}

/* The loop does not get round to signals, as a terminal takes no output: leave without it. */
static void
on_stuck(int signo)
{
	if (signo != SIGINT && signo != SIGTERM && signo != SIGHUP)
		return;
	pager_emergency_end();
	prompt_emergency_restore();
	_exit(signo == SIGINT ? ENDED_INTERRUPTED : ENDED_TERMINATED);
}

/*
 * As the system would; it does not where nobody could have us go on, as with xterm -e. True if it
 * did, and somebody had: what was blocked and came meanwhile is in pending.
 */
static bool
stop_here(sigset_t *pending)
{
	struct sigaction ours, system = { .sa_handler = SIG_DFL };

	sigaction(SIGTSTP, &system, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	sigpending(pending);
	return sigismember(pending, SIGCONT) == 1;
}

static bool
has_to_end(const sigset_t *pending)
{
	return sigismember(pending, SIGTERM) == 1 || sigismember(pending, SIGHUP) == 1 ||
	       sigismember(pending, SIGINT) == 1;
}

/*
 * In the background there is nothing for us to do but end, if that is why we went on. False if we
 * could not stop; else SIGCONT is told of next.
 */
static bool
stop_until_foreground(void)
{
	static const int held[] = { SIGCONT, SIGTERM, SIGHUP, SIGINT };
	sigset_t block, former, pending;
	bool went_on;

	sigemptyset(&block);
	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		sigaddset(&block, held[i]);
	sigprocmask(SIG_BLOCK, &block, &former);
	do
		went_on = stop_here(&pending);
	while (went_on && !prompt_has_terminal() && !has_to_end(&pending));
	if (!prompt_has_terminal())
		signal(SIGTTOU, SIG_IGN); /* what is to be said at the end does not stop us */
	sigprocmask(SIG_SETMASK, &former, NULL);
	return went_on;
}

static void
on_terminal(int signo, void *arg)
{
	struct session *s = arg;

	if (signo == SIGWINCH) {
		terminal_resize(s->terminal);
		return;
	}
	if (signo == SIGTSTP) {
		terminal_suspend(s->terminal);
		if (stop_until_foreground())
			return;
	}
	/* SIGSTOP may have stopped us, too; the shell has set modes of its own */
	if (prompt_has_terminal())
		terminal_resume(s->terminal);
}

static void
on_max_time(struct timer *t)
{
	struct session *s = t->arg;
	struct event event = { .kind = EVENT_ERROR, .ending = ENDED_TIME };
	char text[80];

	if (s->terminal != NULL)
		terminal_end_pager(s->terminal);
	if (s->pump.decided) { /* it is over, and only what came is still being written */
		pump_leave(&s->pump, ENDED_TIME);
		return;
	}
	if (s->left.kind == SPEC_WS && ws_is_done(s->a)) { /* only our Close is not answered yet */
		pump_leave(&s->pump, ENDED_OK);
		return;
	}
	if (s->o->expect != NULL)
		event.ending = expect_judge(s->o->expect, ENDED_TIME);
	snprintf(text, sizeof text, "time ran out after %g s (--max-time)",
	    (double)s->o->max_time_ms / 1000);
	report_error(&s->report, "%s", text);
	event.text = text;
	pump_event(s->a, &event);
	pump_leave(&s->pump, ENDED_TIME);
}

static void
on_fatal(int signo)
{
	pager_emergency_end();
	prompt_emergency_restore();
	signal(signo, SIG_DFL);
	raise(signo);
}

/* What ends us otherwise leaves the terminal as it was, even where the stack has run out. */
static void
catch_fatal(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT, SIGTRAP,
		SIGSYS, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGXCPU, SIGPOLL };
	static char memory[32 << 10];
	const stack_t stack = { .ss_sp = memory, .ss_size = sizeof memory };
	struct sigaction ours = { .sa_handler = on_fatal, .sa_flags = SA_ONSTACK }, old;

	(void)sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
		if (sigaction(fatal[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			(void)sigaction(fatal[i], &ours, NULL);
}

static int
watch_signals(struct session *s)
{
	static const int quit[] = { SIGINT, SIGTERM, SIGHUP };
	static const int terminal[] = { SIGWINCH, SIGTSTP, SIGCONT };
	struct sigaction old;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like any other */
	loop_signal_stuck(on_stuck);
	for (size_t i = 0; i < sizeof quit / sizeof *quit; i++) {
		/* what whoever started us has set to be ignored stays ignored, as with nohup(1) */
		if (sigaction(quit[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
			continue;
		if (loop_signal(s->env.loop, quit[i], on_quit, s) < 0)
			return -1;
	}
	if (s->terminal == NULL)
		return 0;
	catch_fatal();
	for (size_t i = 0; i < sizeof terminal / sizeof *terminal; i++)
		if (loop_signal(s->env.loop, terminal[i], on_terminal, s) < 0)
			return -1;
	return 0;
}

static int
judge(const struct session *s)
{
	const struct expect *expect = s->o->expect;
	enum ending ending = s->pump.ending;
	char why[EXPECT_TOLD_MAX];

	if (expect == NULL)
		return (int)ending;
	ending = expect_judge(expect, ending);
	if (ending == ENDED_EXPECTATION) {
		expect_why(expect, why);
		report_error(&s->report, "%s", why);
	}
	return (int)ending;
}

static int
run(struct session *s)
{
	int r;

	pump_init(&s->pump, s->env.loop, s->a, s->b, on_done, s);
	if (watch_signals(s) < 0) {
		report_error(&s->report, "cannot watch for signals");
		return ENDED_LOCAL;
	}
	s->max_time = (struct timer){ .fire = on_max_time, .arg = s };
	if (s->o->max_time_ms > 0)
		timer_set(s->env.loop, &s->max_time, s->o->max_time_ms);
	if ((r = pump_start(&s->pump)) != 0)
		return r;
	if (s->terminal != NULL)
		terminal_run(s->terminal);
	else
		r = loop_run(s->env.loop);
	pump_clear(&s->pump);
	if (r < 0) {
		report_error(&s->report, "cannot wait for what comes: %s", strerror(errno));
		return ENDED_LOCAL;
	}
	return judge(s);
}

int
join_main(const struct options *o)
{
	struct session s = { .o = o };
	int r;

	r = session_make(&s);
	if (r == ENDED_OK)
		r = run(&s);
	if (!session_clear(&s) && r == ENDED_OK)
		r = ENDED_LOCAL;
	return r;
}

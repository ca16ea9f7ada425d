#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/loop_int.h"

enum { TOLD_MAX = 8 }; /* a row for each signal there is would be some pages of memory */

struct told {
	int signo;
	void (*fn)(int signo, void *arg);
	void *arg;
	struct sigaction former;
};

struct signals {
	struct watch watch; /* of the pipe's end to read */
	struct told told[TOLD_MAX];
	size_t n;
};

/* The pipe's end to write: a handler is given nothing but the signal. */
static volatile sig_atomic_t handler_fd = -1;

/* How many of each signal wait to be told of, and who is called where that is more than one. */
static volatile sig_atomic_t handler_waiting[NSIG];
static void (*volatile handler_stuck)(int signo);

static void
handler(int signo)
{
	int saved = errno;
	unsigned char c = (unsigned char)signo;
	ssize_t r;

	if (handler_waiting[signo]++ > 0 && handler_stuck != NULL)
		handler_stuck(signo);
	/* A full pipe holds thousands of signals not yet told of; one more is no news. */
	r = write(handler_fd, &c, 1);
	(void)r;
	errno = saved;
}

/* NULL for a signal not told of. */
static struct told *
find(struct signals *s, int signo)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->told[i].signo == signo)
			return &s->told[i];
	return NULL;
}

static void
on_pipe(struct watch *w, short revents)
{
	struct signals *s = w->arg;
	unsigned char c[64];
	ssize_t n = read(w->fd, c, sizeof c);

	(void)revents;
	for (ssize_t i = 0; i < n; i++) {
		const struct told *t = find(s, c[i]);

		handler_waiting[c[i]] = 0;
		if (t != NULL)
			t->fn(c[i], t->arg);
	}
}

static int
open_pipe(struct loop *loop, struct signals *s)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	s->watch = (struct watch){ .fd = fds[0], .events = POLLIN, .ready = on_pipe, .arg = s };
	if (watch_add(loop, &s->watch) != 0) {
		close(fds[0]);
		close(fds[1]);
		errno = ENOMEM;
		return -1;
	}
	handler_fd = fds[1];
	return 0;
}

static int
signals_new(struct loop *loop)
{
	struct signals *s;

	assert(handler_fd == -1); /* one loop a process */
	if ((s = calloc(1, sizeof *s)) == NULL)
		return -1;
	if (open_pipe(loop, s) != 0) {
		free(s);
		return -1;
	}
	loop->signals = s;
	return 0;
}

void
signals_free(struct loop *loop)
{
	struct signals *s = loop->signals;

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		sigaction(s->told[i].signo, &s->told[i].former, NULL);
	watch_remove(&s->watch);
	close(s->watch.fd);
	close(handler_fd);
	handler_fd = -1;
	handler_stuck = NULL;
	free(s);
	loop->signals = NULL;
}

void
loop_signal_stuck(void (*fn)(int signo))
{
	handler_stuck = fn;
}

int
loop_signal(struct loop *loop, int signo, void (*fn)(int signo, void *arg), void *arg)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct signals *s;
	struct told *t;

	assert(signo > 0 && signo < NSIG && fn != NULL);
	if (loop->signals == NULL && signals_new(loop) != 0)
		return -1;
	s = loop->signals;
	if ((t = find(s, signo)) == NULL) {
		assert(s->n < TOLD_MAX);
		t = &s->told[s->n];
		sigfillset(&act.sa_mask);
		if (sigaction(signo, &act, &t->former) != 0)
			return -1;
		/* whoever started us may have had it blocked */
		sigemptyset(&act.sa_mask);
		sigaddset(&act.sa_mask, signo);
		sigprocmask(SIG_UNBLOCK, &act.sa_mask, NULL);
		t->signo = signo;
		s->n++;
	}
	t->fn = fn;
	t->arg = arg;
	return 0;
}

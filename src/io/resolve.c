#include "io/resolve.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/err.h"

/* Shared with the helper thread; whoever lets go last frees it. */
struct job {
	atomic_int holders;
	atomic_bool answered; /* orders the answer before its reading */
	int pipe[2]; /* [1] is written once answered */
	int error;
	struct addrinfo *list;
	char port[6];
	char host[];
};

struct resolve {
	resolve_fn *done;
	void *arg;
	struct job *job; /* NULL where no thread was needed */
	struct watch watch; /* of the job's pipe */
	struct idle idle; /* tells an answer that is known at once */

	int error;
	struct address *list;
	size_t n;
};

static const struct addrinfo hints = {
	.ai_flags = AI_NUMERICSERV, .ai_socktype = SOCK_STREAM,
	/*
	 * Not AI_ADDRCONFIG: it looks at addresses of interfaces only and so hides names that
	 * are given a loopback address (N06). What can not be reached is sorted last anyway.
	 */
};

static void
job_release(struct job *job)
{
	if (atomic_fetch_sub(&job->holders, 1) > 1)
		return;
	if (job->list != NULL)
		freeaddrinfo(job->list);
	close(job->pipe[0]);
	close(job->pipe[1]);
	free(job);
}

static void *
job_run(void *arg)
{
	struct job *job = arg;
	ssize_t r;

	job->error = getaddrinfo(job->host, job->port, &hints, &job->list);
	if (job->error != 0)
		job->list = NULL;
	atomic_store(&job->answered, true);
	/* The end to read is open as long as the job is held: no SIGPIPE, and room for a byte. */
	r = write(job->pipe[1], "", 1);
	(void)r;
	job_release(job);
	return NULL;
}

static struct job *
job_new(const char *host, uint16_t port)
{
	size_t n = strlen(host) + 1;
	struct job *job = calloc(1, sizeof *job + n);

	if (job == NULL)
		return NULL;
	if (pipe2(job->pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(job);
		return NULL;
	}
	atomic_init(&job->holders, 1);
	atomic_init(&job->answered, false);
	snprintf(job->port, sizeof job->port, "%u", (unsigned)port);
	memcpy(job->host, host, n);
	return job;
}

/* Signals are for the loop's thread; the helper is started with all of them blocked. */
static int
job_start(struct job *job)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, former;
	int r;

	if (pthread_attr_init(&attr) != 0)
		return ERR_NOMEM;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &former);
	atomic_fetch_add(&job->holders, 1);
	r = pthread_create(&thread, &attr, job_run, job);
	pthread_sigmask(SIG_SETMASK, &former, NULL);
	pthread_attr_destroy(&attr);
	if (r == 0)
		return 0;
	job_release(job);
	return ERR_NOMEM;
}

static void
on_pipe(struct watch *w, short revents)
{
	struct resolve *r = w->arg;

	(void)revents;
	if (!atomic_load(&r->job->answered))
		return;
	watch_remove(w);
	r->error = r->job->error;
	if (r->error == 0 && address_list(r->job->list, &r->list, &r->n) != 0)
		r->error = EAI_MEMORY;
	r->done(r->error, r->list, r->n, r->arg);
}

static void
on_idle(struct idle *i)
{
	struct resolve *r = i->arg;

	r->done(r->error, r->list, r->n, r->arg);
}

/* RFC 6761 6.3: such names are the loopback addresses, and no server is asked for them. */
static bool
is_localhost(const char *host)
{
	static const struct span name = { "localhost", 9 };
	struct span s = span_str(host);

	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	if (s.n > name.n && s.p[s.n - name.n - 1] == '.')
		s = (struct span){ s.p + s.n - name.n, name.n };
	return ascii_eq_nocase(s, name);
}

static int
set_loopback(struct resolve *r, uint16_t port)
{
	const struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
		.sin6_port = htons(port),
	};
	const struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port),
	};

	if ((r->list = calloc(2, sizeof *r->list)) == NULL)
		return ERR_NOMEM;
	memcpy(&r->list[0].addr, &in6, sizeof in6);
	r->list[0].len = sizeof in6;
	memcpy(&r->list[1].addr, &in, sizeof in);
	r->list[1].len = sizeof in;
	r->n = 2;
	return 0;
}

/* 1 if host was an address literal, whose address r then holds, 0 if not, or ERR_NOMEM. */
static int
set_literal(struct resolve *r, const char *host, uint16_t port)
{
	struct addrinfo numeric = hints;
	struct addrinfo *ai;
	char service[6];
	int e;

	numeric.ai_flags |= AI_NUMERICHOST;
	snprintf(service, sizeof service, "%u", (unsigned)port);
	e = getaddrinfo(host, service, &numeric, &ai);
	if (e == EAI_MEMORY)
		return ERR_NOMEM;
	if (e != 0)
		return 0;
	e = address_list(ai, &r->list, &r->n);
	freeaddrinfo(ai);
	return e == 0 ? 1 : e;
}

static int
start_job(struct loop *loop, struct resolve *r, const char *host, uint16_t port)
{
	if ((r->job = job_new(host, port)) == NULL)
		return ERR_NOMEM;
	r->watch =
	    (struct watch){ .fd = r->job->pipe[0], .events = POLLIN, .ready = on_pipe, .arg = r };
	if (watch_add(loop, &r->watch) != 0)
		return ERR_NOMEM;
	return job_start(r->job);
}

static int
start(struct loop *loop, struct resolve *r, const char *host, uint16_t port)
{
	int e;

	if (is_localhost(host))
		e = set_loopback(r, port) == 0 ? 1 : ERR_NOMEM;
	else
		e = set_literal(r, host, port);
	if (e < 0)
		return e;
	if (e == 0)
		return start_job(loop, r, host, port);
	r->idle = (struct idle){ .run = on_idle, .arg = r };
	idle_queue(loop, &r->idle);
	return 0;
}

int
resolve_start(struct loop *loop, const char *host, uint16_t port, resolve_fn *done, void *arg,
    struct resolve **out)
{
	struct resolve *r = calloc(1, sizeof *r);
	int e;

	if (r == NULL)
		return ERR_NOMEM;
	r->done = done;
	r->arg = arg;
	if ((e = start(loop, r, host, port)) != 0) {
		resolve_free(r);
		return e;
	}
	*out = r;
	return 0;
}

void
resolve_free(struct resolve *r)
{
	if (r == NULL)
		return;
	watch_remove(&r->watch);
	idle_cancel(&r->idle);
	if (r->job != NULL)
		job_release(r->job);
	free(r->list);
	free(r);
}

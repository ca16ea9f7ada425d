#include "io/dial.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "io/dial_why.h"
#include "io/resolve.h"
#include "io/tcp.h"
#include "io/why.h"

enum { ATTEMPT_DELAY_MS = 250 }; /* RFC 8305 5 */

enum step { RESOLVING, CONNECTING, HANDSHAKE, ENDED };

/* A connect to one of the addresses. */
struct attempt {
	struct dial *dial;
	struct watch watch; /* its fd is -1 unless the attempt is under way */
	int error; /* how it ended */
};

struct dial {
	struct loop *loop;
	struct dial_config config;
	char *name; /* for TLS; NULL without */
	enum step step;
	uint64_t began; /* the step */
	struct dial_timing timing;

	struct resolve *resolve;
	const struct address *addrs; /* the resolve's */
	struct attempt *attempts; /* one for each address */
	size_t n;
	size_t begun; /* the first so many were tried */
	size_t underway; /* so many of them are not decided */
	struct timer next;

	struct stream *stream; /* during the handshake */
	struct watch watch;
};

/* Ends the attempt and gives its descriptor. */
static int
attempt_take(struct attempt *a)
{
	int fd = a->watch.fd;

	watch_remove(&a->watch);
	a->watch.fd = -1;
	a->dial->underway--;
	return fd;
}

static void
close_attempts(struct dial *d)
{
	timer_clear(&d->next);
	for (size_t i = 0; i < d->begun; i++)
		if (d->attempts[i].watch.fd != -1)
			close(attempt_take(&d->attempts[i]));
	assert(d->underway == 0);
}

/* Lets go of all that could still call back. */
static void
release(struct dial *d)
{
	d->step = ENDED;
	close_attempts(d);
	watch_remove(&d->watch);
	stream_free(d->stream);
	d->stream = NULL;
}

/* why may be the stream's, which does not outlive this. */
static void
fail(struct dial *d, enum dial_failure kind, const char *why)
{
	char copy[DIAL_WHY_MAX];

	snprintf(copy, sizeof copy, "%s", why);
	release(d);
	d->config.failed(kind, copy, d->config.arg);
}

static void
fail_nomem(struct dial *d)
{
	fail(d, DIAL_LOCAL, "out of memory");
}

static void
enter(struct dial *d, enum step step)
{
	assert(step > d->step);
	d->step = step;
	d->began = loop_clock();
}

static uint64_t
elapsed(const struct dial *d)
{
	return loop_clock() - d->began;
}

static void
succeed(struct dial *d)
{
	struct stream *s = d->stream;
	struct dial_timing timing = d->timing;

	d->stream = NULL;
	release(d);
	d->config.connected(s, &timing, d->config.arg);
}

static void
proceed(struct dial *d)
{
	int r = tls_handshake(d->stream);

	if (r == STREAM_AGAIN) {
		watch_set(&d->watch, stream_events(d->stream, false, false));
		return;
	}
	if (r != 0) {
		fail(d, tls_distrusts(d->stream) ? DIAL_CERTIFICATE : DIAL_TLS,
		    stream_error(d->stream));
		return;
	}
	d->timing.tls = elapsed(d);
	succeed(d);
}

static void
on_handshake(struct watch *w, short revents)
{
	(void)revents;
	proceed(w->arg);
}

static void
begin_tls(struct dial *d, int fd)
{
	enter(d, HANDSHAKE);
	if (tls_stream_new(d->config.tls, fd, d->name, &d->stream) != 0) {
		fail_nomem(d);
		return;
	}
	d->watch = (struct watch){ .fd = fd, .ready = on_handshake, .arg = d };
	if (watch_add(d->loop, &d->watch) != 0)
		fail_nomem(d);
	else
		proceed(d);
}

/* The first to connect; the others are closed before a byte is sent (N04). */
static void
won(struct dial *d, struct attempt *a)
{
	int fd = attempt_take(a);

	close_attempts(d);
	d->timing.connect = elapsed(d);
	if (d->config.tls != NULL)
		begin_tls(d, fd);
	else if (tcp_stream_new(fd, &d->stream) != 0)
		fail_nomem(d);
	else
		succeed(d);
}

static void
none_connected(struct dial *d)
{
	char why[DIAL_WHY_MAX];
	struct dial_try *tries = calloc(d->n, sizeof *tries);
	enum dial_failure kind;

	if (tries == NULL) {
		fail_nomem(d);
		return;
	}
	for (size_t i = 0; i < d->n; i++)
		tries[i] = (struct dial_try){ &d->addrs[i], d->attempts[i].error };
	kind = dial_why(tries, d->n, why);
	free(tries);
	fail(d, kind, why);
}

static void try_next(struct dial *d);

static void
on_attempt(struct watch *w, short revents)
{
	struct attempt *a = w->arg;

	(void)revents;
	a->error = tcp_connect_result(w->fd);
	if (a->error == 0) {
		won(a->dial, a);
		return;
	}
	close(attempt_take(a));
	try_next(a->dial);
}

static bool
attempt_begin(struct attempt *a, const struct address *addr)
{
	int fd = tcp_connect((const struct sockaddr *)&addr->addr, addr->len);

	if (fd == -1) {
		a->error = errno;
		return false;
	}
	a->watch = (struct watch){ .fd = fd, .events = POLLOUT, .ready = on_attempt, .arg = a };
	if (watch_add(a->dial->loop, &a->watch) != 0) {
		close(fd);
		a->watch.fd = -1;
		a->error = ENOMEM;
		return false;
	}
	a->dial->underway++;
	return true;
}

/* Begins the next attempt, after a failure at once, and sets the time of the one after it. */
static void
try_next(struct dial *d)
{
	while (d->begun < d->n) {
		size_t i = d->begun++;

		if (!attempt_begin(&d->attempts[i], &d->addrs[i]))
			continue;
		if (d->begun == d->n)
			timer_clear(&d->next);
		else
			timer_set(d->loop, &d->next, ATTEMPT_DELAY_MS);
		return;
	}
	if (d->underway == 0)
		none_connected(d);
}

static void
on_next(struct timer *t)
{
	try_next(t->arg);
}

static void
on_resolved(int error, const struct address *list, size_t n, void *arg)
{
	struct dial *d = arg;
	char why[DIAL_WHY_MAX];

	d->timing.name = elapsed(d);
	if (error != 0) {
		why_name(error, why, sizeof why);
		fail(d, error == EAI_MEMORY ? DIAL_LOCAL : DIAL_NAME, why);
		return;
	}
	enter(d, CONNECTING);
	if ((d->attempts = calloc(n, sizeof *d->attempts)) == NULL) {
		fail_nomem(d);
		return;
	}
	for (size_t i = 0; i < n; i++)
		d->attempts[i] = (struct attempt){ .dial = d, .watch.fd = -1 };
	d->addrs = list;
	d->n = n;
	try_next(d);
}

int
dial_start(struct loop *loop, const struct dial_config *config, struct dial **dial)
{
	struct dial *d = calloc(1, sizeof *d);
	int r = ERR_NOMEM;

	if (d == NULL)
		return ERR_NOMEM;
	d->loop = loop;
	d->config = *config;
	d->next = (struct timer){ .fire = on_next, .arg = d };
	d->began = loop_clock();
	d->name = strdup(config->tls_name != NULL ? config->tls_name : config->host);
	if (d->name != NULL)
		r = resolve_start(loop, config->host, config->port, on_resolved, d, &d->resolve);
	if (r != 0) {
		dial_free(d);
		return r;
	}
	*dial = d;
	return 0;
}

const char *
dial_step(const struct dial *d)
{
	switch (d->step) {
	case RESOLVING:
		return "resolving the name";
	case CONNECTING:
		return "connecting";
	case HANDSHAKE:
		return "in the TLS handshake";
	case ENDED:
		return "done";
	}
	abort();
}

void
dial_free(struct dial *d)
{
	if (d == NULL)
		return;
	release(d);
	resolve_free(d->resolve);
	free(d->attempts);
	free(d->name);
	free(d);
}

#include "endpoint/listen.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "endpoint/mirror.h"
#include "endpoint/notice.h"
#include "endpoint/pump.h"
#include "io/tcp.h"

/* A client has so long to send its request. */
#define HANDSHAKE_TIMEOUT_MS 10000

/* A client that reads nothing for so long, while others wait for it, is dropped. */
#define STALL_TIMEOUT_MS 10000

/* How long accepting pauses when there is no room for another connection. */
#define RETRY_MS 1000

/* Clients served at once; others wait in the kernel's queue. */
#define MAX_CLIENTS 1024

struct listener {
	struct endpoint ep;
	const struct env *env;
	struct listen_config config;
	int fd;
	struct watch watch;
	struct timer retry; /* accepting again after it failed */
	struct buf url; /* as announced, with a NUL */
	uint64_t received, count; /* messages from all clients; done after so many, 0: never */
	struct client *clients; /* in the order they came */
	size_t n_clients;
	unsigned numbers; /* given to clients so far */
	unsigned addressed; /* who alone is spoken to; 0: all */
	bool in_message; /* the peer has given the beginning of one */
	const struct client *speaking; /* while its pieces are given; NULL: nobody */
	bool draining; /* no more clients; it ends with the last one */
	bool leaving; /* asked to go */
	enum ending ending;
};

/* A client: its WebSocket and, joined to that, a mirror or the relay to the listener's peer. */
struct client {
	struct endpoint relay;
	struct listener *listener;
	struct endpoint *ws;
	struct endpoint *other; /* a mirror, or &relay */
	struct pump pump;
	struct client *next, **link;
	unsigned number;
	bool open;
	bool in_message; /* it got the first piece of the message the peer is giving */
	char name[TCP_NAME_MAX];
};

static const char *
url_of(const struct listener *l)
{
	return (const char *)buf_data(&l->url);
}

static void
finish_if_empty(struct listener *l)
{
	if ((l->draining || l->leaving) && l->n_clients == 0)
		pump_end(&l->ep, l->ending);
}

static void
update_watch(struct listener *l)
{
	bool room = l->n_clients < MAX_CLIENTS && !l->draining && !l->leaving;

	watch_set(&l->watch, room ? POLLIN : 0);
}

/* No more clients: those there are close, at once or as the end of input has it. */
static void
drain(struct listener *l, bool at_once)
{
	l->draining = true;
	update_watch(l);
	for (struct client *c = l->clients; c != NULL; c = c->next)
		if (at_once)
			ws_close(c->ws);
		else
			c->ws->ops->input_end(c->ws, true);
	finish_if_empty(l);
}

/* The relay: one client's way to the listener's peer. */

static struct client *
relay_client(struct endpoint *ep)
{
	return (struct client *)ep; /* the relay is the client's first member */
}

static bool
enough_came(const struct listener *l)
{
	return l->count > 0 && l->received == l->count;
}

static void
relay_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	struct listener *l = relay_client(ep)->listener;

	if (enough_came(l))
		return;
	n = ws_count(pieces, n, &l->received, l->count);
	l->speaking = relay_client(ep);
	pump_put(&l->ep, pieces, n);
	l->speaking = NULL;
	if (enough_came(l))
		drain(l, true);
}

static bool
relay_ready(struct endpoint *ep)
{
	return pump_ready(&relay_client(ep)->listener->ep);
}

static void
relay_wake(struct endpoint *ep)
{
	pump_wake(&relay_client(ep)->listener->ep);
}

static void
relay_event(struct endpoint *ep, const struct event *event)
{
	struct client *c = relay_client(ep);
	const struct report *report = c->listener->env->report;
	const char *protocol = wsx_protocol(event->ws);
	char reason[NOTICE_DATA_MAX];

	switch (event->kind) {
	case EVENT_OPEN:
		c->open = true;
		report_notice(report, "client %u at %s connected to %s%s%s", c->number, c->name,
		    wsx_display_url(event->ws), *protocol ? ", subprotocol " : "", protocol);
		break;
	case EVENT_CLOSE:
		if (c->open)
			report_notice(report, "client %u at %s disconnected (code %u%s)", c->number,
			    c->name, event->code, notice_data(event->data, event->n, reason));
		c->open = false;
		break;
	case EVENT_PING:
	case EVENT_PONG:
	case EVENT_HEAD:
	case EVENT_ERROR:
		break;
	}
	c->listener->speaking = c;
	pump_event(&c->listener->ep, event);
	c->listener->speaking = NULL;
}

static void
relay_free(struct endpoint *ep)
{
	(void)ep; /* it goes with its client */
}

static const struct endpoint_ops relay_ops = {
	.take = relay_take,
	.ready = relay_ready,
	.wake = relay_wake,
	.event = relay_event,
	.free = relay_free,
};

/* Clients. */

static void
client_free(struct client *c)
{
	struct listener *l = c->listener;

	pump_clear(&c->pump);
	endpoint_free(c->ws);
	endpoint_free(c->other);
	if (c->link != NULL) {
		*c->link = c->next;
		if (c->next != NULL)
			c->next->link = c->link;
		l->n_clients--;
	}
	mem_free(&mem_libc, c);
}

static void
client_done(struct pump *pump, void *arg)
{
	struct client *c = arg;
	struct listener *l = c->listener;

	(void)pump;
	client_free(c);
	update_watch(l);
	if (!l->leaving)
		pump_wake(&l->ep); /* the one that was not ready may be gone */
	finish_if_empty(l);
}

static int
client_stream(struct listener *l, int fd, struct stream **s)
{
	if (l->config.tls != NULL)
		return tls_stream_new(l->config.tls, fd, NULL, s);
	return tcp_stream_new(fd, s);
}

static int
client_new(struct listener *l, int fd, struct client **out)
{
	struct client *c = mem_new(&mem_libc, sizeof *c);
	struct stream *s;
	const char *why;
	int r;

	if (c == NULL) {
		close(fd);
		return ERR_NOMEM;
	}
	c->listener = l;
	c->relay.ops = &relay_ops;
	tcp_peer_name(fd, c->name);
	if ((r = client_stream(l, fd, &s)) < 0 ||
	    (r = ws_server_new(l->env, &l->config.core, &l->config.policy, HANDSHAKE_TIMEOUT_MS, s,
		 c->name, &c->ws, &why)) < 0)
		goto fail;
	c->other = &c->relay;
	if (l->config.echo && (r = mirror_new(&c->other)) < 0) {
		c->other = NULL;
		goto fail;
	}
	pump_init(&c->pump, l->env->loop, c->ws, c->other, client_done, c);
	*out = c;
	return 0;
fail:
	endpoint_free(c->ws);
	mem_free(&mem_libc, c);
	return r;
}

static void
client_add(struct listener *l, int fd)
{
	struct client *c, **last;

	if (client_new(l, fd, &c) < 0) {
		report_error(l->env->report, "%s: out of memory for a client", url_of(l));
		return;
	}
	for (last = &l->clients; *last != NULL;)
		last = &(*last)->next;
	*last = c;
	c->link = last;
	c->number = ++l->numbers;
	l->n_clients++;
	pump_start(&c->pump);
}

/* The endpoint. */

/*
 * No descriptor or no memory for one more connection: the one that waits stays readable, so that
 * polling on would spin. It is tried again when a client has left, or a little later.
 */
static void
pause_accepting(struct listener *l, int error)
{
	if (!timer_armed(&l->retry))
		report_error(
		    l->env->report, "%s: cannot accept a client: %s", url_of(l), strerror(error));
	watch_set(&l->watch, 0);
	timer_set(l->env->loop, &l->retry, RETRY_MS);
}

static void
on_retry(struct timer *t)
{
	update_watch(t->arg);
}

static void
on_ready(struct watch *w, short revents)
{
	struct listener *l = w->arg;
	int fd, error = 0;

	(void)revents;
	while (l->n_clients < MAX_CLIENTS && error == 0) {
		if ((fd = tcp_accept(l->fd)) != -1)
			client_add(l, fd);
		else
			error = errno;
	}
	if (error == 0 || error == EAGAIN || error == EWOULDBLOCK)
		update_watch(l);
	else if (error != ECONNABORTED && error != EINTR)
		pause_accepting(l, error);
}

static int
listen_start(struct endpoint *ep)
{
	struct listener *l = (struct listener *)ep;

	if (watch_add(l->env->loop, &l->watch) < 0)
		return ENDED_LOCAL;
	update_watch(l);
	if (l->config.announce) {
		if (printf("%s\n", url_of(l)) < 0 || fflush(stdout) != 0) {
			report_error(
			    l->env->report, "cannot write to standard output: %s", strerror(errno));
			return ENDED_LOCAL;
		}
	} else {
		report_notice(l->env->report, "listening on %s", url_of(l));
	}
	return 0;
}

/* Whether what the peer says now is for this one. */
static bool
is_addressed(const struct listener *l, const struct client *c)
{
	return c->open && (l->addressed == 0 || l->addressed == c->number);
}

static void
listen_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	struct listener *l = (struct listener *)ep;

	if (n > 0)
		l->in_message = !pieces[n - 1].last;
	for (struct client *c = l->clients; c != NULL; c = c->next) {
		for (size_t i = 0; i < n; i++) {
			if (pieces[i].first)
				c->in_message = is_addressed(l, c);
			if (c->in_message)
				c->ws->ops->take(c->ws, &pieces[i], 1);
			if (pieces[i].last)
				c->in_message = false;
		}
	}
}

static bool
is_there(const struct client *c)
{
	return wsx_ready_state(ws_core(c->ws)) == WSX_OPEN;
}

/* As fast as the slowest client: nothing is dropped for one and not for another. */
static bool
listen_ready(struct endpoint *ep)
{
	struct listener *l = (struct listener *)ep;
	bool any = false;

	for (struct client *c = l->clients; c != NULL; c = c->next) {
		if (!is_addressed(l, c) || !is_there(c))
			continue;
		if (!c->ws->ops->ready(c->ws))
			return false;
		any = true;
	}
	return any;
}

/* Nobody is there to hear it; or, of a message under way, nobody who has heard its beginning. */
static bool
listen_deaf(const struct endpoint *ep)
{
	const struct listener *l = (const struct listener *)ep;

	for (const struct client *c = l->clients; c != NULL; c = c->next)
		if (is_there(c) && (l->in_message ? c->in_message : is_addressed(l, c)))
			return false;
	return true;
}

/* To each, or the one that is addressed: the first failure. */
static int
listen_control(struct endpoint *ep, enum control kind, uint16_t code, struct span data)
{
	struct listener *l = (struct listener *)ep;
	int r = 0, each;
	bool any = false;

	for (struct client *c = l->clients; c != NULL; c = c->next) {
		if (!is_addressed(l, c))
			continue;
		any = true;
		each = c->ws->ops->control(c->ws, kind, code, data);
		if (r == 0)
			r = each;
	}
	return any ? r : WSX_ERR_STATE;
}

static int
listen_address(struct endpoint *ep, unsigned number)
{
	struct listener *l = (struct listener *)ep;
	bool found = number == 0;

	for (const struct client *c = l->clients; c != NULL && !found; c = c->next)
		found = c->open && c->number == number;
	if (found)
		l->addressed = number;
	return found ? 0 : -1;
}

static struct client_info
info_of(const struct client *c)
{
	return (struct client_info){ c->number, c->name, ws_core(c->ws) };
}

static struct client_info
listen_speaker(const struct endpoint *ep)
{
	const struct listener *l = (const struct listener *)ep;

	return l->speaking != NULL ? info_of(l->speaking) : (struct client_info){ 0 };
}

static void
listen_clients(
    const struct endpoint *ep, void (*tell)(const struct client_info *client, void *arg), void *arg)
{
	const struct listener *l = (const struct listener *)ep;
	struct client_info info;

	for (const struct client *c = l->clients; c != NULL; c = c->next) {
		info = info_of(c);
		if (c->open)
			tell(&info, arg);
	}
}

static void
listen_wake(struct endpoint *ep)
{
	struct listener *l = (struct listener *)ep;

	for (struct client *c = l->clients; c != NULL; c = c->next)
		if (c->other == &c->relay)
			pump_wake(&c->relay);
}

static void
listen_input_end(struct endpoint *ep, bool any)
{
	struct listener *l = (struct listener *)ep;

	if (!l->config.policy.exit_on_eof && (l->config.policy.no_close || !any))
		return;
	drain(l, false);
}

static void
listen_leave(struct endpoint *ep, enum ending why)
{
	struct listener *l = (struct listener *)ep;
	struct client *c, *next;

	l->leaving = true;
	l->ending = why;
	update_watch(l);
	for (c = l->clients; c != NULL; c = next) {
		next = c->next;
		pump_leave(&c->pump, why);
	}
	finish_if_empty(l);
}

static void
listen_free(struct endpoint *ep)
{
	struct listener *l = (struct listener *)ep;

	while (l->clients != NULL)
		client_free(l->clients);
	watch_remove(&l->watch);
	timer_clear(&l->retry);
	buf_clear(&l->url);
	close(l->fd);
	mem_free(&mem_libc, l);
}

static const struct endpoint_ops listen_ops = {
	.start = listen_start,
	.take = listen_take,
	.ready = listen_ready,
	.control = listen_control,
	.deaf = listen_deaf,
	.address = listen_address,
	.speaker = listen_speaker,
	.clients = listen_clients,
	.wake = listen_wake,
	.input_end = listen_input_end,
	.leave = listen_leave,
	.free = listen_free,
};

/* A server made of the configuration shows whether clients can be served with it. */
static int
check_config(const struct env *env, const struct wsx_config *core, char *why, size_t n)
{
	const char *what;
	struct ws_policy policy = { 0 };
	struct endpoint *ws;
	int r = ws_server_new(env, core, &policy, 0, NULL, "", &ws, &what);

	if (r == 0)
		endpoint_free(ws);
	else
		snprintf(why, n, "%s", what);
	return r == 0 ? ENDED_OK : r == WSX_ERR_ARGUMENT ? ENDED_USAGE : ENDED_LOCAL;
}

static int
make_url(struct listener *l)
{
	char name[TCP_NAME_MAX];
	int r;

	buf_init(&l->url, &mem_libc, SIZE_MAX);
	tcp_local_name(l->fd, name);
	r = buf_putf(&l->url, "%s://%s%s", l->config.tls != NULL ? "wss" : "ws", name,
	    l->config.core.path != NULL ? l->config.core.path : "/");
	return r < 0 ? r : buf_putc(&l->url, '\0');
}

int
listen_new(const struct env *env, const struct listen_config *config, struct endpoint **ep,
    char *why, size_t n)
{
	const char *addr = config->addr != NULL ? config->addr : "127.0.0.1";
	struct listener *l;
	char what[128];
	int r;

	snprintf(why, n, "out of memory");
	if ((l = mem_new(&mem_libc, sizeof *l)) == NULL)
		return ENDED_LOCAL;
	l->ep.ops = &listen_ops;
	l->env = env;
	l->config = *config;
	l->config.core.role = WSX_SERVER;
	l->config.core.secure = config->tls != NULL;
	l->count = config->policy.count; /* over all clients, not of each */
	l->config.policy.count = 0;
	if (!config->echo) /* one that does not read would hold up all others */
		l->config.policy.stall_timeout_ms = STALL_TIMEOUT_MS;
	l->retry = (struct timer){ .fire = on_retry, .arg = l };
	l->watch = (struct watch){ .fd = -1, .ready = on_ready, .arg = l };
	if ((r = check_config(env, &l->config.core, why, n)) != ENDED_OK) {
		mem_free(&mem_libc, l);
		return r;
	}
	if ((l->fd = tcp_listen(addr, config->port, what, sizeof what)) == -1) {
		snprintf(why, n, "cannot listen on %s port %u: %s", addr, config->port, what);
		mem_free(&mem_libc, l);
		return ENDED_LOCAL;
	}
	l->watch.fd = l->fd;
	if (make_url(l) < 0) {
		listen_free(&l->ep);
		return ENDED_LOCAL;
	}
	*ep = &l->ep;
	return ENDED_OK;
}

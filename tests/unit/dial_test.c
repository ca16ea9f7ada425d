#include "io/dial.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "certs.h"
#include "check.h"
#include "io/tcp.h"
#include "io/tls_module.h"

/* No name server is asked for a name with a label of more than 63 characters. */
#define LABEL   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NO_NAME LABEL LABEL ".invalid"

/* A dial and what came of it. */
struct call {
	struct loop *loop;
	struct dial *dial;
	struct stream *stream;
	struct dial_timing timing;
	int connected, failed;
	enum dial_failure kind;
	char why[400];
	bool frees; /* the dial, in its callback */
};

static void
ended(struct call *c)
{
	CHECK_STR(dial_step(c->dial), "done");
	if (c->frees) {
		dial_free(c->dial);
		c->dial = NULL;
	}
	loop_stop(c->loop);
}

static void
on_connected(struct stream *s, const struct dial_timing *t, void *arg)
{
	struct call *c = arg;

	c->connected++;
	c->stream = s;
	c->timing = *t;
	ended(c);
}

static void
on_failed(enum dial_failure kind, const char *why, void *arg)
{
	struct call *c = arg;

	c->failed++;
	c->kind = kind;
	ended(c);
	snprintf(c->why, sizeof c->why, "%s", why); /* holds though the dial is gone */
}

static void
start(struct call *c, const char *host, uint16_t port, struct tls_ctx *tls)
{
	struct dial_config config = {
		.host = host,
		.port = port,
		.tls = tls,
		.connected = on_connected,
		.failed = on_failed,
		.arg = c,
	};

	CHECK_INT(loop_new(&c->loop), 0);
	CHECK_INT(dial_start(c->loop, &config, &c->dial), 0);
	CHECK_INT(c->connected + c->failed, 0);
}

static void
finish(struct call *c)
{
	stream_free(c->stream);
	dial_free(c->dial);
	loop_free(c->loop);
}

static void
on_deadline(struct timer *t)
{
	loop_stop(t->arg);
}

/* Turns until it has ended, three seconds at most. */
static void
run(struct call *c)
{
	struct timer deadline = { .fire = on_deadline, .arg = c->loop };

	timer_set(c->loop, &deadline, 3000);
	CHECK_INT(loop_run(c->loop), 0);
	timer_clear(&deadline);
	CHECK_INT(c->connected + c->failed, 1);
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_in6 a = { 0 };
	socklen_t n = sizeof a;

	CHECK_INT(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	return ntohs(a.sin6_port); /* in both families at the same place */
}

static int
listen_at(const char *addr, uint16_t port)
{
	char why[64] = "";
	int fd = tcp_listen(addr, port, why, sizeof why);

	CHECK_STR(why, "");
	return fd;
}

static uint16_t
free_port(void)
{
	int fd = listen_at("127.0.0.1", 0);
	uint16_t port = port_of(fd);

	close(fd);
	return port;
}

static void
dial_connects_to_an_address(void)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };

	for (int i = 0; i < 4; i++) {
		struct call c = { .frees = i >= 2 };
		int fd = listen_at(hosts[i % 2], 0);

		start(&c, hosts[i % 2], port_of(fd), NULL);
		run(&c);
		CHECK_INT(c.connected, 1);
		CHECK(c.timing.connect > 0);
		CHECK_UINT(c.timing.tls, 0);
		finish(&c);
		close(fd);
	}
}

/* N06 */
static void
localhost_works_with_either_family(void)
{
	static const char *const listeners[] = { "127.0.0.1", "::1" };
	static const char *const names[] = { "localhost", "LocalHost.", "a.localhost" };

	for (int i = 0; i < 6; i++) {
		struct call c = { 0 };
		int fd = listen_at(listeners[i % 2], 0);

		check_enter("%s at %s", names[i / 2], listeners[i % 2]);
		start(&c, names[i / 2], port_of(fd), NULL);
		run(&c);
		CHECK_INT(c.connected, 1);
		CHECK(c.timing.connect < 100000000); /* N03: no wait after a refusal */
		finish(&c);
		close(fd);
		check_leave();
	}
}

/* N07 */
static void
refused_is_told_with_its_addresses(void)
{
	uint16_t port = free_port();
	struct call c = { 0 };
	char want[128];

	start(&c, "127.0.0.1", port, NULL);
	run(&c);
	CHECK_INT(c.kind, DIAL_CONNECT);
	CHECK_STR(c.why, "connection refused");
	finish(&c);

	c = (struct call){ .frees = true };
	start(&c, "localhost", port, NULL);
	run(&c);
	CHECK_INT(c.kind, DIAL_CONNECT);
	snprintf(want, sizeof want, "connection refused ([::1]:%u, 127.0.0.1:%u)", port, port);
	CHECK_STR(c.why, want);
	finish(&c);
}

static void
name_without_address_is_told(void)
{
	for (int i = 0; i < 2; i++) {
		struct call c = { .frees = i == 1 };

		start(&c, NO_NAME, 80, NULL);
		CHECK_STR(dial_step(c.dial), "resolving the name");
		run(&c);
		CHECK_INT(c.kind, DIAL_NAME);
		CHECK_STR(c.why, "name or service not known");
		finish(&c);
	}
}

/* A listener whose queue is full: a connect to it neither succeeds nor fails. */
struct black_hole {
	int fd;
	int fill[16];
};

static bool
open_black_hole(struct black_hole *b, const char *addr, uint16_t port)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof a;

	b->fd = listen_at(addr, port);
	CHECK_INT(listen(b->fd, 0), 0);
	CHECK_INT(getsockname(b->fd, (struct sockaddr *)&a, &n), 0);
	for (size_t i = 0; i < 16; i++)
		b->fill[i] = tcp_connect((struct sockaddr *)&a, n);
	nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
	return tcp_connect_result(b->fill[15]) == 0;
}

static void
close_black_hole(struct black_hole *b)
{
	close(b->fd);
	for (size_t i = 0; i < 16; i++)
		close(b->fill[i]);
}

/* N03, N04 */
static void
address_that_does_not_answer_is_raced_after_250_ms(void)
{
	struct call c = { 0 };
	struct black_hole b;
	int fd;

	CHECK(open_black_hole(&b, "::1", 0));
	fd = listen_at("127.0.0.1", port_of(b.fd));
	start(&c, "localhost", port_of(fd), NULL);
	run(&c);
	CHECK_INT(c.connected, 1);
	CHECK(c.timing.connect >= 250000000);
	CHECK(c.timing.connect < 400000000);
	finish(&c);
	close(fd);
	close_black_hole(&b);
}

/* Cancels after so many turns, in whatever step it is then. */
static void
dial_may_be_freed_in_each_step(void)
{
	static const char *const steps[] = { "connecting", "in the TLS handshake" };
	struct certs certs;
	struct tls_ctx *tls = NULL;
	struct black_hole b;
	char why[64];
	int fd = listen_at("127.0.0.1", 0);

	certs_init(&certs);
	CHECK_INT(tls_ctx_new(&wsx_tls_module, &(struct tls_config){ .ca = certs.ca }, &tls, why,
		      sizeof why),
	    0);
	open_black_hole(&b, "127.0.0.1", 0);
	for (int i = 0; i < 2; i++) {
		struct call c = { 0 };

		start(&c, "127.0.0.1", port_of(i == 0 ? b.fd : fd), tls);
		for (int turn = 0; turn < 5; turn++)
			loop_turn(c.loop, 10);
		CHECK_STR(dial_step(c.dial), steps[i]);
		dial_free(c.dial);
		c.dial = NULL;
		loop_turn(c.loop, 0);
		CHECK_INT(c.connected + c.failed, 0);
		finish(&c);
	}
	close_black_hole(&b);
	close(fd);
	tls_ctx_free(tls);
	certs_clear(&certs);
}

/* The helper thread ends before, while or after the dial is freed. */
static void
dial_may_be_freed_while_the_name_is_resolved(void)
{
	uint64_t state = 7;

	for (int i = 0; i < 200; i++) {
		struct call c = { 0 };

		start(&c, NO_NAME, 80, NULL);
		nanosleep(&(struct timespec){ 0, (long)(check_random(&state) % 300000) }, NULL);
		if (i % 3 == 0)
			loop_turn(c.loop, 0);
		CHECK_INT(c.connected, 0);
		finish(&c);
	}
}

static void
loop_may_be_freed_before_the_dial(void)
{
	struct call c = { 0 };
	struct black_hole b;

	open_black_hole(&b, "127.0.0.1", 0);
	start(&c, "127.0.0.1", port_of(b.fd), NULL);
	loop_turn(c.loop, 10);
	CHECK_STR(dial_step(c.dial), "connecting");
	loop_free(c.loop);
	dial_free(c.dial);
	close_black_hole(&b);
}

/* TLS: a server that is turned beside the dial. */
struct tls_server {
	struct certs certs;
	struct tls_ctx *ctx, *trust;
	struct loop *loop;
	struct watch watch;
	struct stream *stream;
	int accepted;
};

static void
on_server_stream(struct watch *w, short revents)
{
	struct tls_server *s = w->arg;

	(void)revents;
	if (tls_handshake(s->stream) == STREAM_AGAIN)
		watch_set(w, stream_events(s->stream, false, false));
	else
		watch_set(w, 0);
}

static void
on_accept(struct watch *w, short revents)
{
	struct tls_server *s = w->arg;
	int fd = tcp_accept(w->fd);

	(void)revents;
	if (!CHECK(fd >= 0))
		return;
	s->accepted++;
	watch_remove(w);
	close(w->fd);
	CHECK_INT(tls_stream_new(s->ctx, fd, NULL, &s->stream), 0);
	s->watch = (struct watch){ .fd = fd, .ready = on_server_stream, .arg = s };
	s->watch.events = stream_events(s->stream, false, false);
	CHECK_INT(watch_add(s->loop, &s->watch), 0);
}

static void
dial_tls(const char *host, const char *san, struct tls_server *s, struct call *c)
{
	const struct cert_spec spec = { .san = san };
	char path[96], why[256];
	int fd = listen_at("127.0.0.1", 0);

	*s = (struct tls_server){ 0 };
	*c = (struct call){ 0 };
	certs_init(&s->certs);
	certs_make(&s->certs, "server.pem", &spec, path);
	CHECK_INT(tls_ctx_new(&wsx_tls_module, &(struct tls_config){ .server = true, .cert = path },
		      &s->ctx, why, sizeof why),
	    0);
	CHECK_INT(tls_ctx_new(&wsx_tls_module, &(struct tls_config){ .ca = s->certs.ca }, &s->trust,
		      why, sizeof why),
	    0);
	start(c, host, port_of(fd), s->trust);
	s->loop = c->loop;
	s->watch = (struct watch){ .fd = fd, .events = POLLIN, .ready = on_accept, .arg = s };
	CHECK_INT(watch_add(c->loop, &s->watch), 0);
	run(c);
	watch_remove(&s->watch);
	stream_free(s->stream);
	tls_ctx_free(s->ctx);
	tls_ctx_free(s->trust);
	certs_clear(&s->certs);
}

static void
dial_shakes_hands(void)
{
	struct tls_server s;
	struct call c;

	dial_tls("localhost", "DNS:localhost", &s, &c);
	CHECK_INT(c.connected, 1);
	CHECK_STR(c.why, "");
	CHECK(c.timing.tls > 0);
	if (CHECK(c.stream != NULL))
		CHECK_STR(tls_summary(c.stream), "TLSv1.3, TLS_AES_256_GCM_SHA384");
	finish(&c);
}

/* N05: no other address is tried. */
static void
tls_failure_is_final(void)
{
	struct tls_server s;
	struct call c;

	dial_tls("127.0.0.1", "DNS:other.example", &s, &c);
	CHECK_INT(c.failed, 1);
	CHECK_INT(c.kind, DIAL_CERTIFICATE);
	CHECK_STR(c.why, "certificate is for DNS:other.example, not 127.0.0.1");
	CHECK_INT(s.accepted, 1);
	finish(&c);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(dial_connects_to_an_address),
		CHECK_CASE(localhost_works_with_either_family),
		CHECK_CASE(refused_is_told_with_its_addresses),
		CHECK_CASE(name_without_address_is_told),
		CHECK_CASE(address_that_does_not_answer_is_raced_after_250_ms),
		CHECK_CASE(dial_may_be_freed_in_each_step),
		CHECK_CASE(dial_may_be_freed_while_the_name_is_resolved),
		CHECK_CASE(loop_may_be_freed_before_the_dial),
		CHECK_CASE(dial_shakes_hands),
		CHECK_CASE(tls_failure_is_final),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

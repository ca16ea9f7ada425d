/* Bytes over TLS: their ends, their order, what the loop is told to wait for. */

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "tls_link.h"

static void
write_all(struct stream *s, const void *p, size_t n)
{
	const uint8_t *b = p;

	while (n > 0) {
		ssize_t r = stream_write(s, b, n);

		if (!CHECK(r > 0))
			return;
		b += r;
		n -= (size_t)r;
	}
}

static void
end_is_told_from_truncation(void)
{
	uint8_t p[16];
	struct link l;

	link_open(&l);
	write_all(l.server, "last", 4);
	CHECK_INT(stream_shutdown(l.server), 0);
	CHECK_INT(stream_shutdown(l.server), 0);
	CHECK_INT(stream_read(l.client, p, sizeof p), 4);
	CHECK_INT(stream_read(l.client, p, sizeof p), 0);
	CHECK_INT(stream_read(l.client, p, sizeof p), 0);
	CHECK_STR(stream_error(l.client), "");
	/* and the other way goes on */
	write_all(l.client, "still", 5);
	CHECK_INT(stream_read(l.server, p, sizeof p), 5);
	CHECK_INT(stream_shutdown(l.client), 0);
	CHECK_INT(stream_read(l.server, p, sizeof p), 0);
	link_clear(&l);

	link_open(&l);
	write_all(l.server, "last", 4);
	shutdown(l.server->fd, SHUT_WR);
	CHECK_INT(stream_read(l.client, p, sizeof p), 4);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_TRUNCATED);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_TRUNCATED);
	CHECK_STR(stream_error(l.client), "connection ended without a close_notify of TLS");
	CHECK(!stream_pending(l.client));
	link_clear(&l);
}

/* A record that no key has sealed. */
static const uint8_t wrong_record[] = { 23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
	14, 15, 16, 17, 18, 19, 20 };

/* One read takes all that has come; the end or a fault behind it is told by the next. */
static void
records_are_read_together_and_their_end_is_told_after(void)
{
	uint8_t p[16];
	struct link l;

	link_open(&l);
	for (int i = 0; i < 3; i++)
		write_all(l.server, "abc", 3);
	stream_shutdown(l.server);
	CHECK_INT(stream_read(l.client, p, sizeof p), 9);
	CHECK(memcmp(p, "abcabcabc", 9) == 0);
	CHECK(stream_pending(l.client));
	CHECK_INT(stream_read(l.client, p, sizeof p), 0);
	CHECK(!stream_pending(l.client));
	link_clear(&l);

	link_open(&l);
	write_all(l.server, "good", 4);
	CHECK_INT(write(l.server->fd, wrong_record, sizeof wrong_record), sizeof wrong_record);
	CHECK_INT(stream_read(l.client, p, sizeof p), 4);
	CHECK(stream_pending(l.client));
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_LOST);
	CHECK(!stream_pending(l.client));
	CHECK(strncmp(stream_error(l.client), "TLS fault: ", 11) == 0);
	link_clear(&l);
}

static void
record_that_was_changed_is_lost(void)
{
	uint8_t p[16];
	struct link l;

	link_open(&l);
	CHECK_INT(write(l.server->fd, wrong_record, sizeof wrong_record), sizeof wrong_record);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_LOST);
	CHECK(strncmp(stream_error(l.client), "TLS fault: ", 11) == 0);
	CHECK_INT(stream_write(l.client, p, 1), STREAM_LOST);
	CHECK_INT(stream_shutdown(l.client), 0); /* the socket's end, without close_notify */
	link_clear(&l);
}

/* SIGPIPE has its default disposition here: it would end the test. */
static void
write_to_a_peer_that_is_gone_is_lost_but_its_bytes_are_read(void)
{
	uint8_t p[16];
	struct link l;

	link_open(&l);
	write_all(l.server, "bye", 3);
	stream_shutdown(l.server);
	stream_free(l.server);
	l.server = NULL;
	CHECK_INT(stream_write(l.client, (const uint8_t *)"x", 1), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "broken pipe");
	CHECK_INT(stream_read(l.client, p, sizeof p), 3);
	CHECK_INT(stream_read(l.client, p, sizeof p), 0);
	CHECK_INT(stream_write(l.client, p, 1), STREAM_LOST);
	CHECK_INT(stream_shutdown(l.client), STREAM_LOST);
	link_clear(&l);

	link_open(&l);
	stream_shutdown(l.server);
	stream_free(l.server);
	l.server = NULL;
	CHECK_INT(stream_read(l.client, p, sizeof p), 0);
	CHECK_INT(stream_write(l.client, p, 1), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "broken pipe");
	link_clear(&l);
}

/* N16 */
static void
bytes_inside_tls_are_pending(void)
{
	static uint8_t block[16384];
	uint8_t p[1000];
	size_t got = 0;
	ssize_t r;
	struct link l;

	link_open(&l);
	CHECK(!stream_pending(l.client));
	write_all(l.server, block, sizeof block);
	write_all(l.server, "x", 1);
	while ((r = stream_read(l.client, p, sizeof p)) > 0) {
		got += (size_t)r;
		if (got < sizeof block + 1)
			CHECK(stream_pending(l.client) ||
			      poll(&(struct pollfd){ .fd = l.client->fd, .events = POLLIN }, 1,
				  0) == 1);
	}
	CHECK_INT(r, STREAM_AGAIN);
	CHECK_UINT(got, sizeof block + 1);
	CHECK(!stream_pending(l.client));
	link_clear(&l);
}

/* A server reads the last of the handshake and the first request at once. */
static void
bytes_that_come_with_the_handshake_are_pending(void)
{
	uint8_t p[16];
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	CHECK_INT(tls_handshake(l.client), STREAM_AGAIN);
	CHECK_INT(tls_handshake(l.server), STREAM_AGAIN);
	CHECK_INT(tls_handshake(l.client), 0);
	write_all(l.client, "GET", 3);
	CHECK(!stream_pending(l.server));
	CHECK_INT(tls_handshake(l.server), 0);
	CHECK(stream_pending(l.server));
	CHECK_INT(stream_read(l.server, p, sizeof p), 3);
	CHECK_INT(stream_read(l.server, p, sizeof p), STREAM_AGAIN);
	link_clear(&l);
}

static void
reading_and_writing_shake_hands_first(void)
{
	uint8_t p[16];
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	CHECK_INT(stream_write(l.client, (const uint8_t *)"GET", 3), STREAM_AGAIN);
	CHECK_INT(stream_events(l.client, false, true), POLLIN);
	CHECK_INT(stream_events(l.server, true, false), POLLIN);
	CHECK_INT(stream_read(l.server, p, sizeof p), STREAM_AGAIN);
	CHECK_INT(stream_write(l.client, (const uint8_t *)"GET", 3), 3);
	CHECK_INT(stream_read(l.server, p, sizeof p), 3);
	link_clear(&l);
}

static void
handshake_that_fails_fails_reading_too(void)
{
	uint8_t p[16];
	struct link l;

	link_init(&l, &link_good, "other.example", false);
	for (int i = 0; i < 3; i++) {
		stream_read(l.client, p, sizeof p);
		stream_read(l.server, p, sizeof p);
	}
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_LOST);
	CHECK_STR(
	    stream_error(l.client), "certificate is for DNS:" LINK_HOST ", not other.example");
	CHECK_INT(stream_read(l.server, p, sizeof p), STREAM_LOST);
	CHECK_STR(stream_error(l.server), "alert: bad certificate");
	link_clear(&l);
}

/* Part of a record must not be taken for something to read: the loop would spin. */
static void
part_of_a_record_is_not_pending_for_ever(void)
{
	uint8_t sealed[256], p[16];
	ssize_t n;
	struct link l;

	link_open(&l);
	write_all(l.server, "hello", 5);
	n = recv(l.client->fd, sealed, sizeof sealed, 0);
	CHECK(n > 10);
	for (ssize_t i = 0; i < n; i++) {
		CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_AGAIN);
		CHECK(!stream_pending(l.client));
		CHECK_INT(stream_events(l.client, true, false), POLLIN);
		CHECK_INT(write(l.server->fd, sealed + i, 1), 1);
	}
	CHECK_INT(stream_read(l.client, p, sizeof p), 5);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_AGAIN);
	CHECK(!stream_pending(l.client));
	link_clear(&l);
}

static void
single_bytes_arrive(void)
{
	struct link l;

	link_open(&l);
	for (int i = 0; i < 2000; i++) {
		uint8_t c = (uint8_t)i, got = 0;

		CHECK_INT(stream_write(l.client, &c, 1), 1);
		CHECK_INT(stream_read(l.server, &got, 1), 1);
		if (!CHECK_INT(got, c))
			break;
	}
	link_clear(&l);
}

/* One direction of a transfer; the bytes are a function of their place. */
struct flow {
	struct stream *from, *to;
	size_t sent, got;
	size_t total;
	bool wrong;
};

static uint8_t
byte_at(size_t i)
{
	return (uint8_t)(i * 31 + (i >> 8));
}

static void
step(struct flow *f, size_t chunk)
{
	uint8_t p[100000];
	size_t n = f->total - f->sent < chunk ? f->total - f->sent : chunk;
	ssize_t r;

	for (size_t i = 0; i < n; i++)
		p[i] = byte_at(f->sent + i);
	if (n > 0 && (r = stream_write(f->from, p, n)) > 0)
		f->sent += (size_t)r;
	if ((r = stream_read(f->to, p, chunk)) > 0) {
		for (size_t i = 0; i < (size_t)r; i++)
			f->wrong |= p[i] != byte_at(f->got + i);
		f->got += (size_t)r;
	}
}

static void
wait_for_both(struct flow f[2])
{
	struct pollfd fds[2];

	if (f[0].got == f[0].total && f[1].got == f[1].total)
		return;
	if (stream_pending(f[0].to) || stream_pending(f[1].to))
		return;
	for (int i = 0; i < 2; i++)
		fds[i] = (struct pollfd){ .fd = f[i].from->fd,
			.events = stream_events(f[i].from, true, f[i].sent < f[i].total) };
	CHECK(poll(fds, 2, 2000) > 0);
}

static void
transfer(struct link *l, size_t chunk, bool update)
{
	struct flow f[2] = {
		{ .from = l->client, .to = l->server, .total = 3000000 },
		{ .from = l->server, .to = l->client, .total = 3000000 },
	};
	int turns = 0;

	while (f[0].got < f[0].total || f[1].got < f[1].total) {
		step(&f[0], chunk);
		step(&f[1], chunk);
		/* N17: a peer may change its keys, and ask us to, at any time */
		if (update && turns++ % 50 == 0)
			SSL_key_update(link_ssl(f[turns % 2].from), SSL_KEY_UPDATE_REQUESTED);
		wait_for_both(f);
	}
	CHECK(!f[0].wrong && !f[1].wrong);
	CHECK_UINT(f[0].got, f[0].total);
	CHECK_UINT(f[1].got, f[1].total);
}

static void
both_ways_at_once(void)
{
	struct link l;

	link_open(&l);
	transfer(&l, 100000, false);
	transfer(&l, 5000, false);
	link_clear(&l);
}

static void
both_ways_at_once_with_key_updates(void)
{
	struct link l;

	link_open(&l);
	transfer(&l, 3000, true);
	transfer(&l, 100000, true);
	link_clear(&l);
}

static void
both_ways_at_once_with_version_1_2(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	SSL_set_max_proto_version(link_ssl(l.client), TLS1_2_VERSION);
	CHECK_INT(link_shake_hands(&l), 0);
	CHECK_INT(tls_handshake(l.server), 0);
	transfer(&l, 40000, false);
	link_clear(&l);
}

/* A reader of nothing else stays well when the peer's key update must be answered. */
static void
key_update_does_not_stall_a_reader(void)
{
	uint8_t p[16];
	struct link l;

	link_open(&l);
	SSL_key_update(link_ssl(l.server), SSL_KEY_UPDATE_REQUESTED);
	write_all(l.server, "after", 5);
	CHECK_INT(stream_read(l.client, p, sizeof p), 5);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_AGAIN);
	CHECK_INT(stream_events(l.client, true, false), POLLIN);
	write_all(l.client, "answer", 6);
	CHECK_INT(stream_read(l.server, p, sizeof p), 6);
	link_clear(&l);
}

static void
renegotiation_is_refused(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	SSL_set_max_proto_version(link_ssl(l.client), TLS1_2_VERSION);
	CHECK_INT(link_shake_hands(&l), 0);
	CHECK_INT(tls_handshake(l.server), 0);
	CHECK(
	    SSL_renegotiate(link_ssl(l.server)) != 1 || SSL_do_handshake(link_ssl(l.server)) != 1);
	link_clear(&l);
}

/* What a full socket holds back is kept sealed, whole, and goes out before anything else. */
static void
write_that_waits_goes_on_where_it_was(void)
{
	static uint8_t block[100000], back[sizeof block];
	size_t taken = 0, got = 0;
	struct link l;
	ssize_t r;

	for (size_t i = 0; i < sizeof block; i++)
		block[i] = byte_at(i);
	link_open(&l);
	while ((r = stream_write(l.client, block, sizeof block)) > 0)
		taken += (size_t)r;
	CHECK_INT(r, STREAM_AGAIN);
	CHECK_INT(stream_shutdown(l.client), STREAM_AGAIN);
	while ((r = stream_read(l.server, back, sizeof back)) > 0)
		got += (size_t)r;
	CHECK_INT(r, STREAM_AGAIN);
	CHECK(got >= taken); /* of the last write as many records as there was room for */
	CHECK_INT(stream_shutdown(l.client), 0);
	while ((r = stream_read(l.server, back, sizeof back)) > 0)
		got += (size_t)r;
	CHECK_INT(r, 0);
	CHECK(got > taken);
	link_clear(&l);
}

static void
shutdown_waits_for_room(void)
{
	static const uint8_t block[16384];
	uint8_t p[16384];
	struct link l;
	ssize_t r;

	link_open(&l);
	while ((r = stream_write(l.client, block, sizeof block)) > 0)
		;
	CHECK_INT(r, STREAM_AGAIN);
	CHECK_INT(stream_events(l.client, false, true), POLLOUT);
	/* make room for the record held back, then fill up again to the last byte */
	while (stream_read(l.server, p, sizeof p) > 0)
		;
	CHECK_INT(stream_write(l.client, block, sizeof block), sizeof block);
	CHECK_INT(stream_shutdown(l.client), 0);
	while ((r = stream_read(l.server, p, sizeof p)) > 0)
		;
	CHECK_INT(r, 0);
	link_clear(&l);
}

static void
stream_outlives_its_context(void)
{
	uint8_t p[4];
	struct link l;

	link_open(&l);
	tls_ctx_free(l.client_ctx);
	tls_ctx_free(l.server_ctx);
	l.client_ctx = l.server_ctx = NULL;
	write_all(l.client, "abc", 3);
	CHECK_INT(stream_read(l.server, p, sizeof p), 3);
	link_clear(&l);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(end_is_told_from_truncation),
		CHECK_CASE(records_are_read_together_and_their_end_is_told_after),
		CHECK_CASE(record_that_was_changed_is_lost),
		CHECK_CASE(write_to_a_peer_that_is_gone_is_lost_but_its_bytes_are_read),
		CHECK_CASE(bytes_inside_tls_are_pending),
		CHECK_CASE(bytes_that_come_with_the_handshake_are_pending),
		CHECK_CASE(reading_and_writing_shake_hands_first),
		CHECK_CASE(handshake_that_fails_fails_reading_too),
		CHECK_CASE(part_of_a_record_is_not_pending_for_ever),
		CHECK_CASE(single_bytes_arrive),
		CHECK_CASE(both_ways_at_once),
		CHECK_CASE(both_ways_at_once_with_key_updates),
		CHECK_CASE(both_ways_at_once_with_version_1_2),
		CHECK_CASE(key_update_does_not_stall_a_reader),
		CHECK_CASE(renegotiation_is_refused),
		CHECK_CASE(write_that_waits_goes_on_where_it_was),
		CHECK_CASE(shutdown_waits_for_room),
		CHECK_CASE(stream_outlives_its_context),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

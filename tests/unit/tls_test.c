#include "io/tls.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "certs.h"
#include "check.h"
#include "io/tls_int.h"

#define HOST "h.example"

/* A client and a server over a socket pair, each turned by hand. */
struct link {
	struct certs certs;
	struct tls_ctx *client_ctx, *server_ctx;
	struct stream *client, *server;
};

static SSL *
ssl_of(struct stream *s)
{
	return ((struct tls *)s)->ssl;
}

static SSL_CTX *
ctx_ssl(struct tls_ctx *ctx)
{
	return ((struct openssl_ctx *)ctx)->ssl;
}

static struct tls_ctx *
new_ctx(const struct tls_config *config)
{
	struct tls_ctx *ctx = NULL;
	char why[256] = "";

	CHECK_INT(tls_ctx_new(&wsx_tls_module, config, &ctx, why, sizeof why), 0);
	CHECK_STR(why, "");
	return ctx;
}

static void
socket_pair(int fds[2])
{
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
}

static void
init_link(struct link *l, const struct cert_spec *spec, const char *name, bool insecure)
{
	char path[96];
	int fds[2];

	certs_init(&l->certs);
	certs_make(&l->certs, "server.pem", spec, path);
	l->client_ctx = new_ctx(&(struct tls_config){ .insecure = insecure, .ca = l->certs.ca });
	l->server_ctx = new_ctx(&(struct tls_config){ .server = true, .cert = path });
	socket_pair(fds);
	CHECK_INT(tls_stream_new(l->client_ctx, fds[0], name, &l->client), 0);
	CHECK_INT(tls_stream_new(l->server_ctx, fds[1], NULL, &l->server), 0);
}

static void
clear_link(struct link *l)
{
	stream_free(l->client);
	stream_free(l->server);
	tls_ctx_free(l->client_ctx);
	tls_ctx_free(l->server_ctx);
	certs_clear(&l->certs);
}

/* Turns both until neither can go on: what the client's came to. */
static int
shake_hands(struct link *l)
{
	int c = STREAM_AGAIN, s = STREAM_AGAIN;

	for (int i = 0; i < 20; i++) {
		if (c == STREAM_AGAIN)
			c = tls_handshake(l->client);
		if (s == STREAM_AGAIN)
			s = tls_handshake(l->server);
	}
	CHECK(c != STREAM_AGAIN);
	return c;
}

static const struct cert_spec good = { .san = "DNS:" HOST };

static void
open_link(struct link *l)
{
	init_link(l, &good, HOST, false);
	CHECK_INT(shake_hands(l), 0);
	CHECK_INT(tls_handshake(l->server), 0);
}

/* Certificates (S12, S13). */

static void
client_opens(const struct cert_spec *spec, const char *name)
{
	struct link l;

	check_enter("%s for %s", spec->san != NULL ? spec->san : "no SAN", name);
	init_link(&l, spec, name, false);
	if (!CHECK_INT(shake_hands(&l), 0))
		CHECK_STR(stream_error(l.client), "");
	clear_link(&l);
	check_leave();
}

static void
client_refuses(const struct cert_spec *spec, const char *name, const char *why)
{
	struct link l;

	check_enter("%s for %s", spec->san != NULL ? spec->san : "no SAN", name);
	init_link(&l, spec, name, false);
	CHECK_INT(shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), why);
	CHECK_INT(tls_handshake(l.client), STREAM_LOST);
	CHECK_INT(tls_handshake(l.server), STREAM_LOST);
	clear_link(&l);

	init_link(&l, spec, name, true);
	CHECK_INT(shake_hands(&l), 0);
	clear_link(&l);
	check_leave();
}

static void
certificate_for_the_name_is_accepted(void)
{
	client_opens(&good, HOST);
	client_opens(&good, HOST "."); /* N08 */
	client_opens(&good, "H.EXAMPLE");
	client_opens(&(struct cert_spec){ .san = "DNS:*.example.com" }, "a.example.com");
	client_opens(&(struct cert_spec){ .san = "DNS:x,DNS:" HOST ",IP:10.0.0.1" }, HOST);
}

static void
certificate_for_the_address_is_accepted(void)
{
	client_opens(&(struct cert_spec){ .san = "IP:127.0.0.1" }, "127.0.0.1");
	client_opens(&(struct cert_spec){ .san = "IP:::1" }, "::1");
	client_opens(&(struct cert_spec){ .san = "IP:fe80::1" }, "fe80::1%lo");
}

static void
certificate_for_another_name_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .san = "DNS:other.example" }, "h",
	    "certificate is for DNS:other.example, not h");
	client_refuses(&(struct cert_spec){ .san = "DNS:a,DNS:b,IP:::1,DNS:c,DNS:d" }, "h",
	    "certificate is for DNS:a, DNS:b, IP:::1 and 2 more, not h");
	client_refuses(&(struct cert_spec){ .san = "DNS:*.com" }, "example.com",
	    "certificate is for DNS:*.com, not example.com");
	client_refuses(&(struct cert_spec){ .san = "DNS:f*.example.com" }, "foo.example.com",
	    "certificate is for DNS:f*.example.com, not foo.example.com");
	client_refuses(&(struct cert_spec){ .san = "DNS:*.example.com" }, "a.b.example.com",
	    "certificate is for DNS:*.example.com, not a.b.example.com");
}

static void
certificate_with_the_name_in_its_cn_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .cn = HOST }, HOST,
	    "certificate has no subjectAltName, so it is not for " HOST);
}

static void
address_as_a_dns_name_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .san = "DNS:127.0.0.1" }, "127.0.0.1",
	    "certificate is for DNS:127.0.0.1, not 127.0.0.1");
	client_refuses(&(struct cert_spec){ .san = "IP:127.0.0.2" }, "127.0.0.1",
	    "certificate is for IP:127.0.0.2, not 127.0.0.1");
}

static void
certificate_out_of_its_time_is_refused(void)
{
	char want[64], date[16];
	struct tm tm;
	time_t t = time(NULL) - 86400;

	strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&t, &tm));
	snprintf(want, sizeof want, "certificate has expired (%s)", date);
	client_refuses(
	    &(struct cert_spec){ .san = "DNS:h", .from_day = -9, .to_day = -1 }, "h", want);
	t += 3 * 86400;
	strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&t, &tm));
	snprintf(want, sizeof want, "certificate is not yet valid (%s)", date);
	client_refuses(&(struct cert_spec){ .san = "DNS:h", .from_day = 2 }, "h", want);
}

static void
certificate_signed_by_itself_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .san = "DNS:h", .signer = BY_ITSELF }, "h",
	    "self-signed certificate");
}

static void
certificate_of_an_unknown_authority_is_refused(void)
{
	struct link l;
	struct certs other;
	struct tls_ctx *ctx;
	int fds[2];

	certs_init(&other);
	init_link(&l, &good, HOST, false);
	ctx = new_ctx(&(struct tls_config){ .ca = other.ca });
	stream_free(l.client);
	stream_free(l.server);
	socket_pair(fds);
	CHECK_INT(tls_stream_new(ctx, fds[0], HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	CHECK_INT(shake_hands(&l), STREAM_LOST);
	CHECK(strncmp(stream_error(l.client), "certificate is not valid: ", 26) == 0 ||
	      strcmp(stream_error(l.client),
		  "unable to find the issuer's certificate (Test Authority)") == 0);
	tls_ctx_free(ctx);
	clear_link(&l);
	certs_clear(&other);
}

static void
certificate_named_itself_is_trusted(void)
{
	const struct cert_spec spec = { .san = "DNS:" HOST, .signer = BY_ITSELF };
	struct certs certs;
	struct link l;
	char path[96];
	int fds[2];

	certs_init(&certs);
	certs_make(&certs, "self.pem", &spec, path);
	l = (struct link){ .certs = certs };
	l.client_ctx = new_ctx(&(struct tls_config){ .ca = path });
	l.server_ctx = new_ctx(&(struct tls_config){ .server = true, .cert = path });
	socket_pair(fds);
	CHECK_INT(tls_stream_new(l.client_ctx, fds[0], HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	CHECK_INT(shake_hands(&l), 0);
	clear_link(&l);
}

/* The system's certificates, as the environment has them (N15). */
static int
shake_hands_trusting_system(const char *file_env, const char *dir_env)
{
	struct link l;
	int fds[2], r;

	init_link(&l, &good, HOST, false);
	certs_hash(&l.certs);
	setenv("SSL_CERT_FILE", file_env != NULL ? file_env : l.certs.ca, 1);
	setenv("SSL_CERT_DIR", dir_env != NULL ? dir_env : l.certs.dir, 1);
	tls_ctx_free(l.client_ctx);
	l.client_ctx = new_ctx(&(struct tls_config){ 0 });
	stream_free(l.client);
	stream_free(l.server);
	socket_pair(fds);
	CHECK_INT(tls_stream_new(l.client_ctx, fds[0], HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	r = shake_hands(&l);
	clear_link(&l);
	unsetenv("SSL_CERT_FILE");
	unsetenv("SSL_CERT_DIR");
	return r;
}

static void
system_store_is_where_the_environment_says(void)
{
	CHECK_INT(shake_hands_trusting_system(NULL, "/nonexistent"), 0);
	CHECK_INT(shake_hands_trusting_system("", NULL), 0);
	CHECK_INT(shake_hands_trusting_system("", "/nonexistent"), STREAM_LOST);
	CHECK_INT(shake_hands_trusting_system("", ""), STREAM_LOST);
}

/* The hello (N08, N09, N11 to N13, S14). */

static void
client_sends_the_name_but_no_address(void)
{
	static const char *const names[][2] = {
		{ HOST, HOST },
		{ "H.Example.", HOST },
		{ "127.0.0.1", NULL },
		{ "::1", NULL },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct link l;

		check_enter("%s", names[i][0]);
		init_link(&l, &good, names[i][0], true);
		CHECK_INT(shake_hands(&l), 0);
		CHECK_STR(
		    SSL_get_servername(ssl_of(l.server), TLSEXT_NAMETYPE_host_name), names[i][1]);
		clear_link(&l);
		check_leave();
	}
}

static void
name_that_can_be_none_is_refused(void)
{
	struct link l;
	char name[400];

	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	init_link(&l, &good, name, false);
	CHECK_INT(tls_handshake(l.client), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "no certificate can be for this name");
	clear_link(&l);
}

static void
alpn_is_agreed_on(void)
{
	const unsigned char *p;
	unsigned int n;
	struct link l;

	open_link(&l);
	SSL_get0_alpn_selected(ssl_of(l.server), &p, &n);
	CHECK_MEM(p, n, "http/1.1", 8);
	clear_link(&l);
}

static void
server_without_alpn_is_fine(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	SSL_CTX_set_alpn_select_cb(ctx_ssl(l.server_ctx), NULL, NULL);
	CHECK_INT(shake_hands(&l), 0);
	clear_link(&l);
}

static void
client_without_alpn_is_served(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	SSL_set_alpn_protos(ssl_of(l.client), NULL, 0);
	CHECK_INT(shake_hands(&l), 0);
	clear_link(&l);
}

static void
client_of_other_protocols_gets_the_alert(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	SSL_set_alpn_protos(ssl_of(l.client), (const unsigned char *)"\x02h2\x08http/1.0", 12);
	CHECK_INT(shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "alert: no application protocol");
	CHECK_STR(stream_error(l.server), "no application protocol in common");
	clear_link(&l);
}

/* N12 */
static int
choose_h2(SSL *ssl, const unsigned char **out, unsigned char *n, const unsigned char *in,
    unsigned int in_n, void *arg)
{
	(void)ssl;
	(void)in;
	(void)in_n;
	(void)arg;
	*out = (const unsigned char *)"h2";
	*n = 2;
	return SSL_TLSEXT_ERR_OK;
}

static void
server_that_chooses_what_was_not_offered_is_refused(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	SSL_CTX_set_alpn_select_cb(ctx_ssl(l.server_ctx), choose_h2, NULL);
	CHECK_INT(shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "TLS fault: bad extension");
	clear_link(&l);
}

static void
versions_below_1_2_are_refused(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	CHECK_INT(SSL_get_min_proto_version(ssl_of(l.client)), TLS1_2_VERSION);
	CHECK_INT(SSL_get_min_proto_version(ssl_of(l.server)), TLS1_2_VERSION);
	SSL_set_security_level(ssl_of(l.client), 0);
	SSL_set_min_proto_version(ssl_of(l.client), TLS1_1_VERSION);
	SSL_set_max_proto_version(ssl_of(l.client), TLS1_1_VERSION);
	CHECK_INT(shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "no TLS version in common");
	CHECK_STR(stream_error(l.server), "no TLS version in common");
	clear_link(&l);
}

static void
summary_names_version_and_cipher(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	CHECK_STR(tls_summary(l.client), "");
	CHECK_INT(shake_hands(&l), 0);
	CHECK_STR(tls_summary(l.client), "TLSv1.3, TLS_AES_256_GCM_SHA384");
	CHECK(tls_is_stream(l.client));
	clear_link(&l);
}

/* Peers that speak no TLS. */

static void
client_meets(const char *bytes, bool ends, const char *why)
{
	struct certs certs;
	struct tls_ctx *ctx;
	struct stream *s;
	int fds[2];

	certs_init(&certs);
	ctx = new_ctx(&(struct tls_config){ .ca = certs.ca });
	socket_pair(fds);
	CHECK_INT(tls_stream_new(ctx, fds[0], HOST, &s), 0);
	CHECK_INT(tls_handshake(s), STREAM_AGAIN);
	CHECK_INT(stream_events(s, false, false), POLLIN);
	CHECK_INT(write(fds[1], bytes, strlen(bytes)), (int)strlen(bytes));
	if (ends)
		shutdown(fds[1], SHUT_WR);
	CHECK_INT(tls_handshake(s), STREAM_LOST);
	CHECK_STR(stream_error(s), why);
	close(fds[1]);
	stream_free(s);
	tls_ctx_free(ctx);
	certs_clear(&certs);
}

static void
server_without_tls_is_told(void)
{
	client_meets(
	    "HTTP/1.1 400 Bad Request\r\n\r\n", false, "the server does not speak TLS here");
	client_meets("SSH-2.0-OpenSSH_9.2\r\n", true, "the server does not speak TLS here");
	client_meets("", true, "connection ended during the TLS handshake"); /* N14 */
	client_meets("\x16\x03\x03", true, "connection ended during the TLS handshake");
}

static void
client_without_tls_is_told(void)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
	struct link l;

	init_link(&l, &good, HOST, false);
	CHECK_INT(write(l.client->fd, request, sizeof request - 1), sizeof request - 1);
	CHECK_INT(tls_handshake(l.server), STREAM_LOST);
	CHECK_STR(stream_error(l.server), "the client does not speak TLS here");
	clear_link(&l);
}

/* Bytes. */

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

	open_link(&l);
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
	clear_link(&l);

	open_link(&l);
	write_all(l.server, "last", 4);
	shutdown(l.server->fd, SHUT_WR);
	CHECK_INT(stream_read(l.client, p, sizeof p), 4);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_TRUNCATED);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_TRUNCATED);
	CHECK_STR(stream_error(l.client), "connection ended without a close_notify of TLS");
	CHECK(!stream_pending(l.client));
	clear_link(&l);
}

static void
record_that_was_changed_is_lost(void)
{
	static const uint8_t record[] = { 23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		13, 14, 15, 16, 17, 18, 19, 20 };
	uint8_t p[16];
	struct link l;

	open_link(&l);
	CHECK_INT(write(l.server->fd, record, sizeof record), sizeof record);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_LOST);
	CHECK(strncmp(stream_error(l.client), "TLS fault: ", 11) == 0);
	CHECK_INT(stream_write(l.client, p, 1), STREAM_LOST);
	CHECK_INT(stream_shutdown(l.client), 0); /* the socket's end, without close_notify */
	clear_link(&l);
}

/* SIGPIPE has its default disposition here: it would end the test. */
static void
write_to_a_peer_that_is_gone_is_lost_but_its_bytes_are_read(void)
{
	uint8_t p[16];
	struct link l;

	open_link(&l);
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
	clear_link(&l);

	open_link(&l);
	stream_shutdown(l.server);
	stream_free(l.server);
	l.server = NULL;
	CHECK_INT(stream_read(l.client, p, sizeof p), 0);
	CHECK_INT(stream_write(l.client, p, 1), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "broken pipe");
	clear_link(&l);
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

	open_link(&l);
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
	clear_link(&l);
}

/* A server reads the last of the handshake and the first request at once. */
static void
bytes_that_come_with_the_handshake_are_pending(void)
{
	uint8_t p[16];
	struct link l;

	init_link(&l, &good, HOST, false);
	CHECK_INT(tls_handshake(l.client), STREAM_AGAIN);
	CHECK_INT(tls_handshake(l.server), STREAM_AGAIN);
	CHECK_INT(tls_handshake(l.client), 0);
	write_all(l.client, "GET", 3);
	CHECK(!stream_pending(l.server));
	CHECK_INT(tls_handshake(l.server), 0);
	CHECK(stream_pending(l.server));
	CHECK_INT(stream_read(l.server, p, sizeof p), 3);
	CHECK_INT(stream_read(l.server, p, sizeof p), STREAM_AGAIN);
	clear_link(&l);
}

static void
reading_and_writing_shake_hands_first(void)
{
	uint8_t p[16];
	struct link l;

	init_link(&l, &good, HOST, false);
	CHECK_INT(stream_write(l.client, (const uint8_t *)"GET", 3), STREAM_AGAIN);
	CHECK_INT(stream_events(l.client, false, true), POLLIN);
	CHECK_INT(stream_events(l.server, true, false), POLLIN);
	CHECK_INT(stream_read(l.server, p, sizeof p), STREAM_AGAIN);
	CHECK_INT(stream_write(l.client, (const uint8_t *)"GET", 3), 3);
	CHECK_INT(stream_read(l.server, p, sizeof p), 3);
	clear_link(&l);
}

static void
handshake_that_fails_fails_reading_too(void)
{
	uint8_t p[16];
	struct link l;

	init_link(&l, &good, "other.example", false);
	for (int i = 0; i < 3; i++) {
		stream_read(l.client, p, sizeof p);
		stream_read(l.server, p, sizeof p);
	}
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "certificate is for DNS:" HOST ", not other.example");
	CHECK_INT(stream_read(l.server, p, sizeof p), STREAM_LOST);
	CHECK_STR(stream_error(l.server), "alert: bad certificate");
	clear_link(&l);
}

/* Part of a record must not be taken for something to read: the loop would spin. */
static void
part_of_a_record_is_not_pending_for_ever(void)
{
	uint8_t sealed[256], p[16];
	ssize_t n;
	struct link l;

	open_link(&l);
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
	clear_link(&l);
}

static void
single_bytes_arrive(void)
{
	struct link l;

	open_link(&l);
	for (int i = 0; i < 2000; i++) {
		uint8_t c = (uint8_t)i, got = 0;

		CHECK_INT(stream_write(l.client, &c, 1), 1);
		CHECK_INT(stream_read(l.server, &got, 1), 1);
		if (!CHECK_INT(got, c))
			break;
	}
	clear_link(&l);
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
	uint8_t p[40000];
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
			SSL_key_update(ssl_of(f[turns % 2].from), SSL_KEY_UPDATE_REQUESTED);
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

	open_link(&l);
	transfer(&l, 40000, false);
	transfer(&l, 5000, false);
	clear_link(&l);
}

static void
both_ways_at_once_with_key_updates(void)
{
	struct link l;

	open_link(&l);
	transfer(&l, 3000, true);
	transfer(&l, 40000, true);
	clear_link(&l);
}

static void
both_ways_at_once_with_version_1_2(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	SSL_set_max_proto_version(ssl_of(l.client), TLS1_2_VERSION);
	CHECK_INT(shake_hands(&l), 0);
	CHECK_INT(tls_handshake(l.server), 0);
	transfer(&l, 40000, false);
	clear_link(&l);
}

/* A reader of nothing else stays well when the peer's key update must be answered. */
static void
key_update_does_not_stall_a_reader(void)
{
	uint8_t p[16];
	struct link l;

	open_link(&l);
	SSL_key_update(ssl_of(l.server), SSL_KEY_UPDATE_REQUESTED);
	write_all(l.server, "after", 5);
	CHECK_INT(stream_read(l.client, p, sizeof p), 5);
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_AGAIN);
	CHECK_INT(stream_events(l.client, true, false), POLLIN);
	write_all(l.client, "answer", 6);
	CHECK_INT(stream_read(l.server, p, sizeof p), 6);
	clear_link(&l);
}

static void
renegotiation_is_refused(void)
{
	struct link l;

	init_link(&l, &good, HOST, false);
	SSL_set_max_proto_version(ssl_of(l.client), TLS1_2_VERSION);
	CHECK_INT(shake_hands(&l), 0);
	CHECK_INT(tls_handshake(l.server), 0);
	CHECK(SSL_renegotiate(ssl_of(l.server)) != 1 || SSL_do_handshake(ssl_of(l.server)) != 1);
	clear_link(&l);
}

static void
shutdown_waits_for_room(void)
{
	static const uint8_t block[16384];
	uint8_t p[16384];
	struct link l;
	ssize_t r;

	open_link(&l);
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
	clear_link(&l);
}

static void
stream_outlives_its_context(void)
{
	uint8_t p[4];
	struct link l;

	open_link(&l);
	tls_ctx_free(l.client_ctx);
	tls_ctx_free(l.server_ctx);
	l.client_ctx = l.server_ctx = NULL;
	write_all(l.client, "abc", 3);
	CHECK_INT(stream_read(l.server, p, sizeof p), 3);
	clear_link(&l);
}

static void
client_certificate_is_sent(void)
{
	struct link l;
	char path[96];
	int fds[2];
	X509 *cert;

	init_link(&l, &good, HOST, false);
	certs_make(&l.certs, "client.pem", &good, path);
	tls_ctx_free(l.client_ctx);
	l.client_ctx = new_ctx(&(struct tls_config){ .ca = l.certs.ca, .cert = path });
	stream_free(l.client);
	stream_free(l.server);
	socket_pair(fds);
	CHECK_INT(tls_stream_new(l.client_ctx, fds[0], HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	SSL_CTX_load_verify_file(ctx_ssl(l.server_ctx), l.certs.ca);
	SSL_set_verify(ssl_of(l.server), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_set1_verify_cert_store(ssl_of(l.server), SSL_CTX_get_cert_store(ctx_ssl(l.server_ctx)));
	CHECK_INT(shake_hands(&l), 0);
	CHECK_INT(tls_handshake(l.server), 0);
	cert = SSL_get1_peer_certificate(ssl_of(l.server));
	CHECK(cert != NULL);
	X509_free(cert);
	clear_link(&l);
}

static void
client_certificate_that_is_missing_is_told(void)
{
	uint8_t p[4];
	struct link l;

	init_link(&l, &good, HOST, false);
	SSL_set_verify(ssl_of(l.server), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	CHECK_INT(shake_hands(&l), 0); /* TLS 1.3: the client is done before the server looks */
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "alert: certificate required");
	clear_link(&l);
}

/* Files. */

static void
config_fails(const struct tls_config *config, const char *why_want)
{
	struct tls_ctx *ctx = NULL;
	char why[256] = "";

	CHECK_INT(tls_ctx_new(&wsx_tls_module, config, &ctx, why, sizeof why), -1);
	CHECK_STR(why, why_want);
}

static void
files_that_do_not_fit_are_told(void)
{
	const struct cert_spec spec = { .san = "DNS:h" };
	struct certs c;
	char good_path[96], key[96], locked[96], text[96], want[256];
	EVP_PKEY *rsa;
	FILE *f;

	certs_init(&c);
	certs_make(&c, "good.pem", &spec, good_path);
	certs_key(&c, "key.pem", NULL, key);
	certs_key(&c, "locked.pem", "secret", locked);
	certs_text(&c, "text.pem", "no certificate\n", text);

	config_fails(&(struct tls_config){ .ca = "/nonexistent/ca.pem" },
	    "cannot read /nonexistent/ca.pem: No such file or directory");
	config_fails(&(struct tls_config){ .cert = "/nonexistent/c.pem" },
	    "cannot read /nonexistent/c.pem: No such file or directory");
	config_fails(&(struct tls_config){ .cert = good_path, .key = "/nonexistent/k.pem" },
	    "cannot read /nonexistent/k.pem: No such file or directory");
	config_fails(&(struct tls_config){ .ca = "/tmp" }, "cannot read /tmp: Is a directory");
	config_fails(&(struct tls_config){ .server = true }, "a TLS server needs a certificate");

	snprintf(want, sizeof want, "key %s does not belong to the certificate %s", key, good_path);
	config_fails(&(struct tls_config){ .cert = good_path, .key = key }, want);
	rsa = EVP_RSA_gen(2048);
	f = fopen(key, "w");
	PEM_write_PrivateKey(f, rsa, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	EVP_PKEY_free(rsa);
	config_fails(&(struct tls_config){ .cert = good_path, .key = key }, want);

	snprintf(want, sizeof want, "the key %s is protected by a passphrase", locked);
	config_fails(&(struct tls_config){ .cert = good_path, .key = locked }, want);
	snprintf(want, sizeof want, "%s holds no certificate in PEM form", text);
	config_fails(&(struct tls_config){ .cert = text }, want);
	config_fails(&(struct tls_config){ .ca = text }, want);
	snprintf(want, sizeof want, "%s holds no private key in PEM form", text);
	config_fails(&(struct tls_config){ .cert = good_path, .key = text }, want);
	certs_clear(&c);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(certificate_for_the_name_is_accepted),
		CHECK_CASE(certificate_for_the_address_is_accepted),
		CHECK_CASE(certificate_for_another_name_is_refused),
		CHECK_CASE(certificate_with_the_name_in_its_cn_is_refused),
		CHECK_CASE(address_as_a_dns_name_is_refused),
		CHECK_CASE(certificate_out_of_its_time_is_refused),
		CHECK_CASE(certificate_signed_by_itself_is_refused),
		CHECK_CASE(certificate_of_an_unknown_authority_is_refused),
		CHECK_CASE(certificate_named_itself_is_trusted),
		CHECK_CASE(system_store_is_where_the_environment_says),
		CHECK_CASE(client_sends_the_name_but_no_address),
		CHECK_CASE(name_that_can_be_none_is_refused),
		CHECK_CASE(alpn_is_agreed_on),
		CHECK_CASE(server_without_alpn_is_fine),
		CHECK_CASE(client_without_alpn_is_served),
		CHECK_CASE(client_of_other_protocols_gets_the_alert),
		CHECK_CASE(server_that_chooses_what_was_not_offered_is_refused),
		CHECK_CASE(versions_below_1_2_are_refused),
		CHECK_CASE(summary_names_version_and_cipher),
		CHECK_CASE(server_without_tls_is_told),
		CHECK_CASE(client_without_tls_is_told),
		CHECK_CASE(end_is_told_from_truncation),
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
		CHECK_CASE(shutdown_waits_for_room),
		CHECK_CASE(stream_outlives_its_context),
		CHECK_CASE(client_certificate_is_sent),
		CHECK_CASE(client_certificate_that_is_missing_is_told),
		CHECK_CASE(files_that_do_not_fit_are_told),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

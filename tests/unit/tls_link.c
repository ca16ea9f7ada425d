#include "tls_link.h"

#include <sys/socket.h>

#include "check.h"

SSL *
link_ssl(struct stream *s)
{
	return ((struct tls *)s)->ssl;
}

SSL_CTX *
link_ctx_ssl(struct tls_ctx *ctx)
{
	return ((struct openssl_ctx *)ctx)->ssl;
}

struct tls_ctx *
link_ctx(const struct tls_config *config)
{
	struct tls_ctx *ctx = NULL;
	char why[256] = "";

	CHECK_INT(tls_ctx_new(&wsx_tls_module, config, &ctx, why, sizeof why), 0);
	CHECK_STR(why, "");
	return ctx;
}

void
link_sockets(int fds[2])
{
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
}

void
link_init(struct link *l, const struct cert_spec *spec, const char *name, bool insecure)
{
	char path[96];
	int fds[2];

	certs_init(&l->certs);
	certs_make(&l->certs, "server.pem", spec, path);
	l->client_ctx = link_ctx(&(struct tls_config){ .insecure = insecure, .ca = l->certs.ca });
	l->server_ctx = link_ctx(&(struct tls_config){ .server = true, .cert = path });
	link_sockets(fds);
	CHECK_INT(tls_stream_new(l->client_ctx, fds[0], name, &l->client), 0);
	CHECK_INT(tls_stream_new(l->server_ctx, fds[1], NULL, &l->server), 0);
}

void
link_clear(struct link *l)
{
	stream_free(l->client);
	stream_free(l->server);
	tls_ctx_free(l->client_ctx);
	tls_ctx_free(l->server_ctx);
	certs_clear(&l->certs);
}

/* Turns both until neither can go on: what the client's came to. */
int
link_shake_hands(struct link *l)
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

const struct cert_spec link_good = { .san = "DNS:" LINK_HOST };

void
link_open(struct link *l)
{
	link_init(l, &link_good, LINK_HOST, false);
	CHECK_INT(link_shake_hands(l), 0);
	CHECK_INT(tls_handshake(l->server), 0);
}

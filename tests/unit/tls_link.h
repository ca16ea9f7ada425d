#ifndef TLS_LINK_H
#define TLS_LINK_H

#include "certs.h"
#include "io/tls_int.h"

/* A client and a server over a socket pair, each turned by hand. */
struct link {
	struct certs certs;
	struct tls_ctx *client_ctx, *server_ctx;
	struct stream *client, *server;
};

#define LINK_HOST "h.example"

/* A certificate of that name. */
extern const struct cert_spec link_good;

/* The server has a certificate of that kind; the client trusts its authority and wants that name. */
void link_init(struct link *l, const struct cert_spec *spec, const char *name, bool insecure);
void link_clear(struct link *l);

/* Turns both until neither can go on: what the client's came to. */
int link_shake_hands(struct link *l);

/* A good one, open at both ends. */
void link_open(struct link *l);

/* What it is made of. */
struct tls_ctx *link_ctx(const struct tls_config *config);
void link_sockets(int fds[2]);
SSL *link_ssl(struct stream *s);
SSL_CTX *link_ctx_ssl(struct tls_ctx *ctx);

#endif

/* One connection of the tools here, plain TCP or TLS; blocking. */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ssl_ctx_st;
struct ssl_st;

enum { LINK_AGAIN = -2 }; /* what was read held no data, such as a ticket of TLS */

struct link {
	int fd;
	struct ssl_st *ssl; /* NULL for plain TCP */
	/* Reads at most n bytes: how many, 0 at the end, -1, or LINK_AGAIN. */
	ssize_t (*read)(struct link *l, void *p, size_t n);
	/* Writes all n bytes: 0, or -1. */
	int (*write)(struct link *l, const void *p, size_t n);
	/* Whether some of what came is held here, where poll(2) can not see it. */
	bool (*holds)(struct link *l);
	/* Says that nothing more will be written. */
	void (*finish)(struct link *l);
	/* Ends it, and frees what it holds. */
	void (*close)(struct link *l);
};

/* A socket that listens on a free port of 127.0.0.1, told in *port; or -1. */
int link_listen(uint16_t *port);

/* A plain link over a connected socket, which becomes the link's. */
void link_plain(struct link *l, int fd);

/* Connects to 127.0.0.1: 0, or -1. */
int link_dial(struct link *l, uint16_t port);

/* Reads until there is nothing more to come. */
void link_drain(struct link *l);

/* TLS on a plain link (link_tls.c): 0, or -1 after a word on standard error. */
struct ssl_ctx_st *link_tls_server(const char *cert, const char *key);
int link_tls_accept(struct link *l, struct ssl_ctx_st *ctx);

/*
 * As a client that verifies 127.0.0.1 by SSL_CERT_FILE, or else by the directory SSL_CERT_DIR or
 * the system's own.
 */
int link_tls_connect(struct link *l);

#endif

#include "link.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

enum { READ_ROOM = 65536 }; /* so that several records are read at once */

static int
complain(const char *what)
{
	fprintf(stderr, "%s\n", what);
	ERR_print_errors_fp(stderr);
	return -1;
}

static int
bounded(size_t n)
{
	return n > INT_MAX ? INT_MAX : (int)n;
}

static ssize_t
read_tls(struct link *l, void *p, size_t n)
{
	int got = SSL_read(l->ssl, p, bounded(n));

	if (got > 0)
		return got;
	switch (SSL_get_error(l->ssl, got)) {
	case SSL_ERROR_WANT_READ:
		return LINK_AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		return -1;
	}
}

static int
write_tls(struct link *l, const void *p, size_t n)
{
	const uint8_t *from = p;

	while (n > 0) {
		int sent = SSL_write(l->ssl, from, bounded(n));

		if (sent <= 0)
			return -1;
		from += sent;
		n -= (size_t)sent;
	}
	return 0;
}

static bool
holds_tls(struct link *l)
{
	return SSL_has_pending(l->ssl) == 1;
}

static void
finish_tls(struct link *l)
{
	SSL_shutdown(l->ssl);
}

static void
close_tls(struct link *l)
{
	SSL_free(l->ssl);
	close(l->fd);
}

struct ssl_ctx_st *
link_tls_server(const char *cert, const char *key)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (ctx == NULL || SSL_CTX_use_certificate_chain_file(ctx, cert) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) {
		complain("no TLS with this certificate and key");
		return NULL;
	}
	return ctx;
}

/* Makes l a TLS link over a new SSL of ctx. */
static int
wrap(struct link *l, SSL_CTX *ctx)
{
	if ((l->ssl = SSL_new(ctx)) == NULL || SSL_set_fd(l->ssl, l->fd) != 1)
		return -1;
	SSL_clear_mode(l->ssl, SSL_MODE_AUTO_RETRY);
	SSL_set_read_ahead(l->ssl, 1);
	SSL_set_default_read_buffer_len(l->ssl, READ_ROOM);
	l->read = read_tls;
	l->write = write_tls;
	l->holds = holds_tls;
	l->finish = finish_tls;
	l->close = close_tls;
	return 0;
}

int
link_tls_accept(struct link *l, struct ssl_ctx_st *ctx)
{
	if (wrap(l, ctx) != 0 || SSL_accept(l->ssl) != 1)
		return complain("no TLS with the client");
	return 0;
}

/* What a client trusts. A file takes the place of the directory. */
static int
trust(X509_STORE *store)
{
	const char *file = getenv(X509_get_default_cert_file_env());
	const char *dir = getenv(X509_get_default_cert_dir_env());

	if (file != NULL)
		return X509_STORE_load_file(store, file);
	return X509_STORE_load_path(store, dir != NULL ? dir : X509_get_default_cert_dir());
}

int
link_tls_connect(struct link *l)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (ctx == NULL || trust(SSL_CTX_get_cert_store(ctx)) != 1)
		return complain("no TLS here");
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	if (wrap(l, ctx) != 0 ||
	    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(l->ssl), "127.0.0.1") != 1 ||
	    SSL_connect(l->ssl) != 1)
		return complain("no TLS with the server");
	SSL_CTX_free(ctx);
	return 0;
}

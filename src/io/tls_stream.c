#include "io/tls_int.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/ascii.h"
#include "base/err.h"
#include "io/why.h"

/*
 * Plain bytes that are sealed and sent at once: full records, with room for a frame of 64 KiB and
 * its header, so that none goes alone for want of a few bytes.
 */
enum { SEAL_MAX = 5 * SSL3_RT_MAX_PLAIN_LENGTH };

static struct tls *
of(struct stream *s)
{
	return (struct tls *)s;
}

static const struct tls *
of_const(const struct stream *s)
{
	return (const struct tls *)s;
}

/* What can not be sent leaves what has been received to be read. */
static int
lose_writing(struct tls *t)
{
	tls_why(t);
	t->write_lost = true;
	return STREAM_LOST;
}

/* Sends what is sealed: 0, or an enum stream_result. */
static int
flush(struct tls *t)
{
	int r = tls_flush(t);

	if (r == STREAM_AGAIN)
		t->write_waits = POLLOUT;
	return r == STREAM_LOST ? lose_writing(t) : r;
}

/* What the stream's function returns where OpenSSL's gave r < 1. waits is what it uses of t. */
static ssize_t
outcome(struct tls *t, int r, short *waits)
{
	int e = SSL_get_error(t->ssl, r);
	bool writing = waits == &t->write_waits;

	if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE) {
		*waits = e == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
		return STREAM_AGAIN;
	}
	if (e == SSL_ERROR_ZERO_RETURN && t->open && !writing)
		return 0;
	if (e == SSL_ERROR_ZERO_RETURN && !t->open)
		t->ended = true;
	if (e != SSL_ERROR_SSL && writing)
		return lose_writing(t);
	tls_why(t);
	t->broken = t->ended && t->open ? STREAM_TRUNCATED : STREAM_LOST;
	return t->broken;
}

static ssize_t
handshake(struct tls *t)
{
	int r;

	if (t->broken != 0 || t->open)
		return t->broken;
	ERR_clear_error();
	if ((r = SSL_do_handshake(t->ssl)) != 1)
		return outcome(t, r, &t->read_waits);
	t->open = true;
	t->read_waits = POLLIN;
	t->write_waits = POLLOUT;
	snprintf(t->summary, sizeof t->summary, "%s, %s", SSL_get_version(t->ssl),
	    SSL_get_cipher_name(t->ssl));
	return 0;
}

/* Takes all the records that a read of the socket gave. */
static ssize_t
tls_read(struct stream *s, uint8_t *p, size_t n)
{
	struct tls *t = of(s);
	ssize_t opened = handshake(t);
	size_t got = 0, more;
	ssize_t why;

	t->ending = false;
	if (opened != 0)
		return opened;
	do {
		ERR_clear_error();
		if (SSL_read_ex(t->ssl, p + got, n - got, &more) != 1) {
			why = outcome(t, 0, &t->read_waits);
			t->drained = why == STREAM_AGAIN;
			t->ending = got > 0 && !t->drained; /* the next read tells */
			return got > 0 ? (ssize_t)got : why;
		}
		got += more;
	} while (got < n && SSL_has_pending(t->ssl) == 1);
	t->drained = false;
	t->read_waits = POLLIN;
	return (ssize_t)got;
}

/* Seals what fits at once; the caller is told that it is written when all of it has gone out. */
static int
seal(struct tls *t, const uint8_t *p, size_t n)
{
	ERR_clear_error();
	if (SSL_write_ex(t->ssl, p, n < SEAL_MAX ? n : SEAL_MAX, &t->sealed_plain) == 1)
		return 0;
	t->sealed_plain = 0;
	return (int)outcome(t, 0, &t->write_waits);
}

static ssize_t
tls_write(struct stream *s, const uint8_t *p, size_t n)
{
	struct tls *t = of(s);
	ssize_t opened = handshake(t);
	size_t done;
	int r;

	assert(!t->notified);
	if (opened != 0)
		return opened;
	if (t->write_lost)
		return STREAM_LOST;
	assert(n >= t->sealed_plain);
	if (t->sealed_plain == 0 && ((r = flush(t)) != 0 || (r = seal(t, p, n)) != 0))
		return r;
	if ((r = flush(t)) != 0)
		return r;
	done = t->sealed_plain;
	t->sealed_plain = 0;
	return (ssize_t)done;
}

static int
send_close_notify(struct tls *t)
{
	int r;

	if (!t->open || t->broken != 0)
		return 0;
	if (t->write_lost)
		return STREAM_LOST;
	/* A second call would go on to read, and take bytes that are the caller's for a fault. */
	if (!t->notified) {
		ERR_clear_error();
		if ((r = SSL_shutdown(t->ssl)) < 0)
			return (int)outcome(t, r, &t->write_waits);
		t->notified = true;
	}
	return flush(t);
}

static int
tls_shutdown(struct stream *s)
{
	struct tls *t = of(s);
	int r = send_close_notify(t);

	if (r != 0)
		return r;
	if (shutdown(s->fd, SHUT_WR) == 0)
		return 0;
	if (s->error[0] == '\0')
		why_errno(errno, s->error, sizeof s->error);
	return STREAM_LOST;
}

static short
tls_events(const struct stream *s, bool want_read, bool want_write)
{
	const struct tls *t = of_const(s);

	if (!t->open)
		return t->read_waits;
	return (short)((want_read ? t->read_waits : 0) | (want_write ? t->write_waits : 0));
}

static bool
tls_pending(const struct stream *s)
{
	const struct tls *t = of_const(s);

	return t->ending ||
	       (t->open && t->broken == 0 && !t->drained && SSL_has_pending(t->ssl) == 1);
}

static void
tls_free(struct stream *s)
{
	struct tls *t = of(s);

	SSL_free(t->ssl);
	if (t->ctx != NULL)
		openssl_ctx_release(t->ctx);
	close(s->fd);
	buf_clear(&t->sealed);
	free(t->name);
	free(t);
}

static const struct stream_ops tls_ops = {
	.tls = &wsx_tls_module,
	.read = tls_read,
	.write = tls_write,
	.shutdown = tls_shutdown,
	.events = tls_events,
	.pending = tls_pending,
	.free = tls_free,
};

static int
on_verify(int ok, X509_STORE_CTX *store)
{
	if (!ok) {
		SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());

		struct tls *t = SSL_get_app_data(ssl);

		t->distrusted = true;
		tls_why_certificate(t, store);
	}
	return ok;
}

static bool
is_address(const char *name)
{
	struct in6_addr a;

	return inet_pton(AF_INET, name, &a) == 1 || inet_pton(AF_INET6, name, &a) == 1;
}

/*
 * The name as it stands in certificates and in SNI: without the dot of an absolute name
 * (RFC 6066 3) and the zone of an address, in lower case.
 */
static char *
plain_name(const char *name)
{
	size_t n = strcspn(name, "%");
	char *plain;

	if (n > 1 && name[n - 1] == '.')
		n--;
	if ((plain = strndup(name, n)) == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		plain[i] = ascii_lower(plain[i]);
	return plain;
}

/* False if the name can be none; never a reason to verify less. */
static bool
set_expectations(struct tls *t)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(t->ssl);
	bool address = is_address(t->name);

	if (!address && SSL_set_tlsext_host_name(t->ssl, t->name) != 1)
		return false;
	if (t->ctx->insecure)
		return true;
	SSL_set_verify(t->ssl, SSL_VERIFY_PEER, on_verify);
	X509_VERIFY_PARAM_set_hostflags(
	    param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	if (address)
		return X509_VERIFY_PARAM_set1_ip_asc(param, t->name) == 1;
	return t->name[0] != '\0' && X509_VERIFY_PARAM_set1_host(param, t->name, 0) == 1;
}

static int
set_up(struct tls *t, const char *name)
{
	BIO *bio;

	if ((t->ssl = SSL_new(t->ctx->ssl)) == NULL)
		return ERR_NOMEM;
	if ((bio = BIO_new(t->ctx->socket)) == NULL)
		return ERR_NOMEM;
	BIO_set_data(bio, t);
	BIO_set_init(bio, 1);
	SSL_set_bio(t->ssl, bio, bio);
	SSL_set_app_data(t->ssl, t);
	if (t->ctx->server) {
		SSL_set_accept_state(t->ssl);
		return 0;
	}
	SSL_set_connect_state(t->ssl);
	if ((t->name = plain_name(name)) == NULL)
		return ERR_NOMEM;
	if (!set_expectations(t)) {
		snprintf(
		    t->stream.error, sizeof t->stream.error, "no certificate can be for this name");
		t->broken = STREAM_LOST;
	}
	return 0;
}

int
openssl_stream_new(struct tls_ctx *ctx, int fd, const char *name, struct stream **s)
{
	struct openssl_ctx *c = (struct openssl_ctx *)ctx;
	struct tls *t = calloc(1, sizeof *t);

	assert(c->server || name != NULL);
	if (t == NULL) {
		close(fd);
		return ERR_NOMEM;
	}
	t->stream.ops = &tls_ops;
	t->stream.fd = fd;
	t->ctx = c;
	buf_init(&t->sealed, &mem_libc, TLS_SEALED_MAX);
	c->holders++;
	t->read_waits = c->server ? POLLIN : POLLOUT;
	if (set_up(t, name) != 0) {
		tls_free(&t->stream);
		return ERR_NOMEM;
	}
	*s = &t->stream;
	return 0;
}

int
openssl_handshake(struct stream *s)
{
	return (int)handshake(of(s));
}

const char *
openssl_summary(const struct stream *s)
{
	return of_const(s)->summary;
}

void
openssl_certificate(const struct stream *s, char *out, size_t n)
{
	const X509 *cert = SSL_get0_peer_certificate(of_const(s)->ssl);

	if (cert != NULL)
		tls_why_describe(cert, out, n);
}

bool
openssl_distrusts(const struct stream *s)
{
	return of_const(s)->distrusted;
}

bool
openssl_refused_us(const struct stream *s)
{
	return of_const(s)->alerted;
}

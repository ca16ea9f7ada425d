#ifndef IO_TLS_INT_H
#define IO_TLS_INT_H

#include <openssl/ssl.h>

#include "base/buf.h"
#include "io/tls_module.h"

/*
 * Private to TLS by OpenSSL: tls_ctx.c (contexts), tls_stream.c, tls_socket.c (what OpenSSL
 * reads and writes), tls_why.c (errors in words) and tls_module.c, the table of what others may
 * call.
 */

struct openssl_ctx {
	struct tls_ctx ctx; /* first */
	int holders; /* its owner and the streams */
	bool server, insecure;
	SSL_CTX *ssl;
	BIO_METHOD *socket;
};

struct tls {
	struct stream stream; /* first; its error is set by the first fault */
	struct openssl_ctx *ctx;
	SSL *ssl;
	char *name; /* what the certificate must be for; NULL for a server */

	bool open; /* the handshake is complete */
	bool distrusted; /* the peer's certificate did not pass */
	bool alerted; /* the peer ended with an alert */
	bool notified; /* our close_notify is sealed */
	bool ended; /* the socket gave its end of file */
	bool drained; /* what OpenSSL holds is no whole record */
	bool ending; /* the last read met the end or a fault, which the next one tells */
	bool write_lost; /* nothing more can be sent */
	int fault; /* errno of the socket, 0 if it is well */
	ssize_t broken; /* STREAM_LOST or STREAM_TRUNCATED for good, 0 if not */
	short read_waits, write_waits;

	struct buf sealed; /* records that are to go out */
	size_t sealed_plain; /* bytes of the caller's in them, 0 if they are none of a write */

	char summary[96];
};

/* The functions of tls.h of the same names. */
int openssl_ctx_new(const struct tls_config *config, struct tls_ctx **ctx, char *why, size_t n);
void openssl_ctx_free(struct tls_ctx *ctx);
int openssl_stream_new(struct tls_ctx *ctx, int fd, const char *name, struct stream **s);
int openssl_handshake(struct stream *s);
const char *openssl_summary(const struct stream *s);
void openssl_certificate(const struct stream *s, char *out, size_t n);
bool openssl_distrusts(const struct stream *s);
bool openssl_refused_us(const struct stream *s);

/* One holder less. */
void openssl_ctx_release(struct openssl_ctx *ctx);

/*
 * The socket under OpenSSL. What is written is queued in t->sealed, so that one system call sends
 * many records, and goes out when OpenSSL or tls_flush() says so; ends and faults are told to t.
 */
BIO_METHOD *tls_socket_method(void);

/* Sends what is queued: 0 when all of it has gone out, STREAM_AGAIN, or STREAM_LOST. */
int tls_flush(struct tls *t);

/* The most bytes queued; above it OpenSSL has to wait. */
#define TLS_SEALED_MAX ((size_t)128 << 10)

/* Sets the stream's error, unless there is one, to what OpenSSL's queue or the socket tells. */
void tls_why(struct tls *t);

/* The same for what OpenSSL found wrong with the peer's certificate. */
void tls_why_certificate(struct tls *t, X509_STORE_CTX *store);

/* A certificate in words, for people who want to know whose it is. */
void tls_why_describe(const X509 *cert, char *out, size_t n);

/* The words for an error of OpenSSL's queue, beginning with a small letter. */
void tls_why_code(unsigned long code, char *out, size_t n);

#endif

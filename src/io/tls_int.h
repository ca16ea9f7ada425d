#ifndef IO_TLS_INT_H
#define IO_TLS_INT_H

#include <openssl/ssl.h>

#include "io/tls.h"

/* Private to TLS: tls.c (contexts), tls_stream.c and tls_why.c (errors in words). */

struct tls_ctx {
	int holders; /* its owner and the streams */
	bool server, insecure;
	SSL_CTX *ssl;
	BIO_METHOD *socket;
};

struct tls {
	struct stream stream; /* first; its error is set by the first fault */
	struct tls_ctx *ctx;
	SSL *ssl;
	char *name; /* what the certificate must be for; NULL for a server */

	bool open; /* the handshake is complete */
	bool distrusted; /* the peer's certificate did not pass */
	bool alerted; /* the peer ended with an alert */
	bool notified; /* our close_notify has gone out */
	bool ended; /* the socket gave its end of file */
	bool drained; /* what OpenSSL holds is no whole record */
	bool write_lost; /* nothing more can be sent */
	int fault; /* errno of the socket, 0 if it is well */
	ssize_t broken; /* STREAM_LOST or STREAM_TRUNCATED for good, 0 if not */
	short read_waits, write_waits;

	char summary[96];
};

void tls_ctx_release(struct tls_ctx *ctx);

/* The socket under OpenSSL: sends without SIGPIPE, and tells its end and faults to the stream. */
BIO_METHOD *tls_socket_method(void);

/* Sets the stream's error, unless there is one, to what OpenSSL's queue or the socket tells. */
void tls_why(struct tls *t);

/* The same for what OpenSSL found wrong with the peer's certificate. */
void tls_why_certificate(struct tls *t, X509_STORE_CTX *store);

/* The words for an error of OpenSSL's queue, beginning with a small letter. */
void tls_why_code(unsigned long code, char *out, size_t n);

#endif

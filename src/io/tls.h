#ifndef IO_TLS_H
#define IO_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "io/stream.h"

/*
 * TLS by OpenSSL behind stream.h. Versions 1.2 and up, no renegotiation, no compression, ALPN
 * http/1.1. A client verifies the chain and the name (an address literal as an IP SAN) unless
 * told not to, and sends SNI for names but not for addresses (RFC 6066 3).
 */
struct tls_ctx;

/* What does the work (io/tls_module.h): whoever makes a context has found it. */
struct tls_module;

/* The name and version of the library that does the work, as "OpenSSL 3.0.2 15 Mar 2022". */
const char *tls_library(const struct tls_module *module);

struct tls_config {
	bool server;
	bool insecure; /* client: skip verification */
	const char
	    *ca; /* client: PEM file to trust instead of the system's store; NULL: system's */
	const char *cert; /* PEM chain of our own certificate, NULL for none (a server needs one) */
	const char *key; /* its PEM key; NULL: in the cert file */
};

/*
 * Whether the files are there and fit is told here, before anything goes out.
 * 0, or -1 with what is wrong, in one line, in why.
 */
int tls_ctx_new(const struct tls_module *module, const struct tls_config *config,
    struct tls_ctx **ctx, char *why, size_t n);
void tls_ctx_free(struct tls_ctx *ctx); /* streams keep what they need; NULL is allowed */

/*
 * A TLS stream on the connected non-blocking socket fd, which it owns from now on, also on
 * failure. name: client: SNI and what the certificate must be for; NULL for a server.
 * 0 or ERR_NOMEM.
 */
int tls_stream_new(struct tls_ctx *ctx, int fd, const char *name, struct stream **s);

/*
 * Proceed with the handshake: 0 when it is complete, STREAM_AGAIN (poll for stream_events() with
 * nothing wanted), or STREAM_LOST, stream_error() telling why in words a user understands:
 * "certificate has expired (2026-01-01)", "certificate is for DNS:other.example, not h".
 * Reading and writing do the same first, for who has no use for the step. The first bytes may
 * have come along with its end: see stream_pending().
 */
int tls_handshake(struct stream *s);

/* The negotiated version and cipher in words, as "TLSv1.3, TLS_AES_256_GCM_SHA384". */
const char *tls_summary(const struct stream *s);

/*
 * Writes the peer's certificate in words: "for DNS:h, by Some CA, valid until 2027-01-31". Returns
 * out, "" if it showed none.
 */
#define TLS_CERTIFICATE_MAX 400
const char *tls_certificate(const struct stream *s, char out[TLS_CERTIFICATE_MAX]);

/* True if the handshake failed for the peer's certificate: its chain, dates or name. */
bool tls_distrusts(const struct stream *s);

/* True if s is a TLS stream that the peer ended by an alert: it does not want our certificate. */
bool tls_refused_us(const struct stream *s);

/* True if s is a TLS stream made here. */
bool tls_is_stream(const struct stream *s);

#endif

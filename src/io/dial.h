#ifndef IO_DIAL_H
#define IO_DIAL_H

#include <stdint.h>

#include "io/loop.h"
#include "io/stream.h"
#include "io/tls.h"

/*
 * From a host name and port to a connected stream: the name resolved on a helper thread, the
 * addresses raced (Happy Eyeballs, RFC 8305), TLS shaken hands on the first that connects.
 * The deadline is the caller's, who cancels.
 */
struct dial;

/* What failed. */
enum dial_failure {
	DIAL_NAME, /* the name has no address */
	DIAL_CONNECT, /* refused, unreachable */
	DIAL_CERTIFICATE, /* TLS went well up to a certificate that is not to be trusted */
	DIAL_TLS, /* any other fault of TLS */
	DIAL_LOCAL, /* no memory, no descriptors */
};

/* How long each step took, in nanoseconds; 0 for one that was not needed. */
struct dial_timing {
	uint64_t name, connect, tls;
};

struct dial_config {
	const char *host; /* name or address literal, without brackets */
	uint16_t port;
	struct tls_ctx *tls; /* NULL for plain TCP; held by the caller until it has ended */
	const char *tls_name; /* the name to send as SNI and to verify; NULL: host */

	/* Exactly one is called, later than dial_start(), from the loop. The stream is the caller's. */
	void (*connected)(struct stream *s, const struct dial_timing *t, void *arg);
	/* why: one line, in words, without the host: "connection refused". May hold peer's bytes.
	 * With several addresses those that failed so follow: "(127.0.0.1:1, [::1]:1)". */
	void (*failed)(enum dial_failure kind, const char *why, void *arg);
	void *arg;
};

/* Begins; the config is copied. 0 or ERR_NOMEM. */
int dial_start(struct loop *loop, const struct dial_config *config, struct dial **dial);

/* What it was doing, for the message of a deadline: "resolving the name", "connecting",
 * "in the TLS handshake", and "done" from the callback on. */
const char *dial_step(const struct dial *d);

/* Gives up and frees, in any step; also frees after connected() or failed(). NULL is allowed.
 * Allowed from within the callbacks. */
void dial_free(struct dial *d);

#endif

#ifndef PROTO_DIGEST_H
#define PROTO_DIGEST_H

#include <stddef.h>

#include "base/span.h"

/* The length of a Sec-WebSocket-Key and of a Sec-WebSocket-Accept. */
#define DIGEST_KEY_LEN    24
#define DIGEST_ACCEPT_LEN 28

/* The Sec-WebSocket-Accept that answers a key of that length (RFC 6455 4.2.2), with a NUL. */
void digest_accept(struct span key, char out[DIGEST_ACCEPT_LEN + 1]);

#endif

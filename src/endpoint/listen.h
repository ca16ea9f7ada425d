#ifndef ENDPOINT_LISTEN_H
#define ENDPOINT_LISTEN_H

#include "endpoint/ws.h"

/*
 * A listener as an endpoint: any number of clients at once. With echo each talks to a mirror of
 * its own; otherwise what any of them says goes to the listener's peer, and what the peer says
 * goes to all of them.
 */

struct listen_config {
	const char *addr; /* numeric; NULL for loopback */
	uint16_t port; /* 0: a free one */
	bool echo;
	bool announce; /* print the bound URL on standard output */
	struct wsx_config core; /* protocols, path, origins, max_message, whole */
	struct ws_policy policy;
	struct tls_ctx *tls; /* borrowed for life; NULL for ws */
};

/*
 * Bound and listening, but nobody is served before it starts.
 * ENDED_OK, or an ending with one line in why: ENDED_USAGE for a configuration that no client
 * could be served with, ENDED_LOCAL for an address that is taken.
 */
int listen_new(const struct env *env, const struct listen_config *config, struct endpoint **ep,
    char *why, size_t n);

#endif

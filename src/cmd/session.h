#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/options.h"
#include "cmd/spec.h"
#include "endpoint/pump.h"
#include "io/tls.h"
#include "ui/history_file.h"

/* Everything a run holds. */
struct session {
	const struct options *o;
	struct report report;
	struct random random;
	struct env env;
	struct spec left, right;
	struct tls_ctx *tls;
	struct wsx_header *headers; /* of the request */
	char *header_text;
	size_t n_headers;
	struct endpoint *a, *b;
	struct blobs *blobs; /* NULL: binary messages are not saved */
	struct history_file history; /* of lines typed in sessions; none without a path */
	char history_path[4096];
	char history_host[300];
	bool interactive; /* b is a person */
	struct endpoint *terminal; /* b, where it is a terminal that can edit lines */
	struct pump pump;
	struct timer max_time;
	bool stopping; /* a signal came already */
};

/*
 * Makes what the options (s->o, the rest zeroed) ask for, short of starting it: ENDED_OK, or the
 * ending, said on standard error. session_clear() in both cases.
 */
int session_make(struct session *s);

/* False if a file that was to be written beside the session is not whole. */
bool session_clear(struct session *s);

#endif

#ifndef ENDPOINT_STDINOUT_H
#define ENDPOINT_STDINOUT_H

#include "endpoint/endpoint.h"

/* Standard input and output as an endpoint: messages in from lines, messages out as payload. */

enum stdinout_format {
	STDINOUT_PLAIN, /* payload as it is; a text is followed by a newline */
	STDINOUT_SHOW, /* the same made fit for a terminal; messages must come whole */
	STDINOUT_JSON, /* events as JSON lines; messages must come whole */
};

struct stdinout_config {
	enum stdinout_format format;
	bool binary; /* input is chunks for binary messages, not lines for text */
	bool read; /* read standard input at all */
	const char *const *execute; /* messages to send first; borrowed for life */
	size_t n_execute;
	bool show_ping_pong;
	bool
	    notices; /* a session on a terminal that can not edit lines: say what happens, mark lines */
};

/* 0 or ERR_NOMEM. */
int stdinout_new(const struct env *env, const struct stdinout_config *config, struct endpoint **ep);

#endif

#ifndef ENDPOINT_STDINOUT_H
#define ENDPOINT_STDINOUT_H

#include "endpoint/blobs.h"
#include "endpoint/endpoint.h"
#include "endpoint/split.h"

/* Standard input and output as an endpoint. */

struct stdinout_config {
	enum framing output;
	struct framing_marks marks; /* of output */
	bool show; /* output is made fit for a terminal instead; messages must come whole */
	bool on_terminal; /* standard output is one, whatever is written to it */
	struct split_config input;
	bool read; /* read standard input at all */
	const char *const *execute; /* messages to send first; borrowed for life */
	size_t n_execute;
	const char *const *files; /* each one binary message after those; borrowed for life */
	size_t n_files;
	struct blobs *blobs; /* where binary messages are saved, borrowed for life; NULL: nowhere */
	struct report *report; /* the one of env, for a progress line; NULL: none is shown */
	bool timestamps; /* before each line, or in each event */
	bool show_ping_pong;
	bool
	    notices; /* a session on a terminal that can not edit lines: say what happens, mark lines */
};

/* 0 or ERR_NOMEM. */
int stdinout_new(const struct env *env, const struct stdinout_config *config, struct endpoint **ep);

#endif

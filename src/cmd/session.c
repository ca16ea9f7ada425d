#include "cmd/session_int.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "endpoint/blobs.h"
#include "endpoint/record.h"
#include "endpoint/trace.h"
#include "ui/colour.h"

/* Reading the command line. */

static int
usage(struct session *s, const char *why)
{
	report_error(&s->report, "%s", why);
	return ENDED_USAGE;
}

/* Options that would be without effect on this side of a connection. */
static int
check_sides(struct session *s)
{
	const struct options *o = s->o;

	if (s->left.kind == SPEC_LISTEN) {
		if (o->origin != NULL || o->user_agent != NULL || o->insecure || o->ca != NULL)
			return usage(s, "-o, -A, -k and --ca are for a client, not for a listener");
		return ENDED_OK;
	}
	if (o->echo)
		return usage(s, "--echo is for a listener; for a URL say: wsx URL mirror:");
	if (o->announce || o->origins.n > 0)
		return usage(s, "--announce and --allow-origin are for a listener");
	return ENDED_OK;
}

static int
read_endpoints(struct session *s)
{
	const struct options *o = s->o;
	char **endpoints = o->endpoints.items;
	size_t next = 0;
	char why[512];
	int r;

	if (o->listen != NULL) {
		if (spec_parse_listen(&s->left, o->listen, o->cert != NULL, why, sizeof why) < 0)
			return usage(s, why);
	} else if (spec_parse(&s->left, endpoints[next++], why, sizeof why) < 0) {
		return usage(s, why);
	}
	s->right.kind = o->echo ? SPEC_MIRROR : SPEC_STDIO;
	if (o->endpoints.n > next && spec_parse(&s->right, endpoints[next], why, sizeof why) < 0)
		return usage(s, why);
	if (s->left.kind != SPEC_WS && s->left.kind != SPEC_LISTEN) {
		struct spec swap = s->left;

		s->left = s->right;
		s->right = swap;
	}
	if (s->left.kind != SPEC_WS && s->left.kind != SPEC_LISTEN)
		return usage(s, "one endpoint must be a WebSocket; see wsx --help");
	if ((r = check_sides(s)) != ENDED_OK)
		return r;
	/* what is expected needs whole messages, and a mirror holds none */
	if (o->expect != NULL && s->right.kind == SPEC_MIRROR)
		return usage(s, "what is expected is not looked for beside mirror:");
	if (s->right.kind == SPEC_WS || s->right.kind == SPEC_LISTEN)
		return usage(s, "joining two WebSockets is not supported by this version");
	return ENDED_OK;
}

int
session_make(struct session *s)
{
	const struct options *o = s->o;
	bool colour;
	int r;

	colour = colour_wanted(o->colour, STDERR_FILENO, getenv("TERM"), getenv("NO_COLOR"));
	s->report = (struct report){ .quiet = o->quiet, .verbose = o->verbose, .colour = colour };
	s->env = (struct env){ .random = &s->random, .report = &s->report };
	random_init(&s->random);
	if ((r = read_endpoints(s)) != ENDED_OK)
		return r;
	if (o->expect != NULL) /* what a character is in a regular expression is up to it */
		session_set_locale();
	s->env.scratch = mem_resize(&mem_libc, NULL, PIECE_MAX);
	if (o->blob && (r = session_make_blobs(s)) != ENDED_OK)
		return r;
	if (s->env.scratch == NULL || loop_new(&s->env.loop) < 0 ||
	    session_make_right(s) != ENDED_OK) {
		report_error(&s->report, "out of memory");
		return ENDED_LOCAL;
	}
	if ((r = session_make_side_files(s)) != ENDED_OK)
		return r;
	r = session_make_left(s);
	if (r == ENDED_OK) {
		trace_start(s->env.trace);
		record_start(s->env.record);
	}
	return r;
}

bool
session_clear(struct session *s)
{
	bool whole;

	timer_clear(&s->max_time);
	endpoint_free(s->a);
	endpoint_free(s->b);
	history_file_close(&s->history);
	blobs_free(s->blobs);
	whole = trace_free(s->env.trace);
	whole &= record_free(s->env.record);
	tls_ctx_free(s->tls);
	loop_free(s->env.loop);
	mem_free(&mem_libc, s->env.scratch);
	mem_free(&mem_libc, s->headers);
	mem_free(&mem_libc, s->header_text);
	spec_clear(&s->left);
	spec_clear(&s->right);
	return whole;
}

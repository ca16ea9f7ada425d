/* The WebSocket of a session: a client or a listener. */

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "cmd/modules.h"
#include "cmd/session_int.h"
#include "endpoint/listen.h"
#include "endpoint/ws.h"

/* Messages that must be held whole are at most so long, unless told otherwise. */
#define MAX_WHOLE           ((uint64_t)64 << 20)
#define MAX_WHOLE_LISTENING ((uint64_t)1 << 20)

#define CLOSE_TIMEOUT_MS    2000

/* Headers: -H in its order, and the defaults that it does not replace. */

static bool
has_header(const struct session *s, const char *name)
{
	for (size_t i = 0; i < s->n_headers; i++)
		if (ascii_eq_nocase(span_str(s->headers[i].name), span_str(name)))
			return true;
	return false;
}

static void
add_header(struct session *s, const char *name, const char *value)
{
	s->headers[s->n_headers++] = (struct wsx_header){ name, value };
}

/* Splits "Name: value" into two strings, both of them in one copy of the text. */
static char *
split_header(struct session *s, const char *text, char *copy)
{
	size_t n = strlen(text) + 1;
	char *value;

	memcpy(copy, text, n);
	value = copy + strcspn(copy, ":");
	if (*value != '\0')
		*value++ = '\0';
	value += strspn(value, " \t");
	add_header(s, copy, value);
	return copy + n;
}

static int
make_headers(struct session *s)
{
	const struct options *o = s->o;
	size_t size = 1;
	char *at;

	for (size_t i = 0; i < o->headers.n; i++)
		size += strlen(o->headers.items[i]) + 1;
	s->headers = mem_new(&mem_libc, (o->headers.n + 2) * sizeof *s->headers);
	s->header_text = mem_new(&mem_libc, size);
	if (s->headers == NULL || s->header_text == NULL) {
		report_error(&s->report, "out of memory");
		return ENDED_LOCAL;
	}
	at = s->header_text;
	for (size_t i = 0; i < o->headers.n; i++)
		at = split_header(s, o->headers.items[i], at);
	if (o->origin != NULL && !has_header(s, "Origin"))
		add_header(s, "Origin", o->origin);
	if (s->left.kind == SPEC_WS && !has_header(s, "User-Agent"))
		add_header(
		    s, "User-Agent", o->user_agent != NULL ? o->user_agent : "wsx/" WSX_VERSION);
	return ENDED_OK;
}

/* Whether the right side must have each message in one piece. */
static bool
wants_whole(const struct session *s)
{
	struct framing_marks marks = session_marks(s->o, &s->o->output);

	if (s->right.kind != SPEC_STDIO)
		return s->o->expect != NULL;
	return s->terminal != NULL || s->o->expect != NULL || session_is_shown(s->o) ||
	       s->left.kind == SPEC_LISTEN || framing_is_whole(s->o->output.framing, &marks);
}

static struct ws_policy
make_policy(const struct session *s)
{
	const struct options *o = s->o;

	return (struct ws_policy){
		.binary_type = o->blob ? WSX_BLOB : WSX_ARRAYBUFFER,
		.wait_ms = o->wait_ms,
		.no_close = o->no_close || o->expect != NULL,
		.exit_on_eof = o->exit_on_eof || s->interactive,
		.count = o->count,
		.idle_timeout_ms = o->idle_timeout_ms,
		.ping_interval_ms = o->ping_interval_ms,
		.ping_timeout_ms = o->ping_timeout_ms,
		.wait_ready_ms = o->wait_ready_ms,
		.expect = o->expect,
		.reconnect = o->reconnect,
		.reconnect_delay_ms = o->reconnect_delay_ms,
		.hold = s->terminal != NULL,
		.close_code = o->close_code,
		.close_reason = o->close_reason,
		.close_timeout_ms = CLOSE_TIMEOUT_MS,
	};
}

/* Clients are many and strangers: together they must not be able to fill the memory. */
static uint64_t
default_max(const struct session *s, bool whole)
{
	if (!whole)
		return 0;
	return s->left.kind == SPEC_LISTEN ? MAX_WHOLE_LISTENING : MAX_WHOLE;
}

static struct wsx_config
make_core(const struct session *s)
{
	const struct options *o = s->o;
	bool whole = wants_whole(s);

	return (struct wsx_config){
		.protocols = (const char *const *)o->protocols.items,
		.n_protocols = o->protocols.n,
		.deflate = {
			.enabled = !o->no_compress,
			.level = o->compress_level,
			.window_bits = o->window_bits,
			.no_context_takeover = o->no_context_takeover,
			.always = o->compress_always,
		},
		.no_pong = o->no_pong,
		.whole = whole,
		.max_message = o->max_message_given ? o->max_message : default_max(s, whole),
	};
}

static int
make_tls(struct session *s, bool server)
{
	const struct options *o = s->o;
	struct tls_config config = {
		.server = server,
		.insecure = o->insecure,
		.ca = o->ca,
		.cert = o->cert,
		.key = o->key,
	};
	const struct tls_module *module;
	char why[512];

	if (!s->left.secure)
		return ENDED_OK;
	if (server && o->cert == NULL) {
		report_error(&s->report, "a wss listener needs --cert FILE (and --key FILE)");
		return ENDED_USAGE;
	}
	if ((module = modules_tls(why, sizeof why)) == NULL) {
		report_error(&s->report, "no TLS: %s", why);
		return ENDED_TLS;
	}
	if (tls_ctx_new(module, &config, &s->tls, why, sizeof why) < 0) {
		report_error(&s->report, "%s", why);
		return ENDED_USAGE;
	}
	return ENDED_OK;
}

/* A URL for an error message, without whatever may be a password. */
static const char *
shown_url(const char *url)
{
	return strchr(url, '@') != NULL ? "bad URL" : url;
}

static int
make_client(struct session *s)
{
	struct ws_client_config config = {
		.core = make_core(s),
		.policy = make_policy(s),
		.connect_timeout_ms = s->o->connect_timeout_ms,
	};
	const char *why;
	int r;

	if ((r = make_headers(s)) != ENDED_OK || (r = make_tls(s, false)) != ENDED_OK)
		return r;
	config.tls = s->tls;
	config.core.url = s->left.url;
	config.core.headers = s->headers;
	config.core.n_headers = s->n_headers;
	r = ws_client_new(&s->env, &config, &s->a, &why);
	if (r == WSX_ERR_ARGUMENT) {
		report_error(&s->report, "%s: %s", shown_url(s->left.url), why);
		return ENDED_USAGE;
	}
	if (r < 0) {
		report_error(&s->report, "%s", why);
		return ENDED_LOCAL;
	}
	if (s->interactive)
		report_notice(&s->report, "Connecting to %s", wsx_display_url(ws_core(s->a)));
	if (s->left.secure && s->o->insecure)
		report_error(&s->report,
		    "warning: the certificate of %s is not checked (--insecure)",
		    wsx_display_url(ws_core(s->a)));
	return ENDED_OK;
}

static int
make_listener(struct session *s)
{
	struct listen_config config = {
		.addr = s->left.addr,
		.port = s->left.port,
		.echo = s->o->echo || s->right.kind == SPEC_MIRROR,
		.announce = s->o->announce,
		.core = make_core(s),
		.policy = make_policy(s),
	};
	char why[256];
	int r;

	if ((r = make_headers(s)) != ENDED_OK || (r = make_tls(s, true)) != ENDED_OK)
		return r;
	config.tls = s->tls;
	config.core.headers = s->headers;
	config.core.n_headers = s->n_headers;
	config.core.path = s->left.path;
	config.core.origins = (const char *const *)s->o->origins.items;
	config.core.n_origins = s->o->origins.n;
	r = listen_new(&s->env, &config, &s->a, why, sizeof why);
	if (r != ENDED_OK)
		report_error(&s->report, "%s", why);
	return r;
}

int
session_make_left(struct session *s)
{
	return s->left.kind == SPEC_WS ? make_client(s) : make_listener(s);
}

#include "cmd/session.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/err.h"
#include "base/mem.h"
#include "cmd/modules.h"
#include "endpoint/listen.h"
#include "endpoint/mirror.h"
#include "endpoint/record.h"
#include "endpoint/stdinout.h"
#include "endpoint/terminal.h"
#include "endpoint/trace.h"
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

/* Making the endpoints. */

/* What is to be sent may be all on the command line: then "-" must be named to read more. */
static bool
reads_stdin(const struct options *o)
{
	size_t named = o->listen == NULL ? 1 : 0; /* endpoints before the one that "-" would be */

	return (o->execute.n == 0 && o->files.n == 0) || o->endpoints.n > named;
}

static bool
is_interactive(const struct session *s)
{
	const struct options *o = s->o;

	return s->right.kind == SPEC_STDIO && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	       !o->input.given && !o->output.given && reads_stdin(o);
}

/* libedit counts columns by the locale, and bytes of UTF-8 are characters only in some. */
static void
set_locale(void)
{
	/* nothing else of it: numbers are written as JSON has them */
	if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1)
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* Makes each folder of a path that is not there, for its owner alone. */
static void
make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700); /* what it can not do shows when the file is opened */
		*slash = '/';
	}
}

/* The host of the session with its port, as far as the URL says it. */
static bool
set_history_host(struct session *s)
{
	const char *host = s->left.url != NULL ? strstr(s->left.url, "://") : NULL;
	const char *user;
	size_t n;

	host = host != NULL ? host + 3 : "listen";
	n = strcspn(host, "/?#");
	if ((user = memrchr(host, '@', n)) != NULL) {
		n -= (size_t)(user + 1 - host);
		host = user + 1;
	}
	snprintf(s->history_host, sizeof s->history_host, "%.*s", (int)n, host);
	return strpbrk(s->history_host, " \t\r\n") == NULL;
}

/* Where lines typed before are kept (the XDG Base Directory Specification), and for which host. */
static struct history_file
find_history(struct session *s)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME"), *below = "";
	size_t n;

	if (state == NULL || state[0] != '/') {
		state = home;
		below = "/.local/state";
	}
	if (state == NULL || state[0] != '/' || !set_history_host(s))
		return (struct history_file){ NULL, NULL };
	n = (size_t)snprintf(
	    s->history_path, sizeof s->history_path, "%s%s/wsx/history", state, below);
	if (n >= sizeof s->history_path)
		return (struct history_file){ NULL, NULL };
	make_folders(s->history_path);
	return (struct history_file){ s->history_path, s->history_host };
}

static const char *
variable(const char *name, void *arg)
{
	(void)arg;
	return getenv(name);
}

static int
make_terminal(struct session *s)
{
	const struct options *o = s->o;
	const char *pager = getenv("PAGER");
	struct terminal_config config = {
		.pager = pager != NULL && *pager != '\0' ? pager : "less",
		.colours = colours_for(
		    colour_wanted(o->colour, STDOUT_FILENO, getenv("TERM"), getenv("NO_COLOR"))),
		.binary = o->binary,
		.show_ping_pong = o->show_ping_pong,
		.timestamps = o->timestamps,
		.blobs = s->blobs,
		.pretty = o->pretty,
		.raw = o->raw,
		.images = image_protocol(o->images, variable, NULL),
		.listening = s->left.kind == SPEC_LISTEN,
		.execute = (const char *const *)o->execute.items,
		.n_execute = o->execute.n,
		.report = &s->report,
	};
	char why[512];
	int r;

	if ((config.prompt = modules_prompt(why, sizeof why)) == NULL) {
		report_error(&s->report, "warning: lines can not be edited: %s", why);
		return ERR_ARGUMENT;
	}
	set_locale();
	config.history = find_history(s);
	if ((r = terminal_new(&s->env, &config, &s->b)) == 0)
		s->terminal = s->b;
	return r;
}

static struct framing_marks
marks_of(const struct options *o, const struct framing_option *f)
{
	return (struct framing_marks){
		.separator = f->separator,
		.text_prefix = o->text_prefix,
		.binary_prefix = o->binary_prefix,
		.base64 = o->base64,
		.base64_text = o->base64_text,
	};
}

/* Bytes as they come, where nothing says that there are lines. */
static enum framing
input_framing(const struct options *o)
{
	bool marked = o->text_prefix != NULL || o->binary_prefix != NULL || o->base64_text;

	return o->binary && !o->input.given && !marked ? FRAMING_RAW : o->input.framing;
}

/* On a terminal nothing is written as it came; some framings have nothing that could harm. */
static bool
is_shown(const struct options *o)
{
	enum framing f = o->output.framing;

	return !o->raw && f != FRAMING_HEX && f != FRAMING_BASE64 && f != FRAMING_JSON &&
	       isatty(STDOUT_FILENO);
}

static int
make_stdinout(struct session *s)
{
	const struct options *o = s->o;
	struct stdinout_config config = {
		.output = o->output.framing,
		.marks = marks_of(o, &o->output),
		.show = is_shown(o),
		.on_terminal = isatty(STDOUT_FILENO) == 1,
		.input = { .framing = input_framing(o),
		    .marks = marks_of(o, &o->input),
		    .type = o->binary ? SPLIT_TYPE_BINARY
			    : o->text ? SPLIT_TYPE_TEXT
				      : SPLIT_TYPE_OWN,
		    .chunk = o->chunk_size },
		.read = reads_stdin(o),
		.execute = (const char *const *)o->execute.items,
		.n_execute = o->execute.n,
		.files = (const char *const *)o->files.items,
		.n_files = o->files.n,
		.show_ping_pong = o->show_ping_pong,
		.timestamps = o->timestamps,
		.blobs = s->blobs,
		.notices = s->interactive && s->left.kind == SPEC_WS,
	};

	if (isatty(STDERR_FILENO) && !o->quiet && !s->interactive && s->left.kind == SPEC_WS)
		config.report = &s->report;

	return stdinout_new(&s->env, &config, &s->b);
}

static int
make_right(struct session *s)
{
	int r;

	switch (s->right.kind) {
	case SPEC_MIRROR:
		r = s->left.kind == SPEC_LISTEN ? null_new(&s->b) : mirror_new(&s->b);
		break;
	case SPEC_NULL:
		r = null_new(&s->b);
		break;
	case SPEC_STDIO:
		s->interactive = is_interactive(s);
		r = s->interactive ? make_terminal(s) : ERR_ARGUMENT;
		if (r == ERR_ARGUMENT) /* no terminal, or one that can not edit lines */
			r = make_stdinout(s);
		break;
	case SPEC_WS:
	case SPEC_LISTEN:
	default:
		return ENDED_LOCAL;
	}
	return r < 0 ? ENDED_LOCAL : ENDED_OK;
}

/* Whether the right side must have each message in one piece. */
static bool
wants_whole(const struct session *s)
{
	struct framing_marks marks = marks_of(s->o, &s->o->output);

	if (s->right.kind != SPEC_STDIO)
		return s->o->expect != NULL;
	return s->terminal != NULL || s->o->expect != NULL || is_shown(s->o) ||
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

static int
make_blobs(struct session *s)
{
	const char *dir = s->o->blob_dir != NULL ? s->o->blob_dir : ".";
	int r = blobs_new(dir, &s->blobs);

	if (r == 0)
		return ENDED_OK;
	report_error(&s->report, "--blob-dir %s: %s", dir,
	    r == ERR_NOMEM ? "out of memory" : strerror(errno));
	return r == ERR_NOMEM ? ENDED_LOCAL : ENDED_USAGE;
}

/* Two names of one file; devices and pipes may be written to from anywhere. */
static bool
is_same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && S_ISREG(first.st_mode) &&
	       first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

/* What is written must be nothing that is read, or written otherwise. */
static int
check_side_file(struct session *s, const char *option, const char *path)
{
	const struct options *o = s->o;

	for (size_t i = 0; i < o->files.n && path != NULL; i++) {
		if (!is_same_file(path, o->files.items[i]))
			continue;
		report_error(&s->report, "%s %s: it is to be sent, too (-f)", option, path);
		return ENDED_USAGE;
	}
	return ENDED_OK;
}

static int
check_side_files(struct session *s)
{
	const struct options *o = s->o;
	int r = check_side_file(s, "--trace", o->trace);

	if (r == ENDED_OK)
		r = check_side_file(s, "--record", o->record);
	if (r != ENDED_OK || o->trace == NULL || o->record == NULL ||
	    !is_same_file(o->trace, o->record))
		return r;
	report_error(&s->report, "--record %s: the trace is written there (--trace)", o->record);
	return ENDED_USAGE;
}

/* What is written beside the session. */
static int
make_side_files(struct session *s)
{
	const struct options *o = s->o;
	const char *path = o->trace;
	int r = 0;

	if (o->trace != NULL || o->verbose > 0)
		r = trace_new(&s->env, o->trace, o->trace_hex, &s->env.trace);
	if (r == 0 && o->record != NULL) {
		path = o->record;
		r = record_new(&s->env, path, &s->env.record);
	}
	if (r == 0)
		return check_side_files(s);
	report_error(&s->report, "cannot write %s: %s", path != NULL ? path : "a trace",
	    r == ERR_NOMEM ? "out of memory" : strerror(errno));
	return ENDED_LOCAL;
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
		set_locale();
	s->env.scratch = mem_resize(&mem_libc, NULL, PIECE_MAX);
	if (o->blob && (r = make_blobs(s)) != ENDED_OK)
		return r;
	if (s->env.scratch == NULL || loop_new(&s->env.loop) < 0 || make_right(s) != ENDED_OK) {
		report_error(&s->report, "out of memory");
		return ENDED_LOCAL;
	}
	if ((r = make_side_files(s)) != ENDED_OK)
		return r;
	r = s->left.kind == SPEC_WS ? make_client(s) : make_listener(s);
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

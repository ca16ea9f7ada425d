/* What the WebSocket of a session is joined to: the terminal, standard input and output, a mirror. */

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/err.h"
#include "cmd/modules.h"
#include "cmd/session_int.h"
#include "endpoint/mirror.h"
#include "endpoint/stdinout.h"
#include "endpoint/terminal.h"

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
void
session_set_locale(void)
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

/* Without the port that the scheme has by itself. */
static size_t
without_default_port(const char *url, const char *host, size_t n)
{
	const char *port = strncasecmp(url, "wss:", 4) == 0 ? ":443" : ":80";
	size_t port_n = strlen(port);

	return n > port_n && memcmp(host + n - port_n, port, port_n) == 0 ? n - port_n : n;
}

/* The host of the session with its port, where the URL says another than usual. */
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
	if (s->left.url != NULL)
		n = without_default_port(s->left.url, host, n);
	snprintf(s->history_host, sizeof s->history_host, "%.*s", (int)n, host);
	for (char *p = s->history_host; *p != '\0'; p++)
		*p = ascii_lower(*p);
	return strpbrk(s->history_host, " \t\r\n") == NULL;
}

/* To the file itself, where it is linked to: it is replaced by others at times. */
static void
follow(char *path, size_t max)
{
	char *real = realpath(path, NULL);

	if (real != NULL && strlen(real) < max)
		memcpy(path, real, strlen(real) + 1);
	free(real);
}

/* Where lines typed before are kept (the XDG Base Directory Specification), and for which host. */
static void
find_history(struct session *s)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME"), *below = "";
	size_t n;

	if (state == NULL || state[0] != '/') {
		state = home;
		below = "/.local/state";
	}
	if (state == NULL || state[0] != '/' || !set_history_host(s))
		return;
	n = (size_t)snprintf(
	    s->history_path, sizeof s->history_path, "%s%s/wsx/history", state, below);
	if (n >= sizeof s->history_path)
		return;
	make_folders(s->history_path);
	follow(s->history_path, sizeof s->history_path);
	history_file_init(&s->history, s->history_path, s->history_host);
}

static const char *
variable(const char *name, void *arg)
{
	(void)arg;
	return getenv(name);
}

/* Who has no prompt knows why: where TERM says that much, no more need be said. */
static void
tell_no_prompt(const struct session *s)
{
	const char *term = getenv("TERM");

	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
		return;
	report_notice(&s->report,
	    "there is no prompt on this terminal (TERM is \"%s\"), and a line that begins with a "
	    "slash is sent",
	    term);
}

/*
 * From when the terminal has modes of ours until the loop tells of signals (io/loop.h), which unblocks
 * them: none may end or stop us between.
 */
static void
hold_signals(int how)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		sigaddset(&set, held[i]);
	sigprocmask(how, &set, NULL);
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
	session_set_locale();
	hold_signals(SIG_BLOCK);
	find_history(s);
	config.history = &s->history;
	if ((r = terminal_new(&s->env, &config, &s->b)) == 0)
		s->terminal = s->b;
	else
		hold_signals(SIG_UNBLOCK);
	if (r == ERR_ARGUMENT)
		tell_no_prompt(s);
	return r;
}

struct framing_marks
session_marks(const struct options *o, const struct framing_option *f)
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
bool
session_is_shown(const struct options *o)
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
		.marks = session_marks(o, &o->output),
		.show = session_is_shown(o),
		.on_terminal = isatty(STDOUT_FILENO) == 1,
		.input = { .framing = input_framing(o),
		    .marks = session_marks(o, &o->input),
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

int
session_make_right(struct session *s)
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
		if (r != ERR_ARGUMENT)
			break;
		r = make_stdinout(s);
		break;
	case SPEC_WS:
	case SPEC_LISTEN:
	default:
		return ENDED_LOCAL;
	}
	return r < 0 ? ENDED_LOCAL : ENDED_OK;
}

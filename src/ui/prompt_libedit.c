#include "ui/prompt_editor.h"

#include <assert.h>
#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/utf8.h"
#include "ui/prompt_bind.h"

/*
 * libedit's el_wgets() is the outer call. For every key it calls next_key(), which runs the
 * host's loop, prints what came above the line and draws the line again. Its own screen update
 * takes part only in that: the rows of the line are erased by our count of them, and EL_REFRESH
 * then draws on an empty screen.
 *
 * The locale must be one of UTF-8 (setlocale() is main's). In another libedit holds characters
 * over 127 for unprintable: what was pasted is shown as \U+00E9 and sent as it was, what was
 * typed may be taken for Meta keys.
 */

/* Keys may take long (searches of the history) and be many: the host has its turn so often. */
#define AHEAD_MS 20
/* A terminal writes a paste in one go, or in pieces that follow each other at once. */
#define PASTE_GAP_MS 10

struct prompt_editor *
prompt_of(EditLine *el)
{
	struct prompt_editor *p = NULL;

	el_wget(el, EL_CLIENTDATA, &p);
	return p;
}

/* Sends the signal that a key stands for, to all of our group, as the terminal would: false if it is none. */
static bool
raise_signal(const struct prompt_editor *p, wchar_t c)
{
	int signo = p->quoting ? 0 : prompt_keys_signal(&p->found, c);

	if (signo != 0)
		kill(0, signo);
	return signo != 0;
}

/*
 * Reads what keys there are, of which wait() has said that there are some. Ctrl-C by itself, within
 * a paste that has no end, was typed.
 */
static void
read_keys(struct prompt_editor *p)
{
	uint8_t bytes[4096];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);

	if (n == 1 && p->keys.pasting && raise_signal(p, bytes[0]))
		return;
	if (n > 0) {
		p->err = prompt_keys_feed(&p->keys, bytes, (size_t)n);
		p->over = p->err != 0;
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		p->over = true; /* the terminal is gone */
	}
}

/* True if there is more at once: what looks like the end of a paste may be part of it. */
static bool
goes_on(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, PASTE_GAP_MS) == 1;
}

/* libedit draws a character of no width in a column of its own if it is typed at the end. */
static bool
is_misdrawn(wchar_t c)
{
	return c >= 0x300 && wcwidth(c) <= 0;
}

/* A view is drawn over; what libedit has drawn wrong must go first. */
static void
redraw(struct prompt_editor *p)
{
	if (p->tall && !p->hidden)
		prompt_show(p);
	else
		prompt_hide(p);
}

static uint64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The host's turn: until there are keys, or a short one where some were typed ahead. */
static void
wait_for_keys(struct prompt_editor *p, bool ahead)
{
	if (p->config.wait(ahead, p->config.arg) == 0)
		p->over = true;
	else if (!ahead && !p->interrupted)
		read_keys(p);
	p->turned = now_ms();
}

/* A line that takes the whole screen is drawn once for many keys that were typed ahead. */
static bool
is_behind(const struct prompt_editor *p)
{
	return p->tall && buf_len(&p->keys.in) > 0 && !p->over && !p->interrupted;
}

/*
 * libedit's reader of keys. Keys may be read inside of its commands, such as the search of
 * history, which take an end for a key or lose what they do not know. So all that is no key comes
 * as PROMPT_ATTEND, again and again until libedit is back at the line and calls attend().
 */
static int
next_key(EditLine *el, wchar_t *c)
{
	struct prompt_editor *p = prompt_of(el);

	if (!is_behind(p))
		prompt_measure(p);
	if (buf_len(&p->keys.in) > 0 && now_ms() - p->turned >= AHEAD_MS)
		wait_for_keys(p, true);
	for (;;) {
		if (p->stale && !is_behind(p))
			redraw(p);
		prompt_update(p);
		if (p->over || p->interrupted) {
			*c = PROMPT_ATTEND;
			return 1;
		}
		switch (prompt_keys_next(&p->keys, c)) {
		case PROMPT_KEY_CHAR:
			if (raise_signal(p, *c)) {
				wait_for_keys(p, buf_len(&p->keys.in) > 0);
				continue;
			}
			p->stale = is_misdrawn(*c);
			return 1;
		case PROMPT_KEY_PASTE:
			if (goes_on()) {
				read_keys(p);
				wait_for_keys(p, true);
				continue;
			}
			*c = PROMPT_ATTEND;
			return 1;
		case PROMPT_KEY_NONE:
			break;
		}
		if (is_behind(p)) { /* of what has come of a key that is not complete */
			prompt_measure(p);
			redraw(p);
			prompt_update(p);
		}
		wait_for_keys(p, false);
	}
}

static wchar_t *
prompt_text(EditLine *el)
{
	return prompt_of(el)->text;
}

int
prompt_put_wide(struct buf *b, const wchar_t *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c[4];
		int r = buf_put(b, c, utf8_encode((uint32_t)s[i], c));

		if (r != 0)
			return r;
	}
	return 0;
}

wchar_t *
prompt_wide(const char *s)
{
	size_t n = strlen(s), used = 0;
	wchar_t *wide = calloc(n + 1, sizeof *wide);

	for (size_t i = 0; wide != NULL && s[i] != '\0'; used++) {
		uint32_t c;
		int len = utf8_decode((const uint8_t *)s + i, n - i, &c);

		assert(len > 0);
		wide[used] = (wchar_t)c;
		i += (size_t)len;
	}
	return wide;
}

static int
read_line(struct prompt_editor *p, struct buf *line)
{
	const wchar_t *s;
	int n, r;

	assert(!p->reading);
	buf_reset(line);
	p->interrupted = p->over = false;
	prompt_begin(p);
	s = el_wgets(p->el, &n);
	prompt_end(p, s != NULL);
	if (s == NULL) {
		r = prompt_put_wide(line, el_wline(p->el)->buffer, prompt_length(p));
		return p->err != 0 ? p->err : r;
	}
	assert(n > 0 && s[n - 1] == L'\n');
	prompt_history_add(p->history, s, (size_t)n - 1);
	r = prompt_put_wide(line, s, (size_t)n - 1);
	return r == 0 ? 1 : r;
}

static bool
interrupt(struct prompt_editor *p)
{
	if (!p->reading || (prompt_length(p) == 0 && !p->keys.pasting))
		return false;
	p->interrupted = true;
	return true;
}

static void
resize(struct prompt_editor *p)
{
	if (!p->reading)
		return;
	prompt_hide(p);
	prompt_update(p);
}

static void
suspend(struct prompt_editor *p)
{
	if (p->reading)
		prompt_leave(p);
	el_wset(p->el, EL_PREP_TERM, 0); /* else it would set modes once more when it ends */
	p->suspended = true;
}

static void
resume(struct prompt_editor *p)
{
	if (p->reading && !p->suspended) /* nobody told us: what is on the screen is not known */
		prompt_leave(p);
	p->suspended = false;
	el_wset(p->el, EL_SETFP, 0, stdin);
	el_wset(p->el, EL_PREP_TERM, 0); /* else it believes the modes are those it has set */
	if (p->reading)
		el_wset(p->el, EL_PREP_TERM, 1);
}

/* A line of an earlier session; somebody may have written others into the file. */
static void
recall(struct prompt_editor *p, const char *line, size_t n)
{
	wchar_t *wide;

	if (memchr(line, '\0', n) != NULL || !utf8_valid((const uint8_t *)line, n) ||
	    (wide = prompt_wide(line)) == NULL)
		return;
	prompt_history_add(p->history, wide, wcslen(wide));
	free(wide);
}

/* False for an unknown TERM, or one that can not move up a row. */
static bool
knows_terminal(struct prompt_editor *p)
{
	char *up = NULL;

	el_wget(p->el, EL_GETTC, "up", &up);
	return up != NULL && up[0] != '\0';
}

/* Terminals that understand what xterm does, and of which this system may not have heard. */
static bool
takes_for_xterm(struct prompt_editor *p)
{
	static const char *const families[] = { "xterm-", "alacritty", "contour", "foot", "ghostty",
		"iterm", "kitty", "konsole", "mintty", "mlterm", "putty", "rio", "rxvt", "screen",
		"st-", "tmux", "vscode", "vte", "wezterm" };
	const char *term = getenv("TERM");

	for (size_t i = 0; term != NULL && i < sizeof families / sizeof *families; i++) {
		if (strncmp(term, families[i], strlen(families[i])) != 0)
			continue;
		el_wset(p->el, EL_TERMINAL, "xterm");
		return knows_terminal(p);
	}
	return false;
}

static int
set_up(struct prompt_editor *p)
{
	if (prompt_window_is_vast())
		return ERR_ARGUMENT;
	if (tcgetattr(STDIN_FILENO, &p->found) != 0)
		return ERR_ARGUMENT;
	p->el =
	    el_init_fd("wsx", stdin, p->out, p->null, STDIN_FILENO, STDOUT_FILENO, fileno(p->null));
	if (p->el == NULL)
		return ERR_NOMEM;
	if (!knows_terminal(p) && !takes_for_xterm(p))
		return ERR_ARGUMENT;
	el_wset(p->el, EL_CLIENTDATA, p);
	el_wset(p->el, EL_SIGNAL, 0);
	el_wset(p->el, EL_PROMPT, prompt_text);
	el_wset(p->el, EL_GETCFN, next_key);
	prompt_commands_add(p);
	if ((p->history = prompt_history_new(p->el)) == NULL)
		return ERR_NOMEM;
	return 0;
}

static void
close_editor(struct prompt_editor *p)
{
	if (p->el != NULL) {
		/* Or el_end() would set modes of its own and drop what was typed ahead. */
		el_wset(p->el, EL_EDITMODE, 0);
		el_end(p->el);
	}
	prompt_history_free(p->history);
	if (p->null != NULL)
		fclose(p->null);
	prompt_keys_clear(&p->keys);
	free(p->text);
	free(p);
}

static int
open_editor(const struct prompt_config *config, FILE *out, struct prompt_editor **editor)
{
	struct prompt_editor *p = calloc(1, sizeof *p);
	int r = ERR_NOMEM;

	if (p == NULL)
		return ERR_NOMEM;
	p->config = *config;
	p->out = out;
	prompt_keys_init(&p->keys, &mem_libc);
	if ((p->text = prompt_wide(config->text)) == NULL)
		goto fail;
	if ((p->null = fopen("/dev/null", "we")) == NULL)
		goto fail;
	if ((r = set_up(p)) != 0)
		goto fail;
	*editor = p;
	return 0;
fail:
	close_editor(p);
	return r;
}

const struct prompt_module wsx_prompt_module = {
	.version = WSX_VERSION,
	.open = open_editor,
	.close = close_editor,
	.read = read_line,
	.recall = recall,
	.print = prompt_put_above,
	.flush = prompt_update,
	.interrupt = interrupt,
	.resize = resize,
	.columns = prompt_width,
	.suspend = suspend,
	.resume = resume,
};

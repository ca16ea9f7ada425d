#include "ui/prompt_keys.h"

#include <assert.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/utf8.h"
#include "ui/prompt_escape.h"

#define ESC 0x1b

/* The marks of xterm's mode 2004. */
static const char begin_mark[] = "\033[200~";
static const char end_mark[] = "\033[201~";

#define MARK_LEN (sizeof begin_mark - 1)
#define KEEP     ((size_t)64 << 10) /* a larger buffer is not kept after a paste */

_Static_assert(sizeof begin_mark == sizeof end_mark, "marks of one length");
_Static_assert(WCHAR_MAX >= 0x10ffff, "a wchar_t holds any character");

enum mark { MARK_NONE, MARK_BEGIN, MARK_END, MARK_CUT };

/* What is at p; MARK_CUT if the n bytes are the start of a mark but no whole one. */
static enum mark
mark_at(const uint8_t *p, size_t n)
{
	size_t have = n < MARK_LEN ? n : MARK_LEN;

	if (memcmp(p, begin_mark, have) == 0)
		return have == MARK_LEN ? MARK_BEGIN : MARK_CUT;
	if (memcmp(p, end_mark, have) == 0)
		return have == MARK_LEN ? MARK_END : MARK_CUT;
	return MARK_NONE;
}

/* The offset, from at, of the next mark of that kind, or n. */
static size_t
find_mark(const uint8_t *p, size_t n, size_t at, const char *mark)
{
	const uint8_t *found = memmem(p + at, n - at, mark, MARK_LEN);

	return found != NULL ? (size_t)(found - p) : n;
}

void
prompt_keys_init(struct prompt_keys *k, const struct mem *mem)
{
	*k = (struct prompt_keys){ 0 };
	buf_init(&k->in, mem, SIZE_MAX);
}

void
prompt_keys_clear(struct prompt_keys *k)
{
	prompt_keys_drop(k);
	buf_clear(&k->in);
}

int
prompt_keys_feed(struct prompt_keys *k, const uint8_t *p, size_t n)
{
	if (k->pasted) { /* there may be another end mark now */
		k->pasted = false;
		k->pasting = true;
		k->seen = k->paste;
	}
	return buf_put(&k->in, p, n) == 0 ? 0 : ERR_NOMEM;
}

void
prompt_keys_begin_paste(struct prompt_keys *k)
{
	k->pasting = true;
	k->cr = false;
	k->seen = 0;
}

void
prompt_keys_drop(struct prompt_keys *k)
{
	buf_reset(&k->in);
	k->pasting = k->pasted = false;
}

/*
 * Looks for the end of the paste. Text may hold an end mark in order to have what follows taken
 * for typing; it shows by a second end mark without a start between, if that has come by now.
 */
static bool
find_end(struct prompt_keys *k)
{
	const uint8_t *p = buf_data(&k->in);
	size_t n = buf_len(&k->in);
	size_t end = find_mark(p, n, k->seen, end_mark);

	if (end == n) {
		k->seen = n < MARK_LEN ? 0 : n - (MARK_LEN - 1);
		return false;
	}
	for (;;) {
		size_t next = find_mark(p, n, end + MARK_LEN, end_mark);

		if (next == n || find_mark(p, next, end + MARK_LEN, begin_mark) < next)
			break;
		end = next;
	}
	k->pasting = false;
	k->pasted = true;
	k->paste = end;
	return true;
}

/*
 * One character from the front of in, of which n bytes count: 1, 0 if there is none yet, or -1
 * if something was dropped instead.
 */
static int
take_char(struct prompt_keys *k, size_t n, wchar_t *c)
{
	uint32_t code;
	int len = n > 0 ? utf8_decode(buf_data(&k->in), n, &code) : 0;

	if (len == 0)
		return 0;
	buf_consume(&k->in, len > 0 ? (size_t)len : 1);
	if (len < 0)
		return -1;
	*c = (wchar_t)code;
	return 1;
}

static bool
is_c1(wchar_t c)
{
	return c >= 0x80 && c <= 0x9f;
}

enum prompt_key
prompt_keys_next(struct prompt_keys *k, wchar_t *c)
{
	for (;;) {
		enum mark mark = MARK_NONE;
		ssize_t drop;
		int got;

		if (k->pasted || (k->pasting && find_end(k)))
			return PROMPT_KEY_PASTE;
		if (k->pasting || buf_len(&k->in) == 0)
			return PROMPT_KEY_NONE;
		if (buf_data(&k->in)[0] == ESC)
			mark = mark_at(buf_data(&k->in), buf_len(&k->in));
		if (mark == MARK_CUT && buf_len(&k->in) > 1) /* a lone ESC is a key */
			return PROMPT_KEY_NONE;
		if (mark == MARK_BEGIN || mark == MARK_END) {
			buf_consume(&k->in, MARK_LEN);
			if (mark == MARK_BEGIN)
				prompt_keys_begin_paste(k);
			continue;
		}
		if (buf_data(&k->in)[0] == ESC &&
		    (drop = prompt_escape(buf_data(&k->in), buf_len(&k->in))) != 0) {
			if (drop < 0)
				return PROMPT_KEY_NONE;
			buf_consume(&k->in, (size_t)drop);
			continue;
		}
		if ((got = take_char(k, buf_len(&k->in), c)) == 0)
			return PROMPT_KEY_NONE;
		if (got == 1 && !is_c1(*c)) /* libedit takes C1 for commands */
			return PROMPT_KEY_CHAR;
	}
}

static void
drop_from_paste(struct prompt_keys *k, size_t n)
{
	assert(n <= k->paste);
	buf_consume(&k->in, n);
	k->paste -= n;
}

/* Whether a character of a paste counts, as what it is made: CR and CR LF are newlines. */
static bool
is_kept(struct prompt_keys *k, wchar_t *c)
{
	bool second = k->cr && *c == L'\n';

	k->cr = *c == L'\r';
	if (k->cr)
		*c = L'\n';
	return *c != L'\0' && !second;
}

size_t
prompt_keys_paste(struct prompt_keys *k, wchar_t *out, size_t max)
{
	size_t filled = 0;

	while (k->pasted && filled < max && k->paste > 0) {
		size_t before = buf_len(&k->in);
		int got;

		if (buf_data(&k->in)[0] == ESC) {
			enum mark mark = mark_at(buf_data(&k->in), before);

			if (mark == MARK_BEGIN || mark == MARK_END) {
				drop_from_paste(k, MARK_LEN);
				continue;
			}
		}
		got = take_char(k, k->paste, &out[filled]);
		k->paste -= before - buf_len(&k->in);
		if (got == 0)
			drop_from_paste(k, 1); /* cut short by the end mark */
		else if (got == 1 && is_kept(k, &out[filled]))
			filled++;
	}
	if (k->pasted && filled == 0) {
		k->pasted = false;
		buf_consume(&k->in, MARK_LEN);
		buf_shrink(&k->in, KEEP);
	}
	return filled;
}

int
prompt_keys_signal(const struct termios *modes, wchar_t c)
{
	static const struct {
		int key, signo;
	} signals[] = { { VINTR, SIGINT }, { VQUIT, SIGQUIT }, { VSUSP, SIGTSTP } };

	if ((modes->c_lflag & ISIG) == 0)
		return 0;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		cc_t key = modes->c_cc[signals[i].key];

		if (key != _POSIX_VDISABLE && (wchar_t)key == c)
			return signals[i].signo;
	}
	return 0;
}

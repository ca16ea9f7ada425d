#ifndef UI_PROMPT_KEYS_H
#define UI_PROMPT_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>
#include <wchar.h>

#include "base/buf.h"

/*
 * What the terminal sends, made characters and pastes: UTF-8 is decoded, bytes that are none are
 * dropped without losing those after them, and text between the marks of a bracketed paste is
 * kept apart from keys. It does no I/O; bytes not asked for yet stay in it.
 */
struct prompt_keys {
	struct buf in;
	bool pasting; /* the start of a paste was seen */
	bool pasted; /* and its end */
	size_t seen; /* while pasting: bytes of in that do not begin the end mark */
	bool cr; /* the last of it that was taken was a CR */
	size_t paste; /* once pasted: bytes of in before the end mark */
};

enum prompt_key {
	PROMPT_KEY_NONE, /* feed more bytes */
	PROMPT_KEY_CHAR, /* a character */
	PROMPT_KEY_PASTE, /* a paste waits: take it with prompt_keys_paste() */
};

void prompt_keys_init(struct prompt_keys *k, const struct mem *mem);
void prompt_keys_clear(struct prompt_keys *k);

/*
 * Bytes from the terminal: 0 or ERR_NOMEM. What is fed before the paste that waits is taken counts
 * in finding its end.
 */
int prompt_keys_feed(struct prompt_keys *k, const uint8_t *p, size_t n);

/* The next key; *c is set for a character. */
enum prompt_key prompt_keys_next(struct prompt_keys *k, wchar_t *c);

/*
 * Up to max characters of the paste that waits, and how many: 0 at its end, when keys go on.
 * NULs and marks of pastes inside it are left out; newlines are LF, as terminals send them as any of
 * LF, CR and CR LF.
 */
size_t prompt_keys_paste(struct prompt_keys *k, wchar_t *out, size_t max);

/* The start mark was seen by somebody else: what follows is a paste. */
void prompt_keys_begin_paste(struct prompt_keys *k);

/*
 * The signal that the terminal would make of a character in those modes, or 0. Within a paste it is a
 * character like any other, which is why the terminal is not left to make it.
 */
int prompt_keys_signal(const struct termios *modes, wchar_t c);

/* Forget what was not asked for yet. */
void prompt_keys_drop(struct prompt_keys *k);

#endif

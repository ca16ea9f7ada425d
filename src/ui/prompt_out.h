#ifndef UI_PROMPT_OUT_H
#define UI_PROMPT_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"

/*
 * A stream to the terminal of standard output that holds nobody up: what a terminal does not take
 * at once, as one that was stopped (Ctrl-S) or is far away, waits in memory.
 */
struct prompt_out {
	FILE *stream; /* to print on; fflush() is what writes */
	int fd;
	bool
	    shared; /* with programs that know nothing of O_NONBLOCK: the terminal is another user's */
	struct buf waiting;
};

/* 0 or ERR_NOMEM. */
int prompt_out_open(struct prompt_out *o);

/* Closes. What still waits is lost. Also if it is not open (all zero). */
void prompt_out_close(struct prompt_out *o);

/* Writes of what waits as much as the terminal takes: true if that is all. */
bool prompt_out_drain(struct prompt_out *o);

/*
 * Flushes the stream, and waits for as long as the terminal takes anything at least every patience_ms
 * milliseconds, but no longer than most_ms in all: true if it has all.
 */
bool prompt_out_finish(struct prompt_out *o, int patience_ms, int most_ms);

#endif

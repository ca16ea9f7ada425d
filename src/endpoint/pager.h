#ifndef ENDPOINT_PAGER_H
#define ENDPOINT_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "io/loop.h"

/* A text shown by another program, $PAGER or less, which has the terminal meanwhile. */
struct pager {
	struct watch end; /* a pipe whose other end the program holds for its life */
	pid_t pid; /* 0: none runs */
	void (*done)(int status, void *arg);
	void *arg;
};

/* done, from the loop, is told the exit status of the program; 127 if it could not be run. */
void pager_init(struct pager *p, void (*done)(int status, void *arg), void *arg);

/* Ends a program that still runs, and waits for that. */
void pager_clear(struct pager *p);

/*
 * Starts the shell command with the n bytes of text as its input: 0, or -1 and errno. None runs
 * at the time. The terminal's modes are to be what a program expects.
 */
int pager_start(
    struct pager *p, struct loop *loop, const char *command, const void *text, size_t n);

bool pager_runs(const struct pager *p);

#endif

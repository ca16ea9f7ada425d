#ifndef ENDPOINT_PAGER_H
#define ENDPOINT_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "io/loop.h"

/*
 * A text shown by another program, which has the terminal meanwhile: a job of its own, as shells have
 * them, in the foreground of the terminal of standard input, where that is ours to give. It is over when the shell that runs the
 * command has ended; what that leaves behind is not waited for. If it is stopped (Ctrl-Z), so are we:
 * SIGTSTP is raised.
 */
struct pager {
	pid_t pid; /* of the shell; 0: none runs */
	pid_t target; /* for kill(2): the group, or the shell alone if it has none of its own */
	bool stopped; /* by the user */
	bool suspended; /* by us */
	void (*done)(int status, void *arg);
	void *arg;
};

/* done, from the loop, is told the exit status of the command; 127 if it could not be run. */
void pager_init(struct pager *p, void (*done)(int status, void *arg), void *arg);

/* Ends all of a command that still runs, by force if it does not at once; done is not told. */
void pager_clear(struct pager *p);

/*
 * Starts the shell command with the n bytes of text as its input: 0, or -1 and errno. None runs
 * at the time. The terminal's modes are to be what a program expects. The loop tells this pager of
 * SIGCHLD from now on, so that it lives as long as the loop turns.
 */
int pager_start(
    struct pager *p, struct loop *loop, const char *command, const void *text, size_t n);

bool pager_runs(const struct pager *p);

/* As pager_clear(), from a handler of a fatal signal: async-signal-safe. */
void pager_emergency_end(void);

/* Before we stop and after we go on: the pager does, too, and the terminal is ours or its. */
void pager_suspend(struct pager *p);
void pager_resume(struct pager *p);

#endif

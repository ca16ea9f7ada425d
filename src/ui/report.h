#ifndef UI_REPORT_H
#define UI_REPORT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What wsx itself has to say, one line each, on standard error or, while a prompt owns the
 * terminal, above the line being typed. Lines are made safe (ui/show.h) wherever they go, as a
 * file of them will be shown on a terminal too. Lines that nobody reads are dropped after a moment,
 * rather than hold up the rest. Payload never comes here.
 */
struct report {
	bool quiet; /* -q: errors only */
	int verbose; /* -v: how often given */
	bool colour;
	/* Takes each line, with its newline, instead of standard error. NULL: standard error. */
	void (*divert)(const char *line, size_t n, void *arg);
	void *arg;
	/* Takes away what else is on the terminal before a line of standard error. NULL: nothing. */
	void (*erase)(void *arg);
	void *erase_arg;
};

/* "wsx: " and the message; quiet does not silence it. */
void report_error(const struct report *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A message as it is, unless quiet. */
void report_notice(const struct report *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A message as it is, if verbose is at least level. */
void report_detail(const struct report *r, int level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif

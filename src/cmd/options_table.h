#ifndef CMD_OPTIONS_TABLE_H
#define CMD_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "cmd/options.h"

/* Private to cmd/options*.c: the table of options, and how a row takes its value. */

struct option_row;

/* An option met on the command line. */
struct setting {
	struct options *o;
	const struct option_row *row;
	const char *spelled; /* for errors: "--timeout" as the user wrote it, or "-m/--max-time" */
	const char *value; /* NULL for a flag */
	char *why; /* where a complaint goes */
	size_t why_n;
};

enum option_group {
	GROUP_REQUEST,
	GROUP_TLS,
	GROUP_NETWORK,
	GROUP_SENDING,
	GROUP_RECEIVING,
	GROUP_ENDING,
	GROUP_LIFE,
	GROUP_EXPECTING,
	GROUP_SEEING,
	GROUP_LISTENING,
	N_GROUPS
};

enum option_use {
	OPTION_LAST, /* the last one counts */
	OPTION_ADDS, /* each one adds */
	OPTION_VALUE, /* a flag that counts as the last one, and may be given a value behind a = */
};

struct option_row {
	char letter; /* 0 for none */
	const char *name; /* without its dashes */
	const char
	    *arg; /* what a value that must be is called, "a|b" for a choice; NULL for a flag */
	enum option_group group;
	enum option_use use;
	int (*set)(const struct setting *s); /* 0, or -1 after option_refuse() */
	size_t field; /* offset in struct options, or another number, for setters shared by rows */
	const char *aliases[2]; /* long names of other tools, NULL after the last */
	const char *help;
};

extern const struct option_row option_rows[]; /* ends with a row without name */
extern const char *const option_group_names[N_GROUPS];

/* The i-th long name of a row: its own, then its aliases, then NULL. */
const char *option_long_name(const struct option_row *row, size_t i);

/* The kinds of endpoint of this release, for --help and the completions; text NULL at the end. */
struct endpoint_form {
	const char *text, *arg, *help;
};

extern const struct endpoint_form endpoint_forms[];

/* What stands here for an option of another tool, by its name or letter (options_foreign.c), or NULL. */
const char *option_foreign_hint(struct span name);

/* The setter of -H (options_header.c). */
int option_set_header(const struct setting *s);

/* That of what is expected (options_expect.c). */
int option_set_expect(const struct setting *s);

/* Those of the framings (options_framing.c). */
int option_set_framing(const struct setting *s);
int option_set_null(const struct setting *s);
int option_set_separator(const struct setting *s);
int option_set_json(const struct setting *s);
int option_set_json_both(const struct setting *s);
int option_set_chunk_size(const struct setting *s);
int option_set_prefix(const struct setting *s);

/* Writes the option, ": " and the message to why, and returns -1. */
int option_refuse(const struct setting *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * What the user wrote, fit for an error: on one line, control characters visible, cut where it
 * is long. Returns out.
 */
#define OPTION_SHOWN 256
const char *option_show(char out[OPTION_SHOWN], const char *p, size_t n);

/* The same for the one character that begins at p. */
const char *option_show_char(char out[OPTION_SHOWN], const char *p, size_t n);

#endif

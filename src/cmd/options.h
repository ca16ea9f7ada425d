#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/strlist.h"
#include "endpoint/expect.h"
#include "endpoint/framing.h"
#include "ui/colour.h"
#include "ui/image.h"

/*
 * The command line. One table of rows (options.c) feeds the parser, --help, the completions and
 * the check of the man page; an option added anywhere else does not exist.
 */

/* How messages lie in a stream. */
struct framing_option {
	enum framing framing;
	uint8_t separator; /* of lines */
	bool given;
};

/* What the command line says, checked for form. Texts point into argv or are owned lists. */
struct options {
	struct strlist endpoints; /* in order, -c's and positional ones; at most two */
	const char *listen; /* -l: [ADDR:]PORT, NULL without */
	bool connect; /* -c was given */

	/* request */
	struct strlist headers; /* "Name: value", or "Name:" if empty; -H @FILE expanded */
	struct strlist protocols;
	const char *origin; /* NULL: none sent */
	const char *user_agent; /* NULL: the default */
	bool no_compress;
	int compress_level; /* 1-9, 0 unless given */
	int window_bits; /* 8-15, 0 unless given */
	bool no_context_takeover;
	bool compress_always;

	/* TLS */
	bool insecure;
	const char *ca, *cert, *key;

	/* time */
	uint64_t connect_timeout_ms; /* 30 s unless given; 0 for none */
	uint64_t max_time_ms; /* 0: none */

	/* standard input and output */
	struct framing_option input, output;
	size_t chunk_size; /* 0 unless given */
	const char *text_prefix, *binary_prefix; /* NULL unless given */
	bool base64, base64_text;

	/* sending */
	bool text, binary; /* -t or -b, whichever came last */
	struct strlist execute;
	struct strlist files; /* that can be read */

	/* receiving */
	uint64_t count; /* 0: no end by count */
	uint64_t max_message; /* meaningful if max_message_given; 0 then means no limit */
	bool max_message_given;
	bool blob; /* --binary-type blob */
	const char *blob_dir; /* NULL: the current one */
	bool show_ping_pong;
	enum when colour;
	bool pretty, raw;
	enum when images;

	/* ending */
	uint64_t wait_ms; /* 1 s unless given */
	bool no_close;
	bool exit_on_eof;
	uint16_t close_code; /* 1000 unless given */
	const char *close_reason; /* "" unless given */

	/* life; 0: none */
	uint64_t ping_interval_ms, ping_timeout_ms, idle_timeout_ms, wait_ready_ms;
	uint64_t reconnect; /* attempts in a row, UINT64_MAX for any number */
	uint64_t reconnect_delay_ms; /* 1 s unless given */
	bool no_pong;

	struct expect *expect; /* NULL for nothing */

	/* seeing */
	int verbose;
	bool quiet;
	bool timestamps;
	const char *trace, *record; /* NULL: no file */
	bool trace_hex;

	/* listening */
	bool echo;
	bool announce;
	struct strlist origins; /* of web pages that are let in */

	/* asked instead of a session */
	bool help, version;
};

/*
 * Reads argv. 0; or -1 with one line in why that names the option, the fault and what to do:
 * "unknown option --colr; did you mean --color?". options_clear() in both cases.
 */
int options_parse(struct options *o, int argc, char **argv, char *why, size_t n);
void options_clear(struct options *o);

/* --help: usage, the options by group, at most 80 columns. */
void options_help(FILE *out);

/* The option table as a shell completion: "bash", "zsh" or "fish". 0, or -1 for another shell. */
int options_completion(const char *shell, FILE *out);

/* One option a line, for the tests: "-H,--header NAME:VALUE", aliases on lines of their own. */
void options_list(FILE *out);

#endif

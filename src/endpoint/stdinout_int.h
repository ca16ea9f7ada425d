#ifndef ENDPOINT_STDINOUT_INT_H
#define ENDPOINT_STDINOUT_INT_H

#include <time.h>

#include "endpoint/input.h"
#include "endpoint/meter.h"
#include "endpoint/output.h"
#include "endpoint/pump.h"
#include "endpoint/stdinout.h"
#include "ui/jsonl.h"

/* struct stdinout, for stdinout.c and stdinout_command.c (JSON lines that are commands). */

struct stdinout {
	struct endpoint ep;
	const struct env *env;
	struct stdinout_config config;
	struct input in;
	struct output out;
	struct meter meter; /* zeroed without config.report */
	bool plain; /* is_plain() */
	bool any; /* input gave a message */
	bool opened; /* a connection, before */
	bool closed; /* by a command */
	bool waiting; /* the peer was told that output is not ready */
	struct timespec now; /* for stamp() */
	struct jsonl_also also;
};

/* The time of an event, where it is to be told; NULL where not. */
const struct jsonl_also *stdinout_stamp(struct stdinout *io);

/* An error is an event, too, where events are told. */
void stdinout_put_error(struct stdinout *io, const char *text);

/* As input_handlers.command; arg is the struct stdinout. */
bool stdinout_command(uint8_t *line, size_t n, uint64_t count, struct split_message *m, void *arg);

#endif

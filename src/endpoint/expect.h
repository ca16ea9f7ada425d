#ifndef ENDPOINT_EXPECT_H
#define ENDPOINT_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "endpoint/ending.h"

/*
 * What is expected of a server: messages, in their order though others may come between them, and
 * how it ends the connection or refuses it.
 */

enum expect_kind {
	EXPECT_TEXT, /* a message of just these bytes */
	EXPECT_MATCH, /* one in which the extended regular expression matches */
	EXPECT_JSON, /* one that is equal as JSON */
	EXPECT_POINTER, /* one in which there is a value at this place: "/a/0", "/a/0=VALUE" */
	EXPECT_CLOSE, /* a Close with this code */
	EXPECT_REFUSED, /* an answer to the handshake with this status */
};

struct expect;

/* NULL without memory. */
struct expect *expect_new(void);
void expect_free(struct expect *e); /* NULL is allowed */

/* One more. 0, ERR_NOMEM, or ERR_ARGUMENT and why it can be none. */
#define EXPECT_WHY_MAX 256
int expect_add(struct expect *e, enum expect_kind kind, const char *arg, char why[EXPECT_WHY_MAX]);

/* A message came, whole. */
void expect_message(struct expect *e, const uint8_t *p, size_t n);
/* The peer's Close came, or the connection was lost (1006). */
void expect_closed(struct expect *e, uint16_t code);
/* It is open. */
void expect_opened(struct expect *e);
/* The handshake was refused. */
void expect_refused(struct expect *e, int status);

/* True once all was met. */
bool expect_met(const struct expect *e);
/* True if a refusal is what comes next. */
bool expect_refusal(const struct expect *e);

/*
 * What an ending becomes: ENDED_EXPECTATION for one that is good, or says less than that something
 * expected did not come; ENDED_OK for one after which all was met.
 */
enum ending expect_judge(const struct expect *e, enum ending ending);

/* Writes what was expected, and what came instead. Only if not all was met. */
#define EXPECT_TOLD_MAX 1500
void expect_why(const struct expect *e, char why[EXPECT_TOLD_MAX]);

#endif

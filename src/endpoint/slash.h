#ifndef ENDPOINT_SLASH_H
#define ENDPOINT_SLASH_H

#include "base/buf.h"
#include "base/span.h"
#include "endpoint/endpoint.h"

/*
 * The lines of an interactive session that are for wsx itself: those that begin with a slash.
 * Two slashes begin a text that begins with one.
 */

/* What commands act on. */
struct slash_session {
	const struct report *report;
	struct endpoint *ep; /* the session; its peer is the connection, or what has many */
	bool *binary; /* typed lines are sent as binary messages */
	bool *pretty; /* JSON is laid out */
	/* Sends a message, or a file as one; both tell what goes wrong. */
	void (*send)(struct endpoint *ep, enum wsx_type type, const uint8_t *p, size_t n);
	void (*send_file)(struct endpoint *ep, const char *path);
	/* A Ping was asked for: the time of its Pong is of interest. */
	void (*pinged)(struct endpoint *ep);
};

/* True for such a line. */
bool slash_is_command(const uint8_t *p, size_t n);

/* The text that a line is: past the first of two slashes. */
struct span slash_text(const uint8_t *p, size_t n);

/* The i-th command, without its slash, and what it takes: NULL after the last. */
const char *slash_name(size_t i);
const char *slash_args(size_t i);

/*
 * What Tab makes of a command whose first n bytes were typed: to gets what is to be inserted, or
 * listed the choices there are, which is no text to be trusted. Both are empty at first, and stay
 * so where there is nothing to complete or no memory. n bytes are followed by a NUL.
 */
void slash_complete(const char *line, size_t n, struct buf *to, struct buf *listed);

/* Carries out a command. */
void slash_run(const struct slash_session *s, const uint8_t *p, size_t n);

#endif

#ifndef ENDPOINT_SLASH_H
#define ENDPOINT_SLASH_H

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

/* Carries out a command. */
void slash_run(const struct slash_session *s, const uint8_t *p, size_t n);

#endif

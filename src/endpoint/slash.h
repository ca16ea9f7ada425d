#ifndef ENDPOINT_SLASH_H
#define ENDPOINT_SLASH_H

#include "base/buf.h"
#include "base/span.h"
#include "endpoint/endpoint.h"

/*
 * The lines of an interactive session that are for wsx itself: those that begin with a slash.
 * Two slashes begin a text that begins with one. A line of several rows is a command only if its
 * first row begins with the name of one and a blank, and otherwise text as it stands.
 */

/* What a session does for its commands; all of them tell what goes wrong. */
struct slash_host {
	/* Sends a message to the client of that number, or with 0 to all; or a file as one. */
	void (*send)(
	    struct endpoint *ep, unsigned to, enum wsx_type type, const uint8_t *p, size_t n);
	void (*send_file)(struct endpoint *ep, const char *path);
	/* Waits until what is being sent is, or can not be. */
	void (*finish)(struct endpoint *ep);
	/* Sends a Ping, of whose Pong the time is told: 0 or an enum wsx_err. */
	int (*ping)(struct endpoint *ep, struct span data);
	/* How long the last took that was answered, in nanoseconds; 0: none. */
	uint64_t (*round_trip)(const struct endpoint *ep);
	/* Shows the heads of the handshake. */
	void (*headers)(struct endpoint *ep);
	/* Shows the last message that came, here or in a pager; saves it. */
	void (*last)(struct endpoint *ep, bool paged);
	void (*save)(struct endpoint *ep, const char *path);
};

/* What commands act on. */
struct slash_session {
	const struct report *report;
	struct endpoint *ep; /* the session; its peer is the connection, or what has many */
	const struct slash_host *host;
	bool *binary; /* typed lines are sent as binary messages */
	bool *pretty; /* JSON is laid out */
};

/* One command. Those of slash_listen.c are for sessions whose peer has many connections. */
struct slash {
	const char *name; /* without its slash */
	const char *args; /* what it takes, for people: "[CODE [REASON]]" */
	void (*run)(const struct slash_session *s, struct span rest);
	const char *help; /* a line */
	const char *const
	    *words; /* what its first argument may be, for Tab: NULL, or up to a NULL */
	bool single; /* only for sessions that are not a listener's */
};
extern const struct slash slash_of_listener[];

/* True for such a line. */
bool slash_is_command(const uint8_t *p, size_t n);

/* The text that a line is: past the first of two slashes. */
struct span slash_text(const uint8_t *p, size_t n);

/* The text that a line sends: all of it, what /to sends, or none. */
struct span slash_message(const uint8_t *p, size_t n);

/* The i-th command there is for a listener, or for one connection: NULL after the last. */
const struct slash *slash_at(size_t i, bool listening);
/* The command of that name, of n bytes, without its slash: NULL if there is none. */
const struct slash *slash_find(const char *name, size_t n);

/* For those that take such arguments: the number, of which *rest is what follows; or false. */
bool slash_take_number(struct span *rest, unsigned *number);
/* A path with its NUL, for which there are PATH_MAX bytes, ~/ being the home folder; or false. */
bool slash_take_path(struct span rest, char *path);
/* Closes with the code and reason that rest has, telling what is wrong with them as by name. */
void slash_close(const struct slash_session *s, const char *name, struct span rest);

/*
 * What Tab makes of a command whose first n bytes were typed: to gets what is to be inserted, or
 * listed the choices there are, which is no text to be trusted. Both are empty at first, and stay
 * so where there is nothing to complete or no memory. n bytes are followed by a NUL.
 */
void slash_complete(const char *line, size_t n, bool listening, struct buf *to, struct buf *listed);

/* Carries out a command. */
void slash_run(const struct slash_session *s, const uint8_t *p, size_t n);

#endif

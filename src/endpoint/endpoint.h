#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "endpoint/ending.h"
#include "io/loop.h"
#include "io/random.h"
#include "ui/report.h"
#include "wsx.h"

/*
 * One end of a conversation: a WebSocket, the terminal, standard input and output, an echo.
 * Endpoints exchange pieces of messages (struct wsx_piece) and are joined in twos by a pump,
 * which alone they talk to.
 *
 * An endpoint gives pieces with pump_put(), but only while pump_ready(); its peer's take() must
 * take what it is given. When a peer that was not ready becomes so it says pump_wake().
 */

/*
 * The largest piece an endpoint gives, except messages that are asked for whole. It gives several
 * at once, WSX_BATCH at most, if together they are not larger than that.
 */
#define PIECE_MAX ((size_t)64 << 10)

/* What all endpoints of a process share. */
struct env {
	struct loop *loop;
	struct random *random;
	const struct report *report;
	uint8_t *scratch; /* PIECE_MAX bytes for one read, no longer used than that */
	struct trace *trace; /* told what goes over the wire; NULL: none */
	struct record *record; /* told what was said; NULL: none */
};

/* EVENT_HEAD: a head of the opening handshake, ours or the peer's. */
enum event_kind { EVENT_HEAD, EVENT_OPEN, EVENT_PING, EVENT_PONG, EVENT_ERROR, EVENT_CLOSE };

/* How long the steps to an open connection took, in nanoseconds. */
struct open_timing {
	uint64_t dns, connect, tls, upgrade;
};

/* What happened to a WebSocket, told to its peer. Everything is borrowed for the call. */
struct event {
	enum event_kind kind;
	const struct wsx *ws;
	struct open_timing timing; /* open */
	enum wsx_direction dir; /* head */
	const uint8_t *data; /* head: its text; ping and pong: the payload; close: the reason */
	size_t n;
	const char *text; /* error: in words, the same as on standard error */
	enum ending ending; /* error */
	uint16_t code; /* close */
	bool was_clean; /* close */
};

/* Control frames that may be asked for. */
enum control { CONTROL_PING, CONTROL_PONG, CONTROL_CLOSE };

/* One of the many WebSockets of a listener. */
struct client_info {
	unsigned number; /* from 1 on, in the order they came; 0: none */
	const char *name; /* its address */
	const struct wsx *ws;
};

struct endpoint;

/* Any function but take, ready and free may be NULL: nothing is to be done or said then. */
struct endpoint_ops {
	/* Begin. Pieces may be given from now on, but only from the loop. 0, or an ending > 0. */
	int (*start)(struct endpoint *ep);
	/* Pieces of messages from the peer, one or more. */
	void (*take)(struct endpoint *ep, const struct wsx_piece *pieces, size_t n);
	/*
	 * True if it takes twice PIECE_MAX right now; who gives asks again each time. Who says no
	 * says pump_wake() once that changed.
	 */
	bool (*ready)(struct endpoint *ep);
	/* The WebSocket it is, for its attributes; NULL if it is none. */
	const struct wsx *(*core)(const struct endpoint *ep);
	/*
	 * Send a control frame after what was taken; code is of a Close. 0, or an enum wsx_err.
	 * NULL if it is no WebSocket.
	 */
	int (*control)(struct endpoint *ep, enum control kind, uint16_t code, struct span data);
	/* True if it drops what it is given, as it is closing or has nobody to give it to. */
	bool (*deaf)(const struct endpoint *ep);
	/*
	 * Connect again, once what is open has closed, and at once if that was only waited for. 0,
	 * WSX_ERR_NOMEM, or WSX_ERR_STATE if it is connecting, going away, or no client.
	 */
	int (*reconnect)(struct endpoint *ep);
	/*
	 * Of many: what it is given and asked for from now on is for this one alone, or for all of
	 * them again (0). 0, or -1 if there is none of that number.
	 */
	int (*address)(struct endpoint *ep, unsigned number);
	/* Of many: the one that speaks, while the peer is given pieces or told an event. */
	struct client_info (*speaker)(const struct endpoint *ep);
	/* Of many: tell of each that is connected, in the order they came. */
	void (*clients)(const struct endpoint *ep,
	    void (*tell)(const struct client_info *client, void *arg), void *arg);
	/* The peer is ready again. */
	void (*wake)(struct endpoint *ep);
	/* The peer has given all its pieces; any tells whether there were some. */
	void (*input_end)(struct endpoint *ep, bool any);
	/* The peer has some again after all. */
	void (*input_begin)(struct endpoint *ep);
	void (*event)(struct endpoint *ep, const struct event *event);
	/* True if all it took has left. If not, it says pump_idle() once it has. */
	bool (*idle)(const struct endpoint *ep);
	/* Go away soon, politely, and say pump_end(): a signal came, or the peer can not go on. */
	void (*leave)(struct endpoint *ep, enum ending why);
	void (*free)(struct endpoint *ep);
};

/* Implementations embed this first. */
struct endpoint {
	const struct endpoint_ops *ops;
	struct pump *pump; /* set by pump_init() */
	struct endpoint *peer; /* likewise */
};

/* Frees it and what it holds. NULL is allowed. */
void endpoint_free(struct endpoint *ep);

#endif

#ifndef ENDPOINT_WS_INT_H
#define ENDPOINT_WS_INT_H

#include "endpoint/pump.h"
#include "endpoint/record.h"
#include "endpoint/ws.h"
#include "io/dial.h"

/*
 * struct ws, for ws.c (the stream), ws_client.c (getting one), ws_events.c (what the core says),
 * ws_close.c (ending), ws_life.c (silence) and ws_again.c (connecting again).
 */

struct ws {
	struct endpoint ep;
	const struct env *env;
	struct ws_policy policy;
	struct wsx_config config; /* of the core */
	struct wsx *core;
	bool client; /* our role */
	char name[300]; /* for messages: the URL shown, or the client's address */
	struct record_part *record; /* NULL: none */
	bool bytes[2]; /* by direction: the message whose frames go by is compressed or binary */
	const char *who; /* one of many: its address in name; "" for the only one */

	/* getting open */
	struct dial *dial;
	struct tls_ctx *tls;
	uint64_t open_timeout_ms;
	struct timer deadline;
	uint64_t connected_at; /* loop time at which the stream was there */
	struct open_timing timing;

	struct stream *stream; /* NULL before and after */
	struct watch watch;
	struct idle work; /* flush and read on, once the current turn is over */
	bool was_full; /* the peer was told to wait */
	bool write_dead; /* the stream takes no more; it may still give */
	bool lingering; /* both have said Close */
	bool shut; /* the stream was shut down for writing */
	bool eof; /* the stream gives no more */
	char lost[200]; /* how, where it did not end as streams do */

	/* ending */
	struct timer stall; /* output full, and nothing taken */
	struct timer wait; /* silence after the end of input */
	struct timer closing; /* silence after our Close */
	uint64_t activity; /* loop time at which a message last came or went */
	uint64_t received; /* messages */
	struct timer idle, ping, pong; /* ws_life.c */
	struct timer again; /* ws_again.c */
	bool waiting; /* there is no connection, nor an attempt: for that timer, or held */
	bool held; /* lost, or an attempt failed: nothing happens by itself */
	bool again_asked; /* to connect again as soon as it has closed */
	uint64_t attempts; /* to connect again, in a row */
	uint64_t started_at, opened_at; /* loop times */
	bool ever_open;
	bool in_message; /* a message that was taken is not complete */
	bool skipping; /* the rest of a message whose beginning was lost */
	bool opened;
	bool close_asked; /* ws_close_normally() was said, perhaps too early */
	bool we_closed; /* the closing handshake was begun by us */
	bool leaving; /* whoever asked knows why it ends */
	bool quit; /* ws_over() is to be said at the next occasion */
	bool input_ended, input_any; /* what ws_input_end() was told */
	bool done; /* policy.count messages came */
	bool told; /* the user knows what went wrong */
	bool over; /* the connection is; pump_end() was said, unless another follows */
	enum ending ending;
	enum ending loss; /* what the last connection ended with that another is to replace */
};

extern const struct endpoint_ops ws_ops;

/* ws.c */

/* Make one, without stream; core's handlers and functions are filled in. */
int ws_new(const struct env *env, const struct wsx_config *core, const struct ws_policy *policy,
    struct ws **ws, const char **why);
/* The stream is there: from now on the loop drives it. */
void ws_attach(struct ws *ws, struct stream *s);
/* The connection is over; the core tells its last events, then the pump is told. */
void ws_over(struct ws *ws);
/* Have the stream written and read at the end of this turn, when the core's handlers returned. */
void ws_schedule(struct ws *ws);
/* What bytes turn into goes to the peer, so they are looked at only when that is ready. */
bool ws_wants_read(struct ws *ws);
/* It is open: what was asked for before takes effect. */
void ws_opened(struct ws *ws);

/* Begin the first connection, or another: 0 or an ending. */
int ws_connect(struct ws *ws);
/* Queue a Ping: 0 or an enum wsx_err. */
int ws_ping(struct ws *ws);

/* ws_close.c */

void ws_close_init(struct ws *ws);
/* A message, or a part of one, came or went. */
void ws_active(struct ws *ws);
/* Begin the closing handshake with the policy's code and reason, once it is open. */
void ws_close_normally(struct ws *ws);
/* Do what the end of input asks for, if it has come. */
void ws_end_input(struct ws *ws);
/* Go away, politely, for this reason. */
void ws_leave(struct ws *ws, enum ending why);
/* While it closes: wait no longer for the peer than the policy says. */
void ws_arm_closing(struct ws *ws);

/* ws_life.c */

void ws_life_init(struct ws *ws);
/* It is open. */
void ws_life_begin(struct ws *ws);
/* Bytes came, or the peer took some: it is there. */
void ws_life_moved(struct ws *ws);
/* A Pong came. */
void ws_life_pong(struct ws *ws);
/* Nothing more is to happen. */
void ws_life_end(struct ws *ws);

/* ws_again.c */

void ws_again_init(struct ws *ws);
/* Whether what ws->ending says happened is to be tried again; if quietly, it is no news. */
bool ws_retries(const struct ws *ws);
bool ws_retries_quietly(const struct ws *ws);
/* The connection is over: true if another is made in its place, or may be. */
bool ws_again(struct ws *ws);
/* As endpoint_ops.reconnect. */
int ws_reconnect(struct endpoint *ep);
/* How long an attempt to connect may take, in milliseconds; 0 for ever. */
uint64_t ws_open_limit(const struct ws *ws);

/* Whether that was the end of the time to wait for a server to be ready. */
bool ws_ready_timed_out(const struct ws *ws);

/* ws_client.c */

/* Begin to connect: 0, or an ending. */
int ws_dial(struct ws *ws);

/* ws_events.c */

struct wsx_handlers ws_handlers(const struct env *env);
/*
 * Say on standard error what went wrong; the first time counts. ws_tell() is for failures and
 * tells the peer too (the error event); ws_note() for endings that are none by the standard.
 */
void ws_tell(struct ws *ws, enum ending ending, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void ws_note(struct ws *ws, enum ending ending, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif

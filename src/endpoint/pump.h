#ifndef ENDPOINT_PUMP_H
#define ENDPOINT_PUMP_H

#include "endpoint/endpoint.h"

/*
 * Joins two endpoints. When one of them ends the other is asked to leave; done() is said, once,
 * from the loop, when both have ended and let go of what they took. It owns neither endpoint.
 */
struct pump {
	struct endpoint *a, *b;
	struct loop *loop;
	struct idle finish;
	struct timer grace; /* for what pump_leave() asked for */
	bool a_ended, b_ended; /* said pump_end() */
	bool finished; /* done() was called */
	bool decided; /* ending is set */
	enum ending ending; /* what the first to decide it said */
	void (*done)(struct pump *pump, void *arg);
	void *arg;
};

/* Joins a and b; nothing moves before pump_start(). */
void pump_init(struct pump *pump, struct loop *loop, struct endpoint *a, struct endpoint *b,
    void (*done)(struct pump *pump, void *arg), void *arg);

/* Starts both. 0, or the ending > 0 of the one that could not. */
int pump_start(struct pump *pump);

/* Forgets both; done() is not called any more. */
void pump_clear(struct pump *pump);

/*
 * From outside: everybody is to leave, for this reason unless there was one before. Who has not
 * done so within PUMP_GRACE_MS is not waited for.
 */
#define PUMP_GRACE_MS 3000
void pump_leave(struct pump *pump, enum ending why);

/* From an endpoint, of itself: */

/* Gives pieces to the peer. */
void pump_put(struct endpoint *ep, const struct wsx_piece *pieces, size_t n);
/* Whether the peer takes any now. */
bool pump_ready(struct endpoint *ep);
/* Whether the peer would drop what it is given. */
bool pump_deaf(const struct endpoint *ep);
/* The peer's WebSocket, for its attributes; NULL if it is none. */
const struct wsx *pump_core(const struct endpoint *ep);
/* Has the peer send a control frame: 0 or an enum wsx_err, WSX_ERR_STATE if it is no WebSocket. */
int pump_control(struct endpoint *ep, enum control kind, uint16_t code, struct span data);
/* Has the peer connect again: 0, WSX_ERR_NOMEM, or WSX_ERR_STATE if it does, or can not. */
int pump_reconnect(struct endpoint *ep);
/* Of a peer that is many, as endpoint.h has them. If it is one: -1; a number of 0; nothing told. */
int pump_address(struct endpoint *ep, unsigned number);
struct client_info pump_speaker(const struct endpoint *ep);
void pump_clients(const struct endpoint *ep,
    void (*tell)(const struct client_info *client, void *arg), void *arg);
/* It is ready again. */
void pump_wake(struct endpoint *ep);
/* It has given all its pieces. */
void pump_input_end(struct endpoint *ep, bool any);
/* It has pieces again after that. */
void pump_input_begin(struct endpoint *ep);
/* Tells the peer what happened. */
void pump_event(struct endpoint *ep, const struct event *event);
/* It has let go of all it took. */
void pump_idle(struct endpoint *ep);
/* It is over, in this way unless another was decided before. */
void pump_end(struct endpoint *ep, enum ending ending);
/* It can not go on: the ending is decided, and the peer is asked to leave. */
void pump_fail(struct endpoint *ep, enum ending ending);
/* Something went wrong that ends nothing, but shall show in the ending if that would be ENDED_OK. */
void pump_blemish(struct endpoint *ep, enum ending ending);
/* The same once it has ended: what was to be sent was not. */
void pump_spoil(struct endpoint *ep, enum ending ending);

#endif

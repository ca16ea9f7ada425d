#include "endpoint/pump.h"

#include <assert.h>

void
endpoint_free(struct endpoint *ep)
{
	if (ep != NULL)
		ep->ops->free(ep);
}

static bool
is_idle(const struct endpoint *ep)
{
	return ep->ops->idle == NULL || ep->ops->idle(ep);
}

static void
finish(struct pump *pump)
{
	if (pump->finished)
		return;
	timer_clear(&pump->grace);
	pump->finished = true;
	pump->done(pump, pump->arg);
}

static void
on_finish(struct idle *i)
{
	finish(i->arg);
}

static void
on_grace(struct timer *t)
{
	finish(t->arg);
}

/* Who can not be asked to leave has nothing to end. */
static bool
is_over(const struct pump *pump)
{
	return (pump->a_ended || pump->b_ended) && (pump->a_ended || pump->a->ops->leave == NULL) &&
	       (pump->b_ended || pump->b->ops->leave == NULL);
}

static void
finish_if_idle(struct pump *pump)
{
	if (is_over(pump) && is_idle(pump->a) && is_idle(pump->b))
		idle_queue(pump->loop, &pump->finish);
}

static void
decide(struct pump *pump, enum ending ending)
{
	if (pump->decided)
		return;
	pump->decided = true;
	if (pump->ending == ENDED_OK || ending != ENDED_OK) /* a good end hides no blemish */
		pump->ending = ending;
}

void
pump_init(struct pump *pump, struct loop *loop, struct endpoint *a, struct endpoint *b,
    void (*done)(struct pump *pump, void *arg), void *arg)
{
	*pump = (struct pump){ .a = a, .b = b, .loop = loop, .done = done, .arg = arg };
	pump->finish = (struct idle){ .run = on_finish, .arg = pump };
	pump->grace = (struct timer){ .fire = on_grace, .arg = pump };
	a->pump = b->pump = pump;
	a->peer = b;
	b->peer = a;
}

int
pump_start(struct pump *pump)
{
	int r = 0;

	if (pump->a->ops->start != NULL)
		r = pump->a->ops->start(pump->a);
	if (r == 0 && pump->b->ops->start != NULL)
		r = pump->b->ops->start(pump->b);
	return r;
}

void
pump_clear(struct pump *pump)
{
	idle_cancel(&pump->finish);
	timer_clear(&pump->grace);
	pump->finished = true;
}

void
pump_leave(struct pump *pump, enum ending why)
{
	if (is_over(pump)) { /* what is not let go of by now is given up */
		pump->ending = why;
		idle_queue(pump->loop, &pump->finish);
		return;
	}
	decide(pump, why);
	timer_set(pump->loop, &pump->grace, PUMP_GRACE_MS);
	if (pump->a->ops->leave != NULL)
		pump->a->ops->leave(pump->a, why);
	if (pump->b->ops->leave != NULL)
		pump->b->ops->leave(pump->b, why);
}

void
pump_put(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	ep->peer->ops->take(ep->peer, pieces, n);
}

bool
pump_ready(struct endpoint *ep)
{
	return ep->peer->ops->ready(ep->peer);
}

bool
pump_deaf(const struct endpoint *ep)
{
	return ep->peer->ops->deaf != NULL && ep->peer->ops->deaf(ep->peer);
}

const struct wsx *
pump_core(const struct endpoint *ep)
{
	return ep->peer->ops->core != NULL ? ep->peer->ops->core(ep->peer) : NULL;
}

int
pump_control(struct endpoint *ep, enum control kind, uint16_t code, struct span data)
{
	if (ep->peer->ops->control == NULL)
		return WSX_ERR_STATE;
	return ep->peer->ops->control(ep->peer, kind, code, data);
}

int
pump_reconnect(struct endpoint *ep)
{
	return ep->peer->ops->reconnect != NULL ? ep->peer->ops->reconnect(ep->peer)
						: WSX_ERR_STATE;
}

int
pump_address(struct endpoint *ep, unsigned number)
{
	return ep->peer->ops->address != NULL ? ep->peer->ops->address(ep->peer, number) : -1;
}

struct client_info
pump_speaker(const struct endpoint *ep)
{
	if (ep->peer->ops->speaker == NULL)
		return (struct client_info){ 0 };
	return ep->peer->ops->speaker(ep->peer);
}

void
pump_clients(
    const struct endpoint *ep, void (*tell)(const struct client_info *client, void *arg), void *arg)
{
	if (ep->peer->ops->clients != NULL)
		ep->peer->ops->clients(ep->peer, tell, arg);
}

void
pump_wake(struct endpoint *ep)
{
	if (ep->peer->ops->wake != NULL)
		ep->peer->ops->wake(ep->peer);
}

void
pump_input_end(struct endpoint *ep, bool any)
{
	if (ep->peer->ops->input_end != NULL)
		ep->peer->ops->input_end(ep->peer, any);
}

void
pump_input_begin(struct endpoint *ep)
{
	if (ep->peer->ops->input_begin != NULL)
		ep->peer->ops->input_begin(ep->peer);
}

void
pump_event(struct endpoint *ep, const struct event *event)
{
	if (ep->peer->ops->event != NULL)
		ep->peer->ops->event(ep->peer, event);
}

void
pump_idle(struct endpoint *ep)
{
	finish_if_idle(ep->pump);
}

void
pump_end(struct endpoint *ep, enum ending ending)
{
	struct pump *pump = ep->pump;
	bool *ended = ep == pump->a ? &pump->a_ended : &pump->b_ended;
	bool other_ended = ep == pump->a ? pump->b_ended : pump->a_ended;

	if (*ended)
		return;
	*ended = true;
	decide(pump, ending);
	if (!other_ended && ep->peer->ops->leave != NULL)
		ep->peer->ops->leave(ep->peer, ending);
	finish_if_idle(pump);
}

void
pump_spoil(struct endpoint *ep, enum ending ending)
{
	if (ep->pump->ending == ENDED_OK)
		ep->pump->ending = ending;
}

void
pump_fail(struct endpoint *ep, enum ending ending)
{
	decide(ep->pump, ending);
	pump_spoil(ep, ending); /* a good end counts for nothing if its output is lost */
	if (ep->peer->ops->leave != NULL)
		ep->peer->ops->leave(ep->peer, ending);
	else
		pump_end(ep, ending);
}

void
pump_blemish(struct endpoint *ep, enum ending ending)
{
	if (!ep->pump->decided)
		pump_spoil(ep, ending);
}

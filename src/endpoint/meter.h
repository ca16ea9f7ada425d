#ifndef ENDPOINT_METER_H
#define ENDPOINT_METER_H

#include "endpoint/endpoint.h"

/*
 * A line on a terminal's standard error that tells how far a long transfer got, redrawn a few
 * times a second and gone when it is over. Short ones never show it.
 */
struct meter {
	struct report *report;
	struct endpoint *ep; /* whose peer's traffic it is */
	struct loop *loop;
	struct timer tick;
	uint64_t total; /* bytes to be sent, 0: not known */
	bool counts_received; /* it is worth telling, as nobody sees it otherwise */
	uint64_t began, last; /* loop times */
	uint64_t last_done;
	double rate;
	bool shown; /* the line is on the screen */
};

/* Nothing is shown before meter_begin(); the report's lines take its place as long as they come. */
void meter_init(struct meter *m, const struct env *env, struct report *report, struct endpoint *ep,
    uint64_t total, bool counts_received);
/* The connection is open. Also of a meter that was not initialized: nothing. */
void meter_begin(struct meter *m);
/* Take the line away: something else is written to the terminal, or it is over. */
void meter_erase(struct meter *m);
void meter_end(struct meter *m);

#endif

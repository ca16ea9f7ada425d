#ifndef ENDPOINT_ROUND_TRIP_H
#define ENDPOINT_ROUND_TRIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * How long Pings take to be answered. A Pong has the data of its Ping; a peer may leave out all but the
 * last of several (RFC 6455, 5.5.3). It allocates nothing.
 */

/* So many Pings are waited for at once; then the first is given up. */
#define ROUND_TRIP_PINGS 16
/* A control frame has no more data. */
#define ROUND_TRIP_DATA 125

struct round_trip {
	struct {
		uint64_t at;
		bool answered;
		uint8_t n, data[ROUND_TRIP_DATA];
	} pings[ROUND_TRIP_PINGS]; /* a ring */
	uint64_t sent; /* how many */
	uint64_t last; /* how long the last took that was answered, in nanoseconds; 0: none was */
};

/* A Ping was sent, with at most ROUND_TRIP_DATA bytes of data, at a time in nanoseconds. */
void round_trip_ping(struct round_trip *r, struct span data, uint64_t now);

/*
 * A Pong came: true, and how long it took, if it answers one of the Pings that are waited for; the last
 * of those with that data, if there are more.
 */
bool round_trip_pong(struct round_trip *r, struct span data, uint64_t now, uint64_t *ns);

/* The same where many answer each Ping, which stays one that is waited for. */
bool round_trip_pong_of_many(
    const struct round_trip *r, struct span data, uint64_t now, uint64_t *ns);

/* None of those that were sent will be answered. */
void round_trip_forget(struct round_trip *r);

#endif

#include "endpoint/round_trip.h"

#include <assert.h>
#include <string.h>

void
round_trip_ping(struct round_trip *r, struct span data, uint64_t now)
{
	size_t i = r->sent++ % ROUND_TRIP_PINGS;

	assert(data.n <= ROUND_TRIP_DATA);
	r->pings[i].at = now;
	r->pings[i].n = (uint8_t)data.n;
	memcpy(r->pings[i].data, data.p, data.n);
	if (r->sent - r->answered > ROUND_TRIP_PINGS)
		r->answered = r->sent - ROUND_TRIP_PINGS;
}

/* The number of the Ping that it answers, from 1; or 0. */
static uint64_t
find(const struct round_trip *r, struct span data)
{
	for (uint64_t number = r->sent; number > r->answered; number--) {
		size_t i = (number - 1) % ROUND_TRIP_PINGS;

		if (r->pings[i].n == data.n && memcmp(r->pings[i].data, data.p, data.n) == 0)
			return number;
	}
	return 0;
}

bool
round_trip_pong_of_many(const struct round_trip *r, struct span data, uint64_t now, uint64_t *ns)
{
	uint64_t number = find(r, data);

	if (number == 0)
		return false;
	*ns = now - r->pings[(number - 1) % ROUND_TRIP_PINGS].at;
	return true;
}

bool
round_trip_pong(struct round_trip *r, struct span data, uint64_t now, uint64_t *ns)
{
	if (!round_trip_pong_of_many(r, data, now, ns))
		return false;
	r->answered = find(r, data);
	r->last = *ns;
	return true;
}

void
round_trip_forget(struct round_trip *r)
{
	r->answered = r->sent;
}

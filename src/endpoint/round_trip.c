#include "endpoint/round_trip.h"

#include <assert.h>
#include <string.h>

void
round_trip_ping(struct round_trip *r, struct span data, uint64_t now)
{
	size_t i = r->sent++ % ROUND_TRIP_PINGS;

	assert(data.n <= ROUND_TRIP_DATA);
	r->pings[i].at = now;
	r->pings[i].answered = false;
	r->pings[i].n = (uint8_t)data.n;
	memcpy(r->pings[i].data, data.p, data.n);
}

/* The last of those that are waited for with that data, or -1. */
static int
find(const struct round_trip *r, struct span data)
{
	for (uint64_t back = 1; back <= r->sent && back <= ROUND_TRIP_PINGS; back++) {
		size_t i = (r->sent - back) % ROUND_TRIP_PINGS;

		if (!r->pings[i].answered && r->pings[i].n == data.n &&
		    memcmp(r->pings[i].data, data.p, data.n) == 0)
			return (int)i;
	}
	return -1;
}

bool
round_trip_pong_of_many(const struct round_trip *r, struct span data, uint64_t now, uint64_t *ns)
{
	int i = find(r, data);

	if (i < 0)
		return false;
	*ns = now - r->pings[i].at;
	return true;
}

bool
round_trip_pong(struct round_trip *r, struct span data, uint64_t now, uint64_t *ns)
{
	if (!round_trip_pong_of_many(r, data, now, ns))
		return false;
	r->pings[find(r, data)].answered = true;
	r->last = *ns;
	return true;
}

void
round_trip_forget(struct round_trip *r)
{
	for (size_t i = 0; i < ROUND_TRIP_PINGS; i++)
		r->pings[i].answered = true;
}

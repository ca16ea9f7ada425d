#include "ui/stamp.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>

size_t
stamp_format(char out[STAMP_MAX], const struct timespec *t)
{
	struct tm tm;
	size_t n;

	if (gmtime_r(&t->tv_sec, &tm) == NULL)
		assert(false); /* a clock past the year 2^31 */
	n = strftime(out, STAMP_MAX - 6, "%Y-%m-%dT%H:%M:%S", &tm);
	return n + (size_t)snprintf(out + n, 6, ".%03dZ", (int)(t->tv_nsec / 1000000) % 1000);
}

size_t
stamp_now(char out[STAMP_MAX])
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return stamp_format(out, &t);
}

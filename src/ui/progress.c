#include "ui/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SIZE_TEXT 32

static const char *
size_text(char out[SIZE_TEXT], double bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	size_t i = 0;

	for (; bytes >= 1024 && i + 1 < sizeof units / sizeof *units; i++)
		bytes /= 1024;
	snprintf(out, SIZE_TEXT, i == 0 ? "%.0f %s" : "%.1f %s", bytes, units[i]);
	return out;
}

/* "1:02" or "1:00:02"; times beyond a week say nothing. */
static void
add_left(char *out, size_t n, double seconds)
{
	const double week = 7 * 86400;
	uint64_t s = seconds < week ? (uint64_t)(seconds + 0.5) : 0;
	size_t at = strlen(out);

	if (seconds >= week)
		return;
	if (s >= 3600)
		snprintf(out + at, n - at, ", %" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left",
		    s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(out + at, n - at, ", %" PRIu64 ":%02" PRIu64 " left", s / 60, s % 60);
}

const char *
progress_format(char out[PROGRESS_MAX], const struct progress *p)
{
	char done[SIZE_TEXT], total[SIZE_TEXT], rate[SIZE_TEXT];
	uint64_t left = p->total > p->done ? p->total - p->done : 0;
	size_t at;

	size_text(done, (double)p->done);
	if (p->total > 0)
		snprintf(out, PROGRESS_MAX, "%s %s of %s (%.0f%%)", p->verb, done,
		    size_text(total, (double)p->total),
		    left > 0 ? 100 * (double)p->done / (double)p->total : 100.0);
	else
		snprintf(out, PROGRESS_MAX, "%s %s", p->verb, done);
	if (p->rate <= 0)
		return out;
	at = strlen(out);
	snprintf(out + at, PROGRESS_MAX - at, ", %s/s", size_text(rate, p->rate));
	if (left > 0)
		add_left(out, PROGRESS_MAX, (double)left / p->rate);
	return out;
}

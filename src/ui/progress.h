#ifndef UI_PROGRESS_H
#define UI_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/* How far a long transfer got, as one line for people. */

struct progress {
	const char *verb; /* "sent" */
	uint64_t done; /* bytes */
	uint64_t total; /* 0: not known */
	double rate; /* bytes a second; 0: not known */
};

/* "sent 12.0 MiB of 100.0 MiB (12%), 3.1 MiB/s, 0:28 left". Returns out. */
#define PROGRESS_MAX 128
const char *progress_format(char out[PROGRESS_MAX], const struct progress *p);

#endif

#ifndef IO_DIAL_WHY_H
#define IO_DIAL_WHY_H

#include <stddef.h>

#include "io/dial.h"
#include "io/resolve.h"

/* What to say of a dial that connected to none of its addresses. */

#define DIAL_WHY_MAX 320

struct dial_try {
	const struct address *addr;
	int error; /* errno */
};

/*
 * Words for n > 0 failed tries, addresses with the same error together: "connection refused
 * (127.0.0.1:1, [::1]:1)"; of a single try only the error. DIAL_LOCAL if every error was of
 * this machine's means.
 */
enum dial_failure dial_why(const struct dial_try *tries, size_t n, char why[DIAL_WHY_MAX]);

#endif

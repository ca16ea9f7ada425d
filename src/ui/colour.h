#ifndef UI_COLOUR_H
#define UI_COLOUR_H

#include <stdbool.h>

#include "ui/when.h"

/*
 * Whether to colour what is written to fd: as told, and by default on a terminal whose TERM is
 * set and not "dumb", unless NO_COLOR is set and not empty. (term and no_color are the values of
 * those variables, NULL if unset.)
 */
bool colour_wanted(enum when when, int fd, const char *term, const char *no_color);

/* What is coloured how. Each is "" when colour is off. */
struct colours {
	const char *received, *notice, *error, *dim, *reset;
	const char *name, *string, *scalar; /* of JSON */
};

const struct colours *colours_for(bool on);

#endif

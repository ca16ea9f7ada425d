#ifndef CMD_SECRETS_H
#define CMD_SECRETS_H

#include "cmd/options.h"

/*
 * Overwrites what of the command line is secret (userinfo in URLs, values of -H fields with
 * credentials), so that a list of processes no longer shows it. Best effort: it could be read
 * before. Words that the options point into are left alone.
 */
void secrets_hide(const struct options *o, int argc, char **argv);

#endif

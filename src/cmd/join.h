#ifndef CMD_JOIN_H
#define CMD_JOIN_H

#include "cmd/options.h"

/* wsx [OPTIONS] ENDPOINT [ENDPOINT]: joins the two and runs until they end. The exit code. */
int join_main(const struct options *o);

#endif

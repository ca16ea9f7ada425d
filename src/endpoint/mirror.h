#ifndef ENDPOINT_MIRROR_H
#define ENDPOINT_MIRROR_H

#include "endpoint/endpoint.h"

/* mirror: gives every message back to whom it came from. 0 or ERR_NOMEM. */
int mirror_new(struct endpoint **ep);

/* null: takes everything, gives nothing. 0 or ERR_NOMEM. */
int null_new(struct endpoint **ep);

#endif

#ifndef PROTO_PARAMS_H
#define PROTO_PARAMS_H

#include <stddef.h>

#include "base/span.h"

/*
 * Lists as in Sec-WebSocket-Extensions (RFC 6455 9.1): elements separated by commas, each a token
 * and parameters, "name; key; key=value; key="quoted"". Empty elements are skipped (RFC 9110
 * 5.6.1.2). Time is linear, nothing is allocated.
 */

#define PARAMS_MAX 16 /* parameters of one element */

struct param {
	struct span key;
	struct span value; /* p == NULL without one */
};

struct params {
	struct span name;
	struct span text; /* the whole element */
	size_t n;
	struct param list[PARAMS_MAX];
};

/*
 * Takes the next element off *rest. 1 and *e; 0 at the end; -1 where the text is off the grammar,
 * a quoted value is no token, or an element has too many parameters.
 * A quoted value's span is without the quotes. One with backslashes is rewritten in place without
 * them, padded with blanks, so *rest must point at memory that may change.
 */
int params_next(struct span *rest, struct params *e);

/* Takes the next token off a plain list of tokens: 1 and *token, 0 at the end, -1 off the grammar. */
int params_next_token(struct span *rest, struct span *token);

#endif

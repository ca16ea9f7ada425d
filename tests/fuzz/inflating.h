#ifndef INFLATING_H
#define INFLATING_H

#include <stdbool.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/span.h"
#include "proto/deflate.h"

/* The messages of one side of a connection, inflated by zlib with each of them there whole. */
struct reference {
	bool alone; /* no message refers to those before it */
	z_stream z;
	struct buf text; /* all so far, or of the last message if they are alone */
};

void reference_init(struct reference *ref, bool alone);
void reference_clear(struct reference *ref);

/* Inflates one; false if it is corrupt. */
bool reference_inflate(struct reference *ref, struct span in);

/* Inflates a message with d, given step bytes at a time and with that room, into out. */
enum deflate_result inflate_in_steps(
    struct deflate *d, struct span in, size_t step, size_t room, struct buf *out);

#endif

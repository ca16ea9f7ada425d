#ifndef SPLIT_TAKER_H
#define SPLIT_TAKER_H

#include "endpoint/split.h"

/*
 * Takes messages from a stream as an input does, and writes down what they are, a line each:
 * "T 6162" for a text and "B ff00" for bytes, in hex (or "*N" for more than 100), "..." behind
 * what was cut off, "command {}" for a command, and in words what can not be sent.
 */
struct split_taker {
	struct split split;
	struct buf in, payload;
	struct split_message m;
	bool under_way;
	bool over; /* nothing more can be found */
	struct buf *transcript;
};

void split_taker_init(
    struct split_taker *t, const struct split_config *config, struct buf *transcript);
void split_taker_put(struct split_taker *t, const uint8_t *p, size_t n);
void split_taker_end(struct split_taker *t); /* the end of input; frees */

#endif

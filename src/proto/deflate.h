#ifndef PROTO_DEFLATE_H
#define PROTO_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "proto/params.h"

/* permessage-deflate, RFC 7692: its negotiation, and the two compressed streams. */

#define DEFLATE_NAME     "permessage-deflate"
#define DEFLATE_BITS_MIN 8
#define DEFLATE_BITS_MAX 15

/* What is offered, or agreed: the parameters of RFC 7692 7.1. */
struct deflate_params {
	bool server_no_context_takeover;
	bool client_no_context_takeover;
	uint8_t server_max_window_bits; /* 8-15; 0: the parameter is absent */
	uint8_t client_max_window_bits; /* likewise; in an offer 15 stands without its value */
};

/* Appends the element of a Sec-WebSocket-Extensions field: 0, ERR_LIMIT or ERR_NOMEM. */
int deflate_put_offer(struct buf *out, const struct deflate_params *offer);
int deflate_put_answer(struct buf *out, const struct deflate_params *answer);

/*
 * A client: what the server answered to the offer, checked (RFC 7692 7.1). true and *agreed, in
 * which absent window bits are 15; or false and a static text in *why.
 */
bool deflate_check_answer(const struct deflate_params *offer, const struct params *answer,
    struct deflate_params *agreed, const char **why);

/*
 * A server: whether it takes this offer, given what it wants itself. true and *answer; false
 * where the offer is to be declined. What the answer leaves out of the bits is 15.
 */
bool deflate_accept(
    const struct deflate_params *wanted, const struct params *offer, struct deflate_params *answer);

/* One side's two streams. They take their memory when first used. */
struct deflate {
	const struct mem *mem;
	int level;
	uint8_t tx_bits;
	bool tx_reset, rx_reset; /* after each message */
	bool always; /* compress what would not pay, too; false after init */
	bool tx_ready, rx_ready;
	bool rx_at_boundary; /* the last byte inflated ended a block */
	unsigned rx_tail; /* bytes of the stripped tail that the inflater has been given back */
	z_stream tx, rx;
};

/* tx is what we compress, rx what the peer does. tx_bits of 8 can not compress: see can_send. */
void deflate_init(struct deflate *d, const struct mem *mem, int level, uint8_t tx_bits,
    bool tx_no_context_takeover, bool rx_no_context_takeover);
void deflate_clear(struct deflate *d);

/* zlib's raw deflate has no window of 8 bits: such a sender sends everything uncompressed. */
bool deflate_can_send(const struct deflate *d);

/*
 * Compress n more bytes of a message, appending to out: 0, ERR_LIMIT or ERR_NOMEM. What the calls
 * for one message append is its payload on the wire, after the last of them.
 */
int deflate_compress(struct deflate *d, const uint8_t *p, size_t n, bool last, struct buf *out);

/* The most that deflate_compress() appends for n bytes. */
size_t deflate_bound(size_t n);

enum deflate_result {
	DEFLATE_OK, /* all input is used up and all it makes has been given */
	DEFLATE_MORE, /* out was filled: there may be more to get */
	DEFLATE_CORRUPT, /* it is not what RFC 7692 describes */
	DEFLATE_NOMEM,
};

/*
 * Inflate the next *n bytes of a message's payload into out; last: the message ends with them.
 * Sets *made to what was written, and *n to the bytes it used. After DEFLATE_MORE it is called
 * again with those that are left, none perhaps, and the same last.
 */
enum deflate_result deflate_inflate(struct deflate *d, const uint8_t *p, size_t *n, bool last,
    uint8_t *out, size_t room, size_t *made);

/*
 * Whether to compress a message that begins with these n bytes. Not if it is so short, or looks so
 * random by a sample, that the time is not worth what it shrinks (measured: tests/bench/pays.c).
 */
bool deflate_pays(const struct deflate *d, const uint8_t *p, size_t n);

/* Messages that begin with fewer bytes never pay. */
size_t deflate_least(const struct deflate *d);

/* The guess: false for bytes that look random, compressed or encrypted. */
bool deflate_worthwhile(const uint8_t *p, size_t n);

#endif

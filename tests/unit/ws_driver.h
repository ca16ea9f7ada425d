#ifndef WS_DRIVER_H
#define WS_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "check.h"
#include "wsx.h"

/*
 * A host for one WebSocket under test, with fixed randomness and memory that can fail. It feeds
 * bytes, takes what is pending, and writes down what came of it:
 *
 *	open                    or with a subprotocol: open 'chat'
 *	text 'a'                a message, its pieces joined; bytes as check_hex() reads them
 *	binary 00 ff 61*70000
 *	ping 'p'
 *	pong
 *	error protocol: why     or handshake, limit, local
 *	close 1000 'bye' clean  or close 1006, close 1005 clean
 *	sent: text 'a'          a frame to the peer, after all events
 *	sent: text 'a' ...      the first of a fragmented message
 *	sent: more 'b' ...      a continuation of it
 *	sent: more 'c'          its last
 *	sent: deflated text 'a' a compressed frame, with what it inflates to
 *	sent: close 1000 'bye'
 *
 * Whatever the test, it checks what must always hold: the order of events and states, that each
 * event sees the state it should, that a client's frames are masked with the key it was given
 * for each and a server's are not, that reserved bits are 0 (or RSV1 where it may be) and lengths in their shortest form,
 * that nothing but control frames follows a Close and no second one, and that no code leaves
 * that must not.
 */
struct driver {
	struct check_mem *mem;
	struct wsx_config config; /* by driver_init(); change it before driver_start() */
	struct wsx *ws;
	const char *why; /* of wsx_new() */

	void (*react)(struct driver *d, const char *event); /* what a handler does besides */
	bool trickle; /* the transport takes a byte at a time */
	bool blocked; /* it takes nothing */
	bool pausing; /* pause at every message or piece of one, and go on once that returned */
	size_t random_left; /* requests for random bytes that succeed */
	bool random_recovers; /* after one that did not */
	bool pieces; /* write down each piece, with its length only: "piece text first 9" */
	bool heads; /* write down "head sent" and "head received" */
	const char *extensions; /* what the peer's greeting has of them, or NULL */
	int inflate_bits; /* RSV1 may be sent and is inflated in this window; 0: it may not */
	bool inflate_alone; /* each message without those before it */

	int received; /* what wsx_receive() last returned */
	bool ended; /* wsx_pending() gave WSX_END */
	struct buf events; /* the lines up to close */
	struct buf frames; /* the lines of what was sent */
	struct buf wire; /* all bytes that were sent */
	size_t head_n; /* how many of them are the head of the handshake */
	size_t n_frames; /* how many frames follow it */

	/* the rest is the driver's */
	struct check_mem own;
	struct buf text, joined;
	uint64_t random, keys;
	size_t decoded;
	enum wsx_ready_state last_state;
	enum wsx_type type;
	bool opened, in_message, failed, closed, close_sent, sending, deflated;
	struct z_stream_s *inflater;
};

/* A client of ws://h:81/chat, or a server. Memory comes from mem, or from its own for NULL. */
void driver_init(struct driver *d, enum wsx_role role, struct check_mem *mem);

/* wsx_new(), and for a client the request taken. */
int driver_start(struct driver *d);

/* What the peer of an opening handshake says: the request, or the answer to ours. */
void driver_put_greeting(const struct driver *d, struct buf *out);

/* driver_start() and the handshake; whether it is OPEN now. */
bool driver_open(struct driver *d);

/*
 * One that is open, with nothing in its transcript yet, and its role said with what fails; leave
 * it in any case.
 */
bool driver_enter(struct driver *d, enum wsx_role role);
void driver_leave(struct driver *d);

/* Bytes from the peer, then driver_drain(). feed_hex as check_hex(), masked for a server. */
void driver_take(struct driver *d, uint8_t *p, size_t n);
void driver_feed(struct driver *d, const void *p, size_t n);
void driver_feed_hex(struct driver *d, const char *text);

/* Takes what is pending, unless blocked. */
void driver_drain(struct driver *d);

/* The end of the stream: driver_drain(), and checks that all has ended. */
void driver_end(struct driver *d);

/* For a call that may fail only if memory did. */
void driver_ok(const struct driver *d, int r);

/* The transcript so far; until the next call. forget begins a new one. */
const char *driver_text(struct driver *d);
void driver_forget(struct driver *d);

/* Frees all; with memory of its own checks that nothing was left over. */
void driver_clear(struct driver *d);

/* Bytes as check_hex() reads them, runs as 61*7; nothing for none. */
void driver_put_bytes(struct buf *out, const uint8_t *p, size_t n);

/* Writes the frames at p, which are as a server sends them, as a client would: its length. */
size_t driver_mask(const uint8_t *p, size_t n, uint8_t *out);

/* What was put into wire since the last call, as lines. */
void driver_decode(struct driver *d);
void driver_decode_clear(struct driver *d);

/* Frames to an open WebSocket and the transcript of all that comes of them. */
struct vector {
	const char *in; /* as check_hex(), unmasked; NULL for none */
	const char *want;
	void (*config)(struct driver *d); /* before driver_start(), or NULL */
	void (*opened)(struct driver *d); /* once it is open, or NULL */
};

/*
 * The laws, in one role or in both: the transcript is want however the bytes are cut, however
 * they are taken, wherever the host pauses, and where memory fails it is told apart only by ending sooner.
 */
void driver_law(enum wsx_role role, const struct vector *v);
void driver_laws(const struct vector *v, size_t n);

/* The allocation law for a scenario that ends with driver_end(): got is as want or ends sooner. */
void driver_check_faithful(struct driver *d, const char *want);

#endif

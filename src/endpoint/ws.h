#ifndef ENDPOINT_WS_H
#define ENDPOINT_WS_H

#include "endpoint/endpoint.h"
#include "endpoint/expect.h"
#include "io/stream.h"
#include "io/tls.h"

/*
 * A WebSocket as an endpoint: the one place where the protocol core and a stream meet.
 * It carries out the rules of ending: what the end of input means, how many messages are wanted,
 * how long to wait for an answer to a Close.
 */

struct ws_policy {
	enum wsx_binary_type binary_type; /* what becomes of binary messages, for whoever asks */
	uint64_t wait_ms; /* silence after the end of input before closing */
	bool no_close; /* the end of input closes nothing */
	bool exit_on_eof; /* the end of input closes at once */
	uint64_t count; /* done after so many messages received; 0: never */
	uint16_t close_code; /* of the Close that ends a session normally */
	const char *close_reason; /* borrowed for life */
	uint64_t close_timeout_ms; /* silence after our Close before giving up on the peer's */
	uint64_t idle_timeout_ms; /* silence, both ways, that ends an open connection; 0: none */
	uint64_t ping_interval_ms; /* between Pings of ours; 0: none are sent */
	uint64_t ping_timeout_ms; /* to wait for an answer to one; 0: for ever */
	uint64_t
	    wait_ready_ms; /* from the start: failures to connect that may pass are not the end */
	uint64_t reconnect; /* attempts in a row after a loss; 0: none, UINT64_MAX: any number */
	uint64_t reconnect_delay_ms; /* before the first of them; it doubles, up to a minute */
	bool
	    hold; /* a connection that is lost is no end, but waits for reconnect() or input_end() */
	struct expect *expect; /* borrowed for life; NULL: nothing. Done when it is met. */
	uint64_t stall_timeout_ms; /* a peer that takes nothing for so long is dropped; 0: never */
};

struct ws_client_config {
	struct wsx_config
	    core; /* borrowed for life; handlers, arg, random, to_ascii are set here */
	struct ws_policy policy;
	struct tls_ctx *tls; /* borrowed for life; NULL does for ws URLs */
	uint64_t connect_timeout_ms; /* from the name to the open connection; 0: none */
};

/*
 * A client; it connects when started. 0, WSX_ERR_NOMEM, or WSX_ERR_ARGUMENT and *why for a URL,
 * subprotocol or header without a valid form.
 */
int ws_client_new(const struct env *env, const struct ws_client_config *config,
    struct endpoint **ep, const char **why);

/*
 * The server's side of a connection that a listener accepted; the stream is its own from now on,
 * also on failure. name is for messages and copied. 0, WSX_ERR_NOMEM, or WSX_ERR_ARGUMENT, *why.
 */
int ws_server_new(const struct env *env, const struct wsx_config *core,
    const struct ws_policy *policy, uint64_t handshake_timeout_ms, struct stream *s,
    const char *name, struct endpoint **ep, const char **why);

/* Close normally, now or as soon as it is open. */
void ws_close(struct endpoint *ep);

/*
 * How many of the n pieces are wanted, where the first count messages are, 0 for all: up to the
 * last of those. They are counted in *received, unless all are wanted.
 */
size_t ws_count(const struct wsx_piece *pieces, size_t n, uint64_t *received, uint64_t count);

/* True once all that was wanted of it came: the messages counted or expected. */
bool ws_is_done(const struct endpoint *ep);

/* The core's object, for its attributes. */
const struct wsx *ws_core(const struct endpoint *ep);

#endif

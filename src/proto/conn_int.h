#ifndef PROTO_CONN_INT_H
#define PROTO_CONN_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/strlist.h"
#include "base/utf8.h"
#include "proto/close.h"
#include "proto/deflate.h"
#include "proto/digest.h"
#include "proto/frame.h"
#include "proto/http.h"
#include "proto/http_body.h"
#include "proto/url.h"
#include "wsx.h"

/*
 * struct wsx, for the files of proto that share it: conn.c (lifecycle, states, events),
 * client.c, server.c and handshake.c (opening handshake), rx.c (frames in), tx.c (frames out).
 */

/* Receiving. */
enum rx_state {
	RX_HTTP, /* a head of the opening handshake */
	RX_HEAD, /* a frame's head */
	RX_DATA, /* payload of a text, binary or continuation frame */
	RX_CONTROL, /* payload of a control frame */
	RX_BODY, /* client: the body of an answer that refused the upgrade */
	RX_DISCARD, /* whatever comes is ignored, for good */
};

struct rx {
	enum rx_state state;

	struct http_scan scan;
	bool skipped; /* server: the one empty line that may precede a request has passed */
	unsigned interim; /* client: 1xx answers before the one that counts */

	uint8_t head[FRAME_HEAD_MAX]; /* the start of a frame's head that came in parts */
	size_t head_n;
	struct frame_head frame; /* the one whose payload comes */
	uint64_t at; /* bytes of its payload that came */
	uint8_t control[WSX_MAX_CONTROL];
	uint8_t start[WSX_FRAME_START]; /* of the payload, for handlers.frame */
	bool start_told; /* payload comes again where the host paused amid it */

	bool in_message; /* its last frame has not ended */
	bool compressed; /* it came with RSV1 */
	bool streaming; /* a piece of it was delivered already */
	enum wsx_type type;
	uint64_t message_n; /* its length so far: announced, or if compressed inflated */
	struct utf8 utf8;
	struct buf held; /* what was not delivered yet; of HTTP: the head, then a refusal's body */
	struct http_body body;

	/* pieces to tell together, of the bytes at hand: all are told before wsx_receive() returns */
	struct wsx_piece batch[WSX_BATCH];
	size_t batch_n, batch_max;

	bool paused; /* wsx_pause() */
	bool draining; /* more can be inflated without further bytes */
	struct buf kept; /* bytes that came, and were not looked at */
};

/* Sending. */
#define TX_MARKS 32

struct tx {
	struct buf out;
	size_t max; /* what messages may fill; control frames have room beyond */
	uint64_t sent; /* bytes ever taken from it */
	uint64_t buffered; /* bufferedAmount */

	/*
	 * Where in the stream each frame's payload ends, so that bufferedAmount falls as frames are
	 * taken. When the ring is full the newest mark stands for several frames.
	 */
	struct tx_mark {
		uint64_t end;
		uint64_t amount;
	} marks[TX_MARKS];
	unsigned first_mark, n_marks;

	bool in_message; /* a message was begun in pieces */
	bool compressing; /* it goes out compressed */
	struct buf deflated; /* a piece on its way */
	bool end; /* nothing follows what is queued */
	bool head_told; /* handlers.head has seen the request */

	bool pong_waits; /* the newest Pong, while the output is congested */
	uint8_t pong[WSX_MAX_CONTROL];
	size_t pong_n;
};

struct wsx {
	enum wsx_role role;
	enum wsx_ready_state state;
	enum wsx_binary_type binary_type;
	bool whole;
	bool receive_while_closing;
	bool no_pong;
	uint64_t max_message;
	struct mem mem;
	struct wsx_handlers handlers;
	void *arg;
	int (*random)(void *p, size_t n, void *arg);
	void (*date)(char out[WSX_DATE_LEN + 1], void *arg);

	/* opening handshake */
	struct url url;
	struct strlist protocols;
	char key[DIGEST_KEY_LEN + 1]; /* client */
	int status; /* client: of the answer */
	char *path; /* server: NULL for any */
	struct strlist origins; /* server */
	struct buf fields; /* server: config.headers, ready to send */
	bool secure; /* server */
	char *protocol, *extensions; /* as agreed, NULL for none */

	/* permessage-deflate */
	struct wsx_deflate deflate_config;
	struct deflate_params deflate_params; /* client: what it offers; server: what it wants */
	bool deflate_agreed;
	struct deflate deflate;

	struct rx rx;
	struct tx tx;
	struct wsx_traffic traffic[2]; /* by enum wsx_direction */

	/* closing */
	bool close_sent, close_received;
	struct close_body closed; /* as received */
	bool failed;
	enum wsx_failure failure;
	char why[512];
};

/* conn.c: what the others report to. */

/* The handshake is complete: OPEN, and the event. */
void conn_open(struct wsx *ws);

/*
 * Fail the WebSocket (RFC 6455 7.1.7): a Close with that code if it was open, then the end;
 * the events come with the end of the stream. The first failure counts.
 */
void conn_fail(struct wsx *ws, enum wsx_failure kind, uint16_t code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* permessage-deflate was agreed on, in these terms; which of its streams is whose is by role. */
void conn_deflate(struct wsx *ws, const struct deflate_params *agreed);

/* Memory ran out; what else there was to do does not matter. */
void conn_fail_memory(struct wsx *ws);

void conn_set_state(struct wsx *ws, enum wsx_ready_state next);

/* Tell of a frame with n bytes of its payload at p. */
void conn_tell_frame(
    struct wsx *ws, enum wsx_direction dir, const struct frame_head *h, const uint8_t *p, size_t n);

/* handshake.c: WSX_ERR_ARGUMENT and *why for headers or subprotocols that may not be sent. */
int handshake_check(const struct wsx *ws, const struct wsx_config *config, const char **why);

/* client.c, server.c */

/* Queue the request. 0, WSX_ERR_NOMEM, WSX_ERR_RANDOM, or WSX_ERR_ARGUMENT and *why. */
int client_start(struct wsx *ws, const struct wsx_config *config, const char **why);
/* A whole response head came: opens, fails, or goes on waiting after an interim one. */
void client_answer(struct wsx *ws, char *p, size_t n);
/* What is no HTTP came instead. */
void client_fault(struct wsx *ws, const struct http_fault *fault);

int server_start(struct wsx *ws, const struct wsx_config *config, const char **why);
/* A whole request head came: answers with 101 and opens, or refuses and fails. */
void server_answer(struct wsx *ws, char *p, size_t n);
void server_fault(struct wsx *ws, const struct http_fault *fault);

/* rx.c */

void rx_init(struct rx *rx, const struct mem *mem, size_t batch_max);
void rx_clear(struct rx *rx);
/* Take bytes of frames: how many of n. None only if rx.draining is or was set, or it is paused. */
size_t rx_frames(struct wsx *ws, uint8_t *p, size_t n);
/* Tell the pieces that are gathered; before anything else is told, and before their bytes go. */
void rx_tell(struct wsx *ws);

/* tx.c */

void tx_init(struct tx *tx, const struct mem *mem, size_t max);
void tx_clear(struct tx *tx);
/* Queue a control frame: 0, WSX_ERR_NOMEM or WSX_ERR_RANDOM. */
int tx_control(struct wsx *ws, enum opcode opcode, const void *p, size_t n);
/* Answer a Ping: at once, or, while the output is congested, the newest only (F25). */
int tx_pong(struct wsx *ws, const void *p, size_t n);
/* Queue the Close, once; code 0 for an empty one. Data frames never follow it. */
int tx_close(struct wsx *ws, uint16_t code, const char *reason, size_t n);

#endif

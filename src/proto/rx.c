/* Frames in: bytes become control frames answered and pieces of messages delivered. */

#include <assert.h>
#include <string.h>

#include "proto/conn_int.h"
#include "proto/mask.h"

/* One step of inflating. */
#define INFLATE_STEP ((size_t)16 << 10)

/* What a buffer that held a large message keeps for the next one. */
#define HELD_KEEP ((size_t)256 << 10)

void
rx_init(struct rx *rx, const struct mem *mem, size_t batch_max)
{
	rx->batch_max = batch_max;
	rx->state = RX_HTTP;
	buf_init(&rx->held, mem, SIZE_MAX);
	buf_init(&rx->kept, mem, SIZE_MAX);
}

void
rx_clear(struct rx *rx)
{
	buf_clear(&rx->held);
	buf_clear(&rx->kept);
}

/* Messages. */

void
rx_tell(struct wsx *ws)
{
	struct rx *rx = &ws->rx;
	size_t n = rx->batch_n;
	bool wanted = ws->state == WSX_OPEN ||
		      (ws->state == WSX_CLOSING && ws->receive_while_closing && !ws->failed);

	rx->batch_n = 0; /* what the handler does may tell, too */
	if (n > 0 && wanted && ws->handlers.message != NULL)
		ws->handlers.message(ws, rx->batch, n, ws->arg);
}

static void
deliver(struct wsx *ws, const uint8_t *p, size_t n, bool last)
{
	struct rx *rx = &ws->rx;

	if (rx->batch_n == rx->batch_max)
		rx_tell(ws);
	rx->batch[rx->batch_n++] = (struct wsx_piece){ rx->type, !rx->streaming, last, p, n };
	rx->streaming = !last;
}

static int
hold(struct wsx *ws, const uint8_t *p, size_t n)
{
	if (buf_put(&ws->rx.held, p, n) == 0)
		return 0;
	conn_fail_memory(ws);
	return -1;
}

/*
 * Payload of the message under way came, checked. Deliver it or hold it: nothing is delivered of
 * a short message before all of it is known to be good, nothing copied that need not be.
 */
static void
take(struct wsx *ws, const uint8_t *p, size_t n, bool last)
{
	struct buf *held = &ws->rx.held;
	bool overflow = !ws->whole && n > WSX_HOLD - buf_len(held);

	if (buf_len(held) == 0 && (last || ws->rx.streaming || overflow)) {
		if (n > 0 || last)
			deliver(ws, p, n, last);
		return;
	}
	if (overflow) {
		deliver(ws, buf_data(held), buf_len(held), false);
		deliver(ws, p, n, last);
		rx_tell(ws);
		buf_reset(held);
		return;
	}
	if (hold(ws, p, n) < 0)
		return;
	if (last) {
		deliver(ws, buf_data(held), buf_len(held), true);
		rx_tell(ws);
		buf_reset(held);
		buf_shrink(held, HELD_KEEP);
	}
}

static void
end_frame(struct wsx *ws)
{
	ws->rx.state = RX_HEAD;
}

static void
fail_text(struct wsx *ws)
{
	conn_fail(ws, WSX_FAIL_PROTOCOL, WSX_CLOSE_INVALID_DATA, "text that is not UTF-8");
}

/* Payload of a message came, as its sender had it: false where it is not to be. */
static bool
payload(struct wsx *ws, const uint8_t *p, size_t n, bool last)
{
	struct rx *rx = &ws->rx;

	if (rx->type == WSX_TEXT &&
	    (utf8_check(&rx->utf8, p, n) < n || (last && !utf8_complete(&rx->utf8)))) {
		fail_text(ws);
		return false;
	}
	ws->traffic[WSX_RECEIVED].payload += n;
	ws->traffic[WSX_RECEIVED].messages += last;
	take(ws, p, n, last);
	return !ws->failed;
}

static bool
within_limit(struct wsx *ws, uint64_t n)
{
	struct rx *rx = &ws->rx;

	/* compared by subtraction: sums of announced lengths could wrap */
	if (ws->max_message != 0 && n > ws->max_message - rx->message_n)
		conn_fail(ws, WSX_FAIL_LIMIT, WSX_CLOSE_TOO_BIG,
		    "a message longer than the limit of %llu bytes",
		    (unsigned long long)ws->max_message);
	else if (n > UINT64_MAX - rx->message_n)
		conn_fail(ws, WSX_FAIL_LIMIT, WSX_CLOSE_TOO_BIG, "a message of over 2^64 bytes");
	else {
		rx->message_n += n;
		return true;
	}
	return false;
}

/* What one step of inflating made; last: it was the last of the message. */
static bool
inflated(struct wsx *ws, const uint8_t *p, size_t n, bool last)
{
	uint64_t left = ws->max_message - ws->rx.message_n;

	/* what is within the limit may have a fault of its own, which is then the first */
	if (ws->max_message != 0 && n > left) {
		if (!payload(ws, p, (size_t)left, false))
			return false;
		rx_tell(ws);
	}
	if (n > 0 && !within_limit(ws, n))
		return false;
	if (!payload(ws, p, n, last))
		return false;
	rx_tell(ws);
	return !ws->failed;
}

/*
 * The next n bytes of a compressed message came. Returns how many it used: fewer, or
 * with rx->draining set, if the host paused before all was delivered that they turn into.
 */
static size_t
inflate_payload(struct wsx *ws, const uint8_t *p, size_t n, bool last)
{
	enum deflate_result r;
	uint8_t step[INFLATE_STEP];
	size_t used = 0, k, made;

	do {
		k = n - used;
		r = deflate_inflate(&ws->deflate, p + used, &k, last, step, sizeof step, &made);
		used += k;
		switch (r) {
		case DEFLATE_OK:
		case DEFLATE_MORE:
			if (!inflated(ws, step, made, last && r == DEFLATE_OK))
				return n;
			break;
		case DEFLATE_CORRUPT:
			/* what stands before it may have a fault of its own, which is then the first */
			(void)inflated(ws, step, made, false);
			conn_fail(ws, WSX_FAIL_PROTOCOL, WSX_CLOSE_INVALID_DATA,
			    "compressed data that does not inflate");
			return n;
		case DEFLATE_NOMEM:
			conn_fail_memory(ws);
			return n;
		}
	} while (r == DEFLATE_MORE && !ws->rx.paused);
	ws->rx.draining = r == DEFLATE_MORE;
	return used;
}

/*
 * For handlers.frame: n bytes of payload at p came, after the rx.at before them. The frame is told
 * once its start is there.
 */
static void
note_start(struct wsx *ws, const uint8_t *p, size_t n)
{
	struct rx *rx = &ws->rx;
	size_t wanted =
	    rx->frame.length < sizeof rx->start ? (size_t)rx->frame.length : sizeof rx->start;

	if (ws->handlers.frame == NULL || rx->start_told)
		return;
	if (n > wanted - rx->at)
		n = wanted - (size_t)rx->at;
	if (n > 0)
		memcpy(rx->start + rx->at, p, n);
	rx->start_told = rx->at + n == wanted;
	if (rx->start_told)
		conn_tell_frame(ws, WSX_RECEIVED, &rx->frame, rx->start, wanted);
}

static size_t
rx_data(struct wsx *ws, uint8_t *p, size_t n)
{
	struct rx *rx = &ws->rx;
	uint64_t left = rx->frame.length - rx->at;
	bool end = n >= left, last = end && rx->frame.fin;
	size_t used;

	if (end)
		n = (size_t)left;
	if (rx->frame.masked)
		mask_apply(p, p, n, rx->frame.key, rx->at);
	note_start(ws, p, n);
	if (rx->compressed) {
		used = inflate_payload(ws, p, n, last);
		if (rx->frame.masked) /* the rest comes again, and is to be as it came */
			mask_apply(p + used, p + used, n - used, rx->frame.key, rx->at + used);
	} else {
		used = n;
		payload(ws, p, n, last);
	}
	rx->at += used;
	ws->traffic[WSX_RECEIVED].wire += used;
	if (rx->state == RX_DATA && rx->at == rx->frame.length && !rx->draining) {
		rx->in_message = !last;
		end_frame(ws);
	}
	return used;
}

/* Control frames. */

static void
receive_close(struct wsx *ws)
{
	struct rx *rx = &ws->rx;
	const char *why;
	uint16_t fault;

	fault = close_parse(rx->control, (size_t)rx->frame.length, &ws->closed, &why);
	if (fault != 0) {
		conn_fail(ws, WSX_FAIL_PROTOCOL, fault, "%s", why);
		return;
	}
	ws->close_received = true;
	ws->tx.pong_waits = false;
	rx->state = RX_DISCARD;
	if (!ws->close_sent &&
	    tx_close(ws, ws->closed.code == WSX_CLOSE_NO_STATUS ? 0 : ws->closed.code, NULL, 0) ==
		WSX_ERR_NOMEM) {
		conn_fail_memory(ws);
		return;
	}
	if (ws->state == WSX_OPEN)
		conn_set_state(ws, WSX_CLOSING);
	/* the server ends the stream first (RFC 6455 7.1.1); the client waits for that */
	if (ws->role == WSX_SERVER)
		ws->tx.end = true;
}

static void
receive_ping(struct wsx *ws, const uint8_t *p, size_t n)
{
	/* our own Close does not excuse from answering (RFC 6455 5.5.2): only data may not follow it */
	if (!ws->no_pong && tx_pong(ws, p, n) == WSX_ERR_NOMEM)
		conn_fail_memory(ws);
	if (ws->failed)
		return;
	if (ws->handlers.ping != NULL)
		ws->handlers.ping(ws, p, n, ws->arg);
}

static void
receive_control(struct wsx *ws)
{
	struct rx *rx = &ws->rx;
	size_t n = (size_t)rx->frame.length;

	end_frame(ws);
	switch (rx->frame.opcode) {
	case OP_CLOSE:
		receive_close(ws);
		return;
	case OP_PING:
		receive_ping(ws, rx->control, n);
		return;
	case OP_PONG:
		if (ws->handlers.pong != NULL)
			ws->handlers.pong(ws, rx->control, n, ws->arg);
		return;
	default:
		assert(0 && "an opcode that frame_parse() let through");
	}
}

static size_t
rx_control(struct wsx *ws, const uint8_t *p, size_t n)
{
	struct rx *rx = &ws->rx;
	size_t left = (size_t)(rx->frame.length - rx->at);

	if (n > left)
		n = left;
	if (n > 0 && rx->frame.masked)
		mask_apply(rx->control + rx->at, p, n, rx->frame.key, rx->at);
	else if (n > 0)
		memcpy(rx->control + rx->at, p, n);
	note_start(ws, rx->control + rx->at, n);
	rx->at += n;
	if (rx->at == rx->frame.length)
		receive_control(ws);
	return n;
}

/* Heads. */

static void
begin_data(struct wsx *ws)
{
	struct rx *rx = &ws->rx;

	if (rx->frame.opcode != OP_CONTINUATION) {
		rx->type = (enum wsx_type)rx->frame.opcode;
		rx->message_n = 0;
		rx->utf8 = UTF8_INIT;
		rx->in_message = true;
		rx->compressed = (rx->frame.rsv & RSV1) != 0;
		rx->streaming = false;
	}
	if (!rx->compressed && !within_limit(ws, rx->frame.length))
		return;
	rx->state = RX_DATA;
	if (rx->frame.length == 0)
		rx_data(ws, rx->head, 0);
}

static void
begin_frame(struct wsx *ws)
{
	struct rx *rx = &ws->rx;

	rx->at = 0;
	rx->start_told = false;
	if (!opcode_is_control(rx->frame.opcode)) {
		begin_data(ws);
		return;
	}
	rx->state = RX_CONTROL;
	if (rx->frame.length == 0)
		rx_control(ws, rx->control, 0);
}

static int
parse_head(struct wsx *ws, const uint8_t *p, size_t n, size_t *used)
{
	struct frame_rules rules = {
		.masked = ws->role == WSX_SERVER,
		.rsv = ws->deflate_agreed ? RSV1 : 0,
		.in_message = ws->rx.in_message,
	};
	const char *why;
	int r;

	r = frame_parse(p, n, &rules, &ws->rx.frame, used, &why);
	if (r < 0)
		conn_fail(ws, WSX_FAIL_PROTOCOL, WSX_CLOSE_PROTOCOL_ERROR, "%s", why);
	return r;
}

/* A head is parsed where it lies; only one that comes in parts is gathered. */
static size_t
rx_head(struct wsx *ws, const uint8_t *p, size_t n)
{
	struct rx *rx = &ws->rx;
	size_t had = rx->head_n, used, room;
	int r;

	rx_tell(ws); /* what the head makes happen comes after what came before it */
	if (rx->paused || rx->state != RX_HEAD)
		return 0;
	if (had == 0) {
		if ((r = parse_head(ws, p, n, &used)) != 0) {
			if (r > 0)
				begin_frame(ws);
			return r > 0 ? used : n;
		}
	}
	room = sizeof rx->head - had;
	if (n > room)
		n = room;
	memcpy(rx->head + had, p, n);
	if (had > 0 && (r = parse_head(ws, rx->head, had + n, &used)) != 0) {
		rx->head_n = 0;
		if (r < 0)
			return n;
		begin_frame(ws);
		return used - had;
	}
	rx->head_n = had + n;
	assert(rx->head_n < sizeof rx->head); /* 14 bytes are always a whole head */
	return n;
}

/* The common case. */

/*
 * The payload of a frame that is a whole short message, uncompressed, and lies whole in the n
 * bytes at p; NULL if there is none.
 */
static inline uint8_t *
short_message(uint8_t *p, size_t n, bool masked, size_t *length)
{
	size_t head = masked ? 6 : 2;

	if (n < head || (p[0] != (FRAME_FIN | OP_TEXT) && p[0] != (FRAME_FIN | OP_BINARY)))
		return NULL;
	*length = masked ? p[1] - 0x80U : p[1];
	if (*length > FRAME_SHORT_MAX || *length > n - head)
		return NULL;
	return p + head;
}

/*
 * Short messages at the front of the n bytes at p, as many as a batch takes: how many bytes they
 * are. It does what the others would do, to which all else is left, with less ado.
 */
static size_t
rx_short(struct wsx *ws, uint8_t *p, size_t n)
{
	struct wsx_traffic *traffic = &ws->traffic[WSX_RECEIVED];
	uint64_t max = ws->max_message != 0 ? ws->max_message : UINT64_MAX, payload = 0;
	bool masked = ws->role == WSX_SERVER, good = true;
	struct rx *rx = &ws->rx;
	size_t first = rx->batch_n, k = first, at = 0, length;
	uint8_t *data;

	while (k < rx->batch_max &&
	       (data = short_message(p + at, n - at, masked, &length)) != NULL && length <= max) {
		enum wsx_type type = (enum wsx_type)(p[at] & 0x0f);

		if (masked)
			mask_apply(data, data, length, data - 4, 0);
		if (type == WSX_TEXT && !utf8_valid(data, length)) {
			good = false;
			break;
		}
		rx->batch[k++] = (struct wsx_piece){ type, true, true, data, length };
		at = (size_t)(data - p) + length;
		payload += length;
	}
	traffic->payload += payload;
	traffic->wire += payload;
	traffic->messages += k - first;
	rx->batch_n = k;
	if (!good || k == rx->batch_max)
		rx_tell(ws);
	if (!good)
		fail_text(ws);
	return good ? at : n;
}

size_t
rx_frames(struct wsx *ws, uint8_t *p, size_t n)
{
	size_t used;

	switch (ws->rx.state) {
	case RX_HEAD:
		if (ws->rx.head_n == 0 && !ws->rx.in_message && ws->handlers.frame == NULL &&
		    (used = rx_short(ws, p, n)) > 0)
			return used;
		return rx_head(ws, p, n);
	case RX_DATA:
		return rx_data(ws, p, n);
	case RX_CONTROL:
		return rx_control(ws, p, n);
	case RX_HTTP:
	case RX_BODY:
	case RX_DISCARD:
		break;
	}
	assert(0 && "rx_frames() in a state without frames");
	return n;
}

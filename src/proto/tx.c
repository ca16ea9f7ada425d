/* Frames out: messages and control frames become bytes in a bounded queue. */

#include <assert.h>
#include <string.h>

#include "proto/conn_int.h"

/* Above so many queued bytes Pongs do not pile up: the newest waits (F25). */
#define PONG_MARK         ((size_t)64 << 10)

#define CONTROL_FRAME_MAX ((size_t)FRAME_HEAD_MAX + WSX_MAX_CONTROL)

/* Control frames that may still come when messages have filled the queue. */
#define CONTROL_ROOM 1024

void
tx_init(struct tx *tx, const struct mem *mem, size_t max)
{
	if (max > SIZE_MAX - CONTROL_ROOM)
		max = SIZE_MAX - CONTROL_ROOM;
	/* the handshake goes through the same queue, however small the messages are to be */
	buf_init(&tx->out, mem, (max > 2 * HTTP_MAX_HEAD ? max : 2 * HTTP_MAX_HEAD) + CONTROL_ROOM);
	buf_init(&tx->deflated, mem, SIZE_MAX);
	tx->max = max;
}

void
tx_clear(struct tx *tx)
{
	buf_clear(&tx->out);
	buf_clear(&tx->deflated);
}

/* Mask keys for n frames, each its own (RFC 6455 5.3); a server has none to fill in. */
static int
take_keys(struct wsx *ws, uint8_t (*keys)[4], size_t n)
{
	if (ws->role != WSX_CLIENT || ws->random(keys, n * sizeof *keys, ws->arg) == 0)
		return WSX_OK;
	/* what is masked with a guessable key must not leave: not even a Close (F04) */
	ws->close_sent = true;
	conn_fail(ws, WSX_FAIL_LOCAL, 0, "no random bytes for a mask key");
	return WSX_ERR_RANDOM;
}

/* Queue one frame. */
static int
put_frame(struct wsx *ws, struct frame_head *h, const void *p)
{
	uint8_t *dst;
	int r;

	if ((r = buf_reserve(&ws->tx.out, FRAME_HEAD_MAX + (size_t)h->length, &dst)) < 0 ||
	    (r = take_keys(ws, &h->key, 1)) < 0)
		return r;
	h->masked = ws->role == WSX_CLIENT;
	buf_commit(&ws->tx.out, frame_put(dst, h, p));
	conn_tell_frame(ws, WSX_SENT, h, p, (size_t)h->length);
	return WSX_OK;
}

static void
put_mark(struct tx *tx, uint64_t amount)
{
	struct tx_mark *m;

	if (tx->n_marks < TX_MARKS)
		tx->marks[(tx->first_mark + tx->n_marks++) % TX_MARKS] = (struct tx_mark){ 0 };
	m = &tx->marks[(tx->first_mark + tx->n_marks - 1) % TX_MARKS];
	m->end = tx->sent + buf_len(&tx->out);
	m->amount += amount;
	tx->buffered += amount;
}

int
tx_control(struct wsx *ws, enum opcode opcode, const void *p, size_t n)
{
	struct frame_head h = { .fin = true, .opcode = (uint8_t)opcode, .length = n };

	return put_frame(ws, &h, p);
}

int
tx_pong(struct wsx *ws, const void *p, size_t n)
{
	struct tx *tx = &ws->tx;

	assert(n <= sizeof tx->pong);
	if (buf_len(&tx->out) <= PONG_MARK)
		return tx_control(ws, OP_PONG, p, n);
	memcpy(tx->pong, p, n);
	tx->pong_n = n;
	tx->pong_waits = true;
	return WSX_OK;
}

int
tx_close(struct wsx *ws, uint16_t code, const char *reason, size_t n)
{
	uint8_t body[WSX_MAX_CONTROL];
	int r;

	assert(!ws->close_sent);
	r = tx_control(ws, OP_CLOSE, body, close_build(body, code, reason, n));
	if (r == WSX_OK)
		ws->close_sent = true;
	return r;
}

static struct frame_head
head_of(const struct wsx_piece *piece)
{
	return (struct frame_head){
		.fin = piece->last,
		.opcode = piece->first ? (uint8_t)piece->type : OP_CONTINUATION,
		.length = piece->n,
	};
}

static int
put_compressed(struct wsx *ws, const struct wsx_piece *piece)
{
	struct buf *deflated = &ws->tx.deflated;
	struct frame_head h = head_of(piece);
	int r;

	buf_reset(deflated);
	r = deflate_compress(&ws->deflate, piece->data, piece->n, piece->last, deflated);
	if (r == 0) {
		h.rsv = piece->first ? RSV1 : 0;
		h.length = buf_len(deflated);
		r = put_frame(ws, &h, buf_data(deflated));
	}
	if (r == WSX_OK)
		ws->traffic[WSX_SENT].wire += h.length;
	else if (r == WSX_ERR_NOMEM) /* the compressor refers to what the peer will never see */
		conn_fail_memory(ws);
	return r;
}

/* Frames queued together. */
#define RUN_MAX 64

static size_t
put_piece(uint8_t *dst, const struct wsx_piece *piece, const uint8_t *key)
{
	struct frame_head h = head_of(piece);

	if (piece->n <= FRAME_SHORT_MAX)
		return frame_put_short(
		    dst, (uint8_t)((h.fin ? FRAME_FIN : 0) | h.opcode), key, piece->data, piece->n);
	h.masked = key != NULL;
	if (h.masked)
		memcpy(h.key, key, sizeof h.key);
	return frame_put(dst, &h, piece->data);
}

static void
tell_pieces(struct wsx *ws, const struct wsx_piece *pieces, size_t n)
{
	struct frame_head h;

	for (size_t i = 0; i < n; i++) {
		h = head_of(&pieces[i]);
		h.masked = ws->role == WSX_CLIENT;
		conn_tell_frame(ws, WSX_SENT, &h, pieces[i].data, pieces[i].n);
	}
}

/* Queue pieces as they are, RUN_MAX at most. */
static int
put_plain(struct wsx *ws, const struct wsx_piece *pieces, size_t n)
{
	bool masked = ws->role == WSX_CLIENT;
	size_t payload = 0, used = 0;
	uint8_t keys[RUN_MAX][4], *dst;
	int r;

	for (size_t i = 0; i < n; i++)
		payload += pieces[i].n;
	if ((r = buf_reserve(&ws->tx.out, n * FRAME_HEAD_MAX + payload, &dst)) < 0 ||
	    (r = take_keys(ws, keys, n)) < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		used += put_piece(dst + used, &pieces[i], masked ? keys[i] : NULL);
	buf_commit(&ws->tx.out, used);
	ws->traffic[WSX_SENT].wire += payload;
	if (ws->handlers.frame != NULL)
		tell_pieces(ws, pieces, n);
	return WSX_OK;
}

/* How many of the n pieces go as they are, before one that is compressed; RUN_MAX at most. */
static size_t
plain_run(struct wsx *ws, const struct wsx_piece *pieces, size_t n)
{
	size_t i;

	if (n > RUN_MAX)
		n = RUN_MAX;
	if (!ws->deflate_agreed)
		return n;
	for (i = 0; i < n; i++) {
		if (pieces[i].first)
			ws->tx.compressing =
			    deflate_pays(&ws->deflate, pieces[i].data, pieces[i].n);
		if (ws->tx.compressing)
			break;
	}
	return i;
}

static int
put_pieces(struct wsx *ws, const struct wsx_piece *pieces, size_t n)
{
	size_t run;
	int r = WSX_OK;

	for (; n > 0 && r == WSX_OK; pieces += run, n -= run) {
		if ((run = plain_run(ws, pieces, n)) > 0)
			r = put_plain(ws, pieces, run);
		else {
			run = 1;
			r = put_compressed(ws, pieces);
		}
	}
	return r;
}

/* Pieces that are to go together. */
struct load {
	uint64_t payload;
	uint64_t messages; /* that end with one of them */
	size_t room; /* in the output, at most; SIZE_MAX for more than there can be */
	bool in_turn;
};

static struct load
weigh(const struct wsx *ws, const struct wsx_piece *pieces, size_t n)
{
	struct load load = { .in_turn = true };
	bool in_message = ws->tx.in_message, compressing = ws->tx.compressing;
	size_t most;

	for (size_t i = 0; i < n; i++) {
		load.in_turn &= pieces[i].first != in_message;
		in_message = !pieces[i].last;
		load.payload += pieces[i].n;
		load.messages += pieces[i].last;
		if (pieces[i].first)
			compressing =
			    ws->deflate_agreed && pieces[i].n >= deflate_least(&ws->deflate);
		most = FRAME_HEAD_MAX + (compressing ? deflate_bound(pieces[i].n) : pieces[i].n);
		load.room = pieces[i].n > SIZE_MAX / 2 || most > SIZE_MAX - load.room
				? SIZE_MAX
				: load.room + most;
	}
	return load;
}

int
wsx_send(struct wsx *ws, const struct wsx_piece *pieces, size_t n)
{
	struct load load = weigh(ws, pieces, n);
	uint8_t *room;
	int r;

	if (ws->state == WSX_CONNECTING)
		return WSX_ERR_STATE;
	if (ws->state != WSX_OPEN) {
		ws->tx.buffered += load.payload; /* as the standard has it: counted, never sent */
		return WSX_OK;
	}
	if (!load.in_turn)
		return WSX_ERR_ARGUMENT;
	if (wsx_output_room(ws) < load.room)
		return WSX_ERR_LIMIT;
	if (n == 0)
		return WSX_OK;
	/* at once for all: what fails from here on has failed the WebSocket as well */
	if ((r = buf_reserve(&ws->tx.out, load.room, &room)) < 0 ||
	    (r = put_pieces(ws, pieces, n)) < 0)
		return r;
	put_mark(&ws->tx, load.payload);
	ws->traffic[WSX_SENT].payload += load.payload;
	ws->traffic[WSX_SENT].messages += load.messages;
	ws->tx.in_message = !pieces[n - 1].last;
	return WSX_OK;
}

static int
send_whole(struct wsx *ws, enum wsx_type type, const void *data, size_t n)
{
	struct wsx_piece piece = { type, true, true, data, n };

	return wsx_send(ws, &piece, 1);
}

int
wsx_send_text(struct wsx *ws, const void *data, size_t n)
{
	if (!utf8_valid(data, n))
		return WSX_ERR_ARGUMENT;
	return send_whole(ws, WSX_TEXT, data, n);
}

int
wsx_send_binary(struct wsx *ws, const void *data, size_t n)
{
	return send_whole(ws, WSX_BINARY, data, n);
}

static int
send_control(struct wsx *ws, enum opcode opcode, const void *data, size_t n)
{
	if (n > WSX_MAX_CONTROL)
		return WSX_ERR_ARGUMENT;
	if (ws->state != WSX_OPEN)
		return WSX_ERR_STATE;
	/* a Close must fit after any number of these */
	if (buf_room(&ws->tx.out) < 2 * CONTROL_FRAME_MAX)
		return WSX_ERR_LIMIT;
	return tx_control(ws, opcode, data, n);
}

int
wsx_ping(struct wsx *ws, const void *data, size_t n)
{
	return send_control(ws, OP_PING, data, n);
}

int
wsx_pong(struct wsx *ws, const void *data, size_t n)
{
	return send_control(ws, OP_PONG, data, n);
}

int
wsx_pending(struct wsx *ws, const uint8_t **p, size_t *n)
{
	*p = buf_data(&ws->tx.out);
	*n = buf_len(&ws->tx.out);
	if (*n > 0)
		return 1;
	return ws->tx.end ? WSX_END : 0;
}

void
wsx_sent(struct wsx *ws, size_t n)
{
	struct tx *tx = &ws->tx;

	if (!tx->head_told) { /* the first bytes a client sends are its request, whole */
		tx->head_told = true;
		if (ws->role == WSX_CLIENT && ws->handlers.head != NULL)
			ws->handlers.head(ws, WSX_SENT, (const char *)buf_data(&tx->out),
			    buf_len(&tx->out), ws->arg);
	}
	buf_consume(&tx->out, n);
	tx->sent += n;
	while (tx->n_marks > 0 && tx->marks[tx->first_mark].end <= tx->sent) {
		tx->buffered -= tx->marks[tx->first_mark].amount;
		tx->first_mark = (tx->first_mark + 1) % TX_MARKS;
		tx->n_marks--;
	}
	if (tx->pong_waits && !tx->end && buf_len(&tx->out) <= PONG_MARK) {
		tx->pong_waits = false;
		if (tx_control(ws, OP_PONG, tx->pong, tx->pong_n) == WSX_ERR_NOMEM)
			conn_fail_memory(ws);
	}
}

size_t
wsx_output_room(const struct wsx *ws)
{
	size_t used = buf_len(&ws->tx.out);

	return used < ws->tx.max ? ws->tx.max - used : 0;
}

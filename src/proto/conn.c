/* The WebSocket object: its lifecycle, states, attributes and events. */

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "proto/conn_int.h"

static_assert((int)WSX_ERR_NOMEM == (int)ERR_NOMEM, "one set of values");
static_assert((int)WSX_ERR_ARGUMENT == (int)ERR_ARGUMENT, "one set of values");
static_assert((int)WSX_ERR_LIMIT == (int)ERR_LIMIT, "one set of values");
static_assert((int)WSX_TEXT == (int)OP_TEXT, "types are opcodes");
static_assert((int)WSX_BINARY == (int)OP_BINARY, "types are opcodes");

const char *
wsx_strerror(int err)
{
	switch ((enum wsx_err)err) {
	case WSX_OK:
		return "no error";
	case WSX_ERR_NOMEM:
		return "out of memory";
	case WSX_ERR_STATE:
		return "not allowed in this state of the connection";
	case WSX_ERR_ARGUMENT:
		return "invalid argument";
	case WSX_ERR_LIMIT:
		return "over a limit";
	case WSX_ERR_PROTOCOL:
		return "protocol error";
	case WSX_ERR_RANDOM:
		return "no random bytes";
	}
	return "unknown error";
}

const char *
wsx_ready_state_name(enum wsx_ready_state state)
{
	static const char *const names[] = { "CONNECTING", "OPEN", "CLOSING", "CLOSED" };

	assert(state <= WSX_CLOSED);
	return names[state];
}

const char *
wsx_binary_type_name(enum wsx_binary_type type)
{
	return type == WSX_BLOB ? "blob" : "arraybuffer";
}

/* Lifecycle. */

/* What to offer, or to want of an offer, for this configuration. */
static bool
read_deflate(struct wsx *ws, const struct wsx_deflate *config)
{
	int bits = config->window_bits;
	uint8_t limit = bits == DEFLATE_BITS_MAX ? 0 : (uint8_t)bits;
	bool client = ws->role == WSX_CLIENT;

	if (config->level < 0 || config->level > 9 ||
	    (bits != 0 && (bits < DEFLATE_BITS_MIN || bits > DEFLATE_BITS_MAX)))
		return false;
	ws->deflate_config = *config;
	ws->deflate_params = (struct deflate_params){
		.server_no_context_takeover = config->no_context_takeover,
		.client_no_context_takeover = config->no_context_takeover,
		.server_max_window_bits = limit,
		/* a client that can is to say so, with no limit of its own too */
		.client_max_window_bits = limit == 0 && client ? DEFLATE_BITS_MAX : limit,
	};
	return true;
}

void
conn_deflate(struct wsx *ws, const struct deflate_params *agreed)
{
	const struct deflate_params *own = &ws->deflate_params;
	int level = ws->deflate_config.level != 0 ? ws->deflate_config.level : 6;
	uint8_t bits;

	ws->deflate_agreed = true;
	if (ws->role == WSX_CLIENT) {
		/* the offer's hints are kept whether or not the server took them up (D07) */
		bits = agreed->client_max_window_bits < own->client_max_window_bits
			   ? agreed->client_max_window_bits
			   : own->client_max_window_bits;
		deflate_init(&ws->deflate, &ws->mem, level, bits,
		    agreed->client_no_context_takeover || own->client_no_context_takeover,
		    agreed->server_no_context_takeover);
	} else {
		bits = agreed->server_max_window_bits != 0 ? agreed->server_max_window_bits
							   : DEFLATE_BITS_MAX;
		deflate_init(&ws->deflate, &ws->mem, level, bits,
		    agreed->server_no_context_takeover, agreed->client_no_context_takeover);
	}
	ws->deflate.always = ws->deflate_config.always;
}

static int
start(struct wsx *ws, const struct wsx_config *config, const char **why)
{
	size_t i;
	int r;

	if (!read_deflate(ws, &config->deflate)) {
		*why = "a parameter of permessage-deflate is out of range";
		return WSX_ERR_ARGUMENT;
	}
	for (i = 0; i < config->n_protocols; i++)
		if ((r = strlist_add(&ws->protocols, config->protocols[i])) < 0)
			return r;
	if ((r = handshake_check(ws, config, why)) < 0)
		return r;
	return ws->role == WSX_CLIENT ? client_start(ws, config, why)
				      : server_start(ws, config, why);
}

int
wsx_new(const struct wsx_config *config, struct wsx **out, const char **why)
{
	struct mem mem = mem_libc;
	struct wsx *ws;
	int r;

	assert(config->random != NULL);
	if (config->resize != NULL)
		mem = (struct mem){ config->resize, config->arg };
	if ((ws = mem_new(&mem, sizeof *ws)) == NULL)
		return WSX_ERR_NOMEM;
	ws->mem = mem;
	ws->role = config->role;
	ws->whole = config->whole;
	ws->receive_while_closing = config->receive_while_closing;
	ws->no_pong = config->no_pong;
	ws->max_message = config->max_message;
	ws->handlers = config->handlers;
	ws->arg = config->arg;
	ws->random = config->random;
	ws->date = config->date;
	ws->secure = config->secure;
	rx_init(&ws->rx, &ws->mem, config->batch ? WSX_BATCH : 1);
	tx_init(&ws->tx, &ws->mem, config->max_output ? config->max_output : WSX_MAX_OUTPUT);
	strlist_init(&ws->protocols, &ws->mem);
	strlist_init(&ws->origins, &ws->mem);
	buf_init(&ws->fields, &ws->mem, HTTP_MAX_HEAD);

	*why = "out of memory";
	if ((r = start(ws, config, why)) < 0) {
		wsx_free(ws);
		return r;
	}
	*out = ws;
	return WSX_OK;
}

void
wsx_free(struct wsx *ws)
{
	struct mem mem;

	if (ws == NULL)
		return;
	rx_clear(&ws->rx);
	tx_clear(&ws->tx);
	deflate_clear(&ws->deflate);
	url_clear(&ws->url);
	strlist_clear(&ws->protocols);
	strlist_clear(&ws->origins);
	buf_clear(&ws->fields);
	mem_free(&ws->mem, ws->path);
	mem_free(&ws->mem, ws->protocol);
	mem_free(&ws->mem, ws->extensions);
	mem = ws->mem;
	mem_free(&mem, ws);
}

/* Attributes. */

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

const char *
wsx_url(const struct wsx *ws)
{
	return or_empty(ws->url.href);
}

const char *
wsx_display_url(const struct wsx *ws)
{
	return or_empty(ws->url.display);
}

const char *
wsx_protocol(const struct wsx *ws)
{
	return or_empty(ws->protocol);
}

const char *
wsx_extensions(const struct wsx *ws)
{
	return or_empty(ws->extensions);
}

enum wsx_ready_state
wsx_ready_state(const struct wsx *ws)
{
	return ws->state;
}

uint64_t
wsx_buffered_amount(const struct wsx *ws)
{
	return ws->tx.buffered;
}

enum wsx_binary_type
wsx_binary_type(const struct wsx *ws)
{
	return ws->binary_type;
}

void
wsx_set_binary_type(struct wsx *ws, enum wsx_binary_type type)
{
	assert(type == WSX_BLOB || type == WSX_ARRAYBUFFER);
	ws->binary_type = type;
}

const char *
wsx_host(const struct wsx *ws)
{
	return or_empty(ws->url.host);
}

uint16_t
wsx_port(const struct wsx *ws)
{
	return ws->url.port;
}

bool
wsx_secure(const struct wsx *ws)
{
	return ws->url.secure;
}

struct wsx_traffic
wsx_traffic(const struct wsx *ws, enum wsx_direction dir)
{
	return ws->traffic[dir];
}

int
wsx_http_status(const struct wsx *ws)
{
	return ws->status;
}

void
wsx_body(const struct wsx *ws, const uint8_t **p, size_t *n)
{
	bool refused = ws->failed && ws->failure == WSX_FAIL_HANDSHAKE && ws->status != 0;

	*p = buf_data(&ws->rx.held);
	*n = refused ? buf_len(&ws->rx.held) : 0;
}

bool
wsx_body_expected(const struct wsx *ws)
{
	return ws->rx.state == RX_BODY;
}

/* States. */

void
conn_set_state(struct wsx *ws, enum wsx_ready_state next)
{
	assert(next > ws->state); /* readyState never goes back */
	ws->state = next;
}

void
conn_open(struct wsx *ws)
{
	conn_set_state(ws, WSX_OPEN);
	ws->rx.state = RX_HEAD;
	if (ws->handlers.open != NULL)
		ws->handlers.open(ws, ws->arg);
}

static void
fail(struct wsx *ws, enum wsx_failure kind)
{
	ws->failed = true;
	ws->failure = kind;
	ws->rx.state = RX_DISCARD;
	ws->tx.end = true;
	if (ws->state == WSX_CONNECTING) { /* what was agreed on counts from open on only */
		mem_free(&ws->mem, ws->protocol);
		mem_free(&ws->mem, ws->extensions);
		ws->protocol = ws->extensions = NULL;
	}
	if (ws->state < WSX_CLOSING)
		conn_set_state(ws, WSX_CLOSING);
}

void
conn_fail(struct wsx *ws, enum wsx_failure kind, uint16_t code, const char *fmt, ...)
{
	bool was_open = ws->state == WSX_OPEN || ws->state == WSX_CLOSING;
	va_list ap;
	size_t n;

	if (ws->failed || ws->state == WSX_CLOSED)
		return;
	va_start(ap, fmt);
	vsnprintf(ws->why, sizeof ws->why, fmt, ap);
	va_end(ap);
	fail(ws, kind);
	if (was_open && !ws->close_sent) {
		n = strlen(ws->why);
		if (n > WSX_MAX_REASON)
			n = utf8_cut((const uint8_t *)ws->why, WSX_MAX_REASON);
		/* where even the Close has no room the end must do without it */
		(void)tx_close(ws, code, ws->why, n);
	}
}

void
conn_fail_memory(struct wsx *ws)
{
	conn_fail(ws, WSX_FAIL_LOCAL, WSX_CLOSE_INTERNAL_ERROR, "out of memory");
}

static int
close_with(struct wsx *ws, uint16_t code, const char *reason, size_t n)
{
	int r;

	if ((code == 0 && n > 0) || n > WSX_MAX_REASON || !utf8_valid((const uint8_t *)reason, n))
		return WSX_ERR_ARGUMENT;
	switch (ws->state) {
	case WSX_CONNECTING:
		conn_fail(ws, WSX_FAIL_HANDSHAKE, 0, "closed before the connection was open");
		return WSX_OK;
	case WSX_OPEN:
		if ((r = tx_close(ws, code, reason, n)) < 0)
			return r;
		conn_set_state(ws, WSX_CLOSING);
		return WSX_OK;
	case WSX_CLOSING:
	case WSX_CLOSED:
		return WSX_OK;
	}
	return WSX_ERR_STATE;
}

int
wsx_close(struct wsx *ws, uint16_t code, const char *reason, size_t n)
{
	if (code != 0 && !close_code_for_application(code))
		return WSX_ERR_ARGUMENT;
	return close_with(ws, code, reason, n);
}

int
wsx_close_for(struct wsx *ws, uint16_t code, const char *reason, size_t n)
{
	if (!close_code_on_wire(code))
		return WSX_ERR_ARGUMENT;
	return close_with(ws, code, reason, n);
}

/* The I/O half. */

/* Lets one empty line before the request pass (RFC 9112 2.2); false if it needs more to tell. */
static bool
skip_empty_line(struct wsx *ws)
{
	struct buf *held = &ws->rx.held;
	size_t n;

	if (ws->role == WSX_CLIENT || ws->rx.skipped)
		return true;
	n = http_skip((const char *)buf_data(held), buf_len(held));
	if (n == 1)
		return false;
	buf_consume(held, n);
	ws->rx.skipped = true;
	return buf_len(held) > 0;
}

/*
 * Gathers a head of the opening handshake. What follows it in the same bytes is frames and is
 * left to the caller: it returns how many bytes belong to the head.
 */
static size_t
receive_http(struct wsx *ws, const uint8_t *p, size_t n)
{
	struct buf *held = &ws->rx.held;
	enum http_kind kind = ws->role == WSX_CLIENT ? HTTP_RESPONSE : HTTP_REQUEST;
	struct http_fault fault;
	size_t surplus;
	ptrdiff_t end;

	if (buf_put(held, p, n) < 0) {
		conn_fail_memory(ws);
		return n;
	}
	if (!skip_empty_line(ws))
		return n;
	end = http_scan(&ws->rx.scan, kind, (const char *)buf_data(held), buf_len(held), &fault);
	if (end == 0)
		return n;
	if (end < 0) {
		if (ws->role == WSX_CLIENT)
			client_fault(ws, &fault);
		else
			server_fault(ws, &fault);
		return n;
	}
	surplus = buf_len(held) - (size_t)end;
	buf_truncate(held, surplus);
	if (ws->role == WSX_CLIENT)
		client_answer(ws, (char *)buf_mutable_data(held), (size_t)end);
	else
		server_answer(ws, (char *)buf_mutable_data(held), (size_t)end);
	ws->rx.scan = (struct http_scan){ 0 };
	buf_reset(held);
	if (ws->rx.state != RX_HTTP)
		buf_clear(held);
	return n - surplus;
}

static size_t
receive_body(struct wsx *ws, const uint8_t *p, size_t n)
{
	struct rx *rx = &ws->rx;

	if (http_body_take(&rx->body, p, n, &rx->held, WSX_BODY_MAX) < 0 ||
	    rx->body.state == BODY_DONE) {
		rx->state = RX_DISCARD;
		ws->tx.end = true;
	}
	return n;
}

void
conn_tell_frame(
    struct wsx *ws, enum wsx_direction dir, const struct frame_head *h, const uint8_t *p, size_t n)
{
	const struct wsx_frame frame = {
		.opcode = h->opcode,
		.fin = h->fin,
		.rsv1 = (h->rsv & RSV1) != 0,
		.masked = h->masked,
		.length = h->length,
		.data = p,
		.n = n < WSX_FRAME_START ? n : WSX_FRAME_START,
	};

	if (ws->handlers.frame != NULL)
		ws->handlers.frame(ws, dir, &frame, ws->arg);
}

/* Takes bytes until they are used up or the host pauses: how many. */
static size_t
take_bytes(struct wsx *ws, uint8_t *p, size_t n)
{
	struct rx *rx = &ws->rx;
	size_t used = 0;

	while ((used < n || rx->draining) && !rx->paused && rx->state != RX_DISCARD) {
		if (rx->state == RX_HTTP)
			used += receive_http(ws, p + used, n - used);
		else if (rx->state == RX_BODY)
			used += receive_body(ws, p + used, n - used);
		else
			used += rx_frames(ws, p + used, n - used);
	}
	rx_tell(ws);
	return rx->state == RX_DISCARD ? n : used;
}

static int
receive_result(const struct wsx *ws)
{
	if (!ws->failed)
		return WSX_OK;
	return ws->failure == WSX_FAIL_LOCAL ? WSX_ERR_NOMEM : WSX_ERR_PROTOCOL;
}

int
wsx_receive(struct wsx *ws, uint8_t *p, size_t n)
{
	size_t used = take_bytes(ws, p, n);

	if (buf_put(&ws->rx.kept, p + used, n - used) < 0)
		conn_fail_memory(ws);
	return receive_result(ws);
}

void
wsx_pause(struct wsx *ws)
{
	ws->rx.paused = true;
}

bool
wsx_is_paused(const struct wsx *ws)
{
	return ws->rx.paused;
}

int
wsx_resume(struct wsx *ws)
{
	struct buf *kept = &ws->rx.kept;

	ws->rx.paused = false;
	buf_consume(kept, take_bytes(ws, buf_mutable_data(kept), buf_len(kept)));
	return receive_result(ws);
}

static void
tell_close(struct wsx *ws)
{
	struct wsx_close_event event = { .code = WSX_CLOSE_ABNORMAL, .reason = "" };

	if (ws->close_received) {
		event.code = ws->closed.code;
		event.reason = ws->closed.reason;
		event.reason_n = ws->closed.reason_n;
		event.was_clean = ws->close_sent && !ws->failed;
	}
	if (ws->handlers.close != NULL)
		ws->handlers.close(ws, &event, ws->arg);
}

void
wsx_receive_eof(struct wsx *ws)
{
	if (ws->state == WSX_CLOSED)
		return;
	if (ws->state == WSX_CONNECTING)
		conn_fail(ws, WSX_FAIL_HANDSHAKE, 0, "closed during the handshake");
	ws->rx.state = RX_DISCARD;
	ws->tx.end = true;
	conn_set_state(ws, WSX_CLOSED);
	if (ws->failed && ws->handlers.error != NULL)
		ws->handlers.error(ws, ws->failure, ws->why, ws->arg);
	tell_close(ws);
}

bool
wsx_close_expected(const struct wsx *ws)
{
	return ws->state == WSX_CLOSING && ws->rx.state == RX_DISCARD;
}

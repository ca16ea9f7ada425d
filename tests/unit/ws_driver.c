#include "ws_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/digest.h"

/* Notes are of the test, not of what is tested: they do not fail. */
static void
must(int r)
{
	if (r != 0)
		abort();
}

/* Events. */

static void
begin_event(struct driver *d, enum wsx_ready_state least, enum wsx_ready_state most)
{
	enum wsx_ready_state state = wsx_ready_state(d->ws);

	CHECK(!d->closed);
	CHECK(state >= least && state <= most);
	CHECK(state >= d->last_state);
	d->last_state = state;
}

static void
note(struct driver *d, const char *event, const uint8_t *p, size_t n)
{
	must(buf_puts(&d->events, event));
	if (n > 0)
		must(buf_putc(&d->events, ' '));
	driver_put_bytes(&d->events, p, n);
	must(buf_putc(&d->events, '\n'));
}

static void
react(struct driver *d, const char *event)
{
	if (d->react != NULL)
		d->react(d, event);
}

static void
on_open(struct wsx *ws, void *arg)
{
	struct driver *d = arg;
	const char *protocol = wsx_protocol(ws);

	begin_event(d, WSX_OPEN, WSX_OPEN);
	CHECK(!d->opened);
	d->opened = true;
	note(d, "open", (const uint8_t *)protocol, strlen(protocol));
	react(d, "open");
}

static void
take_piece(struct wsx *ws, const struct wsx_piece *piece, struct driver *d)
{
	const char *name = piece->type == WSX_TEXT ? "text" : "binary";

	begin_event(d, WSX_OPEN, d->config.receive_while_closing ? WSX_CLOSING : WSX_OPEN);
	CHECK(d->opened);
	CHECK(piece->first == !d->in_message);
	CHECK(piece->first || piece->type == d->type);
	CHECK(!d->config.whole || (piece->first && piece->last));
	d->in_message = !piece->last;
	d->type = piece->type;
	must(buf_put(&d->joined, piece->data, piece->n));
	if (d->pieces)
		must(buf_putf(&d->events, "piece %s%s%s %zu\n", name, piece->first ? " first" : "",
		    piece->last ? " last" : "", piece->n));
	else if (piece->last)
		note(d, name, buf_data(&d->joined), buf_len(&d->joined));
	if (piece->last)
		buf_reset(&d->joined);
	if (d->pausing)
		wsx_pause(ws);
	react(d, piece->last ? "message" : "piece");
}

static void
on_message(struct wsx *ws, const struct wsx_piece *pieces, size_t n, void *arg)
{
	struct driver *d = arg;

	CHECK(n >= 1 && n <= (d->config.batch ? WSX_BATCH : 1));
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && wsx_ready_state(ws) != WSX_OPEN && !d->config.receive_while_closing)
			return; /* as the core does where it tells them one by one */
		take_piece(ws, &pieces[i], d);
	}
}

static void
on_error(struct wsx *ws, enum wsx_failure kind, const char *why, void *arg)
{
	static const char *const kinds[] = {
		[WSX_FAIL_HANDSHAKE] = "handshake",
		[WSX_FAIL_PROTOCOL] = "protocol",
		[WSX_FAIL_LIMIT] = "limit",
		[WSX_FAIL_LOCAL] = "local",
	};
	struct driver *d = arg;

	(void)ws;
	begin_event(d, WSX_CLOSED, WSX_CLOSED);
	CHECK(!d->failed);
	CHECK(strchr(why, '\n') == NULL);
	d->failed = true;
	must(buf_putf(&d->events, "error %s: %s\n", kinds[kind], why));
	react(d, "error");
}

static void
on_close(struct wsx *ws, const struct wsx_close_event *event, void *arg)
{
	struct driver *d = arg;

	(void)ws;
	begin_event(d, WSX_CLOSED, WSX_CLOSED);
	CHECK(event->reason_n <= WSX_MAX_REASON);
	CHECK(!event->was_clean || !d->failed);
	must(buf_putf(&d->events, "close %u%s", event->code, event->reason_n > 0 ? " " : ""));
	driver_put_bytes(&d->events, (const uint8_t *)event->reason, event->reason_n);
	must(buf_puts(&d->events, event->was_clean ? " clean\n" : "\n"));
	react(d, "close");
	d->closed = true;
}

static void
on_ping(struct wsx *ws, const uint8_t *data, size_t n, void *arg)
{
	struct driver *d = arg;

	(void)ws;
	begin_event(d, WSX_OPEN, WSX_CLOSING);
	note(d, "ping", data, n);
	react(d, "ping");
}

static void
on_pong(struct wsx *ws, const uint8_t *data, size_t n, void *arg)
{
	struct driver *d = arg;

	(void)ws;
	begin_event(d, WSX_OPEN, WSX_CLOSING);
	note(d, "pong", data, n);
	react(d, "pong");
}

static void
on_head(struct wsx *ws, enum wsx_direction dir, const char *p, size_t n, void *arg)
{
	struct driver *d = arg;

	(void)ws;
	begin_event(d, WSX_CONNECTING, WSX_CONNECTING);
	CHECK(n > 4 && memmem(p, n, "\r\n\r\n", 4) != NULL);
	if (d->heads)
		note(d, dir == WSX_SENT ? "head sent" : "head received", NULL, 0);
	react(d, dir == WSX_SENT ? "head sent" : "head received");
}

/* What the WebSocket is handed. */

static int
give_random(void *p, size_t n, void *arg)
{
	struct driver *d = arg;
	uint8_t *bytes = p;

	if (d->random_left == 0) {
		if (d->random_recovers)
			d->random_left = SIZE_MAX;
		return -1;
	}
	d->random_left--;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)check_random(&d->random);
	return 0;
}

static void *
resize(void *p, size_t n, void *arg)
{
	return check_mem_resize(p, n, ((struct driver *)arg)->mem);
}

static void
give_date(char out[WSX_DATE_LEN + 1], void *arg)
{
	(void)arg;
	memcpy(out, "Sun, 06 Nov 1994 08:49:37 GMT", WSX_DATE_LEN + 1);
}

/* Lifecycle. */

void
driver_init(struct driver *d, enum wsx_role role, struct check_mem *mem)
{
	*d = (struct driver){
		.random_left = SIZE_MAX,
		.config = {
			.role = role,
			.url = role == WSX_CLIENT ? "ws://h:81/chat" : NULL,
			.handlers = { on_open, on_message, on_error, on_close, on_ping, on_pong, on_head,
			NULL },
			.arg = d,
			.random = give_random,
			.resize = resize,
			.date = give_date,
		},
	};
	check_mem_init(&d->own);
	d->mem = mem != NULL ? mem : &d->own;
	buf_init(&d->events, &mem_libc, SIZE_MAX);
	buf_init(&d->frames, &mem_libc, SIZE_MAX);
	buf_init(&d->wire, &mem_libc, SIZE_MAX);
	buf_init(&d->text, &mem_libc, SIZE_MAX);
	buf_init(&d->joined, &mem_libc, SIZE_MAX);
	for (int i = 0; role == WSX_CLIENT && i < 16; i++) /* those of Sec-WebSocket-Key */
		(void)check_random(&d->keys);
}

int
driver_start(struct driver *d)
{
	int r = wsx_new(&d->config, &d->ws, &d->why);

	if (r != WSX_OK)
		return r;
	CHECK_INT(wsx_ready_state(d->ws), WSX_CONNECTING);
	CHECK_UINT(buf_len(&d->events), 0);
	driver_drain(d);
	return WSX_OK;
}

static void
put_extensions(const struct driver *d, struct buf *out)
{
	if (d->extensions != NULL)
		must(buf_putf(out, "Sec-WebSocket-Extensions: %s\r\n", d->extensions));
	must(buf_puts(out, "\r\n"));
}

void
driver_put_greeting(const struct driver *d, struct buf *out)
{
	static const char field[] = "Sec-WebSocket-Key: ";
	char accept[DIGEST_ACCEPT_LEN + 1];
	const char *key;

	if (d->config.role == WSX_SERVER) {
		must(buf_puts(out, "GET /chat HTTP/1.1\r\nHost: h:81\r\n"
				   "Upgrade: websocket\r\nConnection: Upgrade\r\n"
				   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				   "Sec-WebSocket-Version: 13\r\n"));
		put_extensions(d, out);
		return;
	}
	key = memmem(buf_data(&d->wire), buf_len(&d->wire), field, sizeof field - 1);
	if (!CHECK(key != NULL))
		return;
	digest_accept((struct span){ key + sizeof field - 1, DIGEST_KEY_LEN }, accept);
	must(buf_putf(out,
	    "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: %s\r\n",
	    accept));
	put_extensions(d, out);
}

bool
driver_open(struct driver *d)
{
	struct buf greeting;

	if (driver_start(d) != WSX_OK)
		return false;
	buf_init(&greeting, &mem_libc, SIZE_MAX);
	driver_put_greeting(d, &greeting);
	driver_feed(d, buf_data(&greeting), buf_len(&greeting));
	buf_clear(&greeting);
	return wsx_ready_state(d->ws) == WSX_OPEN;
}

void
driver_clear(struct driver *d)
{
	wsx_free(d->ws);
	buf_clear(&d->events);
	buf_clear(&d->frames);
	buf_clear(&d->wire);
	buf_clear(&d->text);
	buf_clear(&d->joined);
	driver_decode_clear(d);
	CHECK_UINT(d->own.live, 0);
}

bool
driver_enter(struct driver *d, enum wsx_role role)
{
	check_enter("%s", role == WSX_CLIENT ? "client" : "server");
	driver_init(d, role, NULL);
	if (!CHECK(driver_open(d)))
		return false;
	driver_forget(d);
	return true;
}

void
driver_leave(struct driver *d)
{
	driver_clear(d);
	check_leave();
}

/* The I/O half. */

void
driver_take(struct driver *d, uint8_t *p, size_t n)
{
	d->received = wsx_receive(d->ws, p, n);
	while (d->pausing && wsx_is_paused(d->ws))
		d->received = wsx_resume(d->ws);
	driver_drain(d);
}

void
driver_feed(struct driver *d, const void *p, size_t n)
{
	struct check_feed feed = { p, n, n, n, NULL };
	uint8_t *copy;

	while ((copy = check_feed_next(&feed, &n)) != NULL)
		driver_take(d, copy, n);
}

void
driver_feed_hex(struct driver *d, const char *text)
{
	static uint8_t bytes[1 << 18], masked[1 << 19];
	size_t n = check_hex(text, bytes, sizeof bytes);

	if (d->config.role == WSX_SERVER)
		driver_feed(d, masked, driver_mask(bytes, n, masked));
	else
		driver_feed(d, bytes, n);
}

void
driver_drain(struct driver *d)
{
	const uint8_t *p;
	size_t n;
	int r;

	if (d->blocked)
		return;
	while ((r = wsx_pending(d->ws, &p, &n)) == 1) {
		CHECK(n > 0 && !d->ended);
		if (d->trickle)
			n = 1;
		must(buf_put(&d->wire, p, n));
		wsx_sent(d->ws, n);
	}
	if (r == WSX_END)
		d->ended = true;
	driver_decode(d);
}

void
driver_end(struct driver *d)
{
	size_t n;

	wsx_receive_eof(d->ws);
	driver_drain(d);
	CHECK(d->closed);
	CHECK(d->blocked || d->ended);
	CHECK_INT(wsx_ready_state(d->ws), WSX_CLOSED);
	CHECK(!wsx_close_expected(d->ws));

	n = buf_len(&d->events);
	wsx_receive_eof(d->ws);
	CHECK_UINT(buf_len(&d->events), n);
}

void
driver_ok(const struct driver *d, int r)
{
	CHECK(r == WSX_OK || (r == WSX_ERR_NOMEM && d->mem->failed));
}

/* The transcript. */

const char *
driver_text(struct driver *d)
{
	buf_reset(&d->text);
	must(buf_put(&d->text, buf_data(&d->events), buf_len(&d->events)));
	must(buf_put(&d->text, buf_data(&d->frames), buf_len(&d->frames)));
	must(buf_putc(&d->text, '\0'));
	return (const char *)buf_data(&d->text);
}

void
driver_forget(struct driver *d)
{
	buf_reset(&d->events);
	buf_reset(&d->frames);
}

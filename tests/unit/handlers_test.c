#include "ws_driver.h"

#include <string.h>

/* What handlers may do while they are told: W32, W44. */

#define LOST "close 1006\n"

static void
close_at_first(struct driver *d, const char *event)
{
	if (strcmp(event, "message") == 0) {
		CHECK_INT(wsx_close(d->ws, 1000, NULL, 0), WSX_OK);
		CHECK_INT(wsx_ready_state(d->ws), WSX_CLOSING);
	}
}

/* W32 W44 */
static void
a_handler_may_close_and_gets_no_more_messages(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			d.react = close_at_first;
			driver_feed_hex(&d, "81 01 'a' 81 01 'b' 82 01 'c' 88 02 03 e8");
			driver_end(&d);
			CHECK_STR(
			    driver_text(&d), "text 'a'\nclose 1000 clean\nsent: close 1000\n");
		}
		driver_leave(&d);
	}
}

static void
answer(struct driver *d, const char *event)
{
	size_t n = buf_len(&d->events);

	if (strcmp(event, "close") == 0 || strcmp(event, "error") == 0)
		CHECK_INT(wsx_ping(d->ws, "x", 1), WSX_ERR_STATE);
	else if (strncmp(event, "head", 4) == 0)
		CHECK_INT(wsx_send_text(d->ws, "x", 1), WSX_ERR_STATE);
	else
		CHECK_INT(wsx_ping(d->ws, "x", 1),
		    wsx_ready_state(d->ws) == WSX_OPEN ? WSX_OK : WSX_ERR_STATE);
	if (wsx_ready_state(d->ws) != WSX_CONNECTING)
		CHECK_INT(wsx_send_text(d->ws, event, strlen(event)), WSX_OK);
	if (strcmp(event, "error") == 0 || strcmp(event, "close") == 0)
		CHECK_INT(wsx_close(d->ws, 1000, NULL, 0), WSX_OK);
	CHECK_UINT(buf_len(&d->events), n); /* no event within an event */
}

/* W44: in every event */
static void
a_handler_may_send_and_ping_and_close_anywhere(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		check_enter("role %d", role);
		driver_init(&d, role, NULL);
		d.react = answer;
		if (CHECK(driver_open(&d))) {
			driver_feed_hex(&d, "01 01 'a' 89 01 'p' 8a 01 'q' 80 01 'b' 83 00");
			driver_end(&d);
			CHECK_STR(driver_text(&d),
			    "open\nping 'p'\npong 'q'\ntext 'ab'\n"
			    "error protocol: a reserved opcode\n" LOST
			    "sent: ping 'x'\nsent: text 'open'\n"
			    "sent: pong 'p'\nsent: ping 'x'\nsent: text 'ping'\n"
			    "sent: ping 'x'\nsent: text 'pong'\n"
			    "sent: ping 'x'\nsent: text 'message'\n"
			    "sent: close 1002 'a reserved opcode'\n");
			CHECK_UINT(wsx_buffered_amount(d.ws), 10); /* "error" and "close" */
		}
		driver_clear(&d);
		check_leave();
	}
}

static void
close_when_open(struct driver *d, const char *event)
{
	if (strcmp(event, "open") == 0)
		CHECK_INT(wsx_close(d->ws, 1000, NULL, 0), WSX_OK);
}

static void
a_handler_may_close_as_soon_as_it_is_open(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		check_enter("role %d", role);
		driver_init(&d, role, NULL);
		d.react = close_when_open;
		CHECK(!driver_open(&d));
		driver_feed_hex(&d, "81 01 'a' 88 02 03 e8");
		driver_end(&d);
		CHECK_STR(driver_text(&d), "open\nclose 1000 clean\nsent: close 1000\n");
		driver_clear(&d);
		check_leave();
	}
}

/* Any may be NULL. */
static void
handlers_may_all_be_left_out(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		check_enter("role %d", role);
		driver_init(&d, role, NULL);
		d.config.handlers = (struct wsx_handlers){ 0 };
		d.config.date = NULL;
		if (CHECK(driver_open(&d))) {
			driver_feed_hex(&d, "81 01 'a' 89 00 8a 00 82 7f 00*5 02 00 00");
			driver_feed_hex(&d, "61*131072 83");
			wsx_receive_eof(d.ws);
			CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSED);
		}
		driver_clear(&d);
		check_leave();
	}
}

/* R01b R01c: two at once know nothing of each other, and each direction goes on alone */
static void
objects_do_not_share_state(void)
{
	static const char *const names[] = { "x" };
	struct driver a, b;

	driver_init(&a, WSX_SERVER, NULL);
	driver_init(&b, WSX_SERVER, NULL);
	b.config.protocols = names;
	b.config.n_protocols = 1;
	if (CHECK(driver_open(&a)) && CHECK(driver_open(&b))) {
		a.blocked = true;
		CHECK_INT(wsx_send_text(a.ws, "a", 1), WSX_OK);
		for (int i = 0; i < 16; i++)
			driver_feed_hex(&a, "82 7f 00*5 01 00 00 61*65536");
		driver_feed_hex(&a, "83");
		driver_feed_hex(&b, "81 01 'b'");
		CHECK_INT(wsx_ready_state(a.ws), WSX_CLOSING);
		CHECK_INT(wsx_ready_state(b.ws), WSX_OPEN);
		CHECK_UINT(wsx_buffered_amount(b.ws), 0);
		CHECK_STR(driver_text(&b), "open\ntext 'b'\n");
	}
	driver_clear(&a);
	driver_clear(&b);
}

/* Frames. */

static void
note_frame(struct wsx *ws, enum wsx_direction dir, const struct wsx_frame *f, void *arg)
{
	struct driver *d = arg;

	(void)ws;
	CHECK_INT(f->n, f->length < WSX_FRAME_START ? f->length : WSX_FRAME_START);
	CHECK_INT(buf_putf(&d->events, "%c%x%s%s %d '%.*s'\n", dir == WSX_SENT ? '>' : '<',
		      f->opcode, f->fin ? " fin" : "", f->masked ? " masked" : "", (int)f->length,
		      (int)f->n, (const char *)f->data),
	    0);
}

/* A frame is told before what is in it, cut wherever it may be, and those sent as they are queued. */
static void
frames_are_told_as_they_go(void)
{
	static const char in[] = "01 01 'a' 89 01 'p' 80 00 82 02 'bc' 88 00";
	static const char want[] = "<1 1 'a'\n<9 fin 1 'p'\n>a fin masked 1 'p'\nping 'p'\n"
				   "<0 fin 0 ''\ntext 'a'\n<2 fin 2 'bc'\nbinary 'bc'\n"
				   "<8 fin 0 ''\n>8 fin masked 0 ''\nclose 1005 clean\n";
	uint8_t bytes[64];
	struct driver d;
	size_t n = check_hex(in, bytes, sizeof bytes);

	for (size_t step = 1; step <= n; step++) {
		driver_init(&d, WSX_CLIENT, NULL);
		d.config.handlers.frame = note_frame;
		if (CHECK(driver_open(&d))) {
			buf_reset(&d.events);
			for (size_t at = 0; at < n; at += step)
				driver_feed(&d, bytes + at, at + step < n ? step : n - at);
			wsx_receive_eof(d.ws);
			CHECK_MEM(buf_data(&d.events), buf_len(&d.events), want, sizeof want - 1);
		}
		driver_clear(&d);
	}
}

static void
frames_have_no_more_than_their_start(void)
{
	static const char x[200];
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.config.handlers.frame = note_frame;
	if (CHECK(driver_open(&d))) {
		CHECK_INT(wsx_send_binary(d.ws, x, sizeof x), WSX_OK);
		driver_feed_hex(&d, "82 7e 00 80 00*128");
	}
	driver_clear(&d);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(a_handler_may_close_and_gets_no_more_messages),
		CHECK_CASE(a_handler_may_send_and_ping_and_close_anywhere),
		CHECK_CASE(a_handler_may_close_as_soon_as_it_is_open),
		CHECK_CASE(handlers_may_all_be_left_out),
		CHECK_CASE(objects_do_not_share_state),
		CHECK_CASE(frames_are_told_as_they_go),
		CHECK_CASE(frames_have_no_more_than_their_start),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

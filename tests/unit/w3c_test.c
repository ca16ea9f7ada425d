#include "ws_driver.h"

#include <string.h>

/*
 * The interface of the standard as the core keeps it (W, R). URLs and subprotocols
 * (W01 to W07, W12, W13, W15) are in url_test.c, client_test.c and client_answer_test.c, the
 * sizes of what is sent (W25 to W27) in send_test.c.
 */

#define LOST         "close 1006\n"
#define CLOSED_EARLY "error handshake: closed before the connection was open\n" LOST

/* W09 R12a */
static void
ready_state_has_the_values_of_the_standard(void)
{
	CHECK_INT(WSX_CONNECTING, 0);
	CHECK_INT(WSX_OPEN, 1);
	CHECK_INT(WSX_CLOSING, 2);
	CHECK_INT(WSX_CLOSED, 3);
	CHECK_STR(wsx_ready_state_name(WSX_CONNECTING), "CONNECTING");
	CHECK_STR(wsx_ready_state_name(WSX_OPEN), "OPEN");
	CHECK_STR(wsx_ready_state_name(WSX_CLOSING), "CLOSING");
	CHECK_STR(wsx_ready_state_name(WSX_CLOSED), "CLOSED");
	CHECK_STR(wsx_binary_type_name(WSX_BLOB), "blob");
	CHECK_STR(wsx_binary_type_name(WSX_ARRAYBUFFER), "arraybuffer");
}

static void
note_state(struct driver *d, const char *event)
{
	(void)event;
	buf_putf(&d->events, "  %s '%s' '%s'\n", wsx_ready_state_name(wsx_ready_state(d->ws)),
	    wsx_protocol(d->ws), wsx_extensions(d->ws));
}

/* W08 W09 W10 W11 W35 W36 W40 R07a R10a R12a */
static void
events_come_in_order_and_see_the_state_they_are_about(void)
{
	static const char *const protocols[] = { "chat" };
	static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\n"
				      "Upgrade: websocket\r\nConnection: Upgrade\r\n"
				      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				      "Sec-WebSocket-Protocol: chat\r\n"
				      "Sec-WebSocket-Version: 13\r\n\r\n";
	struct driver d;

	driver_init(&d, WSX_SERVER, NULL);
	d.config.protocols = protocols;
	d.config.n_protocols = 1;
	d.react = note_state;
	CHECK_INT(driver_start(&d), WSX_OK);
	CHECK_STR(wsx_protocol(d.ws), "");
	driver_feed(&d, request, sizeof request - 1);
	driver_feed_hex(&d, "81 01 'a' 89 00 c1 00");
	CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING); /* and no event for it */
	driver_end(&d);
	CHECK_STR(driver_text(&d),
	    "  CONNECTING '' ''\n" /* the request came */
	    "  CONNECTING 'chat' ''\n" /* the answer stands in the queue */
	    "open 'chat'\n  OPEN 'chat' ''\n"
	    "text 'a'\n  OPEN 'chat' ''\n"
	    "ping\n  OPEN 'chat' ''\n"
	    "error protocol: a reserved bit that no extension gave a meaning\n"
	    "  CLOSED 'chat' ''\n"
	    "close 1006\n  CLOSED 'chat' ''\n"
	    "sent: pong\nsent: close 1002 'a reserved bit that no extension gave a meaning'\n");
	CHECK_STR(wsx_protocol(d.ws), "chat");
	driver_clear(&d);
}

/* W16: the code; nothing happens, whatever the state */
static void
close_refuses_codes_that_are_not_an_applications(void)
{
	static const uint16_t bad[] = { 1, 999, 1001, 1005, 1006, 1011, 1015, 2999, 5000, 65535 };
	struct driver d;

	if (driver_enter(&d, WSX_CLIENT)) {
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
			CHECK_INT(wsx_close(d.ws, bad[i], "", 0), WSX_ERR_ARGUMENT);
		CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN);
		driver_drain(&d);
		CHECK_STR(driver_text(&d), "");
		driver_end(&d);
		CHECK_INT(wsx_close(d.ws, 999, "", 0), WSX_ERR_ARGUMENT); /* W18 */
		CHECK_INT(wsx_close(d.ws, 1000, "", 0), WSX_OK);
	}
	driver_leave(&d);
}

/* W17 W21: the reason, counted in bytes, valid, and only with a code */
static void
close_takes_a_reason_of_123_bytes(void)
{
	char reason[130];
	struct driver d;

	memset(reason, 'a', sizeof reason);
	if (driver_enter(&d, WSX_SERVER)) {
		CHECK_INT(wsx_close(d.ws, 1000, reason, 124), WSX_ERR_ARGUMENT);
		CHECK_INT(wsx_close(d.ws, 1000, "\xff", 1), WSX_ERR_ARGUMENT);
		CHECK_INT(wsx_close(d.ws, 1000, "\xe2\x82", 2), WSX_ERR_ARGUMENT);
		CHECK_INT(wsx_close(d.ws, 0, "a", 1), WSX_ERR_ARGUMENT);
		CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN);
		CHECK_INT(wsx_close(d.ws, 4999, reason, 123), WSX_OK);
		driver_drain(&d);
		CHECK_STR(driver_text(&d), "sent: close 4999 61*123\n");
	}
	driver_leave(&d);

	for (int i = 0; i < 42; i++)
		memcpy(reason + i * 3, "\xe2\x82\xac", 3);
	if (driver_enter(&d, WSX_CLIENT)) {
		CHECK_INT(wsx_close(d.ws, 3000, reason, 126), WSX_ERR_ARGUMENT);
		CHECK_INT(wsx_close(d.ws, 3000, reason, 123), WSX_OK);
	}
	driver_leave(&d);
}

/* W18 W20 R02c */
static void
close_changes_the_state_at_once_and_only_once(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			d.blocked = true;
			CHECK_INT(wsx_close(d.ws, 1000, NULL, 0), WSX_OK);
			CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING);
			CHECK_INT(wsx_close(d.ws, 3000, "again", 5), WSX_OK);
			CHECK_INT(wsx_close(d.ws, 999, "", 0), WSX_ERR_ARGUMENT);
			d.blocked = false;
			driver_drain(&d);
			CHECK_STR(driver_text(&d), "sent: close 1000\n");
		}
		driver_leave(&d);
	}
}

/* W19 W41 HC35 R07b */
static void
close_while_connecting_fails_it(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		for (int how = 0; how < 3; how++) {
			struct driver d;
			struct buf greeting;

			check_enter("role %d, way %d", role, how);
			driver_init(&d, role, NULL);
			CHECK_INT(driver_start(&d), WSX_OK);
			CHECK_INT(how == 0   ? wsx_close(d.ws, 0, NULL, 0)
				  : how == 1 ? wsx_close(d.ws, 4000, "x", 1)
					     : wsx_close_for(d.ws, 1001, NULL, 0),
			    WSX_OK);
			CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING);
			CHECK_STR(driver_text(&d), "");
			/* an answer that comes all the same changes nothing */
			buf_init(&greeting, &mem_libc, SIZE_MAX);
			driver_put_greeting(&d, &greeting);
			driver_feed(&d, buf_data(&greeting), buf_len(&greeting));
			buf_clear(&greeting);
			CHECK(d.ended);
			driver_end(&d);
			CHECK_STR(driver_text(&d), CLOSED_EARLY);
			CHECK_UINT(d.n_frames, 0);
			driver_clear(&d);
			check_leave();
		}
	}
}

/* W23 W24 W31 R02a R03c R12b G10 */
static void
send_is_for_open_only_and_counted_after(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		check_enter("role %d", role);
		driver_init(&d, role, NULL);
		CHECK_INT(driver_start(&d), WSX_OK);
		CHECK_INT(wsx_send_text(d.ws, "a", 1), WSX_ERR_STATE);
		CHECK_INT(wsx_send_binary(d.ws, "a", 1), WSX_ERR_STATE);
		CHECK_INT(wsx_ping(d.ws, "a", 1), WSX_ERR_STATE);
		CHECK_UINT(wsx_buffered_amount(d.ws), 0);
		driver_clear(&d);
		check_leave();

		if (driver_enter(&d, role)) {
			CHECK_INT(wsx_close(d.ws, 1000, NULL, 0), WSX_OK);
			CHECK_INT(wsx_send_text(d.ws, "12345", 5), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 5);
			driver_drain(&d);
			CHECK_UINT(wsx_buffered_amount(d.ws), 5);
			driver_end(&d);
			CHECK_INT(wsx_send_binary(d.ws, "123", 3), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 8);
			CHECK_INT(wsx_send_text(d.ws, "\xff", 1), WSX_ERR_ARGUMENT);
			driver_drain(&d);
			CHECK_STR(driver_text(&d), LOST "sent: close 1000\n");
		}
		driver_leave(&d);
	}
}

/* W28: the difference from the standard: what does not fit is refused, and nothing is lost */
static void
send_that_does_not_fit_is_refused(void)
{
	static char data[2 * WSX_MAX_OUTPUT];

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			CHECK_INT(wsx_send_binary(d.ws, data, sizeof data), WSX_ERR_LIMIT);
			CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN);
			CHECK_UINT(wsx_buffered_amount(d.ws), 0);
			CHECK_INT(wsx_send_binary(d.ws, data, WSX_MAX_OUTPUT - 14), WSX_OK);
		}
		driver_leave(&d);
	}
}

/* W29 W30 W31 R05a R05b */
static void
buffered_amount_counts_payload_not_yet_taken(void)
{
	char data[126] = { 0 };
	const uint8_t *p;
	size_t n;

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			d.blocked = true;
			CHECK_INT(wsx_send_binary(d.ws, data, 126), WSX_OK);
			CHECK_INT(wsx_ping(d.ws, data, 100), WSX_OK);
			driver_feed_hex(&d, "89 01 'p'");
			CHECK_UINT(wsx_buffered_amount(d.ws), 126);
			CHECK_INT(wsx_pending(d.ws, &p, &n), 1);
			wsx_sent(d.ws, 50);
			CHECK_UINT(wsx_buffered_amount(d.ws), 126); /* falls frame by frame */
			CHECK_INT(wsx_send_text(d.ws, data, 50), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 176);
			/* to the last byte of the first message, and then that */
			wsx_sent(d.ws, 126 + 4 + (role == WSX_CLIENT ? 4 : 0) - 50 - 1);
			CHECK_UINT(wsx_buffered_amount(d.ws), 176);
			wsx_sent(d.ws, 1);
			CHECK_UINT(wsx_buffered_amount(d.ws), 50);
			while (wsx_pending(d.ws, &p, &n) == 1)
				wsx_sent(d.ws, n);
			CHECK_UINT(wsx_buffered_amount(d.ws), 0);

			CHECK_INT(wsx_send_text(d.ws, data, 50), WSX_OK);
			wsx_receive_eof(d.ws);
			CHECK_UINT(wsx_buffered_amount(d.ws), 50);
			CHECK_INT(wsx_send_text(d.ws, data, 10), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 60);
		}
		driver_leave(&d);
	}
}

/* W34 R04a R04b: text is as it was, and so is binary, which the host hands on in either form */
static void
binary_type_starts_as_blob_and_can_be_set(void)
{
	struct driver d;

	if (driver_enter(&d, WSX_CLIENT)) {
		CHECK_INT(wsx_binary_type(d.ws), WSX_BLOB);
		driver_feed_hex(&d, "81 01 'a' 82 01 ff");
		wsx_set_binary_type(d.ws, WSX_ARRAYBUFFER);
		CHECK_INT(wsx_binary_type(d.ws), WSX_ARRAYBUFFER);
		driver_feed_hex(&d, "81 01 'a' 82 01 ff");
		CHECK_STR(driver_text(&d), "text 'a'\nbinary ff\ntext 'a'\nbinary ff\n");
		wsx_set_binary_type(d.ws, WSX_BLOB);
		CHECK_INT(wsx_binary_type(d.ws), WSX_BLOB);
	}
	driver_leave(&d);
}

/* W36 W38 W39 W43 R08a R08b */
static void
every_failure_closes_with_1006_and_no_reason(void)
{
	static const char *const in[] = { "83", "81 01 ff", "89 01", "82 7f 80 00*7", "88 01 00" };

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++)
		for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
			struct driver d;

			if (driver_enter(&d, role)) {
				driver_feed_hex(&d, in[i]);
				driver_end(&d);
				CHECK(memmem(buf_data(&d.events), buf_len(&d.events), LOST, 11) !=
				      NULL);
				CHECK_INT(d.failed, i != 2);
			}
			driver_leave(&d);
		}
}

/* Whatever the state, with a message half there in either direction and a Close on its way. */
static void
bring_to(struct driver *d, enum wsx_ready_state state, bool half)
{
	struct wsx_piece piece = { WSX_TEXT, true, false, (const uint8_t *)"half", 4 };

	if (state == WSX_CONNECTING) {
		CHECK_INT(driver_start(d), WSX_OK);
		return;
	}
	CHECK(driver_open(d));
	d->blocked = true;
	if (half) {
		CHECK_INT(wsx_send(d->ws, &piece, 1), WSX_OK);
		driver_feed_hex(d, "01 04 'half' 89 01 'p'");
	}
	if (state == WSX_CLOSING)
		CHECK_INT(wsx_close(d->ws, 1000, NULL, 0), WSX_OK);
	if (state == WSX_CLOSED)
		wsx_receive_eof(d->ws);
	CHECK_INT(wsx_ready_state(d->ws), state);
	driver_forget(d);
}

/* W42: nothing is told and nothing is left; a Close before it is for the host to ask for */
static void
free_takes_it_in_any_state(void)
{
	for (int i = 0; i < 16; i++) {
		struct driver d;

		check_enter("state %d", i / 4);
		driver_init(&d, i % 2 == 0 ? WSX_CLIENT : WSX_SERVER, NULL);
		bring_to(&d, (enum wsx_ready_state)(i / 4), i % 4 >= 2);
		wsx_free(d.ws);
		d.ws = NULL;
		CHECK_STR(driver_text(&d), "");
		driver_clear(&d); /* checks that no memory is left */
		check_leave();
	}
}

static void
errors_have_words(void)
{
	for (int err = 0; err >= -7; err--)
		CHECK(wsx_strerror(err) != NULL && wsx_strerror(err)[0] != '\0');
	CHECK_STR(wsx_strerror(WSX_ERR_NOMEM), "out of memory");
	CHECK_STR(wsx_strerror(-100), "unknown error");
	wsx_free(NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(ready_state_has_the_values_of_the_standard),
		CHECK_CASE(events_come_in_order_and_see_the_state_they_are_about),
		CHECK_CASE(close_refuses_codes_that_are_not_an_applications),
		CHECK_CASE(close_takes_a_reason_of_123_bytes),
		CHECK_CASE(close_changes_the_state_at_once_and_only_once),
		CHECK_CASE(close_while_connecting_fails_it),
		CHECK_CASE(send_is_for_open_only_and_counted_after),
		CHECK_CASE(send_that_does_not_fit_is_refused),
		CHECK_CASE(buffered_amount_counts_payload_not_yet_taken),
		CHECK_CASE(binary_type_starts_as_blob_and_can_be_set),
		CHECK_CASE(every_failure_closes_with_1006_and_no_reason),
		CHECK_CASE(free_takes_it_in_any_state),
		CHECK_CASE(errors_have_words),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

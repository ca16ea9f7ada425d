#include "ws_driver.h"

#include <stdio.h>
#include <string.h>

/* The closing handshake, from both sides and in both roles: RFC 6455 7. */

#define LOST "close 1006\n"

static void
close_4000(struct driver *d)
{
	driver_ok(d, wsx_close(d->ws, 4000, "why", 3));
}

static void
close_empty(struct driver *d)
{
	driver_ok(d, wsx_close(d->ws, 0, NULL, 0));
}

static void
receive_on(struct driver *d)
{
	d->config.receive_while_closing = true;
}

#define WENT "sent: close 4000 'why'\n"

/* C01 C16 C17 C18 W21 W32 W35 R02b R08b */
static void
closing_by_us_ends_with_the_answer(void)
{
	static const struct vector v[] = {
		{ .in = "88 02 0f a0", .opened = close_4000, .want = "close 4000 clean\n" WENT },
		{ .in = "88 05 0f a1 'bye'",
		    .opened = close_4000,
		    .want = "close 4001 'bye' clean\n" WENT },
		{ .in = "88 00", .opened = close_4000, .want = "close 1005 clean\n" WENT },
		{ .in = "88 02 03 f3", .opened = close_4000, .want = "close 1011 clean\n" WENT },
		{ .in = "88 00", .opened = close_empty, .want = "close 1005 clean\nsent: close\n" },
		/* never answered */
		{ .in = "", .opened = close_4000, .want = LOST WENT },
		{ .in = "88 02 03", .opened = close_4000, .want = LOST WENT },
		/* the standard drops messages that come in between; pings are answered */
		{ .in = "81 01 'a' 89 01 'p' 88 00",
		    .opened = close_4000,
		    .want = "ping 'p'\nclose 1005 clean\n" WENT "sent: pong 'p'\n" },
		{ .in = "81 01 'a' 02 01 'b' 80 01 'c' 88 00",
		    .config = receive_on,
		    .opened = close_4000,
		    .want = "text 'a'\nbinary 'bc'\nclose 1005 clean\n" WENT },
		/* dropped messages must be right all the same, and no second Close says what not */
		{ .in = "81 01 ff",
		    .opened = close_4000,
		    .want = "error protocol: text that is not UTF-8\n" LOST WENT },
		{ .in = "83 00",
		    .opened = close_4000,
		    .want = "error protocol: a reserved opcode\n" LOST WENT },
	};

	driver_laws(v, sizeof v / sizeof *v);
}

/* C13 C14: the server ends the stream first, the client waits for that */
static void
closing_ends_the_stream_from_the_server(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		for (int ours = 0; ours <= 1; ours++) {
			struct driver d;

			if (driver_enter(&d, role)) {
				if (ours)
					close_empty(&d);
				driver_drain(&d);
				CHECK(!d.ended);
				CHECK(!wsx_close_expected(d.ws)); /* messages may still come */
				driver_feed_hex(&d, "88 00");
				CHECK_INT(d.ended, role == WSX_SERVER);
				CHECK(wsx_close_expected(d.ws));
				CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING);
				driver_end(&d);
				CHECK_STR(driver_text(&d), "close 1005 clean\nsent: close\n");
			}
			driver_leave(&d);
		}
	}
}

/* C26 F29 W22: what was queued before goes first, nothing after */
static void
closing_sends_what_was_queued_before(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			d.blocked = true;
			CHECK_INT(wsx_send_text(d.ws, "a", 1), WSX_OK);
			CHECK_INT(wsx_send_binary(d.ws, "b", 1), WSX_OK);
			close_4000(&d);
			CHECK_INT(wsx_send_text(d.ws, "c", 1), WSX_OK);
			d.blocked = false;
			driver_drain(&d);
			CHECK_STR(driver_text(&d), "sent: text 'a'\nsent: binary 'b'\n" WENT);
		}
		driver_leave(&d);
	}
}

/* C02: the answer comes after the messages queued, and amid one sent in pieces */
static void
closing_by_the_peer_is_answered_after_what_was_queued(void)
{
	struct wsx_piece piece = { WSX_TEXT, true, false, (const uint8_t *)"a", 1 };

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			d.blocked = true;
			CHECK_INT(wsx_send(d.ws, &piece, 1), WSX_OK);
			driver_feed_hex(&d, "88 02 03 e9");
			piece.first = false;
			CHECK_INT(wsx_send(d.ws, &piece, 1), WSX_OK); /* counted, not sent */
			d.blocked = false;
			driver_end(&d);
			CHECK_STR(driver_text(&d),
			    "close 1001 clean\nsent: text 'a' ...\nsent: close 1001\n");
			piece.first = true;
		}
		driver_leave(&d);
	}
}

/* C31: the peer's end of stream after its Close does not take ours away */
static void
closing_sends_the_answer_after_the_end_of_the_stream(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			d.blocked = true;
			driver_feed_hex(&d, "88 02 03 e8");
			wsx_receive_eof(d.ws);
			d.blocked = false;
			driver_drain(&d);
			CHECK_STR(driver_text(&d), "close 1000 clean\nsent: close 1000\n");
			CHECK(d.ended);
		}
		driver_leave(&d);
	}
}

/* C01: one Close, whoever wants one and how often */
static void
closing_more_than_once_sends_one_close(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			close_4000(&d);
			close_empty(&d);
			CHECK_INT(wsx_close_for(d.ws, 1001, "", 0), WSX_OK);
			driver_feed_hex(&d, "88 02 03 e8 88 02 03 e8");
			close_4000(&d);
			driver_feed_hex(&d, "83");
			driver_end(&d);
			close_4000(&d);
			driver_drain(&d);
			CHECK_STR(driver_text(&d), "close 1000 clean\n" WENT);
		}
		driver_leave(&d);
	}
}

/* C05 C11 C20 W41 */
static void
close_for_takes_any_code_of_the_wire(void)
{
	static const uint16_t good[] = { 1000, 1001, 1003, 1008, 1011, 1013, 3000, 4999 };
	static const uint16_t bad[] = { 0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000,
		65535 };
	char want[64];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct driver d;

		if (driver_enter(&d, i % 2 == 0 ? WSX_CLIENT : WSX_SERVER)) {
			CHECK_INT(wsx_close_for(d.ws, good[i], "x", 1), WSX_OK);
			CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING);
			driver_drain(&d);
			snprintf(want, sizeof want, "sent: close %u 'x'\n", good[i]);
			CHECK_STR(driver_text(&d), want);
		}
		driver_leave(&d);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct driver d;

		if (driver_enter(&d, i % 2 == 0 ? WSX_CLIENT : WSX_SERVER)) {
			CHECK_INT(wsx_close_for(d.ws, bad[i], "", 0), WSX_ERR_ARGUMENT);
			CHECK_INT(wsx_close_for(d.ws, 1001, "\xff", 1), WSX_ERR_ARGUMENT);
			CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN);
		}
		driver_leave(&d);
	}
}

/* C18 C19: what we fail with is not what is told; only what the peer sent would be */
static void
closing_after_a_failure_is_never_clean(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			driver_feed_hex(&d, "83 00");
			CHECK(d.ended);
			driver_feed_hex(&d, "88 02 03 ea");
			driver_end(&d);
			CHECK_STR(driver_text(&d), "error protocol: a reserved opcode\n" LOST
						   "sent: close 1002 'a reserved opcode'\n");
		}
		driver_leave(&d);
	}
}

static void
close_all_ways(struct check_mem *mem, void *arg)
{
	const int *how = arg;
	struct driver d;

	driver_init(&d, *how % 2 ? WSX_SERVER : WSX_CLIENT, mem);
	if (driver_open(&d)) {
		driver_forget(&d);
		d.blocked = true;
		if (*how & 2)
			driver_ok(&d, wsx_close(d.ws, 4000, "why", 3));
		if (*how & 4)
			driver_feed_hex(&d, "88 02 0f a0");
		if (*how & 8)
			driver_feed_hex(&d, "83");
		d.blocked = false;
		driver_end(&d);
		if (mem->failed)
			CHECK(memmem(buf_data(&d.events), buf_len(&d.events), "clean", 5) == NULL ||
			      d.close_sent);
	} else if (d.ws != NULL) {
		driver_end(&d);
	}
	driver_clear(&d);
}

static void
closing_survives_failing_memory(void)
{
	for (int how = 0; how < 16; how++) {
		check_enter("way %d", how);
		check_allocations(close_all_ways, &how);
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(closing_by_us_ends_with_the_answer),
		CHECK_CASE(closing_ends_the_stream_from_the_server),
		CHECK_CASE(closing_sends_what_was_queued_before),
		CHECK_CASE(closing_by_the_peer_is_answered_after_what_was_queued),
		CHECK_CASE(closing_sends_the_answer_after_the_end_of_the_stream),
		CHECK_CASE(closing_more_than_once_sends_one_close),
		CHECK_CASE(close_for_takes_any_code_of_the_wire),
		CHECK_CASE(closing_after_a_failure_is_never_clean),
		CHECK_CASE(closing_survives_failing_memory),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

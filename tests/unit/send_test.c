#include "ws_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Frames out, in both roles. The driver checks masks, forms and order of all that is sent. */

/* F01 F02 F07: to the byte, with a key of 37 fa 21 3d */
static int
key_of_the_rfc(void *p, size_t n, void *arg)
{
	static const uint8_t key[4] = { 0x37, 0xfa, 0x21, 0x3d };

	(void)arg;
	for (size_t i = 0; i < n; i++)
		((uint8_t *)p)[i] = key[i % 4];
	return 0;
}

static void
send_makes_the_frames_of_the_rfc(void)
{
	static const char *const want[] = { "81 85 37 fa 21 3d 7f 9f 4d 51 58", "81 05 'Hello'" };
	uint8_t bytes[16];
	const uint8_t *p;
	size_t n;

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		driver_init(&d, role, NULL);
		d.config.random = key_of_the_rfc;
		if (CHECK(driver_open(&d))) {
			CHECK_INT(wsx_send_text(d.ws, "Hello", 5), WSX_OK);
			CHECK_INT(wsx_pending(d.ws, &p, &n), 1);
			CHECK_MEM(p, n, bytes, check_hex(want[role], bytes, sizeof bytes));
		}
		driver_clear(&d);
	}
}

/* F11 F33 W25 W26 W27 R03a R03b */
static void
send_takes_messages_of_all_sizes(void)
{
	static const size_t sizes[] = { 0, 1, 125, 126, 127, 65535, 65536, 100000 };
	char want[64];
	uint8_t *p = malloc(100000);

	if (p == NULL)
		abort();
	memset(p, 'x', 100000);
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		for (int trickle = 0; trickle <= 1; trickle++) {
			struct driver d;

			if (driver_enter(&d, role)) {
				d.trickle = trickle != 0;
				for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
					driver_forget(&d);
					CHECK_INT(wsx_send_binary(d.ws, p, sizes[i]), WSX_OK);
					CHECK_UINT(wsx_buffered_amount(d.ws), sizes[i]);
					driver_drain(&d);
					CHECK_UINT(wsx_buffered_amount(d.ws), 0);
					snprintf(want, sizeof want,
					    sizes[i] > 4   ? "sent: binary 78*%zu\n"
					    : sizes[i] > 0 ? "sent: binary 'x'\n"
							   : "sent: binary\n",
					    sizes[i]);
					CHECK_STR(driver_text(&d), want);
				}
				driver_forget(&d);
				CHECK_INT(
				    wsx_send_text(d.ws, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9),
				    WSX_OK);
				CHECK_UINT(wsx_buffered_amount(d.ws), 9);
				CHECK_INT(wsx_send_text(d.ws, NULL, 0), WSX_OK);
				driver_drain(&d);
				CHECK_STR(driver_text(&d),
				    "sent: text c3 a9 e2 82 ac f0 9f 98 80\nsent: text\n");
			}
			driver_leave(&d);
		}
	}
	free(p);
}

/* T10: an error, and nothing on the wire */
static void
send_refuses_text_that_is_not_utf8(void)
{
	static const char *const bad[] = { "\xff", "a\xe2\x82", "\xed\xa0\x80", "\xc0\x80" };
	struct driver d;

	if (driver_enter(&d, WSX_CLIENT)) {
		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
			CHECK_INT(wsx_send_text(d.ws, bad[i], strlen(bad[i])), WSX_ERR_ARGUMENT);
		CHECK_UINT(wsx_buffered_amount(d.ws), 0);
		driver_drain(&d);
		CHECK_STR(driver_text(&d), "");
		CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN);
	}
	driver_leave(&d);
}

static int
send_piece(struct driver *d, enum wsx_type type, bool first, bool last, const char *text)
{
	struct wsx_piece piece = { type, first, last, (const uint8_t *)text, strlen(text) };

	return wsx_send(d->ws, &piece, 1);
}

/* F03 F30 F31 F39: the opcode first, FIN last, control frames between, a key for each */
static void
send_makes_a_frame_of_each_piece(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			CHECK_INT(send_piece(&d, WSX_TEXT, true, false, "1234"), WSX_OK);
			CHECK_INT(wsx_ping(d.ws, "p", 1), WSX_OK);
			CHECK_INT(send_piece(&d, WSX_TEXT, false, false, ""), WSX_OK);
			driver_feed_hex(&d, "89 01 'q'");
			CHECK_INT(send_piece(&d, WSX_TEXT, false, true, "78"), WSX_OK);
			CHECK_INT(send_piece(&d, WSX_BINARY, true, true, "x"), WSX_OK);
			driver_drain(&d);
			CHECK_STR(driver_text(&d),
			    "ping 'q'\n"
			    "sent: text '1234' ...\nsent: ping 'p'\nsent: more ...\n"
			    "sent: pong 'q'\nsent: more '78'\nsent: binary 'x'\n");
			CHECK_UINT(d.n_frames, 6);
		}
		driver_leave(&d);
	}
}

/* F31: a message amid the pieces of another is the caller's mistake, told and not sent */
static void
send_refuses_pieces_out_of_turn(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			CHECK_INT(send_piece(&d, WSX_TEXT, false, true, "a"), WSX_ERR_ARGUMENT);
			CHECK_INT(send_piece(&d, WSX_TEXT, true, false, "a"), WSX_OK);
			CHECK_INT(wsx_send_text(d.ws, "b", 1), WSX_ERR_ARGUMENT);
			CHECK_INT(send_piece(&d, WSX_BINARY, true, true, "b"), WSX_ERR_ARGUMENT);
			CHECK_INT(send_piece(&d, WSX_TEXT, false, true, "c"), WSX_OK);
			CHECK_INT(wsx_send_text(d.ws, "d", 1), WSX_OK);
			driver_drain(&d);
			CHECK_STR(driver_text(&d),
			    "sent: text 'a' ...\nsent: more 'c'\nsent: text 'd'\n");
			CHECK_UINT(wsx_buffered_amount(d.ws), 0);
		}
		driver_leave(&d);
	}
}

/* F03 B02: same payload, other bytes; ten thousand frames, ten thousand keys */
static void
send_masks_each_frame_anew(void)
{
	enum { COUNT = 10000 };
	static uint32_t keys[COUNT];
	struct driver d;
	size_t same = 0;

	if (driver_enter(&d, WSX_CLIENT)) {
		for (int i = 0; i < COUNT; i++) {
			size_t at = buf_len(&d.wire);

			CHECK_INT(wsx_send_text(d.ws, "same", 4), WSX_OK);
			driver_drain(&d);
			memcpy(&keys[i], buf_data(&d.wire) + at + 2, 4);
			same += i > 0 && keys[i] == keys[i - 1];
		}
		CHECK_UINT(same, 0);
	}
	driver_leave(&d);
}

/* F38 */
static void
ping_and_pong_take_125_bytes(void)
{
	char data[126];

	memset(data, 'p', sizeof data);
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		if (driver_enter(&d, role)) {
			CHECK_INT(wsx_ping(d.ws, data, 126), WSX_ERR_ARGUMENT);
			CHECK_INT(wsx_pong(d.ws, data, 126), WSX_ERR_ARGUMENT);
			CHECK_INT(wsx_ping(d.ws, data, 125), WSX_OK);
			CHECK_INT(wsx_pong(d.ws, NULL, 0), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 0); /* W29 */
			driver_drain(&d);
			CHECK_STR(driver_text(&d), "sent: ping 70*125\nsent: pong\n");
			CHECK_INT(wsx_close(d.ws, 1000, NULL, 0), WSX_OK);
			CHECK_INT(wsx_ping(d.ws, "p", 1), WSX_ERR_STATE);
			CHECK_INT(wsx_pong(d.ws, "p", 1), WSX_ERR_STATE);
		}
		driver_leave(&d);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(send_makes_the_frames_of_the_rfc),
		CHECK_CASE(send_takes_messages_of_all_sizes),
		CHECK_CASE(send_refuses_text_that_is_not_utf8),
		CHECK_CASE(send_makes_a_frame_of_each_piece),
		CHECK_CASE(send_refuses_pieces_out_of_turn),
		CHECK_CASE(send_masks_each_frame_anew),
		CHECK_CASE(ping_and_pong_take_125_bytes),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "ws_driver.h"

#include <stdio.h>
#include <string.h>

/* Frames that break RFC 6455, in both roles. */

#define LOST            "close 1006\n"
#define FAILS(why)      "error protocol: " why "\n" LOST "sent: close 1002 '" why "'\n"
#define FAILS_1007(why) "error protocol: " why "\n" LOST "sent: close 1007 '" why "'\n"
#define CHECK_ALL(v)    driver_laws(v, sizeof(v) / sizeof *(v))

#define RSV             "a reserved bit that no extension gave a meaning"
#define RESERVED        "a reserved opcode"
#define NOTHING         "a continuation frame with nothing to continue"
#define INSIDE          "a new message inside a fragmented one"
#define LONG            "a control frame longer than 125 bytes"
#define SPLIT           "a fragmented control frame"
#define WIDE            "a length that is not in its shortest form"
#define CODE            "a Close with a code that must not be sent"

/* F09 D20 D22 B01 */
static void
receive_refuses_reserved_bits(void)
{
	static const struct vector v[] = {
		{ .in = "c1 00", .want = FAILS(RSV) },
		{ .in = "a1 00", .want = FAILS(RSV) },
		{ .in = "91 00", .want = FAILS(RSV) },
		{ .in = "f1 01 'a'", .want = FAILS(RSV) },
		{ .in = "c2 00", .want = FAILS(RSV) },
		{ .in = "ca 00", .want = FAILS(RSV) },
		{ .in = "a8 00", .want = FAILS(RSV) },
		{ .in = "99 00", .want = FAILS(RSV) },
		{ .in = "01 00 c0 00", .want = FAILS(RSV) },
		{ .in = "01 00 a0 00", .want = FAILS(RSV) },
		/* F36 */
		{ .in = "c1 00 81 01 'a' 89 00 88 00", .want = FAILS(RSV) },
	};

	CHECK_ALL(v);
}

/* F10: from the head alone */
static void
receive_refuses_reserved_opcodes(void)
{
	static const unsigned opcodes[] = { 3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf };
	char in[64];

	for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++) {
		struct vector v = { .in = in, .want = FAILS(RESERVED) };

		snprintf(in, sizeof in, "%02x 7f 00*4 7f ff ff ff", 0x80 | opcodes[i]);
		driver_laws(&v, 1);
		snprintf(in, sizeof in, "%02x", opcodes[i]);
		driver_laws(&v, 1);
	}
}

/* F12 F13 B07 B38: no allocation, no hang, no waiting for what was announced */
static void
receive_refuses_lengths_that_are_not_minimal(void)
{
	static const struct vector v[] = {
		{ .in = "81 7e 00 05 'Hello'", .want = FAILS(WIDE) },
		{ .in = "81 7f 00*7 7e", .want = FAILS(WIDE) },
		{ .in = "82 7f 00*6 ff ff", .want = FAILS(WIDE) },
		{ .in = "82 7f 80 00*6 01", .want = FAILS("a length with its top bit set") },
		{ .in = "82 7f ff*8", .want = FAILS("a length with its top bit set") },
	};

	CHECK_ALL(v);
}

/* F17 F18 */
static void
receive_refuses_fragments_out_of_turn(void)
{
	static const struct vector v[] = {
		{ .in = "80 01 'a'", .want = FAILS(NOTHING) },
		{ .in = "00 01 'a'", .want = FAILS(NOTHING) },
		{ .in = "01 01 'a' 81 01 'b'", .want = FAILS(INSIDE) },
		{ .in = "01 01 'a' 02 01 'b'", .want = FAILS(INSIDE) },
		{ .in = "01 01 'a' 01 00", .want = FAILS(INSIDE) },
		{ .in = "81 01 'a' 80 00", .want = "text 'a'\n" FAILS(NOTHING) },
		{ .in = "01 01 'a' 80 01 'b' 80 00", .want = "text 'ab'\n" FAILS(NOTHING) },
	};

	CHECK_ALL(v);
}

/* F21 F22 */
static void
receive_refuses_control_frames_long_or_split(void)
{
	static const struct vector v[] = {
		{ .in = "89 7e 00 7e", .want = FAILS(LONG) },
		{ .in = "8a 7e 00 7e", .want = FAILS(LONG) },
		{ .in = "88 7e 00 7e", .want = FAILS(LONG) },
		{ .in = "89 7f 00", .want = FAILS(LONG) },
		{ .in = "09 00", .want = FAILS(SPLIT) },
		{ .in = "0a 00", .want = FAILS(SPLIT) },
		{ .in = "08 00", .want = FAILS(SPLIT) },
		{ .in = "01 01 'a' 09 00", .want = FAILS(SPLIT) },
	};

	CHECK_ALL(v);
}

/* F05 F06: data, control and empty ones */
static void
receive_refuses_frames_masked_by_the_wrong_side(void)
{
	/* vectors are masked for a server: here a mask stands where none may, and the reverse */
	static const char *const in[] = { "81 82 00*4 'hi'", "89 80 00*4", "88 82 00*4 03 e8",
		"82 80 00*4" };

	for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
		struct vector v = { .in = in[i], .want = FAILS("a masked frame from a server") };

		driver_law(WSX_CLIENT, &v);
		v.want = FAILS("an unmasked frame from a client");
		driver_law(WSX_SERVER, &v);
	}
}

/* C02 C03 C04 C06 F26 C24 */
static void
receive_answers_a_close_with_its_code(void)
{
	static const unsigned codes[] = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011,
		1012, 1013, 1014, 3000, 3999, 4000, 4999 };
	static const struct vector v[] = {
		{ .in = "88 00", .want = "close 1005 clean\nsent: close\n" },
		{ .in = "88 05 13 87 'bye'", .want = "close 4999 'bye' clean\nsent: close 4999\n" },
		{ .in = "88 02 03 e8 81 01 'a' 89 00 88 00 83 00",
		    .want = "close 1000 clean\nsent: close 1000\n" },
		{ .in = "81 01 'a' 88 02 03 e8",
		    .want = "text 'a'\nclose 1000 clean\nsent: close 1000\n" },
		/* C25: what is left of a message is not delivered */
		{ .in = "01 01 'a' 88 02 03 e8 80 01 'b'",
		    .want = "close 1000 clean\nsent: close 1000\n" },
		/* W37: a BOM stays */
		{ .in = "88 06 03 e8 ef bb bf 'a'",
		    .want = "close 1000 ef bb bf 'a' clean\nsent: close 1000\n" },
		/* C11 */
		{ .in = "88 7d 03 e8 61*123",
		    .want = "close 1000 61*123 clean\nsent: close 1000\n" },
	};
	char in[64], want[128];

	CHECK_ALL(v);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		struct vector row = { .in = in, .want = want };

		snprintf(in, sizeof in, "88 02 %04x", codes[i]);
		snprintf(want, sizeof want, "close %u clean\nsent: close %u\n", codes[i], codes[i]);
		driver_laws(&row, 1);
	}
}

/* C07 C08 C09 C10 C11 */
static void
receive_refuses_a_close_with_a_bad_body(void)
{
	static const unsigned codes[] = { 0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999,
		5000, 65535 };
	static const struct vector v[] = {
		{ .in = "88 01 03", .want = FAILS("a Close with half a code") },
		{ .in = "88 04 03 e8 c3 28",
		    .want = FAILS_1007("a Close whose reason is not UTF-8") },
		{ .in = "88 04 03 e8 e2 82",
		    .want = FAILS_1007("a Close whose reason is not UTF-8") },
		{ .in = "88 7e 00 7e 03 e8 61*124", .want = FAILS(LONG) },
	};
	char in[64];

	CHECK_ALL(v);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		struct vector row = { .in = in, .want = FAILS(CODE) };

		snprintf(in, sizeof in, "88 02 %04x", codes[i]);
		driver_laws(&row, 1);
	}
}

/* C17 C18: cut off anywhere, it is 1006 and not clean; half a message is not delivered */
static void
receive_of_a_stream_cut_off_is_1006(void)
{
	static const struct vector v[] = {
		{ .in = "81", .want = LOST },
		{ .in = "81 05 'H'", .want = LOST },
		{ .in = "82 7f 00 00", .want = LOST },
		{ .in = "01 05 'Hello'", .want = LOST },
		{ .in = "89 02 'p'", .want = LOST },
		{ .in = "88 02 03", .want = LOST },
		{ .in = "81 01 'a' 81 02 'b'", .want = "text 'a'\n" LOST },
	};

	CHECK_ALL(v);
}

/* wsx_receive() tells that it failed, and keeps telling */
static void
receive_returns_an_error_once_failed(void)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	if (CHECK(driver_open(&d))) {
		driver_feed_hex(&d, "81 01 'a'");
		CHECK_INT(d.received, WSX_OK);
		driver_feed_hex(&d, "83");
		CHECK_INT(d.received, WSX_ERR_PROTOCOL);
		CHECK(d.ended); /* C19: the Close, then the end, without waiting for an answer */
		CHECK(wsx_close_expected(d.ws));
		CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING);
		driver_feed_hex(&d, "88 00");
		CHECK_INT(d.received, WSX_ERR_PROTOCOL);
		driver_end(&d);
	}
	driver_clear(&d);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(receive_refuses_reserved_bits),
		CHECK_CASE(receive_refuses_reserved_opcodes),
		CHECK_CASE(receive_refuses_lengths_that_are_not_minimal),
		CHECK_CASE(receive_refuses_fragments_out_of_turn),
		CHECK_CASE(receive_refuses_control_frames_long_or_split),
		CHECK_CASE(receive_refuses_frames_masked_by_the_wrong_side),
		CHECK_CASE(receive_answers_a_close_with_its_code),
		CHECK_CASE(receive_refuses_a_close_with_a_bad_body),
		CHECK_CASE(receive_of_a_stream_cut_off_is_1006),
		CHECK_CASE(receive_returns_an_error_once_failed),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

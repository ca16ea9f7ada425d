#include "ws_driver.h"

#include <stdio.h>
#include <string.h>

/* Text is UTF-8: T01 to T08. */

#define LOST  "close 1006\n"
#define WHY   "text that is not UTF-8"
#define FAILS "error protocol: " WHY "\n" LOST "sent: close 1007 '" WHY "'\n"

/* The same text whole, in fragments of one byte, and with an empty fragment at the end. */
static void
check_text(const char *hex, const char *want)
{
	char in[256] = "", one[16];
	struct vector v = { .in = in, .want = want };
	uint8_t text[32];
	size_t n = check_hex(hex, text, sizeof text);

	snprintf(in, sizeof in, "81 %02zx %s", n, hex);
	driver_laws(&v, 1);
	in[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		snprintf(one, sizeof one, "%02x 01 %02x ",
		    (i == 0 ? 1u : 0u) | (i == n - 1 ? 0x80u : 0u), text[i]);
		strncat(in, one, sizeof in - strlen(in) - 1);
	}
	driver_laws(&v, 1);
	snprintf(in, sizeof in, "01 %02zx %s 80 00", n, hex);
	driver_laws(&v, 1);
}

/* T01 T06 */
static void
text_that_is_not_utf8_fails(void)
{
	static const char *const bad[] = { "c0 80", "c1 bf", "e0 80 80", "e0 9f bf", "f0 80 80 80",
		"f0 8f bf bf", "ed a0 80", "ed af bf", "ed b0 80", "ed bf bf", "f4 90 80 80",
		"f5 80 80 80", "f8 88 80 80 80", "fc", "fe", "ff", "80", "bf", "'a' 80 'b'",
		"e2 82", "e2", "f0 9f 98", "c3 28", "e2 82 'a'",
		"'Hello' ce ba e1 bd b9 cf 83 ed a0 80" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		check_text(bad[i], FAILS);
}

/* T02 T03: the first and last of each length, and those that look forbidden but are not */
static void
text_at_the_borders_of_utf8_passes(void)
{
	static const char *const good[] = { "00", "7f", "c2 80", "df bf", "e0 a0 80", "ed 9f bf",
		"ee 80 80", "ef bf bd", "ef bf be", "ef bf bf", "f0 90 80 80", "f4 8f bf bf",
		"ef bb bf", "e2 82 ac" };
	char want[64];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct buf text;
		uint8_t bytes[8];

		buf_init(&text, &mem_libc, SIZE_MAX);
		driver_put_bytes(&text, bytes, check_hex(good[i], bytes, sizeof bytes));
		snprintf(want, sizeof want, "text %.*s\n" LOST, (int)buf_len(&text),
		    (const char *)buf_data(&text));
		buf_clear(&text);
		check_text(good[i], want);
	}
}

/* T04 T05: it fails at the byte that shows it, not at the end of the frame or of the message */
static void
text_fails_at_its_first_bad_byte(void)
{
	static const struct vector v[] = {
		{ .in = "01 02 ce ba 00 01 f4 00 01 90", .want = FAILS },
		{ .in = "81 14 'twelve bytes' ff", .want = FAILS },
		{ .in = "81 7e 01 00 'a' ed a0", .want = FAILS },
	};

	driver_laws(v, sizeof v / sizeof *v);
}

/* The state of one message is not carried over into the next. */
static void
text_is_checked_message_by_message(void)
{
	static const struct vector v[] = {
		{ .in = "81 03 e2 82 ac 82 02 e2 82 81 01 'a' 81 02 e2 82",
		    .want = "text e2 82 ac\nbinary e2 82\ntext 'a'\n" FAILS },
		{ .in = "01 01 e2 89 02 82 ff 00 01 82 8a 01 ff 80 01 ac",
		    .want = "ping 82 ff\npong ff\ntext e2 82 ac\n" LOST "sent: pong 82 ff\n" },
	};

	driver_laws(v, sizeof v / sizeof *v);
}

/* T07 T08 */
static void
binary_and_control_frames_are_not_checked(void)
{
	static const struct vector v[] = {
		{ .in = "82 04 ff fe 80 c0", .want = "binary ff fe 80 c0\n" LOST },
		{ .in = "02 01 ff 80 01 fe", .want = "binary ff fe\n" LOST },
		{ .in = "89 02 ff fe", .want = "ping ff fe\n" LOST "sent: pong ff fe\n" },
		{ .in = "8a 02 ff fe", .want = "pong ff fe\n" LOST },
	};

	driver_laws(v, sizeof v / sizeof *v);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(text_that_is_not_utf8_fails),
		CHECK_CASE(text_at_the_borders_of_utf8_passes),
		CHECK_CASE(text_fails_at_its_first_bad_byte),
		CHECK_CASE(text_is_checked_message_by_message),
		CHECK_CASE(binary_and_control_frames_are_not_checked),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

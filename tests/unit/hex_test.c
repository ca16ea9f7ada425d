#include "check.h"

#include "base/err.h"
#include "base/hex.h"

static void
hex_is_written_in_lower_case(void)
{
	const uint8_t bytes[] = { 0x00, 0x0f, 0xa9, 0xff };
	struct buf b;

	buf_init(&b, &mem_libc, 8);
	CHECK_INT(hex_put(&b, bytes, sizeof bytes), 0);
	CHECK_MEM(buf_data(&b), buf_len(&b), "000fa9ff", 8);
	CHECK_INT(hex_put(&b, bytes, 1), ERR_LIMIT);
	CHECK_UINT(buf_len(&b), 8);
	buf_clear(&b);
}

static void
hex_of_either_case_is_read(void)
{
	uint8_t out[4];

	CHECK_INT(hex_decode(span_str("00aFFf"), out, 3), 3);
	CHECK_MEM(out, 3, "\x00\xaf\xff", 3);
	CHECK_INT(hex_decode(span_str(" 00 \t01  02 "), out, 4), 3);
	CHECK_MEM(out, 3, "\x00\x01\x02", 3);
	CHECK_INT(hex_decode(span_str(""), out, 0), 0);
	CHECK_INT(hex_decode(span_str("0001"), out, 1), ERR_LIMIT);
}

static void
what_is_no_hex_is_refused(void)
{
	static const char *const texts[] = { "0", "000", "0 0", "0g", "g0", "0x00", "00,01",
		"\xc3\xa9" };
	uint8_t out[4];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		check_enter("%s", texts[i]);
		CHECK_INT(hex_decode(span_str(texts[i]), out, sizeof out), ERR_ARGUMENT);
		check_leave();
	}
}

static void
hex_is_decoded_in_place(void)
{
	char text[] = "61 62 63";

	CHECK_INT(hex_decode(span_str(text), (uint8_t *)text, sizeof text), 3);
	CHECK_MEM(text, 3, "abc", 3);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(hex_is_written_in_lower_case),
		CHECK_CASE(hex_of_either_case_is_read),
		CHECK_CASE(what_is_no_hex_is_refused),
		CHECK_CASE(hex_is_decoded_in_place),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

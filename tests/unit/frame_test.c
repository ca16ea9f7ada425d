#include "check.h"

#include <string.h>

#include "proto/frame.h"
#include "wsx.h"

/* A head, the rules it is read by, and what it is: "fin text 5", or "error: why", or "more". */
struct row {
	const char *in;
	const char *want;
	struct frame_rules rules;
};

#define FROM_CLIENT                                                                                \
	{                                                                                          \
		.masked = true                                                                     \
	}
#define CONTINUING                                                                                 \
	{                                                                                          \
		.in_message = true                                                                 \
	}
#define DEFLATED                                                                                   \
	{                                                                                          \
		.rsv = RSV1                                                                        \
	}

static const char *
opcode_name(uint8_t opcode)
{
	static const char *const names[16] = { [OP_CONTINUATION] = "more",
		[OP_TEXT] = "text",
		[OP_BINARY] = "binary",
		[OP_CLOSE] = "close",
		[OP_PING] = "ping",
		[OP_PONG] = "pong" };

	return names[opcode] != NULL ? names[opcode] : "?";
}

static void
describe(struct buf *b, const uint8_t *p, size_t n, const struct frame_rules *rules)
{
	struct frame_head h;
	const char *why;
	size_t used;
	int r;

	r = frame_parse(p, n, rules, &h, &used, &why);
	if (r == 0)
		buf_puts(b, "incomplete");
	else if (r < 0)
		buf_putf(b, "error: %s", why);
	else
		buf_putf(b, "%s%s%s %llu", h.fin ? "fin " : "", h.rsv != 0 ? "rsv " : "",
		    opcode_name(h.opcode), (unsigned long long)h.length);
	if (r == WSX_ERR_PROTOCOL)
		return;
	CHECK(r == 0 || (r == 1 && used == n && h.masked == rules->masked));
	if (r == 1 && h.masked)
		CHECK_MEM(h.key, 4, p + n - 4, 4);
}

static void
check_rows(const struct row *rows, size_t n)
{
	struct buf text;
	uint8_t head[FRAME_HEAD_MAX];
	size_t len;

	buf_init(&text, &mem_libc, SIZE_MAX);
	for (size_t i = 0; i < n; i++) {
		check_enter("%s", rows[i].in);
		len = check_hex(rows[i].in, head, sizeof head);
		buf_reset(&text);
		describe(&text, head, len, &rows[i].rules);
		buf_putc(&text, '\0');
		CHECK_STR((const char *)buf_data(&text), rows[i].want);
		check_leave();
	}
	buf_clear(&text);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

/* F01 F14 F16 F33 */
static void
frame_parse_reads_heads_of_all_kinds_and_lengths(void)
{
	static const struct row rows[] = {
		{ "81 05", "fin text 5", { 0 } },
		{ "81 00", "fin text 0", { 0 } },
		{ "02 7d", "binary 125", { 0 } },
		{ "82 7e 00 7e", "fin binary 126", { 0 } },
		{ "82 7e 01 00", "fin binary 256", { 0 } },
		{ "82 7e ff ff", "fin binary 65535", { 0 } },
		{ "82 7f 00*5 01 00 00", "fin binary 65536", { 0 } },
		{ "82 7f 7f ff*7", "fin binary 9223372036854775807", { 0 } },
		{ "00 03", "more 3", CONTINUING },
		{ "80 00", "fin more 0", CONTINUING },
		{ "88 02", "fin close 2", CONTINUING },
		{ "89 7d", "fin ping 125", CONTINUING },
		{ "8a 00", "fin pong 0", { 0 } },
		{ "81 85 37 fa 21 3d", "fin text 5", FROM_CLIENT },
		{ "82 fe 00 7e 01 02 03 04", "fin binary 126", FROM_CLIENT },
		{ "82 ff 00*5 01 00 00 01 02 03 04", "fin binary 65536", FROM_CLIENT },
		{ "c1 05", "fin rsv text 5", DEFLATED },
	};

	CHECK_ROWS(rows);
}

/* F34 B06 */
static void
frame_parse_waits_for_the_rest_of_a_head(void)
{
	static const struct row rows[] = {
		{ "", "incomplete", { 0 } },
		{ "81", "incomplete", { 0 } },
		{ "81 7e", "incomplete", { 0 } },
		{ "81 7e 01", "incomplete", { 0 } },
		{ "81 7f 00 00 00 00 00 01 00", "incomplete", { 0 } },
		{ "81 85", "incomplete", FROM_CLIENT },
		{ "81 85 37 fa 21", "incomplete", FROM_CLIENT },
		{ "82 fe 01 00 37 fa 21", "incomplete", FROM_CLIENT },
	};

	CHECK_ROWS(rows);
}

#define RESERVED "error: a reserved opcode"
#define RSV      "error: a reserved bit that no extension gave a meaning"
#define LONG     "error: a control frame longer than 125 bytes"
#define SPLIT    "error: a fragmented control frame"
#define WIDE     "error: a length that is not in its shortest form"
#define TOP      "error: a length with its top bit set"

/* F09 F10 F22 B01, told by the first byte alone */
static void
frame_parse_refuses_a_bad_first_byte_at_once(void)
{
	static const struct row rows[] = {
		{ "83", RESERVED, { 0 } },
		{ "84", RESERVED, { 0 } },
		{ "85", RESERVED, { 0 } },
		{ "86", RESERVED, { 0 } },
		{ "87", RESERVED, { 0 } },
		{ "8b", RESERVED, { 0 } },
		{ "8c", RESERVED, { 0 } },
		{ "8d", RESERVED, { 0 } },
		{ "8e", RESERVED, { 0 } },
		{ "8f", RESERVED, CONTINUING },
		{ "03", RESERVED, { 0 } },
		{ "c1", RSV, { 0 } },
		{ "a1", RSV, { 0 } },
		{ "91", RSV, { 0 } },
		{ "f2", RSV, { 0 } },
		{ "c0", RSV, CONTINUING },
		{ "c8", RSV, { 0 } },
		{ "a9", RSV, { 0 } },
		{ "9a", RSV, { 0 } },
		{ "09", SPLIT, { 0 } },
		{ "0a", SPLIT, { 0 } },
		{ "08", SPLIT, { 0 } },
	};

	CHECK_ROWS(rows);
}

/* D18 D19 D20: the one bit an extension was given, and only where it may stand */
static void
frame_parse_allows_the_bit_of_an_extension_on_first_data_frames_only(void)
{
	static const struct row rows[] = {
		{ "42 01", "rsv binary 1", DEFLATED },
		{ "e1", RSV, DEFLATED },
		{ "d1", RSV, DEFLATED },
		{ "c9", RSV, DEFLATED },
		{ "c0", RSV, { .rsv = RSV1, .in_message = true } },
	};

	CHECK_ROWS(rows);
}

/* F17 F18 */
static void
frame_parse_refuses_what_does_not_fit_the_message_under_way(void)
{
	static const struct row rows[] = {
		{ "80", "error: a continuation frame with nothing to continue", { 0 } },
		{ "00", "error: a continuation frame with nothing to continue", { 0 } },
		{ "81", "error: a new message inside a fragmented one", CONTINUING },
		{ "02", "error: a new message inside a fragmented one", CONTINUING },
		{ "01", "error: a new message inside a fragmented one", CONTINUING },
	};

	CHECK_ROWS(rows);
}

/* F05 F06 F21, told by the second byte */
static void
frame_parse_refuses_a_bad_second_byte_at_once(void)
{
	static const struct row rows[] = {
		{ "81 80", "error: a masked frame from a server", { 0 } },
		{ "89 80", "error: a masked frame from a server", { 0 } },
		{ "81 00", "error: an unmasked frame from a client", FROM_CLIENT },
		{ "88 02", "error: an unmasked frame from a client", FROM_CLIENT },
		{ "89 7e", LONG, { 0 } },
		{ "8a 7e", LONG, { 0 } },
		{ "88 7f", LONG, { 0 } },
		{ "89 fe", LONG, FROM_CLIENT },
	};

	CHECK_ROWS(rows);
}

/* F12 F13 B07 B36 B38 */
static void
frame_parse_refuses_lengths_not_in_their_one_form(void)
{
	static const struct row rows[] = {
		{ "81 7e 00 05", WIDE, { 0 } },
		{ "81 7e 00 7d", WIDE, { 0 } },
		{ "81 7f 00*7 7e", WIDE, { 0 } },
		{ "82 7f 00*6 ff ff", WIDE, { 0 } },
		{ "82 7f 80 00*6 01", TOP, { 0 } },
		{ "82 7f ff*8", TOP, { 0 } },
		{ "82 ff ff*8", TOP, FROM_CLIENT },
		{ "82 fe 00 7d", WIDE, FROM_CLIENT },
	};

	CHECK_ROWS(rows);
}

static void
check_build(struct frame_head h, const char *want)
{
	uint8_t got[FRAME_HEAD_MAX], bytes[FRAME_HEAD_MAX];
	struct frame_rules rules = { .masked = h.masked,
		.in_message = h.opcode == OP_CONTINUATION };
	struct frame_head again = { 0 };
	const char *why;
	size_t n, used;

	check_enter("%s", want);
	n = frame_build(got, &h);
	CHECK_MEM(got, n, bytes, check_hex(want, bytes, sizeof bytes));
	CHECK_INT(frame_parse(got, n, &rules, &again, &used, &why), 1);
	CHECK(used == n && again.length == h.length && again.fin == h.fin &&
	      again.opcode == h.opcode);
	check_leave();
}

/* F11 F38 */
static void
frame_build_uses_the_shortest_form(void)
{
	check_build((struct frame_head){ .fin = true, .opcode = OP_TEXT }, "81 00");
	check_build((struct frame_head){ .opcode = OP_BINARY, .length = 125 }, "02 7d");
	check_build((struct frame_head){ .opcode = OP_CONTINUATION, .length = 126 }, "00 7e 00 7e");
	check_build(
	    (struct frame_head){ .fin = true, .opcode = OP_TEXT, .length = 127 }, "81 7e 007f");
	check_build(
	    (struct frame_head){ .fin = true, .opcode = OP_TEXT, .length = 65535 }, "81 7e ff ff");
	check_build((struct frame_head){ .fin = true, .opcode = OP_TEXT, .length = 65536 },
	    "81 7f 00*5 01 00 00");
	check_build((struct frame_head){ .fin = true, .opcode = OP_BINARY, .length = INT64_MAX },
	    "82 7f 7f ff*7");
	check_build((struct frame_head){ .fin = true, .opcode = OP_PING, .length = 125 }, "89 7d");
	check_build(
	    (struct frame_head){
		.fin = true, .opcode = OP_CLOSE, .masked = true, .key = { 1, 2, 3, 4 } },
	    "88 80 01 02 03 04");
	check_build((struct frame_head){ .fin = true,
			.opcode = OP_TEXT,
			.masked = true,
			.key = { 1, 2, 3, 4 },
			.length = 65536 },
	    "81 ff 00*5 01 00 00 01 02 03 04");
}

/* Short frames are put without their head being built: they are the same. */
static void
frame_put_short_is_frame_put(void)
{
	static const uint8_t opcodes[] = { OP_CONTINUATION, OP_TEXT, OP_BINARY };
	uint8_t payload[FRAME_SHORT_MAX], want[FRAME_HEAD_MAX + sizeof payload], got[sizeof want];
	struct frame_head h = { .key = { 1, 0x80, 0xff, 4 } };
	size_t n;

	for (size_t i = 0; i < sizeof payload; i++)
		payload[i] = (uint8_t)(i * 5);
	for (unsigned i = 0; i < 12; i++)
		for (h.length = 0; h.length <= FRAME_SHORT_MAX; h.length++) {
			h.opcode = opcodes[i % 3];
			h.masked = i / 3 % 2;
			h.fin = i / 6;
			memset(got, 0xee, sizeof got);
			n = frame_put_short(got, (uint8_t)((h.fin ? FRAME_FIN : 0) | h.opcode),
			    h.masked ? h.key : NULL, payload, (size_t)h.length);
			CHECK_MEM(got, n, want, frame_put(want, &h, payload));
			CHECK(n == sizeof got || got[n] == 0xee);
		}
}

/* S15: whatever the bytes, an answer, and none that more bytes would change */
static void
frame_parse_takes_any_bytes(void)
{
	uint64_t state = 1;

	for (int i = 0; i < 200000 && check_failures() == 0; i++) {
		uint64_t bits = check_random(&state);
		struct frame_rules rules = { (bits & 1) != 0, bits & 2 ? RSV1 : 0,
			(bits & 4) != 0 };
		uint8_t p[FRAME_HEAD_MAX];
		struct frame_head h;
		const char *why = NULL;
		size_t n, used = 0;
		int r = 0;

		for (n = 0; n < sizeof p; n++)
			p[n] = (uint8_t)check_random(&state);
		for (n = 0; r == 0 && n <= sizeof p; n++)
			r = frame_parse(p, n, &rules, &h, &used, &why);
		CHECK(r == 1 ? used == n - 1 : r == WSX_ERR_PROTOCOL && why != NULL);
		CHECK_INT(frame_parse(p, sizeof p, &rules, &h, &used, &why), r);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(frame_parse_reads_heads_of_all_kinds_and_lengths),
		CHECK_CASE(frame_parse_waits_for_the_rest_of_a_head),
		CHECK_CASE(frame_parse_refuses_a_bad_first_byte_at_once),
		CHECK_CASE(frame_parse_allows_the_bit_of_an_extension_on_first_data_frames_only),
		CHECK_CASE(frame_parse_refuses_what_does_not_fit_the_message_under_way),
		CHECK_CASE(frame_parse_refuses_a_bad_second_byte_at_once),
		CHECK_CASE(frame_parse_refuses_lengths_not_in_their_one_form),
		CHECK_CASE(frame_build_uses_the_shortest_form),
		CHECK_CASE(frame_put_short_is_frame_put),
		CHECK_CASE(frame_parse_takes_any_bytes),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

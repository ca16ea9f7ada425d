/* Messages found in streams of bytes, and written as such. */

#include "check.h"

#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "split_taker.h"

#define LINES                                                                                      \
	{                                                                                          \
		.separator = '\n'                                                                  \
	}

/* What the transcript of a stream is: "T abc", "B ff00", or why not, a line each. */
static const struct row {
	const char *name;
	struct split_config config;
	const char *bytes; /* check_hex() */
	const char *want;
} rows[] = {
	{ "lines", { .marks = LINES }, "'a' 0a 0a 'bc' 0d 0a 'end'",
	    "T 61\nT \nT 62630d\nT 656e64\n" },
	{ "no input", { .marks = LINES }, "", "" },
	{ "a newline alone", { .marks = LINES }, "0a", "T \n" },
	{ "binary lines", { .marks = LINES, .type = SPLIT_TYPE_BINARY }, "ff 0a 00",
	    "B ff\nB 00\n" },
	{ "a bad line", { .marks = LINES }, "'a' 0a ff 0a 'b'",
	    "T 61\nline 2 of standard input is not UTF-8: it was not sent; -b sends bytes as they "
	    "are\n"
	    "T 62\n" },
	{ "NUL", { .marks = { .separator = 0 } }, "'a' 0a 00 00 'b'", "T 610a\nT \nT 62\n" },
	{ "a byte of characters separates", { .marks = { .separator = 0xa9 } }, "'a' a9 c3 a9 'b'",
	    "T 61\nline 2 of standard input is not UTF-8: it was not sent; -b sends bytes as they "
	    "are\n"
	    "T 62\n" },
	{ "prefixes", { .marks = { .separator = '\n', .text_prefix = "T:", .binary_prefix = "B" } },
	    "'T:x' 0a 'B' 0a 'B' ff 0a 'T' 0a 'T:B' 0a 0a", "T 78\nB \nB ff\nT 54\nT 42\nT \n" },
	{ "prefixes of binary lines",
	    { .marks = { .separator = '\n', .text_prefix = "T:" }, .type = SPLIT_TYPE_BINARY },
	    "'T:x' 0a 'T' 0a", "T 78\nB 54\n" },
	{ "Base64 behind a prefix",
	    { .marks = { .separator = '\n', .binary_prefix = "B", .base64 = true } },
	    "'B/w==' 0d 0a '/w==' 0a 'B/w' 0a 'B' 0a",
	    "B ff\nT 2f773d3d\nline 3 of standard input is not Base64: it was not sent\nB \n" },
	{ "text as Base64", { .marks = { .separator = '\n', .base64_text = true } },
	    "'YQ==' 0a '/w==' 0a",
	    "T 61\nline 2 of standard input is not UTF-8: it was not sent; -b sends bytes as they "
	    "are\n" },
	{ "hex", { .framing = FRAMING_HEX, .marks = LINES }, "'fF 00' 09 '41' 0d 0a 0a 'f' 0a 'zz'",
	    "B ff0041\nB \nline 3 of standard input is not hex: it was not sent\n"
	    "line 4 of standard input is not hex: it was not sent\n" },
	{ "hex of text", { .framing = FRAMING_HEX, .marks = LINES, .type = SPLIT_TYPE_TEXT },
	    "'6a' 0a", "T 6a\n" },
	{ "Base64", { .framing = FRAMING_BASE64, .marks = LINES }, "'AAEC' 0a 'AAE=' 0a 'x'",
	    "B 000102\nB 0001\nline 3 of standard input is not Base64: it was not sent\n" },
	{ "all is one text", { .framing = FRAMING_WHOLE }, "'a' 0a c3 a9 0a", "T 610ac3a90a\n" },
	{ "all is one bad text", { .framing = FRAMING_WHOLE }, "'a' c3",
	    "message 1 of standard input is not UTF-8: it was not sent; -b sends bytes as they "
	    "are\n" },
	{ "all is one message of bytes", { .framing = FRAMING_WHOLE, .type = SPLIT_TYPE_BINARY },
	    "'a' 0a c3", "B 610ac3\n" },
	{ "nothing is no message", { .framing = FRAMING_WHOLE }, "", "" },
	{ "chunks", { .framing = FRAMING_RAW, .chunk = 3 }, "'abcdefgh'",
	    "B 616263\nB 646566\nB 6768\n" },
	{ "chunks to the end", { .framing = FRAMING_RAW, .chunk = 3 }, "'abcdef'",
	    "B 616263\nB 646566\n" },
	{ "chunks of text", { .framing = FRAMING_RAW, .chunk = 4, .type = SPLIT_TYPE_TEXT },
	    "'abc' c3 a9 'd'", "T 616263\nT c3a964\n" },
	{ "chunks of no text", { .framing = FRAMING_RAW, .chunk = 4, .type = SPLIT_TYPE_TEXT },
	    "80*5",
	    "message 1 of standard input is not UTF-8: it was not sent; -b sends bytes as they "
	    "are\n"
	    "message 2 of standard input is not UTF-8: it was not sent; -b sends bytes as they "
	    "are\n" },
	{ "lengths", { .framing = FRAMING_LENGTH },
	    "00000003 01 'abc' 00000000 02 00000001 02 ff 00000000 01 00000102 02 00*258",
	    "T 616263\nB \nB ff\nT \nB *258\n" },
	{ "bad text among lengths", { .framing = FRAMING_LENGTH }, "00000001 01 ff 00000001 01 'a'",
	    "message 1 of standard input is not UTF-8: it was not sent; -b sends bytes as they "
	    "are\n"
	    "T 61\n" },
	{ "a length without its end", { .framing = FRAMING_LENGTH }, "00000003 01 'ab'",
	    "message 1 of standard input is cut off: it was not sent\n" },
	{ "a cut length", { .framing = FRAMING_LENGTH }, "000000",
	    "message 1 of standard input is cut off: it was not sent\n" },
	{ "bytes without their end", { .framing = FRAMING_LENGTH }, "00000003 02 'ab'",
	    "B 6162...\n" },
	{ "commands", { .framing = FRAMING_JSON }, "'{}' 0a 0a '[' ff",
	    "command {}\ncommand \ncommand [\xff\n" },
	{ "another type", { .framing = FRAMING_LENGTH }, "00000000 01 00000001 08 'ab'",
	    "T \nmessage 2 of standard input is of neither type, 1 or 2: it was not sent, nor what "
	    "follows\n" },
};

static void
replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	const struct row *row = arg;
	struct split_taker t;
	uint8_t *p;
	size_t n;

	split_taker_init(&t, &row->config, transcript);
	while (!t.over && (p = check_feed_next(feed, &n)) != NULL)
		split_taker_put(&t, p, n);
	split_taker_end(&t);
}

static void
messages_are_found_however_the_stream_is_cut(void)
{
	uint8_t bytes[512];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = check_hex(rows[i].bytes, bytes, sizeof bytes);

		check_enter("%s", rows[i].name);
		check_chunks(bytes, n, rows[i].want, replay, (void *)&rows[i]);
		check_leave();
	}
}

static void
raw_input_is_taken_as_it_comes(void)
{
	const struct split_config config = { .framing = FRAMING_RAW };
	const struct split_config text = { .framing = FRAMING_RAW, .type = SPLIT_TYPE_TEXT };
	uint8_t bytes[] = { 'a', 0xff, 0xc3 };
	struct split_message m;
	char why[SPLIT_WHY_MAX];
	struct split s;

	split_init(&s, &config);
	CHECK_INT(split_next(&s, bytes, 3, false, &m, why), SPLIT_MESSAGE);
	CHECK(m.type == WSX_BINARY && m.n == 3 && m.at == 0 && m.after == 0);
	CHECK_INT(split_next(&s, bytes, 0, true, &m, why), SPLIT_MORE);
	/* text is held back where a character is not whole */
	bytes[1] = 'b';
	split_init(&s, &text);
	CHECK_INT(split_next(&s, bytes, 3, false, &m, why), SPLIT_MESSAGE);
	CHECK(m.type == WSX_TEXT && m.n == 2 && m.at == 0 && m.after == 0);
	CHECK_INT(split_next(&s, bytes + 2, 1, false, &m, why), SPLIT_MORE);
	CHECK_INT(split_next(&s, bytes + 2, 1, true, &m, why), SPLIT_BAD);
}

static void
plain_lines_are_told(void)
{
	static const struct {
		struct split_config config;
		bool plain;
	} kinds[] = {
		{ { .marks = LINES }, true },
		{ { .marks = { .separator = 0 } }, true },
		{ { .marks = LINES, .type = SPLIT_TYPE_BINARY }, true },
		{ { .marks = { .separator = 0x80 } }, false },
		{ { .marks = { .separator = '\n', .text_prefix = "" } }, false },
		{ { .marks = { .separator = '\n', .binary_prefix = "b" } }, false },
		{ { .marks = { .separator = '\n', .base64_text = true } }, false },
		{ { .framing = FRAMING_HEX, .marks = LINES }, false },
		{ { .framing = FRAMING_RAW }, false },
	};
	struct split s;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		check_enter("kind %zu", i);
		split_init(&s, &kinds[i].config);
		CHECK(split_is_plain(&s) == kinds[i].plain);
		check_leave();
	}
}

static void
check_put(enum framing framing, const struct framing_marks *marks, enum wsx_type type,
    const char *payload, const char *want)
{
	uint8_t bytes[64], expected[64];
	size_t n = check_hex(payload, bytes, sizeof bytes);
	size_t m = check_hex(want, expected, sizeof expected);
	struct wsx_piece piece = { type, true, true, bytes, n };
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	CHECK_INT(framing_put(&b, framing, marks, &piece), 0);
	CHECK_MEM(buf_data(&b), buf_len(&b), expected, m);
	buf_clear(&b);
}

static void
messages_are_written(void)
{
	const struct framing_marks lines = LINES;
	const struct framing_marks nul = { .separator = 0 };
	const struct framing_marks marked = {
		.separator = '\n', .text_prefix = "t", .binary_prefix = "b"
	};
	const struct framing_marks base64 = { .separator = '\n', .base64 = true };
	const struct framing_marks all = { .separator = '\n', .base64 = true, .base64_text = true };

	check_put(FRAMING_LINE, &lines, WSX_TEXT, "'ab'", "'ab' 0a");
	check_put(FRAMING_LINE, &lines, WSX_BINARY, "'ab'", "'ab'");
	check_put(FRAMING_LINE, &nul, WSX_TEXT, "'ab'", "'ab' 00");
	check_put(FRAMING_LINE, &marked, WSX_TEXT, "'ab'", "'tab' 0a");
	check_put(FRAMING_LINE, &marked, WSX_BINARY, "'ab'", "'bab' 0a");
	check_put(FRAMING_LINE, &base64, WSX_TEXT, "'ab'", "'ab' 0a");
	check_put(FRAMING_LINE, &base64, WSX_BINARY, "ff", "'/w==' 0a");
	check_put(FRAMING_LINE, &all, WSX_TEXT, "'a'", "'YQ==' 0a");
	check_put(FRAMING_WHOLE, &lines, WSX_TEXT, "'ab'", "'ab'");
	check_put(FRAMING_RAW, &lines, WSX_TEXT, "", "");
	check_put(FRAMING_LENGTH, &lines, WSX_TEXT, "'ab'", "00000002 01 'ab'");
	check_put(FRAMING_LENGTH, &lines, WSX_BINARY, "", "00000000 02");
	check_put(FRAMING_HEX, &lines, WSX_TEXT, "'ab'", "'6162' 0a");
	check_put(FRAMING_BASE64, &lines, WSX_BINARY, "ff", "'/w==' 0a");
}

/* Pieces of a long message, where it need not be whole. */
static void
prefix_and_separator_are_written_once(void)
{
	const struct framing_marks marks = { .separator = '\n', .binary_prefix = "b" };
	struct wsx_piece piece = { WSX_BINARY, true, false, (const uint8_t *)"xy", 2 };
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	CHECK_INT(framing_put(&b, FRAMING_LINE, &marks, &piece), 0);
	piece.first = false;
	CHECK_INT(framing_put(&b, FRAMING_LINE, &marks, &piece), 0);
	piece.last = true;
	CHECK_INT(framing_put(&b, FRAMING_LINE, &marks, &piece), 0);
	CHECK_MEM(buf_data(&b), buf_len(&b), "bxyxyxy\n", 8);
	buf_clear(&b);
}

static void
what_does_not_fit_is_not_begun(void)
{
	const struct framing_marks lines = LINES;
	const struct wsx_piece piece = { WSX_TEXT, true, true, (const uint8_t *)"abcd", 4 };

	for (int f = FRAMING_LINE; f < FRAMING_JSON; f++) {
		struct buf b;

		check_enter("framing %d", f);
		buf_init(&b, &mem_libc, 6);
		buf_put(&b, "xyz", 3);
		CHECK_INT(framing_put(&b, (enum framing)f, &lines, &piece), ERR_LIMIT);
		CHECK_MEM(buf_data(&b), buf_len(&b), "xyz", 3);
		buf_clear(&b);
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(messages_are_found_however_the_stream_is_cut),
		CHECK_CASE(raw_input_is_taken_as_it_comes),
		CHECK_CASE(plain_lines_are_told),
		CHECK_CASE(messages_are_written),
		CHECK_CASE(prefix_and_separator_are_written_once),
		CHECK_CASE(what_does_not_fit_is_not_begun),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

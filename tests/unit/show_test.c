#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "ui/show.h"

/* A literal and its length, which may hold NULs. */
#define BYTES(s) s, sizeof(s) - 1

/*
 * T12: what a peer may send to drive the terminal of whoever reads, and the line
 * that is shown instead.
 */
static const struct {
	const char *what;
	const char *in;
	size_t n;
	const char *shown;
} hostile[] = {
	/* CSI: cursor, erasing, scrolling, modes */
	{ "clear screen", BYTES("\033[2J"), "^[[2J" },
	{ "cursor home", BYTES("\033[H"), "^[[H" },
	{ "cursor up and overwrite", BYTES("\033[1A\033[2Kfake"), "^[[1A^[[2Kfake" },
	{ "scroll region", BYTES("\033[1;2r"), "^[[1;2r" },
	{ "colour", BYTES("\033[31mred\033[0m"), "^[[31mred^[[0m" },
	{ "hidden text", BYTES("\033[8msecret"), "^[[8msecret" },
	{ "alternate screen", BYTES("\033[?1049h"), "^[[?1049h" },
	{ "mouse reports", BYTES("\033[?1003h"), "^[[?1003h" },
	{ "bracketed paste off", BYTES("\033[?2004l"), "^[[?2004l" },
	{ "end of paste", BYTES("\033[201~\nrm -rf ~\n"), "^[[201~^Jrm -rf ~^J" },
	{ "focus reports", BYTES("\033[?1004h"), "^[[?1004h" },
	{ "synchronized output", BYTES("\033[?2026h"), "^[[?2026h" },
	{ "insert mode", BYTES("\033[4h"), "^[[4h" },
	{ "repeat", BYTES("a\033[99999b"), "a^[[99999b" },
	{ "window operation", BYTES("\033[8;1;1t"), "^[[8;1;1t" },

	/* reports, which the terminal types in answer */
	{ "device attributes", BYTES("\033[c"), "^[[c" },
	{ "secondary attributes", BYTES("\033[>c"), "^[[>c" },
	{ "cursor report", BYTES("\033[6n"), "^[[6n" },
	{ "title report", BYTES("\033[21t"), "^[[21t" },
	{ "answerback", BYTES("\005"), "^E" },
	{ "checksum report", BYTES("\033[1;1;1;1;80;24*y"), "^[[1;1;1;1;80;24*y" },
	{ "decid", BYTES("\033Z"), "^[Z" },

	/* OSC, DCS, APC, PM, SOS */
	{ "title", BYTES("\033]0;owned\007"), "^[]0;owned^G" },
	{ "title, ended by ST", BYTES("\033]2;owned\033\\"), "^[]2;owned^[\\" },
	{ "clipboard", BYTES("\033]52;c;ZXZpbA==\007"), "^[]52;c;ZXZpbA==^G" },
	{ "clipboard query", BYTES("\033]52;c;?\033\\"), "^[]52;c;?^[\\" },
	{ "hyperlink", BYTES("\033]8;;http://evil/\007good\033]8;;\007"),
	    "^[]8;;http://evil/^Ggood^[]8;;^G" },
	{ "palette", BYTES("\033]4;1;?\007"), "^[]4;1;?^G" },
	{ "notification", BYTES("\033]777;notify;a;b\007"), "^[]777;notify;a;b^G" },
	{ "iterm file", BYTES("\033]1337;File=:AAAA\007"), "^[]1337;File=:AAAA^G" },
	{ "working directory", BYTES("\033]7;file:///etc\007"), "^[]7;file:///etc^G" },
	{ "log file", BYTES("\033]46;/tmp/x\007"), "^[]46;/tmp/x^G" },
	{ "decrqss", BYTES("\033P$q\"p\033\\"), "^[P$q\"p^[\\" },
	{ "terminfo query", BYTES("\033P+q544e\033\\"), "^[P+q544e^[\\" },
	{ "sixel", BYTES("\033Pq#0~~\033\\"), "^[Pq#0~~^[\\" },
	{ "tmux passthrough", BYTES("\033Ptmux;\033\033[2J\033\\"), "^[Ptmux;^[^[[2J^[\\" },
	{ "kitty graphics", BYTES("\033_Ga=d\033\\"), "^[_Ga=d^[\\" },
	{ "privacy message", BYTES("\033^x\033\\"), "^[^x^[\\" },
	{ "screen title", BYTES("\033kowned\033\\"), "^[kowned^[\\" },
	{ "unfinished osc", BYTES("\033]0;"), "^[]0;" },

	/* other escapes */
	{ "reset", BYTES("\033c"), "^[c" },
	{ "reverse index", BYTES("\033M"), "^[M" },
	{ "save, restore", BYTES("\0337\0338"), "^[7^[8" },
	{ "line drawing", BYTES("\033(0lqk\033(B"), "^[(0lqk^[(B" },
	{ "screen alignment", BYTES("\033#8"), "^[#8" },
	{ "lock keyboard", BYTES("\033`"), "^[`" },
	{ "lone escape at the end", BYTES("x\033"), "x^[" },

	/* single controls */
	{ "nul", BYTES("a\0b"), "a^@b" },
	{ "bell", BYTES("\007"), "^G" },
	{ "backspace overstrike", BYTES("abc\b\b\bxyz"), "abc^H^H^Hxyz" },
	{ "return and overwrite", BYTES("evil\rgood"), "evil^Mgood" },
	{ "vertical tab, form feed", BYTES("\v\f"), "^K^L" },
	{ "shift out, in", BYTES("\016\017"), "^N^O" },
	{ "xon, xoff", BYTES("\021\023"), "^Q^S" },
	{ "cancel, substitute", BYTES("\030\032"), "^X^Z" },
	{ "delete", BYTES("a\177"), "a^?" },
	{ "newline", BYTES("a\nb"), "a^Jb" },

	/* C1, as characters and as bytes */
	{ "csi as u+009b",
	    BYTES("\xc2\x9b"
		  "2J"),
	    "\\u009b2J" },
	{ "osc as u+009d",
	    BYTES("\xc2\x9d"
		  "0;x\xc2\x9c"),
	    "\\u009d0;x\\u009c" },
	{ "dcs as u+0090", BYTES("\xc2\x90q"), "\\u0090q" },
	{ "next line as u+0085",
	    BYTES("a\xc2\x85"
		  "b"),
	    "a\\u0085b" },
	{ "first and last", BYTES("\xc2\x80\xc2\x9f"), "\\u0080\\u009f" },
	{ "csi as a byte",
	    BYTES("\x9b"
		  "2J"),
	    "\\x9b2J" },
	{ "osc as a byte",
	    BYTES("\x9d"
		  "0;x\x9c"),
	    "\\x9d0;x\\x9c" },

	/* what is not UTF-8 */
	{ "overlong escape", BYTES("\xc0\x9b[2J"), "\\xc0\\x9b[2J" },
	{ "overlong nul", BYTES("\xc0\x80"), "\\xc0\\x80" },
	{ "three-byte escape", BYTES("\xe0\x80\x9b"), "\\xe0\\x80\\x9b" },
	{ "surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ "over u+10ffff", BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
	{ "cut off", BYTES("x\xe2\x82"), "x\\xe2\\x82" },
	{ "cut off by an escape", BYTES("\xe2\x82\033[m"), "\\xe2\\x82^[[m" },
	{ "bytes that never occur", BYTES("\xfe\xff"), "\\xfe\\xff" },
	{ "latin-1", BYTES("caf\xe9!"), "caf\\xe9!" },

	/* characters that hide or turn others around */
	{ "right-to-left override", BYTES("gpj\xe2\x80\xaetxt"), "gpj\\u202etxt" },
	{ "bidi embeddings", BYTES("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad"),
	    "\\u202a\\u202b\\u202c\\u202d" },
	{ "bidi isolates", BYTES("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"),
	    "\\u2066\\u2067\\u2068\\u2069" },
	{ "bidi marks", BYTES("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"), "\\u200e\\u200f\\u061c" },
	{ "zero width", BYTES("a\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d"), "a\\u200b\\u200c\\u200d" },
	{ "word joiner", BYTES("\xe2\x81\xa0"), "\\u2060" },
	{ "byte order mark", BYTES("\xef\xbb\xbfx"), "\\ufeffx" },
	{ "line separators", BYTES("\xe2\x80\xa8\xe2\x80\xa9"), "\\u2028\\u2029" },
	{ "soft hyphen", BYTES("\xc2\xad"), "\\u00ad" },
	{ "interlinear", BYTES("\xef\xbf\xb9\xef\xbf\xba\xef\xbf\xbb"), "\\ufff9\\ufffa\\ufffb" },
	{ "tags", BYTES("\xf3\xa0\x80\x81\xf3\xa0\x81\xa1\xf3\xa0\x81\xbf"),
	    "\\U000e0001\\U000e0061\\U000e007f" },
};

#define N_HOSTILE (sizeof hostile / sizeof hostile[0])

/* No byte of it can drive a terminal; newlines only where they may be. */
static bool
is_safe(const uint8_t *p, size_t n, bool newlines)
{
	if (!utf8_valid(p, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((p[i] < 0x20 && p[i] != '\t' && !(p[i] == '\n' && newlines)) || p[i] == 0x7f)
			return false;
		if (p[i] == 0xc2 && p[i + 1] < 0xa0)
			return false;
	}
	return true;
}

static void
hostile_sequences_are_shown_visibly(void)
{
	_Static_assert(N_HOSTILE >= 60, "a corpus of 60 sequences");
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	for (size_t i = 0; i < N_HOSTILE; i++) {
		check_enter("%s", hostile[i].what);
		buf_reset(&out);
		CHECK_INT(show_line(&out, hostile[i].in, hostile[i].n), 0);
		CHECK_MEM(
		    buf_data(&out), buf_len(&out), hostile[i].shown, strlen(hostile[i].shown));
		CHECK(is_safe(buf_data(&out), buf_len(&out), false));
		check_leave();
	}
	buf_clear(&out);
}

/* The same in a text of many lines. */
static void
hostile_text_is_marked_on_each_row(void)
{
	struct buf all, out;

	buf_init(&all, &mem_libc, SIZE_MAX);
	buf_init(&out, &mem_libc, SIZE_MAX);
	for (size_t i = 0; i < N_HOSTILE; i++) {
		buf_put(&all, hostile[i].in, hostile[i].n);
		buf_putc(&all, '\n');
	}
	CHECK_INT(show_text(&out, buf_data(&all), buf_len(&all), "| "), 0);
	CHECK(is_safe(buf_data(&out), buf_len(&out), true));
	for (size_t i = 0; i + 2 < buf_len(&out); i++) {
		if (buf_data(&out)[i] == '\n')
			CHECK(memcmp(buf_data(&out) + i, "\n| ", 3) == 0);
	}
	buf_clear(&all);
	buf_clear(&out);
}

static bool
must_be_hidden(uint32_t c)
{
	return (c < 0x20 && c != '\t') || (c >= 0x7f && c <= 0x9f) || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe007f) || c == 0xad || c == 0x180e || c == 0x34f ||
	       c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || c == 0x3164 ||
	       c == 0xffa0;
}

static void
every_character_is_itself_or_hidden(void)
{
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		uint8_t bytes[4];
		size_t n;
		bool kept;

		if (c == 0xd800)
			c = 0xe000;
		n = utf8_encode(c, bytes);
		buf_reset(&out);
		if (show_line(&out, bytes, n) != 0)
			break;
		kept = buf_len(&out) == n && memcmp(buf_data(&out), bytes, n) == 0;
		if (kept == must_be_hidden(c)) {
			check_enter("U+%04X", (unsigned)c);
			CHECK(kept != must_be_hidden(c));
			check_leave();
		}
	}
	buf_clear(&out);
}

static void
random_bytes_are_made_safe(void)
{
	uint64_t state = 1;
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	for (int i = 0; i < 20000; i++) {
		uint8_t bytes[16];

		for (size_t j = 0; j < sizeof bytes; j++)
			bytes[j] = (uint8_t)check_random(&state);
		buf_reset(&out);
		show_line(&out, bytes, sizeof bytes);
		if (!CHECK(is_safe(buf_data(&out), buf_len(&out), false)))
			break;
	}
	buf_clear(&out);
}

static void
check_text(const char *in, const char *cont, const char *want)
{
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(show_text(&out, in, strlen(in), cont), 0);
	CHECK_MEM(buf_data(&out), buf_len(&out), want, strlen(want));
	buf_clear(&out);
}

static void
text_stays_as_it_is(void)
{
	check_text("", "< ", "");
	check_text("plain \\ \"text\"", "< ", "plain \\ \"text\"");
	check_text("a\tb", "< ", "a\tb");
	check_text("Grüße, 日本語, עברית, 👍", "< ", "Grüße, 日本語, עברית, 👍");
}

static void
text_marks_each_row(void) /* a message can not fake another */
{
	check_text("a\nb", "< ", "a\n< b");
	check_text("a\n\n> b\n", "< ", "a\n< \n< > b\n< ");
	check_text("a\r\nb", "  ", "a^M\n  b");
	check_text("a\nb", "", "a\nb");
}

static void
check_binary(const char *in, size_t n, const char *want)
{
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(show_binary(&out, (const uint8_t *)in, n), 0);
	CHECK_MEM(buf_data(&out), buf_len(&out), want, strlen(want));
	buf_clear(&out);
}

static void
raw_text_is_only_marked(void)
{
	struct span shown;
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(show_raw(&out, NULL, 0, "| "), 0);
	CHECK_UINT(buf_len(&out), 0);
	CHECK_INT(show_raw(&out, BYTES("\033[1mone\n\ntwo\xff\n"), "| "), 0);
	shown = (struct span){ (const char *)buf_data(&out), buf_len(&out) };
	CHECK_SPAN(shown, "\033[1mone\n| \n| two\xff\n| ");
	buf_clear(&out);
	buf_init(&out, &mem_libc, 4);
	CHECK_INT(show_raw(&out, BYTES("one\ntwo"), "| "), ERR_LIMIT);
	CHECK_UINT(buf_len(&out), 0);
	buf_clear(&out);
}

static void
a_kind_that_is_known_is_told(void)
{
	struct span shown;
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(show_binary(&out, (const uint8_t *)"GIF89a", 6), 0);
	shown = (struct span){ (const char *)buf_data(&out), buf_len(&out) };
	CHECK_SPAN(shown, "binary, 6 bytes, GIF image: 47 49 46 38 39 61 |GIF89a|");
	buf_clear(&out);
}

static void
binary_is_a_summary(void) /* G08 */
{
	check_binary(BYTES(""), "binary, 0 bytes");
	check_binary(BYTES("\0"), "binary, 1 byte: 00 |.|");
	check_binary(BYTES("Hello"), "binary, 5 bytes: 48 65 6c 6c 6f |Hello|");
	check_binary(BYTES("\033[2J\x9b\t"), "binary, 6 bytes: 1b 5b 32 4a 9b 09 |.[2J..|");
	check_binary(BYTES("0123456789abcdef"),
	    "binary, 16 bytes: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 "
	    "|0123456789abcdef|");
	check_binary(BYTES("0123456789abcdef!"),
	    "binary, 17 bytes: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 "
	    "|0123456789abcdef| ...");
}

static void
refused_memory(struct check_mem *m, void *arg)
{
	static const char text[] = "plain\n\033[2J\xff, and so on until the buffer has to grow";
	struct buf out;
	size_t before;

	(void)arg;
	buf_init(&out, &m->mem, SIZE_MAX);
	for (int i = 0; i < 100; i++) {
		before = buf_len(&out);
		if (show_text(&out, text, sizeof text, "< ") != 0 ||
		    show_line(&out, text, sizeof text) != 0 ||
		    show_binary(&out, (const uint8_t *)text, sizeof text) != 0)
			CHECK(m->failed);
		CHECK(buf_len(&out) >= before);
	}
	buf_clear(&out);
}

static void
failed_allocations_are_told(void)
{
	check_allocations(refused_memory, NULL);
}

static void
what_does_not_fit_is_left_out_whole(void)
{
	struct buf out;

	buf_init(&out, &mem_libc, 12);
	CHECK_INT(buf_puts(&out, "before"), 0);
	CHECK_INT(show_line(&out, "abc\033[2J", 7), ERR_LIMIT);
	CHECK_INT(show_text(&out, "a\nb", 3, "long mark"), ERR_LIMIT);
	CHECK_INT(show_binary(&out, (const uint8_t *)"ab", 2), ERR_LIMIT);
	CHECK_MEM(buf_data(&out), buf_len(&out), "before", 6);
	buf_clear(&out);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(hostile_sequences_are_shown_visibly),
		CHECK_CASE(hostile_text_is_marked_on_each_row),
		CHECK_CASE(every_character_is_itself_or_hidden),
		CHECK_CASE(random_bytes_are_made_safe),
		CHECK_CASE(text_stays_as_it_is),
		CHECK_CASE(text_marks_each_row),
		CHECK_CASE(raw_text_is_only_marked),
		CHECK_CASE(binary_is_a_summary),
		CHECK_CASE(a_kind_that_is_known_is_told),
		CHECK_CASE(failed_allocations_are_told),
		CHECK_CASE(what_does_not_fit_is_left_out_whole),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

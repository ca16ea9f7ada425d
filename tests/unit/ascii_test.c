#include "check.h"

#include <string.h>

#include "base/ascii.h"

/* The members of a class among all 256 bytes, in order. */
static size_t
members(bool (*is)(char), char out[256])
{
	size_t n = 0;

	for (int c = 0; c < 256; c++)
		if (is((char)c))
			out[n++] = (char)c;
	return n;
}

#define CHECK_CLASS(is, want)                                                                      \
	do {                                                                                       \
		char got[256];                                                                     \
		size_t n = members(is, got);                                                       \
		CHECK_MEM(got, n, want, sizeof(want) - 1);                                         \
	} while (0)

static void
ascii_classes_hold_their_characters_only(void)
{
	CHECK_CLASS(ascii_is_digit, "0123456789");
	CHECK_CLASS(ascii_is_alpha, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	CHECK_CLASS(ascii_is_control,
	    "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
	    "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f");
	/* RFC 9110 5.6.2 */
	CHECK_CLASS(ascii_is_tchar, "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`"
				    "abcdefghijklmnopqrstuvwxyz|~");
}

static void
ascii_lower_changes_upper_case_only(void)
{
	for (int c = 0; c < 256; c++) {
		int want = c >= 'A' && c <= 'Z' ? c + 32 : c;

		CHECK_INT(ascii_lower((char)c), (char)want);
	}
}

static void
ascii_hex_value_knows_both_cases(void)
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	int digits = 0;

	for (int i = 0; i < 16; i++) {
		CHECK_INT(ascii_hex_value(lower[i]), i);
		CHECK_INT(ascii_hex_value(upper[i]), i);
	}
	for (int c = 0; c < 256; c++)
		digits += ascii_hex_value((char)c) >= 0;
	CHECK_INT(digits, 22);
}

static void
ascii_is_token_refuses_empty_and_separators(void)
{
	CHECK(ascii_is_token(span_str("chat")));
	CHECK(ascii_is_token(span_str("Sec-WebSocket-Key")));
	CHECK(ascii_is_token(span_str("!#$%&'*+-.^_`|~09azAZ")));
	CHECK(!ascii_is_token(span_str("")));
	CHECK(!ascii_is_token((struct span){ NULL, 0 }));
	CHECK(!ascii_is_token(span_str("a b")));
	CHECK(!ascii_is_token(span_str("a,b")));
	CHECK(!ascii_is_token(span_str("a:")));
	CHECK(!ascii_is_token(span_str("caf\xc3\xa9")));
	CHECK(!ascii_is_token((struct span){ "a\0b", 3 }));
}

static void
ascii_eq_nocase_folds_ascii_only(void)
{
	CHECK(ascii_eq_nocase(span_str("Upgrade"), span_str("uPGRADE")));
	CHECK(ascii_eq_nocase(span_str(""), (struct span){ NULL, 0 }));
	CHECK(!ascii_eq_nocase(span_str("upgrade"), span_str("upgrade ")));
	CHECK(!ascii_eq_nocase(span_str("upgrade"), span_str("upgrada")));
	/* Characters 32 apart that are no letters, and Latin-1 letters. */
	CHECK(!ascii_eq_nocase(span_str("@[`{"), span_str("`{@[")));
	CHECK(!ascii_eq_nocase(span_str("\xc9"), span_str("\xe9")));
	CHECK(ascii_eq_nocase((struct span){ "A\0B", 3 }, (struct span){ "a\0b", 3 }));
	CHECK(!ascii_eq_nocase((struct span){ "A\0B", 3 }, (struct span){ "a\0c", 3 }));
}

static void
ascii_trim_takes_spaces_and_tabs_only(void)
{
	CHECK_SPAN(ascii_trim(span_str("  a b\t ")), "a b");
	CHECK_SPAN(ascii_trim(span_str("a")), "a");
	CHECK_SPAN(ascii_trim(span_str(" \t ")), "");
	CHECK_SPAN(ascii_trim(span_str("")), "");
	CHECK_SPAN(ascii_trim((struct span){ NULL, 0 }), "");
	CHECK_SPAN(ascii_trim(span_str("\r\na\v")), "\r\na\v");
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(ascii_classes_hold_their_characters_only),
		CHECK_CASE(ascii_lower_changes_upper_case_only),
		CHECK_CASE(ascii_hex_value_knows_both_cases),
		CHECK_CASE(ascii_is_token_refuses_empty_and_separators),
		CHECK_CASE(ascii_eq_nocase_folds_ascii_only),
		CHECK_CASE(ascii_trim_takes_spaces_and_tabs_only),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

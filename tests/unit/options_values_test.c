#include <stdlib.h>

#include "options_line.h"

/* Options whose values are checked: numbers, codes, reasons. */

static void
numbers_are_read_in_their_units(void)
{
	static const struct {
		const char *line;
		size_t field;
		uint64_t value;
	} cases[] = {
		{ "u|--connect-timeout|0", offsetof(struct options, connect_timeout_ms), 0 },
		{ "u|--connect-timeout=2.5", offsetof(struct options, connect_timeout_ms), 2500 },
		{ "u|-m|7", offsetof(struct options, max_time_ms), 7000 },
		{ "u|--max-time=0.001", offsetof(struct options, max_time_ms), 1 },
		{ "u|--timeout|7", offsetof(struct options, max_time_ms), 7000 },
		{ "u|-w2", offsetof(struct options, wait_ms), 2000 },
		{ "u|--wait|0", offsetof(struct options, wait_ms), 0 },
		{ "u|-1", offsetof(struct options, count), 1 },
		{ "u|--one", offsetof(struct options, count), 1 },
		{ "u|--one-message", offsetof(struct options, count), 1 },
		{ "u|--count|12", offsetof(struct options, count), 12 },
		{ "u|-1|--count=3", offsetof(struct options, count), 3 },
		{ "u|--count=18446744073709551615", offsetof(struct options, count), UINT64_MAX },
		{ "u|--max-message|10M", offsetof(struct options, max_message), 10 << 20 },
		{ "u|--max-message=0", offsetof(struct options, max_message), 0 },
		{ "u|--max-ws-message-length|64k", offsetof(struct options, max_message), 65536 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct good g;

		if (!given(&g, cases[i].line))
			continue;
		check_enter("%s", cases[i].line);
		CHECK_UINT(
		    *(const uint64_t *)((const char *)&g.o + cases[i].field), cases[i].value);
		check_leave();
		options_clear(&g.o);
	}
}

static void
max_message_of_zero_counts_as_given(void)
{
	struct good g;

	if (!given(&g, "u|--max-message|0"))
		return;
	CHECK(g.o.max_message_given);
	options_clear(&g.o);
}

/* W16: the codes a browser's close() takes. */
static void
close_code_takes_1000_and_3000_to_4999(void)
{
	static const char *const cases[][2] = {
		{ "u|--close-code|1000", "1000" },
		{ "u|--close-code|3000", "3000" },
		{ "u|--close-status-code=4999", "4999" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct good g;

		if (!given(&g, cases[i][0]))
			continue;
		CHECK_UINT(g.o.close_code, strtoul(cases[i][1], NULL, 10));
		options_clear(&g.o);
	}
}

static void
close_code_refuses_others(void)
{
#define NO_CODE(code)                                                                              \
	{                                                                                          \
		"u|--close-code|" code,                                                            \
		    "--close-code: '" code                                                         \
		    "' is no code to close with; give 1000 or one from 3000 to 4999"               \
	}
	static const char *const cases[][2] = {
		NO_CODE("0"),
		NO_CODE("999"),
		NO_CODE("1001"),
		NO_CODE("1005"),
		NO_CODE("2999"),
		NO_CODE("5000"),
		NO_CODE("66536"), /* 1000 in 16 bits */
		NO_CODE("-1"),
		NO_CODE("1e3"),
		NO_CODE("+1000"),
		NO_CODE(" 1000"),
		NO_CODE(""),
	};

	CHECK_REFUSED(cases);
}

#define EURO10 "€€€€€€€€€€"
#define EURO41 EURO10 EURO10 EURO10 EURO10 "€"

/* C11, W17: bytes count, not characters. */
static void
close_reason_has_room_for_123_bytes(void)
{
	static const char *const cases[][2] = {
		{ "u|--close-reason|" EURO41 "€",
		    "--close-reason: the text has 126 bytes; a Close has room for 123" },
		{ "u|--close-reason|" EURO41 "x",
		    "--close-reason: the text has 124 bytes; a Close has room for 123" },
		{ "u|--close-reason|a\xff", "--close-reason: the text is not UTF-8" },
		{ "u|--close-reason|\xe2\x82", "--close-reason: the text is not UTF-8" },
	};
	struct good g;

	if (given(&g, "u|--close-reason|" EURO41)) {
		CHECK_STR(g.o.close_reason, EURO41);
		options_clear(&g.o);
	}
	CHECK_REFUSED(cases);
}

/* S19 */
static void
numbers_that_are_none_are_refused(void)
{
#define NO_SIZE                                                                                    \
	" is no size; give bytes from 0 (no limit) to 18446744073709551615, or with a suffix: "    \
	"64k, 10M, 2G"
#define NO_COUNT " is no count; give a whole number from 1 to 18446744073709551615"
#define NO_TIME  " is no time; give seconds from 0 to 1000000000, such as 2 or 0.25"
	static const char *const cases[][2] = {
		{ "u|--max-message|-1", "--max-message: '-1'" NO_SIZE },
		{ "u|--max-message|99999999999999999999",
		    "--max-message: '99999999999999999999'" NO_SIZE },
		{ "u|--max-message|1e9", "--max-message: '1e9'" NO_SIZE },
		{ "u|--max-message|", "--max-message: ''" NO_SIZE },
		{ "u|--max-message|17179869184G", "--max-message: '17179869184G'" NO_SIZE },
		{ "u|--count|0", "--count: '0'" NO_COUNT },
		{ "u|--count|-1", "--count: '-1'" NO_COUNT },
		{ "u|--count|18446744073709551616", "--count: '18446744073709551616'" NO_COUNT },
		{ "u|--count|1.5", "--count: '1.5'" NO_COUNT },
		{ "u|-w|-2", "-w/--wait: '-2'" NO_TIME },
		{ "u|-w|-1", "-w/--wait: -1 is no time; to keep the connection open say -n" },
		{ "u|-w=2", "-w/--wait: '=2'" NO_TIME },
		{ "u|--wait|1e9", "--wait: '1e9'" NO_TIME },
		{ "u|--wait|1000000001", "--wait: '1000000001'" NO_TIME },
		{ "u|--wait|0.0001", "--wait: '0.0001'" NO_TIME },
		{ "u|--timeout|x", "--timeout: 'x'" NO_TIME },
		{ "u|--connect-timeout|inf", "--connect-timeout: 'inf'" NO_TIME },
	};

	CHECK_REFUSED(cases);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(numbers_are_read_in_their_units),
		CHECK_CASE(max_message_of_zero_counts_as_given),
		CHECK_CASE(close_code_takes_1000_and_3000_to_4999),
		CHECK_CASE(close_code_refuses_others),
		CHECK_CASE(close_reason_has_room_for_123_bytes),
		CHECK_CASE(numbers_that_are_none_are_refused),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

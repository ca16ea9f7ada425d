#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "cmd/options.h"

enum { MAX_ARGS = 16, WHY = 512 };

/* Parses the words of line, which are divided by "|", as wsx's arguments; they go to words. */
static int
parse(struct options *o, const char *line, char *words, size_t n, char why[WHY])
{
	char name[] = "wsx", *argv[MAX_ARGS + 1] = { name };
	int argc = 1;

	snprintf(words, n, "%s", line);
	while (words != NULL && *line != '\0' && argc < MAX_ARGS)
		argv[argc++] = strsep(&words, "|");
	why[0] = '\0';
	return options_parse(o, argc, argv, why, WHY);
}

/* A good command line, parsed; the words stay in the caller's memory. */
struct good {
	struct options o;
	char words[1024];
};

static bool
given(struct good *g, const char *line)
{
	char why[WHY];

	check_enter("%s", line);
	if (!CHECK_INT(parse(&g->o, line, g->words, sizeof g->words, why), 0)) {
		CHECK_STR(why, "");
		options_clear(&g->o);
		check_leave();
		return false;
	}
	check_leave();
	return true;
}

/* The command lines are refused, each with its text. */
static void
check_refused(const char *const cases[][2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char words[1024], why[WHY];
		struct options o;

		check_enter("%s", cases[i][0]);
		CHECK_INT(parse(&o, cases[i][0], words, sizeof words, why), -1);
		CHECK_STR(why, cases[i][1]);
		options_clear(&o);
		check_leave();
	}
}

#define CHECK_REFUSED(cases) check_refused(cases, sizeof(cases) / sizeof((cases)[0]))

static void
options_have_their_defaults(void)
{
	struct good g;

	if (!given(&g, "ws://h/"))
		return;
	CHECK_UINT(g.o.endpoints.n, 1);
	CHECK_STR(g.o.endpoints.items[0], "ws://h/");
	CHECK_STR(g.o.listen, NULL);
	CHECK_STR(g.o.origin, NULL);
	CHECK_STR(g.o.user_agent, NULL);
	CHECK_STR(g.o.ca, NULL);
	CHECK_UINT(g.o.connect_timeout_ms, 30000);
	CHECK_UINT(g.o.max_time_ms, 0);
	CHECK_UINT(g.o.wait_ms, 1000);
	CHECK_UINT(g.o.count, 0);
	CHECK(!g.o.max_message_given);
	CHECK_INT(g.o.colour, COLOUR_AUTO);
	CHECK_UINT(g.o.close_code, 1000);
	CHECK_STR(g.o.close_reason, "");
	CHECK(!g.o.binary && !g.o.json && !g.o.insecure && !g.o.no_close && !g.o.exit_on_eof);
	CHECK(!g.o.quiet && g.o.verbose == 0 && !g.o.help && !g.o.version && !g.o.connect);
	options_clear(&g.o);
}

static void
flags_are_set_by_letter_name_and_alias(void)
{
	static const struct {
		const char *line;
		size_t field;
	} cases[] = {
		{ "u|--no-compress", offsetof(struct options, no_compress) },
		{ "u|-k", offsetof(struct options, insecure) },
		{ "u|--insecure", offsetof(struct options, insecure) },
		{ "u|--no-check", offsetof(struct options, insecure) },
		{ "u|-b", offsetof(struct options, binary) },
		{ "u|--binary", offsetof(struct options, binary) },
		{ "u|-j", offsetof(struct options, json) },
		{ "u|--json", offsetof(struct options, json) },
		{ "u|-P", offsetof(struct options, show_ping_pong) },
		{ "u|--show-ping-pong", offsetof(struct options, show_ping_pong) },
		{ "u|-n", offsetof(struct options, no_close) },
		{ "u|--no-close", offsetof(struct options, no_close) },
		{ "u|-E", offsetof(struct options, exit_on_eof) },
		{ "u|--exit-on-eof", offsetof(struct options, exit_on_eof) },
		{ "u|-q", offsetof(struct options, quiet) },
		{ "u|--quiet", offsetof(struct options, quiet) },
		{ "-l|0|--echo", offsetof(struct options, echo) },
		{ "-l|0|--announce", offsetof(struct options, announce) },
		{ "-l|0|--stdout-announce-listening-ports", offsetof(struct options, announce) },
		{ "-h", offsetof(struct options, help) },
		{ "--help", offsetof(struct options, help) },
		{ "-V", offsetof(struct options, version) },
		{ "--version", offsetof(struct options, version) },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct good g;

		if (!given(&g, cases[i].line))
			continue;
		check_enter("%s", cases[i].line);
		CHECK(*(const bool *)((const char *)&g.o + cases[i].field));
		check_leave();
		options_clear(&g.o);
	}
}

static void
texts_are_set_by_letter_name_and_alias(void)
{
	static const struct {
		const char *line;
		size_t field;
	} cases[] = {
		{ "u|-o|T", offsetof(struct options, origin) },
		{ "u|--origin=T", offsetof(struct options, origin) },
		{ "u|-A|T", offsetof(struct options, user_agent) },
		{ "u|--user-agent|T", offsetof(struct options, user_agent) },
		{ "u|--ua=T", offsetof(struct options, user_agent) },
		{ "u|--ca|T", offsetof(struct options, ca) },
		{ "u|--cacert=T", offsetof(struct options, ca) },
		{ "u|--cert|T", offsetof(struct options, cert) },
		{ "u|--cert|c|--key|T", offsetof(struct options, key) },
		{ "u|--close-reason|T", offsetof(struct options, close_reason) },
		{ "-lT", offsetof(struct options, listen) },
		{ "--listen=T", offsetof(struct options, listen) },
		{ "u|-o|first|-oT", offsetof(struct options, origin) },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct good g;

		if (!given(&g, cases[i].line))
			continue;
		check_enter("%s", cases[i].line);
		CHECK_STR(*(const char *const *)((const char *)&g.o + cases[i].field), "T");
		check_leave();
		options_clear(&g.o);
	}
}

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
		{ "u|-w|-1", "-w/--wait: '-1'" NO_TIME },
		{ "u|-w=2", "-w/--wait: '=2'" NO_TIME },
		{ "u|--wait|1e9", "--wait: '1e9'" NO_TIME },
		{ "u|--wait|1000000001", "--wait: '1000000001'" NO_TIME },
		{ "u|--wait|0.0001", "--wait: '0.0001'" NO_TIME },
		{ "u|--timeout|x", "--timeout: 'x'" NO_TIME },
		{ "u|--connect-timeout|inf", "--connect-timeout: 'inf'" NO_TIME },
	};

	CHECK_REFUSED(cases);
}

static void
color_takes_three_words(void)
{
	static const char *const bad[][2] = {
		{ "u|--color|red", "--color: 'red' is none of auto, always, never" },
		{ "u|--color=", "--color: '' is none of auto, always, never" },
		{ "u|--color=ALWAYS", "--color: 'ALWAYS' is none of auto, always, never" },
	};
	static const struct {
		const char *line;
		enum colour_when want;
	} good[] = {
		{ "u|--color|auto", COLOUR_AUTO },
		{ "u|--color=always", COLOUR_ALWAYS },
		{ "u|--color|never", COLOUR_NEVER },
		{ "u|--no-color", COLOUR_NEVER },
		{ "u|--no-color|--color=always", COLOUR_ALWAYS },
	};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct good g;

		if (!given(&g, good[i].line))
			continue;
		CHECK_INT(g.o.colour, good[i].want);
		options_clear(&g.o);
	}
	CHECK_REFUSED(bad);
}

static void
letters_combine_and_take_the_rest_as_value(void)
{
	struct good g;

	if (given(&g, "-bn1|u")) {
		CHECK(g.o.binary && g.o.no_close && g.o.count == 1);
		CHECK_UINT(g.o.endpoints.n, 1);
		options_clear(&g.o);
	}
	if (given(&g, "-x'hi'|-w2|-vvv|u")) {
		CHECK_STR(g.o.execute.items[0], "'hi'");
		CHECK_UINT(g.o.wait_ms, 2000);
		CHECK_INT(g.o.verbose, 3);
		options_clear(&g.o);
	}
	if (given(&g, "-jx|-b|u")) { /* a value may look like an option */
		CHECK(g.o.json && !g.o.binary);
		CHECK_STR(g.o.execute.items[0], "-b");
		options_clear(&g.o);
	}
}

static void
options_and_endpoints_mix(void)
{
	struct good g;

	if (given(&g, "-|-b|ws://h/|-n")) {
		CHECK_UINT(g.o.endpoints.n, 2);
		CHECK_STR(g.o.endpoints.items[0], "-");
		CHECK_STR(g.o.endpoints.items[1], "ws://h/");
		CHECK(g.o.binary && g.o.no_close);
		options_clear(&g.o);
	}
	if (given(&g, "-b|--|-x|--")) {
		CHECK_UINT(g.o.endpoints.n, 2);
		CHECK_STR(g.o.endpoints.items[0], "-x");
		CHECK_STR(g.o.endpoints.items[1], "--");
		options_clear(&g.o);
	}
	if (given(&g, "-c|ws://h/|-")) {
		CHECK_STR(g.o.endpoints.items[0], "ws://h/");
		CHECK_STR(g.o.endpoints.items[1], "-");
		CHECK(g.o.connect);
		options_clear(&g.o);
	}
	if (given(&g, "-l|9000|ws://h/")) {
		CHECK_STR(g.o.listen, "9000");
		CHECK_UINT(g.o.endpoints.n, 1);
		options_clear(&g.o);
	}
}

static void
the_last_of_opposites_counts(void)
{
	struct good g;

	if (given(&g, "u|-t|-b")) {
		CHECK(g.o.binary);
		options_clear(&g.o);
	}
	if (given(&g, "u|-b|--text")) {
		CHECK(!g.o.binary);
		options_clear(&g.o);
	}
	if (given(&g, "u|-n|-E")) {
		CHECK(g.o.exit_on_eof && !g.o.no_close);
		options_clear(&g.o);
	}
	if (given(&g, "u|-E|-n")) {
		CHECK(g.o.no_close && !g.o.exit_on_eof);
		options_clear(&g.o);
	}
}

static void
lists_take_one_value_a_use(void)
{
	struct good g;

	if (!given(&g, "-s|a,b|--subprotocol=|u|--protocol|c|-x||-xm|--execute=n"))
		return;
	if (CHECK_UINT(g.o.protocols.n, 3)) {
		CHECK_STR(g.o.protocols.items[0], "a,b"); /* for the core to refuse (HC09) */
		CHECK_STR(g.o.protocols.items[1], "");
		CHECK_STR(g.o.protocols.items[2], "c");
	}
	if (CHECK_UINT(g.o.execute.n, 3)) {
		CHECK_STR(g.o.execute.items[0], "");
		CHECK_STR(g.o.execute.items[1], "m");
		CHECK_STR(g.o.execute.items[2], "n");
	}
	options_clear(&g.o);
}

static void
help_and_version_end_the_reading(void)
{
	struct good g;

	if (given(&g, "a|b|c|--help|--nonsense")) {
		CHECK(g.o.help);
		options_clear(&g.o);
	}
	if (given(&g, "-vV")) {
		CHECK(g.o.version);
		options_clear(&g.o);
	}
}

static void
unknown_options_are_named_with_the_one_meant(void)
{
	static const char *const cases[][2] = {
		{ "u|--colr", "unknown option --colr; did you mean --color?" },
		{ "u|--headers=Authorization: secret",
		    "unknown option --headers; did you mean --header?" },
		{ "u|--no-color=1", "--no-color: this option takes no value" },
		{ "u|--show-pings-pong", "unknown option --show-pings-pong; did you mean "
					 "--show-ping-pong?" },
		/* a prefix is not enough: a later option may begin so, too */
		{ "u|--verb", "unknown option --verb; did you mean --verbose?" },
		{ "u|--exec=m", "unknown option --exec; did you mean --execute?" },
		{ "u|--proxy", "unknown option --proxy; see wsx --help" },
		{ "u|--Json", "unknown option --Json; did you mean --json?" },
		{ "u|---json", "unknown option ---json; did you mean --json?" },
		{ "u|--=x", "unknown option --; see wsx --help" },
		{ "u|--j", "unknown option --j; see wsx --help" },
		{ "u|-z", "unknown option -z; see wsx --help" },
		{ "u|-bz", "unknown option -z; see wsx --help" },
		{ "u|-é", "unknown option -é; see wsx --help" },
		{ "u|-\x01", "unknown option -^A; see wsx --help" },
		{ "u|--col\x1bor", "unknown option --col^[or; did you mean --color?" },
		{ "u|--aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff",
		    "unknown option --aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd...; see wsx "
		    "--help" },
	};

	CHECK_REFUSED(cases);
}

static void
values_missing_or_too_many_are_told(void)
{
	static const char *const cases[][2] = {
		{ "u|--header", "--header: a value is missing: NAME:VALUE" },
		{ "u|-w", "-w/--wait: a value is missing: S" },
		{ "u|-bw", "-w/--wait: a value is missing: S" },
		{ "u|--json=yes", "--json: this option takes no value" },
		{ "u|--one-message=", "--one-message: this option takes no value" },
	};

	CHECK_REFUSED(cases);
}

static void
command_lines_that_make_no_sense_are_refused(void)
{
	static const char *const cases[][2] = {
		{ "", "no URL; see wsx --help" },
		{ "-b", "no URL; see wsx --help" },
		{ "ws://u:secret@h/|b|c", "more than two endpoints (3); is a quote missing?" },
		{ "-l|1|a|b", "-l is an endpoint itself; give one more at most" },
		{ "-c|u|-l|1", "-l waits for connections and -c makes one; give one of them" },
		{ "u|--echo",
		    "--echo needs -l [ADDR:]PORT (or join the endpoint mirror: to another)" },
		{ "-l|1|--echo|u", "--echo is an endpoint itself; give no other beside -l" },
		{ "u|--key|k", "--key needs --cert FILE, the certificate it belongs to" },
		{ "u||", "a URL is empty; is a variable of the script unset?" },
		{ "u|-x|a|-x|\xff", "-x: text number 2 is not UTF-8; -b sends it as binary" },
	};
	struct good g;

	CHECK_REFUSED(cases);
	if (given(&g, "u|-bj|-x|\xff"))
		options_clear(&g.o);
}

static void
headers_are_trimmed_and_kept_in_order(void)
{
	static const char *const want[] = { "A: b", "X-Y: c:d e", "Empty:", "A: \xe9\tx" };
	struct good g;

	if (!given(&g, "-H|A:b|-HX-Y: \t c:d e \t|--header=Empty:  |u|-H|A:\xe9\tx"))
		return;
	if (CHECK_UINT(g.o.headers.n, sizeof want / sizeof want[0])) {
		for (size_t i = 0; i < g.o.headers.n; i++)
			CHECK_STR(g.o.headers.items[i], want[i]);
	}
	options_clear(&g.o);
}

/* P14: nothing of a value is told, and no control character either. */
static void
headers_without_form_are_refused(void)
{
#define BAD "-H/--header: a header name can not hold "
	static const char *const cases[][2] = {
		{ "u|-H|Bearer secret", "-H/--header: the header has no colon; write NAME:VALUE" },
		{ "u|-H|", "-H/--header: the header has no colon; write NAME:VALUE" },
		{ "u|-H|: x", "-H/--header: the header has no name before its colon" },
		{ "u|-H|A B: secret", BAD "' '" },
		{ "u|-H| A: secret", BAD "' '" },
		{ "u|-H|A : secret", BAD "' '" },
		{ "u|-H|é: secret", BAD "'é'" },
		{ "u|-H|A\r\nB: secret", BAD "'^M'" },
		{ "u|-H|A: b\r\nC: secret",
		    "-H/--header: the value of A holds a control character (0x0d)" },
		{ "u|--header|A: secret\n",
		    "--header: the value of A holds a control character (0x0a)" },
		{ "u|--header|Tok: \x7fsecret",
		    "--header: the value of Tok holds a control character (0x7f)" },
	};

	CHECK_REFUSED(cases);
}

/* P17 */
static void
texts_for_headers_hold_no_control_characters(void)
{
	static const char *const cases[][2] = {
		{ "u|-o|a\r\nX: y",
		    "-o/--origin: a header can not hold a control character (0x0d)" },
		{ "u|--ua|a\n", "--ua: a header can not hold a control character (0x0a)" },
	};

	CHECK_REFUSED(cases);
}

/* P16 */
static void
headers_of_the_handshake_are_refused(void)
{
#define OURS(name)                                                                                 \
	{                                                                                          \
		"u|-H|" name ": x",                                                                \
		    "-H/--header: " name " is written by wsx itself and can not be given"          \
	}
	static const char *const cases[][2] = {
		OURS("Upgrade"),
		OURS("connection"),
		OURS("Sec-WebSocket-Key"),
		OURS("sec-websocket-version"),
		OURS("Sec-WebSocket-Accept"),
		OURS("Sec-WebSocket-Extensions"),
		OURS("Sec-WebSocket-Anything"),
		OURS("CONTENT-LENGTH"),
		OURS("Transfer-Encoding"),
		{ "u|-H|Sec-WebSocket-Protocol: a",
		    "-H/--header: subprotocols are offered by -s NAME, not by a header" },
	};
	struct good g;

	CHECK_REFUSED(cases);
	if (given(&g, "u|-H|Host: v|-H|Origin: o|-H|Sec-WebSocketx: y|-H|X-Upgrade: z")) {
		CHECK_UINT(g.o.headers.n, 4);
		options_clear(&g.o);
	}
}

/* A file of so many bytes, named in path. */
static bool
make_file(char path[32], const void *p, size_t n)
{
	FILE *f;
	int fd;

	snprintf(path, 32, "/tmp/wsx-options-XXXXXX");
	if (!CHECK((fd = mkstemp(path)) != -1))
		return false;
	if (!CHECK((f = fdopen(fd, "w")) != NULL)) {
		close(fd);
		return false;
	}
	CHECK_UINT(fwrite(p, 1, n, f), n);
	CHECK_INT(fclose(f), 0);
	return true;
}

static void
headers_come_from_a_file(void)
{
	static const char text[] = "# who we are\nA: b\n\n  \t\nC:d\r\n#E: f\nG: h";
	char path[32], line[64];
	struct good g;

	if (!make_file(path, text, sizeof text - 1))
		return;
	snprintf(line, sizeof line, "u|-H|@%s|-H|I: j", path);
	if (given(&g, line)) {
		if (CHECK_UINT(g.o.headers.n, 4)) {
			CHECK_STR(g.o.headers.items[0], "A: b");
			CHECK_STR(g.o.headers.items[1], "C: d");
			CHECK_STR(g.o.headers.items[2], "G: h");
			CHECK_STR(g.o.headers.items[3], "I: j");
		}
		options_clear(&g.o);
	}
	unlink(path);
}

/* The file is refused, with such a text after its name. */
static void
check_bad_file(const void *p, size_t n, const char *before, const char *after)
{
	char path[32], line[64], want[256], words[128], why[WHY];
	struct options o;

	if (!make_file(path, p, n))
		return;
	snprintf(line, sizeof line, "u|-H|@%s", path);
	snprintf(want, sizeof want, "%s'%s'%s", before, path, after);
	CHECK_INT(parse(&o, line, words, sizeof words, why), -1);
	CHECK_STR(why, want);
	options_clear(&o);
	unlink(path);
}

static void
bad_header_files_are_told_with_their_line(void)
{
	static const char *const unreadable[][2] = {
		{ "u|-H|@/nonexistent/file",
		    "-H/--header: can not read '/nonexistent/file': No such file or directory" },
		{ "u|-H|@", "-H/--header: can not read '': No such file or directory" },
		{ "u|-H|@/", "-H/--header: can not read '/': Is a directory" },
		{ "u|-H|@/dev/zero",
		    "-H/--header: can not read '/dev/zero': it is longer than 64 KiB" },
	};
	static const char nul[] = "A: b\nB: c\0d\n";

	CHECK_REFUSED(unreadable);
	check_bad_file("A: b\nsecret\n", 12, "-H/--header, line 2 of ",
	    ": the header has no colon; write NAME:VALUE");
	check_bad_file(nul, sizeof nul - 1, "-H/--header, line 2 of ",
	    ": the value of B holds a control character (0x00)");
	check_bad_file(
	    "\n\n folded: x\n", 13, "-H/--header, line 3 of ", ": a header name can not hold ' '");
}

/* What a print function prints, in memory to be freed. */
static char *
printed(void (*print)(FILE *))
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!CHECK(f != NULL))
		return NULL;
	print(f);
	fclose(f);
	return text;
}

static void
help_fits_eighty_columns(void)
{
	char *text = printed(options_help), *rest = text, *line;

	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
		check_enter("%s", line);
		CHECK(strlen(line) <= 80);
		CHECK(line[0] == '\0' || line[strlen(line) - 1] != ' ');
		check_leave();
	}
	free(text);
}

/* Every option of the list is known to the parser, and wants a value where the list has one. */
static void
list_has_what_the_parser_takes(void)
{
	char *text = printed(options_list), *rest = text, *line;
	size_t options = 0;

	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL && *line != '\0') {
		const char *arg = strchr(line, ' ');
		char words[128], why[WHY];
		struct options o;

		line[strcspn(line, " ")] = '\0';
		check_enter("%s", line);
		parse(&o, strstr(line, "--"), words, sizeof words, why);
		CHECK(strstr(why, "unknown") == NULL);
		CHECK((strstr(why, "a value is missing") != NULL) == (arg != NULL));
		options_clear(&o);
		check_leave();
		options++;
	}
	CHECK(options > 40);
	free(text);
}

static void
completions_are_known_for_three_shells(void)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!CHECK(f != NULL))
		return;
	CHECK_INT(options_completion("bash", f), 0);
	CHECK_INT(options_completion("zsh", f), 0);
	CHECK_INT(options_completion("fish", f), 0);
	CHECK_INT(options_completion("csh", f), -1);
	fclose(f);
	free(text);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(options_have_their_defaults),
		CHECK_CASE(flags_are_set_by_letter_name_and_alias),
		CHECK_CASE(texts_are_set_by_letter_name_and_alias),
		CHECK_CASE(numbers_are_read_in_their_units),
		CHECK_CASE(max_message_of_zero_counts_as_given),
		CHECK_CASE(close_code_takes_1000_and_3000_to_4999),
		CHECK_CASE(close_code_refuses_others),
		CHECK_CASE(close_reason_has_room_for_123_bytes),
		CHECK_CASE(numbers_that_are_none_are_refused),
		CHECK_CASE(color_takes_three_words),
		CHECK_CASE(letters_combine_and_take_the_rest_as_value),
		CHECK_CASE(options_and_endpoints_mix),
		CHECK_CASE(the_last_of_opposites_counts),
		CHECK_CASE(lists_take_one_value_a_use),
		CHECK_CASE(help_and_version_end_the_reading),
		CHECK_CASE(unknown_options_are_named_with_the_one_meant),
		CHECK_CASE(values_missing_or_too_many_are_told),
		CHECK_CASE(command_lines_that_make_no_sense_are_refused),
		CHECK_CASE(headers_are_trimmed_and_kept_in_order),
		CHECK_CASE(headers_without_form_are_refused),
		CHECK_CASE(texts_for_headers_hold_no_control_characters),
		CHECK_CASE(headers_of_the_handshake_are_refused),
		CHECK_CASE(headers_come_from_a_file),
		CHECK_CASE(bad_header_files_are_told_with_their_line),
		CHECK_CASE(help_fits_eighty_columns),
		CHECK_CASE(list_has_what_the_parser_takes),
		CHECK_CASE(completions_are_known_for_three_shells),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include <stdlib.h>

#include "options_line.h"

/* The walk along the command line, flags and texts, and what is printed of the table. */

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
	CHECK_INT(g.o.colour, WHEN_AUTO);
	CHECK_UINT(g.o.close_code, 1000);
	CHECK_STR(g.o.close_reason, "");
	CHECK(!g.o.binary && g.o.output.framing == FRAMING_LINE && !g.o.insecure && !g.o.no_close && !g.o.exit_on_eof);
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
color_takes_three_words(void)
{
	static const char *const bad[][2] = {
		{ "u|--color|red", "--color: 'red' is none of auto, always, never" },
		{ "u|--color=", "--color: '' is none of auto, always, never" },
		{ "u|--color=ALWAYS", "--color: 'ALWAYS' is none of auto, always, never" },
	};
	static const struct {
		const char *line;
		enum when want;
	} good[] = {
		{ "u|--color|auto", WHEN_AUTO },
		{ "u|--color=always", WHEN_ALWAYS },
		{ "u|--color|never", WHEN_NEVER },
		{ "u|--no-color", WHEN_NEVER },
		{ "u|--no-color|--color=always", WHEN_ALWAYS },
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
		CHECK(g.o.output.framing == FRAMING_JSON && !g.o.binary);
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
		{ "u|--nope", "unknown option --nope; see wsx --help" },
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
		{ "-l|1|--echo|u",
		    "--echo is an endpoint itself; give no other beside the listener" },
		{ "u|--key|k", "--key needs --cert FILE, the certificate it belongs to" },
		{ "u||", "a URL is empty; is a variable of the script unset?" },
		{ "u|-x|a|-x|\xff", "-x: text number 2 is not UTF-8; -b sends it as binary" },
	};
	struct good g;

	CHECK_REFUSED(cases);
	if (given(&g, "u|-bj|-x|\xff"))
		options_clear(&g.o);
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
		char words[128], why[WHY_MAX];
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
		CHECK_CASE(color_takes_three_words),
		CHECK_CASE(letters_combine_and_take_the_rest_as_value),
		CHECK_CASE(options_and_endpoints_mix),
		CHECK_CASE(the_last_of_opposites_counts),
		CHECK_CASE(lists_take_one_value_a_use),
		CHECK_CASE(help_and_version_end_the_reading),
		CHECK_CASE(unknown_options_are_named_with_the_one_meant),
		CHECK_CASE(values_missing_or_too_many_are_told),
		CHECK_CASE(command_lines_that_make_no_sense_are_refused),
		CHECK_CASE(help_fits_eighty_columns),
		CHECK_CASE(list_has_what_the_parser_takes),
		CHECK_CASE(completions_are_known_for_three_shells),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

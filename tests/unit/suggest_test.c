#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint/slash.h"
#include "endpoint/suggest.h"

/* What Tab adds. */

typedef void complete(
    const void *what, const char *line, size_t n, struct buf *to, struct buf *listed);

/* What is inserted, and listed, behind the line. */
static void
expect(complete *f, const void *what, const char *line, const char *inserted, const char *list)
{
	struct buf to, listed;

	buf_init(&to, &mem_libc, SIZE_MAX);
	buf_init(&listed, &mem_libc, SIZE_MAX);
	check_enter("%s", line);
	f(what, line, strlen(line), &to, &listed);
	CHECK_MEM(buf_data(&to), buf_len(&to), inserted, strlen(inserted));
	CHECK_MEM(buf_data(&listed), buf_len(&listed), list, strlen(list));
	check_leave();
	buf_clear(&to);
	buf_clear(&listed);
}

static void
suggest(const void *s, const char *line, size_t n, struct buf *to, struct buf *listed)
{
	suggest_complete(s, line, n, to, listed);
}

static void
slash(const void *s, const char *line, size_t n, struct buf *to, struct buf *listed)
{
	slash_complete(line, n, s != NULL, to, listed);
}

static void
keep(struct suggest *s, const char *line)
{
	suggest_line(s, line, strlen(line));
}

static void
see(struct suggest *s, const char *text)
{
	suggest_message(s, (const uint8_t *)text, strlen(text));
}

static void
lines_sent_before_are_completed(void)
{
	struct suggest s;

	suggest_init(&s);
	expect(suggest, &s, "a", "", "");
	keep(&s, "abc one");
	keep(&s, "abc two");
	keep(&s, "abc one");
	keep(&s, "x\xc3\xa9\xc3\xa9");
	keep(&s, "x\xc3\xa8\xc3\xa9");
	keep(&s, " ab hidden");
	keep(&s, "ab my password");
	keep(&s, "");
	expect(suggest, &s, "", "", "");
	expect(suggest, &s, "a", "bc ", "");
	expect(suggest, &s, "abc ", "", "abc one  abc two");
	expect(suggest, &s, "abc o", "ne", "");
	expect(suggest, &s, "abc one", "", "");
	expect(
	    suggest, &s, "x", "", "x\xc3\xa8\xc3\xa9  x\xc3\xa9\xc3\xa9"); /* no half characters */
	keep(&s, "many\nrows");
	keep(&s, "many more");
	expect(suggest, &s, "many", "", "many more  many...");
	suggest_clear(&s);
}

static void
only_so_many_lines_are_kept(void)
{
	struct suggest s;
	char line[32];

	suggest_init(&s);
	for (int i = 0; i <= SUGGEST_LINES; i++) {
		snprintf(line, sizeof line, "%d.", i);
		keep(&s, line);
	}
	expect(suggest, &s, "0", "", "");
	expect(suggest, &s, "512", ".", "");
	suggest_clear(&s);
}

static void
names_of_json_are_completed_where_one_is_typed(void)
{
	struct suggest s;

	suggest_init(&s);
	see(&s, "{\"method\":1,\"message\" : [{\"inner\":\"value\"}], \"with \\\"\":0, \"\":1}");
	see(&s, "not { \"json\": 1}");
	see(&s, "[\"element\", {\"unfinished");
	see(&s, "[\"x\\");
	see(&s, "[\"x");
	see(&s, "");
	expect(suggest, &s, "{\"me", "", "method  message");
	expect(suggest, &s, "{\"met", "hod\": ", "");
	expect(suggest, &s, "{\"a\":1,\"i", "nner\": ", "");
	expect(suggest, &s, "{\"a\":\"i", "", "");
	expect(suggest, &s, "{\"v", "", "");
	expect(suggest, &s, "{\"with", "", "");
	expect(suggest, &s, "{\"json", "", "");
	keep(&s, "{\"verb\": 1}");
	expect(suggest, &s, "{\"v", "erb\": 1}", "");
	suggest_clear(&s);
}

static void
only_so_many_names_are_kept_each_once(void)
{
	struct suggest s;
	char text[128];

	suggest_init(&s);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < SUGGEST_NAMES + 10; i++) {
			snprintf(text, sizeof text, "{\"name%d\":1}", i);
			see(&s, text);
		}
	CHECK_UINT(s.names.n, SUGGEST_NAMES);
	snprintf(text, sizeof text, "{\"%0*d\":1}", SUGGEST_NAME_MAX + 1, 0);
	see(&s, text);
	expect(suggest, &s, "{\"name511", "\": ", "");
	expect(suggest, &s, "{\"name512", "", "");
	suggest_clear(&s);
}

static void
commands_and_their_arguments_are_completed(void)
{
	static const bool listening = true;

	expect(slash, NULL, "/pi", "ng ", "");
	expect(slash, NULL, "/p", "", "ping  pong  pretty");
	expect(slash, NULL, "/rec", "onnect", "");
	expect(slash, NULL, "/nope", "", "");
	expect(slash, NULL, "/last ", "pager", "");
	expect(slash, NULL, "/pretty o", "", "on  off");
	expect(slash, NULL, "/close ", "1000", "");
	expect(slash, NULL, "/help sta", "tus", "");
	expect(slash, NULL, "/nope ", "", "");
	expect(slash, NULL, "/ping x", "", "");
	expect(slash, NULL, "text", "", "");
	expect(slash, NULL, "/k", "", "");
	expect(slash, &listening, "/k", "ick ", "");
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(lines_sent_before_are_completed),
		CHECK_CASE(only_so_many_lines_are_kept),
		CHECK_CASE(names_of_json_are_completed_where_one_is_typed),
		CHECK_CASE(only_so_many_names_are_kept_each_once),
		CHECK_CASE(commands_and_their_arguments_are_completed),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

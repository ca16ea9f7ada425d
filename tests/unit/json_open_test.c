#include "check.h"

#include <string.h>

#include "ui/json_open.h"

/* JSON that is being typed. */

static bool
is_open(const char *s)
{
	return json_is_open((const uint8_t *)s, strlen(s));
}

static void
brackets_that_are_open_are_seen(void)
{
	static const char *const open[] = { "{", "[", " {", "\n[ ", "{\"a\": [1]", "[1, 2", "[{}",
		"{\"a", "[\"]", "[\"\\\"]", "[\"\\", "[-1", "[true", "[[[[", "{\"a\":\"}\"" };
	static const char *const closed[] = { "", " ", "a", "{}", "[]", "[1]", "{\"a\":[1,{}]}",
		"[\"[\"]", "{hello", "[12:30] hello", "[x", "[,", "{1", "{,", "{]", "[}", "[1]]",
		"{} {", "[] x", "\"[", "1", "a [", "{[" };

	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		check_enter("%s", open[i]);
		CHECK(is_open(open[i]));
		check_leave();
	}
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		check_enter("%s", closed[i]);
		CHECK(!is_open(closed[i]));
		check_leave();
	}
}

static void
what_is_nested_too_deep_is_none(void)
{
	char deep[600];

	memset(deep, '[', sizeof deep);
	CHECK(json_is_open((const uint8_t *)deep, 512));
	CHECK(!json_is_open((const uint8_t *)deep, 513));
}

static void
a_name_is_told_from_other_strings(void)
{
	static const struct {
		const char *text, *name; /* NULL: none is being typed */
	} rows[] = {
		{ "{\"", "" },
		{ "{\"ab", "ab" },
		{ "{ \"a\": 1, \"b", "b" },
		{ "[{\"a\":[1,2],\"c d", "c d" },
		{ "{\"a\":{\"b", "b" },
		{ "{\"a", "a" },
		{ "{\"a\"", NULL },
		{ "{\"a\":\"b", NULL },
		{ "{\"a\":[\"b", NULL },
		{ "[\"b", NULL },
		{ "[1, \"b", NULL },
		{ "{\"a\":1 \"b", NULL },
		{ "a {\"b", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = rows[i].text;
		size_t from = 0;
		bool is = json_at_name((const uint8_t *)text, strlen(text), &from);

		check_enter("%s", text);
		CHECK(is == (rows[i].name != NULL));
		if (is && rows[i].name != NULL)
			CHECK_STR(text + from, rows[i].name);
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(brackets_that_are_open_are_seen),
		CHECK_CASE(what_is_nested_too_deep_is_none),
		CHECK_CASE(a_name_is_told_from_other_strings),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "check.h"

#include <string.h>

#include "base/err.h"
#include "endpoint/expect.h"

/* What meets an expectation, what an ending becomes, and what is told. */

static void
messages_meet_what_is_expected(void)
{
	static const struct {
		enum expect_kind kind;
		const char *arg, *message;
		size_t n;
		bool meets;
	} rows[] = {
		{ EXPECT_TEXT, "a", "a", 1, true },
		{ EXPECT_TEXT, "a", "ab", 2, false },
		{ EXPECT_TEXT, "a", "a\0", 2, false },
		{ EXPECT_TEXT, "", NULL, 0, true },
		{ EXPECT_MATCH, "b$", "a\0b", 3, true },
		{ EXPECT_MATCH, "b", "a", 1, false },
		{ EXPECT_MATCH, "^$", NULL, 0, true },
		{ EXPECT_JSON, "{\"a\":1,\"b\":2}", "{\"b\": 2, \"a\": 1.0}", 18, true },
		{ EXPECT_JSON, "[1]", "[1] ", 4, true },
		{ EXPECT_JSON, "[1]", "[1]x", 4, false },
		{ EXPECT_JSON, "\"\"", NULL, 0, false },
		{ EXPECT_POINTER, "/a", "{\"a\":null}", 10, true },
		{ EXPECT_POINTER, "/a=1", "{\"a\":1}", 7, true },
		{ EXPECT_POINTER, "/a=1", "{\"a\":\"1\"}", 9, false },
		{ EXPECT_POINTER, "/a=x", "{\"a\":\"x\"}", 9, true },
		{ EXPECT_POINTER, "/a=1", "{\"a\":1} x", 9, false },
		{ EXPECT_POINTER, "/a=1", "{\"a\":1", 6, false },
		{ EXPECT_POINTER, "/a", NULL, 0, false },
	};
	char why[EXPECT_WHY_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct expect *e = expect_new();

		check_enter("row %zu", i);
		if (CHECK(e != NULL) &&
		    CHECK_INT(expect_add(e, rows[i].kind, rows[i].arg, why), 0)) {
			expect_message(e, (const uint8_t *)rows[i].message, rows[i].n);
			CHECK_INT(expect_met(e), rows[i].meets);
			expect_message(e, (const uint8_t *)"more", 4); /* changes nothing */
		}
		expect_free(e);
		check_leave();
	}
}

static void
what_can_not_be_expected_is_refused(void)
{
	static const struct {
		enum expect_kind kind;
		const char *arg;
	} rows[] = {
		{ EXPECT_MATCH, "(" },
		{ EXPECT_JSON, "{" },
		{ EXPECT_JSON, "" },
		{ EXPECT_POINTER, "a" },
		{ EXPECT_POINTER, "/~2" },
		{ EXPECT_CLOSE, "999" },
		{ EXPECT_CLOSE, "5000" },
		{ EXPECT_CLOSE, "x" },
		{ EXPECT_REFUSED, "99" },
		{ EXPECT_REFUSED, "600" },
	};
	char why[EXPECT_WHY_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct expect *e = expect_new();

		check_enter("row %zu", i);
		why[0] = '\0';
		if (CHECK(e != NULL))
			CHECK_INT(expect_add(e, rows[i].kind, rows[i].arg, why), ERR_ARGUMENT);
		CHECK(why[0] != '\0');
		expect_free(e);
		check_leave();
	}
}

static void
check_told(const struct expect *e, const char *want)
{
	char why[EXPECT_TOLD_MAX];

	expect_why(e, why);
	CHECK_STR(why, want);
}

/* In their order, others between them; then the Close. */
static void
what_is_expected_comes_in_order(void)
{
	struct expect *e = expect_new();
	char why[EXPECT_WHY_MAX];

	CHECK_INT(expect_add(e, EXPECT_TEXT, "a", why), 0);
	CHECK_INT(expect_add(e, EXPECT_TEXT, "b", why), 0);
	CHECK_INT(expect_add(e, EXPECT_CLOSE, "1011", why), 0);
	check_told(e, "expected the text a; received nothing");
	expect_message(e, (const uint8_t *)"b\x1b", 2);
	check_told(e, "expected the text a; received b^[");
	expect_message(e, (const uint8_t *)"a", 1);
	check_told(e, "expected the text b; received nothing");
	expect_message(e, NULL, 0);
	check_told(e, "expected the text b; received an empty message");
	expect_message(e, (const uint8_t *)"b", 1);
	CHECK(!expect_met(e));
	expect_closed(e, 1006);
	check_told(e, "expected a Close with the code 1011; received "
		      "an end of the connection without a Close (1006)");
	expect_closed(e, 1011);
	CHECK(expect_met(e));
	expect_free(e);
}

static void
an_ending_is_judged_by_what_was_expected(void)
{
	struct expect *e = expect_new();
	char why[EXPECT_WHY_MAX];

	CHECK_INT(expect_add(e, EXPECT_REFUSED, "401", why), 0);
	CHECK_INT(expect_add(e, EXPECT_TEXT, "a", why), ERR_ARGUMENT);
	CHECK(expect_refusal(e));
	CHECK_INT(expect_judge(e, ENDED_HANDSHAKE), ENDED_EXPECTATION);
	CHECK_INT(expect_judge(e, ENDED_OK), ENDED_EXPECTATION);
	CHECK_INT(expect_judge(e, ENDED_TIME), ENDED_EXPECTATION);
	CHECK_INT(expect_judge(e, ENDED_CONNECT), ENDED_CONNECT);
	CHECK_INT(expect_judge(e, ENDED_INTERRUPTED), ENDED_INTERRUPTED);
	expect_refused(e, 401);
	CHECK(expect_met(e));
	CHECK_INT(expect_judge(e, ENDED_TIME), ENDED_OK);
	CHECK_INT(expect_judge(e, ENDED_LOCAL), ENDED_LOCAL);
	expect_free(e);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(messages_meet_what_is_expected),
		CHECK_CASE(what_can_not_be_expected_is_refused),
		CHECK_CASE(what_is_expected_comes_in_order),
		CHECK_CASE(an_ending_is_judged_by_what_was_expected),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof *cases);
}

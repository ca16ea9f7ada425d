/* Values of JSON compared, and found by pointers. */

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "ui/json_value.h"

static int
canonical(const char *text, struct buf *out)
{
	size_t n = strlen(text);
	uint8_t *copy = malloc(n + 1);
	struct json j;
	int r;

	if (copy == NULL)
		abort();
	memcpy(copy, text, n);
	json_init(&j, copy, n);
	r = json_canonical(&j, out);
	if (r == 0 && !json_end(&j))
		r = ERR_ARGUMENT;
	free(copy);
	return r;
}

/* 1 equal, 0 not, or an error of either. */
static int
equal(const char *a, const char *b)
{
	struct buf x, y;
	int r, s;

	buf_init(&x, &mem_libc, SIZE_MAX);
	buf_init(&y, &mem_libc, SIZE_MAX);
	r = canonical(a, &x);
	s = canonical(b, &y);
	if (r == 0 && s == 0)
		r = buf_len(&x) == buf_len(&y) &&
		    memcmp(buf_data(&x), buf_data(&y), buf_len(&x)) == 0;
	buf_clear(&x);
	buf_clear(&y);
	return s < 0 ? s : r;
}

static void
values_are_equal(void)
{
	static const char *const pairs[][2] = {
		{ "1", " 1.0 " },
		{ "100", "1e2" },
		{ "1E+2", "10.0e1" },
		{ "-0.0", "0" },
		{ "0.001", "1e-3" },
		{ "12345678901234567890123", "12345678901234567890123.0" },
		{ "\"\\u0041\\n\"", "\"A\\u000a\"" },
		{ "\"\\ud83d\\ude00\"", "\"😀\"" },
		{ "{\"a\":1,\"b\":[1,{}]}", "{ \"b\" : [ 1.0 , { } ] , \"a\" : 1 }" },
		{ "{\"a\":1,\"aa\":2,\"\":3}", "{\"\":3,\"aa\":2,\"a\":1}" },
		{ "[]", "[ ]" },
		{ "true", "true" },
		{ "null", "null" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		check_enter("%s %s", pairs[i][0], pairs[i][1]);
		CHECK_INT(equal(pairs[i][0], pairs[i][1]), 1);
		check_leave();
	}
}

static void
values_differ(void)
{
	static const char *const pairs[][2] = {
		{ "1", "\"1\"" },
		{ "1", "-1" },
		{ "1", "10" },
		{ "0", "false" },
		{ "null", "{}" },
		{ "9007199254740993", "9007199254740992" },
		{ "1e400", "1e401" },
		{ "0.1", "0.10000000000000001" },
		{ "\"a\\u0000b\"", "\"a\\u0000c\"" },
		{ "\"a\\u0000\"", "\"a\"" },
		{ "\"é\"", "\"e\\u0301\"" },
		{ "[1,2]", "[2,1]" },
		{ "[1]", "[1,1]" },
		{ "[[1],2]", "[1,[2]]" },
		{ "[\"a\",\"b\"]", "[\"a,b\"]" },
		{ "{\"a\":1}", "{\"a\":1,\"b\":1}" },
		{ "{\"a\":\"b\"}", "{\"b\":\"a\"}" },
		{ "{\"a\":{\"b\":1}}", "{\"a\":{},\"b\":1}" },
		{ "{\"a\":1}", "{\"a\":1,\"a\":1}" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		check_enter("%s %s", pairs[i][0], pairs[i][1]);
		CHECK_INT(equal(pairs[i][0], pairs[i][1]), 0);
		check_leave();
	}
}

static void
what_is_no_json_is_a_fault(void)
{
	static const char *const texts[] = { "", "{", "[1,]", "[1 2]", "{\"a\":1,}", "tru", "[1]]",
		"{1:2}", "nullx", "'a'", "01", "\"\\ud800\"", "[\"\xff\"]" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		check_enter("%s", texts[i]);
		CHECK_INT(equal(texts[i], texts[i]), ERR_ARGUMENT);
		check_leave();
	}
}

static void
depth_has_a_limit(void)
{
	char text[2 * (JSON_DEPTH_MAX + 1) + 1];
	const size_t deep = JSON_DEPTH_MAX;

	memset(text, '[', deep);
	memset(text + deep, ']', deep);
	text[2 * deep] = '\0';
	CHECK_INT(equal(text, text), 1);
	memset(text, '[', deep + 1);
	memset(text + deep + 1, ']', deep + 1);
	text[2 * deep + 2] = '\0';
	CHECK_INT(equal(text, text), ERR_ARGUMENT);
}

/* The text at the place, NULL for none. */
static void
check_find(const char *text, const char *pointer, const char *want)
{
	size_t n = strlen(text);
	uint8_t *copy = malloc(n + 1);
	struct json j;
	bool found;

	if (copy == NULL)
		abort();
	memcpy(copy, text, n);
	check_enter("%s", pointer);
	json_init(&j, copy, n);
	found = json_find(&j, pointer);
	CHECK(found == (want != NULL));
	if (found && want != NULL) {
		(void)json_peek(&j);
		CHECK(j.n - j.at >= strlen(want) && memcmp(j.p + j.at, want, strlen(want)) == 0);
	}
	check_leave();
	free(copy);
}

/* RFC 6901 5 */
static void
pointers_find_what_the_rfc_says(void)
{
	static const char document[] =
	    "{\"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1, \"c%d\": 2,"
	    "\"e^f\": 3, \"g|h\": 4, \"i\\\\j\": 5, \"k\\\"l\": 6, \" \": 7, \"m~n\": 8 }";

	check_find(document, "", "{\"foo\"");
	check_find(document, "/foo", "[\"bar\", \"baz\"]");
	check_find(document, "/foo/0", "\"bar\"");
	check_find(document, "/foo/1", "\"baz\"");
	check_find(document, "/", "0");
	check_find(document, "/a~1b", "1");
	check_find(document, "/c%d", "2");
	check_find(document, "/e^f", "3");
	check_find(document, "/g|h", "4");
	check_find(document, "/i\\j", "5");
	check_find(document, "/k\"l", "6");
	check_find(document, "/ ", "7");
	check_find(document, "/m~0n", "8");
	check_find(document, "/foo/2", NULL);
	check_find(document, "/foo/-", NULL);
	check_find(document, "/foo/00", NULL);
	check_find(document, "/foo/bar", NULL);
	check_find(document, "/fo", NULL);
	check_find(document, "/ /a", NULL);
	check_find("{\"a\":{\"a\":[[1],[2,3]]}}", "/a/a/1/1", "3");
	check_find("{\"a\":x}", "/b", NULL);
}

static void
pointers_have_a_form(void)
{
	CHECK(json_pointer_valid("") && json_pointer_valid("/") && json_pointer_valid("/a~0~1/b"));
	CHECK(!json_pointer_valid("a") && !json_pointer_valid("/~") && !json_pointer_valid("/a~2"));
}

static void
scenario(struct check_mem *m, void *arg)
{
	char text[] = "{\"b\":[1,{\"c\":1.50}],\"a\":\"x\"}";
	struct json j;
	struct buf out;
	int r;

	(void)arg;
	buf_init(&out, &m->mem, SIZE_MAX);
	json_init(&j, (uint8_t *)text, strlen(text));
	r = json_canonical(&j, &out);
	CHECK(r == 0 || (m->failed && r == ERR_NOMEM));
	buf_clear(&out);
}

static void
memory_may_fail(void)
{
	check_allocations(scenario, NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(values_are_equal),
		CHECK_CASE(values_differ),
		CHECK_CASE(what_is_no_json_is_a_fault),
		CHECK_CASE(depth_has_a_limit),
		CHECK_CASE(pointers_find_what_the_rfc_says),
		CHECK_CASE(pointers_have_a_form),
		CHECK_CASE(memory_may_fail),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

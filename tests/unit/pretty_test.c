#include "check.h"

#include <string.h>

#include "base/err.h"
#include "ui/pretty.h"

/* JSON laid out: what is in it stays to the byte. */

struct row {
	const char *json, *want; /* NULL: it is none that is laid out */
};

static void
json_is_laid_out_as_it_is_spelled(void)
{
	static const struct row rows[] = {
		{ "{}", "{}" },
		{ " [ ] ", "[]" },
		{ "[1.0E+2,-0, 12345678901234567890]",
		    "[\n  1.0E+2,\n  -0,\n  12345678901234567890\n]" },
		{ "{\"b\":{\"a\" :[]},\"a\":\"\\u0041, {\\\"\"}",
		    "{\n  \"b\": {\n    \"a\": []\n  },\n  \"a\": \"\\u0041, {\\\"\"\n}" },
		{ "[true,null]", "[\n  true,\n  null\n]" },
		{ "[\"\xc2\x9b\xe2\x80\xae\"]", "[\n  \"\\u009b\\u202e\"\n]" },
		{ "1", NULL },
		{ "\"a\"", NULL },
		{ "", NULL },
		{ "[1", NULL },
		{ "[1] x", NULL },
		{ "{\"a\":1,}", NULL },
		{ "[\"\xff\"]", NULL },
	};
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *want = rows[i].want != NULL ? rows[i].want : "";

		check_enter("row %zu", i);
		buf_reset(&out);
		CHECK_INT(pretty_json(&out, (const uint8_t *)rows[i].json, strlen(rows[i].json), "",
			      colours_for(false)),
		    rows[i].want != NULL);
		CHECK_MEM(buf_data(&out), buf_len(&out), want, strlen(want));
		check_leave();
	}
	buf_clear(&out);
}

static void
each_row_is_marked_and_coloured(void)
{
	static const char json[] = "{\"a\":[1,\"x\"]}";
	static const char plain[] = "{\n|   \"a\": [\n|     1,\n|     \"x\"\n|   ]\n| }";
	static const char coloured[] =
	    "{\n\033[34m\"a\"\033[0m: [\n\033[36m1\033[0m,\n\033[32m\"x\"\033[0m\n]\n}";
	struct buf out;
	char text[256] = "";

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(
	    pretty_json(&out, (const uint8_t *)json, strlen(json), "| ", colours_for(false)), 1);
	CHECK_MEM(buf_data(&out), buf_len(&out), plain, strlen(plain));
	buf_reset(&out);
	CHECK_INT(pretty_json(&out, (const uint8_t *)json, strlen(json), "", colours_for(true)), 1);
	for (size_t i = 0, k = 0; i < buf_len(&out) && k + 1 < sizeof text; i++)
		if (buf_data(&out)[i] != ' ' || buf_data(&out)[i - 1] == ':') {
			text[k++] = (char)buf_data(&out)[i];
			text[k] = '\0';
		}
	CHECK_STR(text, coloured);
	buf_clear(&out);
}

static void
deep_json_is_not_indented_without_end(void)
{
	char json[1001];
	struct buf out;

	memset(json, '[', 400);
	memset(json + 400, ']', 400);
	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(pretty_json(&out, (const uint8_t *)json, 800, "", colours_for(false)), 1);
	CHECK(buf_len(&out) < 800 * 70);
	buf_clear(&out);
}

static void
the_beginning_of_a_long_text_is_laid_out_alone(void)
{
	static const struct {
		const char *json;
		size_t max, rows;
		int r;
		const char *want;
	} rows[] = {
		{ "[1,2]", 99, 99, 1, "[\n  1,\n  2\n]" },
		{ "[1,2]", 99, 2, PRETTY_CUT, "[\n  1,\n  " },
		{ "[1,2]", 4, 99, PRETTY_CUT, "[\n  1,\n  2" },
		{ "[1,2]", 1, 99, PRETTY_CUT, "[\n  " },
		{ "{\"name\": \"text\"}", 12, 99, PRETTY_CUT, "{\n  \"name\": \"te" },
		{ "[\"\xc3\xa9\"]", 3, 99, PRETTY_CUT, "[\n  \"" },
		{ "[1}, and more, and more", 20, 99, 0, "" },
		{ "[\"a\"    b   \\u1234   and more", 24, 99, 0, "" },
		{ "[1] and more", 4, 99, 0, "" },
		{ "[tru, and more", 4, 99, PRETTY_CUT, "[\n  tru" },
		{ "text", 2, 99, 0, "" },
		{ "[1,2] 3", 99, 99, 0, "" },
	};
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		buf_reset(&out);
		CHECK_INT(
		    pretty_json_start(&out, (const uint8_t *)rows[i].json, strlen(rows[i].json),
			rows[i].max, rows[i].rows, "", colours_for(false)),
		    rows[i].r);
		CHECK_MEM(buf_data(&out), buf_len(&out), (const uint8_t *)rows[i].want,
		    strlen(rows[i].want));
	}
	buf_clear(&out);
}

static void
refused_memory(struct check_mem *m, void *arg)
{
	static const char json[] = "{\"a\":[1,2,3]}";
	struct buf out;
	int r;

	(void)arg;
	buf_init(&out, &m->mem, SIZE_MAX);
	r = pretty_json(&out, (const uint8_t *)json, strlen(json), "< ", colours_for(false));
	CHECK(r == 1 || (r == ERR_NOMEM && m->failed && buf_len(&out) == 0));
	buf_clear(&out);
}

static void
without_memory_nothing_is_left(void)
{
	check_allocations(refused_memory, NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(json_is_laid_out_as_it_is_spelled),
		CHECK_CASE(each_row_is_marked_and_coloured),
		CHECK_CASE(deep_json_is_not_indented_without_end),
		CHECK_CASE(the_beginning_of_a_long_text_is_laid_out_alone),
		CHECK_CASE(without_memory_nothing_is_left),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof *cases);
}

/* JSON read strictly, byte by byte, and the commands made of it. */

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "ui/json.h"
#include "ui/jsonl_command.h"

/* Strings as they stand and their bytes in hex, or the fault. */
static const struct {
	const char *json, *hex, *why;
} strings[] = {
	{ "\"\"", "", NULL },
	{ " \t\r\n\"a\" ", "61", NULL },
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "225c2f080c0a0d09", NULL },
	{ "\"\\u0000\\u0041\\u00e9\\u20AC\"", "0041c3a9e282ac", NULL },
	{ "\"\\ud83d\\ude00x\"", "f09f988078", NULL },
	{ "\"\xc3\xa9\x7f\"", "c3a97f", NULL },
	{ "\"a", NULL, "a string has no end" },
	{ "\"a\\", NULL, "a string has no end" },
	{ "\"\n\"", NULL, "a control character in a string must be escaped" },
	{ "\"\\x\"", NULL, "a string has a backslash before what needs none" },
	{ "\"\\u12\"", NULL, "\\u needs four hex digits" },
	{ "\"\\u12g4\"", NULL, "\\u needs four hex digits" },
	{ "\"\\ud800\"", NULL, "a surrogate stands alone" },
	{ "\"\\ud800\\n\"", NULL, "a surrogate stands alone" },
	{ "\"\\ud800\\u0041\"", NULL, "a surrogate stands alone" },
	{ "\"\\udc00\"", NULL, "a surrogate stands alone" },
	{ "\"\xff\"", NULL, "it is not UTF-8" },
	{ "a", NULL, "a string is expected" },
	{ "", NULL, "it ends too soon" },
};

/* Text in memory of just its size. */
static uint8_t *
copy_of(const char *text, size_t *n)
{
	uint8_t *copy = malloc(strlen(text) + 1);

	if (copy == NULL)
		abort();
	*n = strlen(text);
	memcpy(copy, text, *n);
	return copy;
}

static void
strings_keep_every_byte(void)
{
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
		size_t n;
		uint8_t *p = copy_of(strings[i].json, &n);
		struct json j;
		struct span s;
		struct buf hex;

		check_enter("%s", strings[i].json);
		buf_init(&hex, &mem_libc, SIZE_MAX);
		json_init(&j, p, n);
		CHECK(json_string(&j, &s) == (strings[i].hex != NULL));
		CHECK_STR(j.why, strings[i].why);
		if (strings[i].hex != NULL) {
			hex_put(&hex, (const uint8_t *)s.p, s.n);
			CHECK_MEM(
			    buf_data(&hex), buf_len(&hex), strings[i].hex, strlen(strings[i].hex));
			CHECK(json_end(&j));
		}
		buf_clear(&hex);
		free(p);
		check_leave();
	}
}

static void
numbers_keep_their_text(void)
{
	static const char *const good[] = { "0", "-0", "10", "1.50", "1e400", "-1.2E+3",
		"9007199254740993" };
	static const char *const bad[] = { "", "-", "01", "00", "1.", ".5", "1e", "1e+", "+1", "x",
		"Infinity" };
	struct json j;
	struct span s;
	uint8_t *p;
	size_t n;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		p = copy_of(good[i], &n);
		json_init(&j, p, n);
		CHECK(json_number(&j, &s));
		CHECK_SPAN(s, good[i]);
		CHECK(json_end(&j));
		free(p);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		p = copy_of(bad[i], &n);
		json_init(&j, p, n);
		CHECK(!json_number(&j, &s) || !json_end(&j));
		free(p);
	}
}

static const struct {
	const char *json;
	enum jsonl_command_kind kind;
	const char *hex; /* the data */
	uint16_t code;
} commands[] = {
	{ "{\"send\":\"a\\u0000\"}", JSONL_SEND_TEXT, "6100", 0 },
	{ " { \"send\" : \"\" } \r", JSONL_SEND_TEXT, "", 0 },
	{ "{\"send\":\"/wA=\",\"encoding\":\"base64\"}", JSONL_SEND_BINARY, "ff00", 0 },
	{ "{\"encoding\":\"hex\",\"send\":\"fF 00\"}", JSONL_SEND_BINARY, "ff00", 0 },
	{ "{\"file\":\"a b\"}", JSONL_FILE, "612062", 0 },
	{ "{\"ping\":\"\"}", JSONL_PING, "", 0 },
	{ "{\"pong\":\"x\"}", JSONL_PONG, "78", 0 },
	{ "{\"close\":1000}", JSONL_CLOSE, "", 1000 },
	{ "{\"close\":65535,\"reason\":\"x\"}", JSONL_CLOSE, "78", 65535 },
	{ "{\"get\":\"state\"}", JSONL_GET_STATE, "", 0 },
};

static void
commands_are_read(void)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		size_t n;
		uint8_t *p = copy_of(commands[i].json, &n);
		struct jsonl_command c;
		char why[JSONL_WHY_MAX] = "";
		struct buf hex;

		check_enter("%s", commands[i].json);
		buf_init(&hex, &mem_libc, SIZE_MAX);
		CHECK_INT(jsonl_command(p, n, &c, why), 0);
		CHECK_STR(why, "");
		CHECK_INT(c.kind, commands[i].kind);
		CHECK_UINT(c.code, commands[i].code);
		hex_put(&hex, (const uint8_t *)c.data.p, c.data.n);
		CHECK_MEM(buf_data(&hex), buf_len(&hex), commands[i].hex, strlen(commands[i].hex));
		buf_clear(&hex);
		free(p);
		check_leave();
	}
}

static const struct {
	const char *json, *why;
} faults[] = {
	{ "", "an object is expected" },
	{ "[]", "an object is expected" },
	{ "{", "it ends too soon" },
	{ "{}", "a command has one of send, file, ping, pong, close and get" },
	{ "{\"send\"}", "a colon is missing" },
	{ "{\"send\":\"a\"", "an object has no end" },
	{ "{\"send\":\"a\",}", "a string is expected" },
	{ "{\"send\":\"a\"} x", "something follows the value" },
	{ "{\"send\":1}", "\"send\": a string is expected" },
	{ "{\"send\":\"\\ud800\"}", "\"send\": a surrogate stands alone" },
	{ "{\"send\":\"a\",\"send\":\"b\"}", "a member is there twice" },
	{ "{\"send\":\"a\",\"ping\":\"b\"}",
	    "a command has one of send, file, ping, pong, close and get" },
	{ "{\"Send\":\"a\"}", "an unknown member; there are send, encoding, file, ping, pong, "
			      "close, reason and get" },
	{ "{\"send\":\"a\",\"encoding\":\"utf8\"}", "\"encoding\" is base64 or hex" },
	{ "{\"send\":\"a\",\"encoding\":\"hex\"}", "\"send\" is not in the encoding it says" },
	{ "{\"ping\":\"a\",\"encoding\":\"hex\"}",
	    "\"encoding\" goes with send, and \"reason\" with close" },
	{ "{\"send\":\"a\",\"reason\":\"b\"}",
	    "\"encoding\" goes with send, and \"reason\" with close" },
	{ "{\"close\":\"1000\"}", "\"close\": a number is expected" },
	{ "{\"close\":1e3}", "\"close\" is a code: 1000, or one from 3000 to 4999" },
	{ "{\"close\":65536}", "\"close\" is a code: 1000, or one from 3000 to 4999" },
	{ "{\"get\":\"all\"}", "\"get\" is state" },
	{ "{\"send\":\"\xff\"}", "it is not UTF-8" },
};

static void
faults_are_told(void)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		size_t n;
		uint8_t *p = copy_of(faults[i].json, &n);
		struct jsonl_command c;
		char why[JSONL_WHY_MAX] = "";

		check_enter("%s", faults[i].json);
		CHECK_INT(jsonl_command(p, n, &c, why), ERR_ARGUMENT);
		CHECK_STR(why, faults[i].why);
		free(p);
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(strings_keep_every_byte),
		CHECK_CASE(numbers_keep_their_text),
		CHECK_CASE(commands_are_read),
		CHECK_CASE(faults_are_told),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

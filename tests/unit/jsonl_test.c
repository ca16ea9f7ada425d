#include "check.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "ui/jsonl.h"

/* The line in out is exactly that, and valid JSON in the eyes of another. */
static void
check_line(struct buf *out, const char *want)
{
	cJSON *json;

	CHECK_MEM(buf_data(out), buf_len(out), want, strlen(want));
	json = cJSON_ParseWithLength((const char *)buf_data(out), buf_len(out));
	CHECK(cJSON_IsObject(json));
	cJSON_Delete(json);
	buf_reset(out);
}

static const struct jsonl_open an_open = {
	.url = "ws://h/",
	.protocol = "",
	.extensions = "permessage-deflate",
	.time = { .tv_sec = 1767225599, .tv_nsec = 7999999 },
	.timing = { .dns = 200000, .connect = 349999, .tls = 0, .upgrade = 1050000 },
};

static void
open_has_its_keys_in_order(void)
{
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(jsonl_open(&out, &an_open, NULL), 0);
	check_line(&out, "{\"event\":\"open\",\"url\":\"ws://h/\",\"protocol\":\"\","
			 "\"extensions\":\"permessage-deflate\",\"readyState\":1,"
			 "\"time\":\"2025-12-31T23:59:59.007Z\","
			 "\"timing\":{\"dns\":0.2,\"connect\":0.3,\"tls\":0,\"upgrade\":1.1}}\n");
	buf_clear(&out);
}

static void
timing_has_one_decimal(void)
{
	struct jsonl_open open = { "", "", "", { 0, 999999999 },
		{ 1, 49999, 999950000, UINT64_MAX } };
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(jsonl_open(&out, &open, NULL), 0);
	check_line(&out,
	    "{\"event\":\"open\",\"url\":\"\",\"protocol\":\"\",\"extensions\":\"\","
	    "\"readyState\":1,\"time\":\"1970-01-01T00:00:00.999Z\",\"timing\":{\"dns\":0.0,"
	    "\"connect\":0.0,\"tls\":1000.0,\"upgrade\":18446744073709.6}}\n");
	buf_clear(&out);
}

static void
messages_tell_their_type(void) /* F28 */
{
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(jsonl_message(&out, true, (const uint8_t *)"hi", 2, NULL), 0);
	check_line(&out, "{\"event\":\"message\",\"type\":\"text\",\"data\":\"hi\"}\n");
	CHECK_INT(jsonl_message(&out, true, NULL, 0, NULL), 0);
	check_line(&out, "{\"event\":\"message\",\"type\":\"text\",\"data\":\"\"}\n");
	CHECK_INT(jsonl_message(&out, false, (const uint8_t *)"\xff\0\x01", 3, NULL), 0);
	check_line(&out, "{\"event\":\"message\",\"type\":\"binary\",\"encoding\":\"base64\","
			 "\"data\":\"/wAB\"}\n");
	CHECK_INT(jsonl_message(&out, false, NULL, 0, NULL), 0);
	check_line(&out, "{\"event\":\"message\",\"type\":\"binary\",\"encoding\":\"base64\","
			 "\"data\":\"\"}\n");
	buf_clear(&out);
}

static void
pings_are_text_where_they_can_be(void)
{
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(jsonl_ping(&out, (const uint8_t *)"a\nb", 3, NULL), 0);
	check_line(&out, "{\"event\":\"ping\",\"data\":\"a\\nb\"}\n");
	CHECK_INT(jsonl_pong(&out, NULL, 0, NULL), 0);
	check_line(&out, "{\"event\":\"pong\",\"data\":\"\"}\n");
	CHECK_INT(jsonl_pong(&out, (const uint8_t *)"\xe9", 1, NULL), 0);
	check_line(&out, "{\"event\":\"pong\",\"encoding\":\"base64\",\"data\":\"6Q==\"}\n");
	buf_clear(&out);
}

static void
error_and_close_have_their_keys(void) /* F09, G15 */
{
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(jsonl_error(&out, "ws://h/: refused \"so\"", 6, NULL), 0);
	check_line(
	    &out, "{\"event\":\"error\",\"message\":\"ws://h/: refused \\\"so\\\"\",\"exit\":6}\n");
	CHECK_INT(jsonl_close(&out, 1000, NULL, 0, true, NULL), 0);
	check_line(&out, "{\"event\":\"close\",\"code\":1000,\"reason\":\"\",\"wasClean\":true,"
			 "\"readyState\":3}\n");
	CHECK_INT(jsonl_close(&out, 1006, "gone", 3, false, NULL), 0);
	check_line(&out, "{\"event\":\"close\",\"code\":1006,\"reason\":\"gon\",\"wasClean\":false,"
			 "\"readyState\":3}\n");
	buf_clear(&out);
}

static void
lines_follow_each_other(void)
{
	static const char want[] = "{\"event\":\"message\",\"type\":\"text\",\"data\":\"1\"}\n"
				   "{\"event\":\"ping\",\"data\":\"2\"}\n";
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(jsonl_message(&out, true, (const uint8_t *)"1", 1, NULL), 0);
	CHECK_INT(jsonl_ping(&out, (const uint8_t *)"2", 1, NULL), 0);
	CHECK_MEM(buf_data(&out), buf_len(&out), want, sizeof want - 1);
	buf_clear(&out);
}

static void
check_data(const char *in, size_t n, const char *escaped)
{
	struct buf out;
	char want[256];

	buf_init(&out, &mem_libc, SIZE_MAX);
	snprintf(want, sizeof want, "{\"event\":\"ping\",\"data\":\"%s\"}\n", escaped);
	CHECK_INT(jsonl_ping(&out, (const uint8_t *)in, n, NULL), 0);
	check_line(&out, want);
	buf_clear(&out);
}

static void
strings_are_escaped_no_more_than_needed(void) /* RFC 8259 7 */
{
	check_data("\"\\/", 3, "\\\"\\\\/");
	check_data("\b\t\n\f\r", 5, "\\b\\t\\n\\f\\r");
	check_data("\x01\x0b\x1b\x1f\x7f", 5, "\\u0001\\u000b\\u001b\\u001f\\u007f");
	check_data("a\0b", 3, "a\\u0000b");
	check_data("é€👍", 9, "é€👍");
	check_data("\xe2\x80\xa8\xe2\x80\xa9", 6, "\\u2028\\u2029");
	check_data("\xc2\x9b\xe2\x80\xae", 5, "\\u009b\\u202e");
	check_data("\xf3\xa0\x81\x81", 4, "\\udb40\\udc41");
	check_data(
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

/* T13: a line is valid JSON whatever bytes a header held. */
static void
bad_bytes_become_replacement_characters(void)
{
	struct jsonl_open open = an_open;
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	open.protocol = "caf\xe9\"\x80\xe2\x82";
	CHECK_INT(jsonl_open(&out, &open, NULL), 0);
	CHECK(utf8_valid(buf_data(&out), buf_len(&out)));
	buf_putc(&out, 0);
	CHECK(strstr((const char *)buf_data(&out), "\"protocol\":\"caf\xef\xbf\xbd\\\"\xef\xbf\xbd"
						   "\xef\xbf\xbd\xef\xbf\xbd\"") != NULL);
	buf_reset(&out);
	CHECK_INT(jsonl_error(&out, "\xff", 1, NULL), 0);
	check_line(&out, "{\"event\":\"error\",\"message\":\"\xef\xbf\xbd\",\"exit\":1}\n");
	CHECK_INT(jsonl_close(&out, 3000, "\xff\n", 2, true, NULL), 0);
	check_line(&out, "{\"event\":\"close\",\"code\":3000,\"reason\":\"\xef\xbf\xbd\\n\","
			 "\"wasClean\":true,\"readyState\":3}\n");
	CHECK_INT(jsonl_message(&out, true, (const uint8_t *)"\xff", 1, NULL), 0);
	CHECK(utf8_valid(buf_data(&out), buf_len(&out)));
	buf_clear(&out);
}

/* A random character, those that need care more often; no NUL, where cJSON's strings end. */
static uint32_t
random_character(uint64_t *state)
{
	uint64_t r = check_random(state);
	uint32_t c = (uint32_t)(r >> 8);

	switch (r % 4) {
	case 0:
		return c % 0x1f + 1;
	case 1:
		return c % 2 == 0 ? '"' : '\\';
	case 2:
		return c % 0x7f + 1;
	default:
		c = c % 0x10ffff + 1;
		return c >= 0xd800 && c <= 0xdfff ? 0x2028 : c;
	}
}

/* One line, no raw control in it: what cJSON would let pass. */
static bool
is_strict_line(const struct buf *out)
{
	const uint8_t *p = buf_data(out);
	size_t n = buf_len(out);

	for (size_t i = 0; i + 1 < n; i++) {
		if (p[i] < 0x20)
			return false;
	}
	return n > 0 && p[n - 1] == '\n' && utf8_valid(p, n);
}

static void
random_text_comes_back(void)
{
	uint64_t state = 7;
	struct buf text, out;

	buf_init(&text, &mem_libc, SIZE_MAX);
	buf_init(&out, &mem_libc, SIZE_MAX);
	for (int i = 0; i < 2000; i++) {
		size_t n = check_random(&state) % 40;
		cJSON *json;

		buf_reset(&text);
		buf_reset(&out);
		for (size_t j = 0; j < n; j++) {
			uint8_t c[4];

			buf_put(&text, c, utf8_encode(random_character(&state), c));
		}
		CHECK_INT(jsonl_message(&out, true, buf_data(&text), buf_len(&text), NULL), 0);
		buf_putc(&text, 0);
		json = cJSON_ParseWithLength((const char *)buf_data(&out), buf_len(&out));
		if (!CHECK(is_strict_line(&out)) ||
		    !CHECK_STR(cJSON_GetStringValue(cJSON_GetObjectItem(json, "data")),
			(const char *)buf_data(&text)))
			i = 2000;
		cJSON_Delete(json);
	}
	buf_clear(&text);
	buf_clear(&out);
}

static void
refused_memory(struct check_mem *m, void *arg)
{
	static const uint8_t bytes[] = "\xff\n\"some bytes that make the buffer grow";
	struct buf out;

	(void)arg;
	buf_init(&out, &m->mem, SIZE_MAX);
	for (int i = 0; i < 20; i++) {
		int r = 0;

		r |= jsonl_open(&out, &an_open, NULL);
		r |= jsonl_message(&out, true, bytes + 1, sizeof bytes - 1, NULL);
		r |= jsonl_message(&out, false, bytes, sizeof bytes, NULL);
		r |= jsonl_ping(&out, bytes, sizeof bytes, NULL);
		r |= jsonl_error(&out, (const char *)bytes, 1, NULL);
		r |= jsonl_close(&out, 1000, (const char *)bytes, sizeof bytes, false, NULL);
		CHECK(r == 0 || m->failed);
		CHECK(buf_len(&out) == 0 || buf_data(&out)[buf_len(&out) - 1] == '\n');
	}
	buf_clear(&out);
}

static void
failed_allocations_leave_whole_lines(void)
{
	check_allocations(refused_memory, NULL);
}

static void
what_was_sent_and_saved_is_told_with_all_it_has(void)
{
	static const struct timespec noon = { 1769860800, 5000000 };
	static const struct jsonl_also also = { &noon, "127.0.0.1:9", true };
	static const struct jsonl_also of_client = { NULL, "c", false };
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(jsonl_send(&out, true, (const uint8_t *)"a\0b", 3, &also), 0);
	check_line(&out,
	    "{\"event\":\"send\",\"type\":\"text\",\"data\":\"a\\u0000b\",\"fin\":false,"
	    "\"client\":\"127.0.0.1:9\",\"time\":\"2026-01-31T12:00:00.005Z\"}\n");
	buf_reset(&out);
	CHECK_INT(jsonl_send(&out, false, (const uint8_t *)"\xff", 1, NULL), 0);
	check_line(&out, "{\"event\":\"send\",\"type\":\"binary\",\"encoding\":\"base64\","
			 "\"data\":\"/w==\"}\n");
	buf_reset(&out);
	CHECK_INT(jsonl_send_control(&out, "ping", 0, (const uint8_t *)"p", 1, &of_client), 0);
	check_line(
	    &out, "{\"event\":\"send\",\"type\":\"ping\",\"data\":\"p\",\"client\":\"c\"}\n");
	buf_reset(&out);
	CHECK_INT(jsonl_send_control(&out, "close", 1000, (const uint8_t *)"bye", 3, NULL), 0);
	check_line(
	    &out, "{\"event\":\"send\",\"type\":\"close\",\"code\":1000,\"reason\":\"bye\"}\n");
	buf_reset(&out);
	CHECK_INT(jsonl_saved(&out, "d/\x1b", 7, NULL), 0);
	check_line(&out,
	    "{\"event\":\"message\",\"type\":\"binary\",\"file\":\"d/\\u001b\",\"size\":7}\n");
	buf_reset(&out);
	CHECK_INT(jsonl_string(&out, "\"\xff", 2), 0);
	CHECK_MEM(buf_data(&out), buf_len(&out), "\"\\\"\xef\xbf\xbd\"", 7);
	buf_clear(&out);
}

static void
what_does_not_fit_is_left_out_whole(void)
{
	struct buf out;

	buf_init(&out, &mem_libc, 60);
	CHECK_INT(jsonl_ping(&out, (const uint8_t *)"a", 1, NULL), 0);
	CHECK_INT(jsonl_message(&out, true, (const uint8_t *)"b", 1, NULL), ERR_LIMIT);
	CHECK_INT(jsonl_open(&out, &an_open, NULL), ERR_LIMIT);
	check_line(&out, "{\"event\":\"ping\",\"data\":\"a\"}\n");
	CHECK_INT(
	    jsonl_string(&out, "sixty bytes and more, which with their quotes do not fit in", 59),
	    ERR_LIMIT);
	CHECK_UINT(buf_len(&out), 0);
	buf_clear(&out);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(open_has_its_keys_in_order),
		CHECK_CASE(timing_has_one_decimal),
		CHECK_CASE(messages_tell_their_type),
		CHECK_CASE(pings_are_text_where_they_can_be),
		CHECK_CASE(error_and_close_have_their_keys),
		CHECK_CASE(what_was_sent_and_saved_is_told_with_all_it_has),
		CHECK_CASE(lines_follow_each_other),
		CHECK_CASE(strings_are_escaped_no_more_than_needed),
		CHECK_CASE(bad_bytes_become_replacement_characters),
		CHECK_CASE(random_text_comes_back),
		CHECK_CASE(failed_allocations_leave_whole_lines),
		CHECK_CASE(what_does_not_fit_is_left_out_whole),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/http.h"

/* A head and what is made of it; see describe(). */
struct row {
	enum http_kind kind;
	const char *in;
	const char *want;
};

static void
put_span(struct buf *b, struct span s)
{
	CHECK_INT(buf_put(b, s.p, s.n), 0);
}

static void
put_fault(struct buf *b, const struct http_fault *fault)
{
	CHECK_INT(buf_putf(b, "%d %s\n", fault->status, fault->why), 0);
}

/*
 * "GET /x 1\nHost=h\n" for a request by HTTP/1.1 with a field, "101 1 Reason\n..." for a response,
 * "400 why\n" for a fault.
 */
static void
describe(struct buf *b, enum http_kind kind, char *p, size_t n)
{
	struct http_head h;
	struct http_fault fault;

	if (http_parse(kind, p, n, &h, &fault) != 0) {
		put_fault(b, &fault);
		return;
	}
	if (kind == HTTP_REQUEST) {
		put_span(b, h.method);
		buf_putc(b, ' ');
		put_span(b, h.target);
		buf_putf(b, " %d\n", h.minor);
	} else {
		buf_putf(b, "%d %d ", h.status, h.minor);
		put_span(b, h.reason);
		buf_putc(b, '\n');
	}
	for (size_t i = 0; i < h.n_fields; i++) {
		put_span(b, h.fields[i].name);
		buf_putc(b, '=');
		put_span(b, h.fields[i].value);
		buf_putc(b, '\n');
	}
}

static void
replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	const enum http_kind *kind = arg;
	struct http_scan scan = { 0 };
	struct http_fault fault = { 0 };
	struct buf all;
	ptrdiff_t r = 0;
	uint8_t *p;
	size_t n;

	buf_init(&all, &mem_libc, SIZE_MAX);
	while (r == 0 && (p = check_feed_next(feed, &n)) != NULL) {
		CHECK_INT(buf_put(&all, p, n), 0);
		r = http_scan(&scan, *kind, (const char *)buf_data(&all), buf_len(&all), &fault);
	}
	if (r > 0)
		describe(transcript, *kind, (char *)buf_mutable_data(&all), (size_t)r);
	else if (r < 0)
		put_fault(transcript, &fault);
	else
		buf_puts(transcript, "more\n");
	buf_clear(&all);
}

static void
check_head(enum http_kind kind, const char *in, size_t n, const char *want)
{
	check_chunks((const uint8_t *)in, n, want, replay, &kind);
}

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		check_enter("%s", rows[i].in);
		check_head(rows[i].kind, rows[i].in, strlen(rows[i].in), rows[i].want);
		check_leave();
	}
}

#define CHECK_ROWS(rows) check_rows((rows), sizeof(rows) / sizeof(rows)[0])

#define REQUEST          HTTP_REQUEST
#define RESPONSE         HTTP_RESPONSE

/* clang-format off */

/* P01 P02 HC12 */
static void
http_reads_status_lines(void)
{
	static const struct row rows[] = {
		{ RESPONSE, "HTTP/1.1 101 Switching Protocols\r\n\r\n",
		    "101 1 Switching Protocols\n" },
		{ RESPONSE, "HTTP/1.1 101 \r\n\r\n", "101 1 \n" },
		{ RESPONSE, "HTTP/1.1 101\r\n\r\n", "101 1 \n" },
		{ RESPONSE, "HTTP/1.0 101 x\r\n\r\n", "101 0 x\n" },
		{ RESPONSE, "HTTP/1.9 599 \xe9\tx\r\n\r\n", "599 9 \xe9\tx\n" },
		{ RESPONSE, "HTTP/1.1 404  two\r\n\r\n", "404 1  two\n" },
		{ RESPONSE, "HTTP/1.1 100 \r\n\r\nHTTP/1.1 101 \r\n\r\n", "100 1 \n" },
		{ RESPONSE, "HTTP/1.1  101 x\r\n\r\n", "400 the status is not three digits\n" },
		{ RESPONSE, "HTTP/1.1 1010 x\r\n\r\n", "400 the status is not three digits\n" },
		{ RESPONSE, "HTTP/1.1 10\r\n\r\n", "400 the status is not three digits\n" },
		{ RESPONSE, "HTTP/1.1 +101\r\n\r\n", "400 the status is not three digits\n" },
		{ RESPONSE, "HTTP/1.1 10a x\r\n\r\n", "400 the status is not three digits\n" },
		{ RESPONSE, "HTTP/1.1 \r\n\r\n", "400 the status is not three digits\n" },
		{ RESPONSE, "HTTP/1.1 099 x\r\n\r\n", "400 the status is not of 100 to 599\n" },
		{ RESPONSE, "HTTP/1.1 600 x\r\n\r\n", "400 the status is not of 100 to 599\n" },
		{ RESPONSE, "HTTP/2 101\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ RESPONSE, "HTTP/1.10 101\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ RESPONSE, "HTTP/1,1 101\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ RESPONSE, "HTTP/a.1 101\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ RESPONSE, "HTTP/2.0 101 x\r\n\r\n", "505 the HTTP version is not 1.1\n" },
		{ RESPONSE, "HTTP/0.9 200 x\r\n\r\n", "505 the HTTP version is not 1.1\n" },
		{ RESPONSE, "HTTP/1.1\r\n\r\n", "400 the status line is malformed\n" },
		{ RESPONSE, "HTTP/1.1\t101 x\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ RESPONSE, "HTTP/1.1 101 a\x1b[m\r\n\r\n",
		    "400 a control character stands in the status line\n" },
	};

	CHECK_ROWS(rows);
}

/* P20 P01: told at the first byte that does not fit, whatever comes after it. */
static void
http_names_what_is_not_http(void)
{
	static const struct row rows[] = {
		{ RESPONSE, "SSH-2.0-x\r\n", "400 the answer is not HTTP\n" },
		{ RESPONSE, "S", "400 the answer is not HTTP\n" },
		{ RESPONSE, "HTP/1.1 101\r\n\r\n", "400 the answer is not HTTP\n" },
		{ RESPONSE, "HTTP 1.1", "400 the answer is not HTTP\n" },
		{ RESPONSE, "http/1.1 101 x\r\n\r\n", "400 the answer is not HTTP\n" },
		{ RESPONSE, "<html>", "400 the answer is not HTTP\n" },
		{ RESPONSE, "\r\nHTTP/1.1 101 x\r\n\r\n", "400 the answer is not HTTP\n" },
		{ RESPONSE, "\n", "400 the answer is not HTTP\n" },
		{ RESPONSE, "\x81\x02hi", "400 the answer is not HTTP\n" },
		{ RESPONSE, "\x15\x03\x01", "400 the server speaks TLS here: use wss://\n" },
		{ RESPONSE, "\x15\x02", "400 the answer is not HTTP\n" },
		{ RESPONSE, "\x15\r\n", "400 the answer is not HTTP\n" },
		{ RESPONSE, "\x15", "more\n" },
		{ RESPONSE, "HTTP", "more\n" },
		{ REQUEST, "\x16\x03\x01\x02", "400 the client speaks TLS here\n" },
		{ REQUEST, "\x16x", "400 the request does not begin with a method\n" },
		{ REQUEST, "\x16", "more\n" },
		{ REQUEST, " GET / HTTP/1.1\r\n", "400 the request does not begin with a method\n" },
		{ REQUEST, "\n", "400 the request does not begin with a method\n" },
		{ REQUEST, "\r\nGET /", "400 the request does not begin with a method\n" },
	};

	CHECK_ROWS(rows);
	check_head(HTTP_RESPONSE, "\0", 1, "400 the answer is not HTTP\n");
}

/* HS02 HS03 HS19 HS27 HC37 */
static void
http_reads_request_lines(void)
{
	static const struct row rows[] = {
		{ REQUEST, "GET / HTTP/1.1\r\n\r\n", "GET / 1\n" },
		{ REQUEST, "GET /a?b HTTP/1.2\r\n\r\nrest", "GET /a?b 2\n" },
		{ REQUEST, "get / HTTP/1.0\r\n\r\n", "get / 0\n" },
		{ REQUEST, "FOO-1 * HTTP/1.1\r\n\r\n", "FOO-1 * 1\n" },
		{ REQUEST, "GET http://h/echo HTTP/1.1\r\n\r\n", "GET http://h/echo 1\n" },
		{ REQUEST, "GET / HTTP/2.0\r\n\r\n", "505 the HTTP version is not 1.1\n" },
		{ REQUEST, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 the HTTP version is not 1.1\n" },
		{ REQUEST, "GET / HTTP/1.\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ REQUEST, "GET / http/1.1\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ REQUEST, "GET / HTTP/1.1 \r\n\r\n", "400 the HTTP version is malformed\n" },
		{ REQUEST, "GET /a b HTTP/1.1\r\n\r\n", "400 the HTTP version is malformed\n" },
		{ REQUEST, "GET / \r\n\r\n", "400 the HTTP version is malformed\n" },
		{ REQUEST, "GET /\r\n\r\n", "400 the request line is malformed\n" },
		{ REQUEST, "GET\r\n\r\n", "400 the request line is malformed\n" },
		{ REQUEST, "G@T / HTTP/1.1\r\n\r\n", "400 the method is malformed\n" },
		{ REQUEST, "GET  / HTTP/1.1\r\n\r\n", "400 the request target is malformed\n" },
		{ REQUEST, "GET  HTTP/1.1\r\n\r\n", "400 the request target is malformed\n" },
		{ REQUEST, "GET /\t HTTP/1.1\r\n\r\n", "400 the request target is malformed\n" },
		{ REQUEST, "GET /\xc3\xa9 HTTP/1.1\r\n\r\n",
		    "400 the request target is malformed\n" },
		{ REQUEST, "GET /\x7f HTTP/1.1\r\n\r\n", "400 the request target is malformed\n" },
	};

	CHECK_ROWS(rows);
}

/* P07 P08 HS09 HS19 T13 */
static void
http_reads_fields(void)
{
	static const struct row rows[] = {
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\r\nC:d\r\n\r\n", "101 1 x\na=b\nC=d\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: \t b c\t \r\n\r\n", "101 1 x\na=b c\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na:\r\nb: \r\n\r\n", "101 1 x\na=\nb=\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na:b:c\r\n\r\n", "101 1 x\na=b:c\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: \xe9\x80\tz\r\n\r\n", "101 1 x\na=\xe9\x80\tz\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n!#$%&'*+-.^_`|~0aZ: b\r\n\r\n",
		    "101 1 x\n!#$%&'*+-.^_`|~0aZ=b\n" },
		{ REQUEST, "GET / HTTP/1.1\r\na: b\r\na: c\r\n\r\n", "GET / 1\na=b\na=c\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na : b\r\n\r\n", "400 a header name is not a token\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na\t: b\r\n\r\n", "400 a header name is not a token\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n: b\r\n\r\n", "400 a header name is not a token\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na b: c\r\n\r\n", "400 a header name is not a token\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n\xc3\xa9: c\r\n\r\n",
		    "400 a header name is not a token\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na\x01: c\r\n\r\n", "400 a header name is not a token\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\nab\r\n\r\n", "400 a header line has no colon\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: \x1b[m\r\n\r\n",
		    "400 a control character stands in a header\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: \x7f\r\n\r\n",
		    "400 a control character stands in a header\n" },
		{ REQUEST, "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "400 a header name is not a token\n" },
		{ REQUEST, "GET / HTTP/1.1\r\nHost\r\n\r\n", "400 a header line has no colon\n" },
		{ REQUEST, "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
		    "400 a header line begins with a space\n" },
	};
	static const char nul_value[] = "HTTP/1.1 101 x\r\na: b\0c\r\n\r\n";
	static const char nul_name[] = "GET / HTTP/1.1\r\na\0: b\r\n\r\n";
	static const char nul_target[] = "GET /\0 HTTP/1.1\r\n\r\n";

	CHECK_ROWS(rows);
	check_head(HTTP_RESPONSE, nul_value, sizeof nul_value - 1,
	    "400 a control character stands in a header\n");
	check_head(HTTP_REQUEST, nul_name, sizeof nul_name - 1,
	    "400 a header name is not a token\n");
	check_head(HTTP_REQUEST, nul_target, sizeof nul_target - 1,
	    "400 the request target is malformed\n");
}

/* P05 HS19 */
static void
http_refuses_bare_cr_and_lf(void)
{
	static const struct row rows[] = {
		{ RESPONSE, "HTTP/1.1 101 x\nUpgrade: websocket\n\n",
		    "400 a line of the head ends without CR\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\n\r\n", "400 a line of the head ends without CR\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n\n", "400 a line of the head ends without CR\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\rc\r\n\r\n", "400 a CR stands alone in the head\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\r\r\n\r\n", "400 a CR stands alone in the head\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n\r\r\n", "400 a CR stands alone in the head\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n\rx", "400 a CR stands alone in the head\n" },
		{ REQUEST, "GET / HTTP/1.1\nHost: h\n\n", "400 a line of the head ends without CR\n" },
		{ REQUEST, "GET / HTTP/1.1\r\na: b\rc: d\r\n\r\n",
		    "400 a CR stands alone in the head\n" },
		{ REQUEST, "GET / HTTP/1.1\r\na: b\r\n\r", "more\n" },
	};

	CHECK_ROWS(rows);
}

/* P06 */
static void
http_joins_folded_lines_of_responses_only(void)
{
	static const struct row rows[] = {
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\r\n c\r\nd: e\r\n\r\n", "101 1 x\na=b   c\nd=e\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\r\n\t\tc\r\n\r\n", "101 1 x\na=b   \tc\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na:\r\n b\r\n \r\n\tc\r\n\r\n",
		    "101 1 x\na=b      c\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\r\n \r\n\r\n", "101 1 x\na=b\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na: b\r\n c: d\r\n\r\n", "101 1 x\na=b   c: d\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\nUpgrade: web\r\n socket\r\n\r\n",
		    "101 1 x\nUpgrade=web   socket\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\na\r\n : b\r\n\r\n", "400 a header name is not a token\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n a: b\r\n\r\n",
		    "400 a header line begins with a space\n" },
		{ RESPONSE, "HTTP/1.1 101 x\r\n \r\na: b\r\n\r\n",
		    "400 a header line begins with a space\n" },
		{ REQUEST, "GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n",
		    "400 a header line begins with a space\n" },
		{ REQUEST, "GET / HTTP/1.1\r\na: b\r\n\tc: d\r\n\r\n",
		    "400 a header line begins with a space\n" },
	};

	CHECK_ROWS(rows);
}
/* clang-format on */

static void
parse_fields(char *text, struct http_head *h)
{
	struct http_fault fault;

	CHECK_INT(http_parse(HTTP_RESPONSE, text, strlen(text), h, &fault), 0);
}

/* HC23 P21 */
static void
http_finds_fields_in_any_case(void)
{
	char text[] = "HTTP/1.1 101 x\r\nUPGRADE: a\r\nx: 1\r\nupgrade: b\r\nI: i\r\n\r\n";
	struct http_head h;

	parse_fields(text, &h);
	if (CHECK(http_find(&h, "Upgrade") != NULL))
		CHECK_SPAN(http_find(&h, "Upgrade")->value, "a");
	if (CHECK(http_find(&h, "X") != NULL))
		CHECK_SPAN(http_find(&h, "X")->value, "1");
	CHECK(http_find(&h, "i") != NULL);
	CHECK(http_find(&h, "Upgrad") == NULL);
	CHECK(http_find(&h, "Upgrades") == NULL);
	CHECK(http_find(&h, "") == NULL);
	CHECK_UINT(http_count(&h, "uPGRADE"), 2);
	CHECK_UINT(http_count(&h, "x"), 1);
	CHECK_UINT(http_count(&h, "y"), 0);
}

/* HC13 HC14 HS05 P09 P10 P21 */
static void
http_finds_whole_tokens_over_several_lines(void)
{
	static const struct {
		const char *fields;
		bool has;
	} rows[] = {
		{ "Connection: Upgrade\r\n", true },
		{ "connection: UPGRADE\r\n", true },
		{ "Connection: keep-alive, Upgrade\r\n", true },
		{ "Connection: keep-alive,upgrade\t,x\r\n", true },
		{ "Connection: ,, Upgrade ,\r\n", true },
		{ "Connection: close\r\nX: y\r\nConnection: Upgrade\r\n", true },
		{ "", false },
		{ "Connection:\r\n", false },
		{ "Connection: ,\r\n", false },
		{ "Connection: keep-alive\r\n", false },
		{ "Connection: not-upgrade\r\n", false },
		{ "Connection: Upgraded\r\n", false },
		{ "Connection: Upgrad\r\nConnection: e\r\n", false },
		{ "Connection: up grade\r\n", false },
		{ "Connection: upgrade;x\r\n", false },
		{ "Connection: keep-alive upgrade\r\n", false },
		{ "Connection: \"upgrade\"\r\n", false },
		{ "X-Connection: upgrade\r\n", false },
		{ "Upgrade: upgrade\r\n", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[256];
		struct http_head h;

		check_enter("%s", rows[i].fields);
		snprintf(text, sizeof text, "HTTP/1.1 101 x\r\n%s\r\n", rows[i].fields);
		parse_fields(text, &h);
		CHECK_INT(http_has_token(&h, "Connection", "upgrade"), rows[i].has);
		check_leave();
	}
}

/* P14 P18 HC37 */
static void
http_tells_what_may_be_sent(void)
{
	CHECK(http_valid_name(span_str("X-A")));
	CHECK(!http_valid_name(span_str("")));
	CHECK(!http_valid_name(span_str("A B")));
	CHECK(!http_valid_name(span_str("A:")));
	CHECK(!http_valid_name(span_str("A\r\nB")));
	CHECK(!http_valid_name(span_str("\xc3\xa9")));
	CHECK(http_valid_value(span_str("")));
	CHECK(http_valid_value((struct span){ NULL, 0 }));
	CHECK(http_valid_value(span_str(" a\tb \xc3\xa9\xff ")));
	CHECK(!http_valid_value(span_str("b\r\nC: d")));
	CHECK(!http_valid_value(span_str("b\n")));
	CHECK(!http_valid_value(span_str("b\r")));
	CHECK(!http_valid_value(span_str("\x1b[m")));
	CHECK(!http_valid_value(span_str("\x7f")));
	CHECK(!http_valid_value((struct span){ "a\0b", 3 }));
}

/* Mutated heads: the same end whole and byte by byte, and no read outside them. */
static void
http_stands_random_input(void)
{
	static const char *const heads[] = {
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nA: b\r\n c\r\n\r\n",
		"GET /a?b HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\n\r\n",
	};
	static const char bits[] = "\r\n\r\n \t:,/.19\0\x15\x7f\xff\"aH";
	uint64_t seed = 2;

	for (int i = 0; i < 2000; i++) {
		enum http_kind kind = i % 2 == 0 ? HTTP_RESPONSE : HTTP_REQUEST;
		const char *head = heads[i % 2];
		size_t n = strlen(head), changes = 1 + check_random(&seed) % 4;
		struct check_feed whole = { .n = n, .first = n, .rest = n };
		char text[128];
		struct buf want;

		memcpy(text, head, n);
		while (changes-- > 0)
			text[check_random(&seed) % n] =
			    bits[check_random(&seed) % (sizeof bits - 1)];
		buf_init(&want, &mem_libc, SIZE_MAX);
		whole.p = (const uint8_t *)text;
		replay(&whole, &want, &kind);
		CHECK_INT(buf_putc(&want, '\0'), 0);
		check_head(kind, text, n, (const char *)buf_data(&want));
		buf_clear(&want);
		free(whole.handed);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(http_reads_status_lines),
		CHECK_CASE(http_names_what_is_not_http),
		CHECK_CASE(http_reads_request_lines),
		CHECK_CASE(http_reads_fields),
		CHECK_CASE(http_refuses_bare_cr_and_lf),
		CHECK_CASE(http_joins_folded_lines_of_responses_only),
		CHECK_CASE(http_finds_fields_in_any_case),
		CHECK_CASE(http_finds_whole_tokens_over_several_lines),
		CHECK_CASE(http_tells_what_may_be_sent),
		CHECK_CASE(http_stands_random_input),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "proto/http.h"

/* What is scanned of before, then as many fill bytes as n says, then after. */
static void
check_long(enum http_kind kind, const char *before, size_t n, const char *after, const char *want)
{
	size_t b = strlen(before), a = strlen(after);
	char *p = malloc(b + n + a);
	struct http_scan scan = { 0 };
	struct http_fault fault = { 0 };

	if (!CHECK(p != NULL))
		return;
	memcpy(p, before, b);
	memset(p + b, 'x', n);
	memcpy(p + b + n, after, a);
	check_enter("%s and %zu bytes", before, n);
	if (want == NULL) {
		CHECK_INT(http_scan(&scan, kind, p, b + n + a, &fault), b + n + a);
	} else {
		CHECK_INT(http_scan(&scan, kind, p, b + n + a, &fault), -1);
		CHECK_INT(fault.status, atoi(want));
		CHECK_STR(fault.why, want + 4);
		CHECK(scan.at <= b + HTTP_MAX_FIELD);
	}
	check_leave();
	free(p);
}

/* HS22 P13 */
static void
http_bounds_lines(void)
{
	static const char field[] = "GET / HTTP/1.1\r\na:";

	check_long(HTTP_REQUEST, "GET /", 7900, " HTTP/1.1\r\n\r\n", NULL);
	check_long(HTTP_REQUEST, "GET /", HTTP_MAX_LINE - 14, " HTTP/1.1\r\n\r\n", NULL);
	check_long(HTTP_REQUEST, "GET /", HTTP_MAX_LINE - 13, " HTTP/1.1\r\n\r\n",
	    "414 the request line is over 8192 bytes");
	check_long(HTTP_REQUEST, "GET /", (size_t)1 << 20, " HTTP/1.1\r\n\r\n",
	    "414 the request line is over 8192 bytes");
	check_long(HTTP_RESPONSE, "HTTP/1.1 101 ", HTTP_MAX_LINE - 13, "\r\n\r\n", NULL);
	check_long(HTTP_RESPONSE, "HTTP/1.1 101 ", HTTP_MAX_LINE - 12, "\r\n\r\n",
	    "431 the status line is over 8192 bytes");
	check_long(HTTP_RESPONSE, "HTTP/1.1 101 \r\nSet-Cookie: ", 8192, "\r\n\r\n", NULL);
	check_long(HTTP_REQUEST, field, HTTP_MAX_FIELD - 2, "\r\n\r\n", NULL);
	check_long(HTTP_REQUEST, field, HTTP_MAX_FIELD - 1, "\r\n\r\n",
	    "431 a header line is over 16384 bytes");
	check_long(HTTP_REQUEST, field, (size_t)1 << 20, "\r\n\r\n",
	    "431 a header line is over 16384 bytes");
}

/* A request with so many fields of so many bytes each, with the line's end. */
static size_t
make_request(char *p, size_t fields, size_t length)
{
	size_t n = 16;

	memcpy(p, "GET / HTTP/1.1\r\n", n);
	for (size_t i = 0; i < fields; i++, n += length) {
		memset(p + n, 'x', length);
		memcpy(p + n, "a:", 2);
		memcpy(p + n + length - 2, "\r\n", 2);
	}
	memcpy(p + n, "\r\n", 2);
	return n + 2;
}

/* HS22 B17 */
static void
http_bounds_fields(void)
{
	static char p[1 << 16];
	const char *want = "the head has over 128 header lines";
	struct http_head h;
	struct http_fault fault;
	struct http_scan scan = { 0 };
	size_t n = make_request(p, HTTP_MAX_FIELDS, 10);

	CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, n, &fault), n);
	CHECK_INT(http_parse(HTTP_REQUEST, p, n, &h, &fault), 0);
	CHECK_UINT(h.n_fields, HTTP_MAX_FIELDS);

	n = make_request(p, HTTP_MAX_FIELDS + 1, 10);
	scan = (struct http_scan){ 0 };
	CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, n, &fault), -1);
	CHECK_INT(fault.status, 431);
	CHECK_STR(fault.why, want);
	fault = (struct http_fault){ 0 };
	CHECK_INT(http_parse(HTTP_REQUEST, p, n, &h, &fault), -1);
	CHECK_INT(fault.status, 431);
	CHECK_STR(fault.why, want);
}

/* P13: a head of just the maximum is taken, one byte more is not. */
static void
http_bounds_the_head(void)
{
	static char p[HTTP_MAX_HEAD + 64];
	struct http_fault fault;
	struct http_scan scan = { 0 };
	size_t n = make_request(p, 64, 1023), left = HTTP_MAX_HEAD - n;

	CHECK_UINT(left, 46);
	memmove(p + 16 + left, p + 16, n - 16);
	memset(p + 16, 'b', left);
	memcpy(p + 16, "b:", 2);
	memcpy(p + 16 + left - 2, "\r\n", 2);
	CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, HTTP_MAX_HEAD, &fault), HTTP_MAX_HEAD);

	memcpy(p + HTTP_MAX_HEAD - 2, "c:\r\n\r\n", 6);
	scan = (struct http_scan){ 0 };
	CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, HTTP_MAX_HEAD, &fault), 0);
	CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, HTTP_MAX_HEAD + 4, &fault), -1);
	CHECK_INT(fault.status, 431);
	CHECK_STR(fault.why, "the head is over 65536 bytes");
}

/* B37: each byte is looked at once, however the head is fed. */
static void
http_scans_in_linear_time(void)
{
	static char p[HTTP_MAX_HEAD];
	struct http_fault fault;
	struct http_scan scan = { 0 };
	size_t n = make_request(p, 63, 1023);

	for (size_t i = 1; i < n; i++) {
		CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, i, &fault), 0);
		CHECK_UINT(scan.at, i);
	}
	CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, n, &fault), n);
}

/* HS20 */
static void
http_skips_one_empty_line(void)
{
	CHECK_UINT(http_skip("\r\nGET", 5), 2);
	CHECK_UINT(http_skip("\r\n", 2), 2);
	CHECK_UINT(http_skip("\r", 1), 1);
	CHECK_UINT(http_skip("\r\n\r\n", 4), 2);
	CHECK_UINT(http_skip("\rG", 2), 0);
	CHECK_UINT(http_skip("\n", 1), 0);
	CHECK_UINT(http_skip("GET", 3), 0);
	CHECK_UINT(http_skip("", 0), 0);
	CHECK_UINT(http_skip(NULL, 0), 0);
}

/* P19: what http_scan() has not passed is refused, not read over its end. */
static void
http_refuses_cut_and_continued_heads(void)
{
	static const char whole[] = "HTTP/1.1 101 x\r\na: b\r\n c\r\n\r\nX: y\r\n\r\n";
	size_t end = 28;

	for (size_t n = 0; n < sizeof whole; n++) {
		char *p = malloc(n > 0 ? n : 1);
		struct http_head h;
		struct http_fault fault = { 0 };

		if (!CHECK(p != NULL))
			return;
		memcpy(p, whole, n);
		CHECK_INT(http_parse(HTTP_RESPONSE, p, n, &h, &fault), n == end ? 0 : -1);
		CHECK_INT(fault.status, n == end ? 0 : 400);
		free(p);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(http_bounds_lines),
		CHECK_CASE(http_bounds_fields),
		CHECK_CASE(http_bounds_the_head),
		CHECK_CASE(http_scans_in_linear_time),
		CHECK_CASE(http_skips_one_empty_line),
		CHECK_CASE(http_refuses_cut_and_continued_heads),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

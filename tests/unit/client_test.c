#include "ws_driver.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "proto/http.h"

/* The request of a client, and what wsx_new() refuses. */

static const char *
request(struct driver *d)
{
	static const uint8_t end = 0;

	CHECK_INT(buf_put(&d->wire, &end, 1), 0);
	return (const char *)buf_data(&d->wire);
}

/* The whole request, NULL for its parts that vary. */
static void
check_request(struct driver *d, const char *start, const char *rest)
{
	char want[1024];
	const char *got, *key;

	if (!CHECK_INT(driver_start(d), WSX_OK))
		return;
	got = request(d);
	key = strstr(got, "Sec-WebSocket-Key: ");
	if (!CHECK(key != NULL))
		return;
	snprintf(want, sizeof want,
	    "%s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Key: %.24s\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
	    start, key + 19, rest);
	CHECK_STR(got, want);
}

static void
check_url_gives(const char *url, const char *start, const char *rest)
{
	struct driver d;

	check_enter("%s", url);
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.url = url;
	check_request(&d, start, rest);
	driver_clear(&d);
	check_leave();
}

/* HC01 HC02 HC03 HC04 HC06 HC07 HC08 HC10 HC34 W14 U04 U06 U10 U12 W13 R13 G02 B25 B26 */
static void
request_is_a_minimal_one(void)
{
	check_url_gives("ws://h:8123/a/b?x=1", "GET /a/b?x=1 HTTP/1.1\r\nHost: h:8123", "");
	check_url_gives("ws://sample-host/echo", "GET /echo HTTP/1.1\r\nHost: sample-host", "");
	check_url_gives("ws://h", "GET / HTTP/1.1\r\nHost: h", "");
	check_url_gives("ws://h:80/", "GET / HTTP/1.1\r\nHost: h", "");
	check_url_gives("wss://h:443/", "GET / HTTP/1.1\r\nHost: h", "");
	check_url_gives("ws://h:443/", "GET / HTTP/1.1\r\nHost: h:443", "");
	check_url_gives("wss://h:80/", "GET / HTTP/1.1\r\nHost: h:80", "");
	check_url_gives("ws://[::1]:81//a//?", "GET //a// HTTP/1.1\r\nHost: [::1]:81", "");
	check_url_gives("http://H/", "GET / HTTP/1.1\r\nHost: h", "");
	check_url_gives("ws://u:p%40@h:81/", "GET / HTTP/1.1\r\nHost: h:81",
	    "Authorization: Basic dTpwQA==\r\n");
	check_url_gives("ws://\xc3\xa9:x@h/", "GET / HTTP/1.1\r\nHost: h",
	    "Authorization: Basic w6k6eA==\r\n"); /* HC28: in UTF-8 */
	check_url_gives("ws://u@h/", "GET / HTTP/1.1\r\nHost: h", "Authorization: Basic dTo=\r\n");
}

static void
check_headers_give(const struct wsx_header *headers, size_t n, const char *start, const char *rest)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.config.url = "ws://u:p@h/";
	d.config.headers = headers;
	d.config.n_headers = n;
	check_request(&d, start, rest);
	driver_clear(&d);
}

/* HC03 HC07 P15 P18 B09: they replace what the core would have sent, in any case of letters */
static void
request_takes_headers_of_the_caller(void)
{
	static const struct wsx_header host[] = { { "X-A", "1" }, { "hOsT", "v:1" } };
	static const struct wsx_header mixed[] = { { "Origin", "http://a" },
		{ "authorization", "x" }, { "User-Agent", "me" }, { "Empty", "" },
		{ "X", "a\tb \xc3\xa9" } };

	check_headers_give(
	    host, 2, "GET / HTTP/1.1\r\nHost: v:1", "Authorization: Basic dTpw\r\nX-A: 1\r\n");
	check_headers_give(mixed, 5, "GET / HTTP/1.1\r\nHost: h",
	    "Origin: http://a\r\nauthorization: x\r\nUser-Agent: me\r\nEmpty: \r\n"
	    "X: a\tb \xc3\xa9\r\n");
}

static void
check_refused(struct driver *d, const char *why)
{
	CHECK_INT(driver_start(d), WSX_ERR_ARGUMENT);
	CHECK(d->ws == NULL);
	CHECK_STR(d->why, why);
	driver_clear(d);
}

/* P14 P16 P17 HC02 HC34 */
static void
request_refuses_headers_that_would_break_it(void)
{
#define NAME     "a header's name is not a token"
#define VALUE    "a header's value holds a control character"
#define RESERVED "a header that belongs to the handshake itself"
	static const struct {
		struct wsx_header header;
		const char *why;
	} rows[] = {
		{ { "A", "b\r\nC: d" }, VALUE },
		{ { "A", "b\n" }, VALUE },
		{ { "A", "\x7f" }, VALUE },
		{ { "A\r\nB", "c" }, NAME },
		{ { "A B", "c" }, NAME },
		{ { "A:", "c" }, NAME },
		{ { "", "x" }, NAME },
		{ { "\xc3\xa9", "x" }, NAME },
		{ { "Upgrade", "x" }, RESERVED },
		{ { "CONNECTION", "close" }, RESERVED },
		{ { "Sec-WebSocket-Key", "x" }, RESERVED },
		{ { "sec-websocket-version", "8" }, RESERVED },
		{ { "Sec-WebSocket-Accept", "x" }, RESERVED },
		{ { "Sec-WebSocket-Extensions", "x" }, RESERVED },
		{ { "Sec-WebSocket-Protocol", "x" }, RESERVED },
		{ { "Content-Length", "0" }, RESERVED },
		{ { "Transfer-Encoding", "chunked" }, RESERVED },
		{ { "TE", "trailers" }, RESERVED },
		{ { "Expect", "100-continue" }, RESERVED },
	};
	static const struct wsx_header two[] = { { "Host", "a" }, { "host", "a" } };
	struct driver d;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check_enter("%s", rows[i].header.name);
		driver_init(&d, WSX_CLIENT, NULL);
		d.config.headers = &rows[i].header;
		d.config.n_headers = 1;
		check_refused(&d, rows[i].why);
		check_leave();
	}
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.headers = two;
	d.config.n_headers = 2;
	check_refused(&d, "more than one Host");
}

/* HC08 HC09 W05 W06 W07 */
static void
request_offers_subprotocols_in_order(void)
{
	static const char *const names[] = { "b", "a", "A", "x.y!" };
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.config.protocols = names;
	d.config.n_protocols = 4;
	check_request(
	    &d, "GET /chat HTTP/1.1\r\nHost: h:81", "Sec-WebSocket-Protocol: b, a, A, x.y!\r\n");
	driver_clear(&d);
}

static void
request_refuses_subprotocols_that_are_no_tokens_or_twice(void)
{
	static const char *const bad[] = { "", "a b", "a,b", "\xc3\xa9", "a/b", "a\r\nX: y", "a\t",
		"\x7f", "\"a\"" };
	static const char *const twice[] = { "a", "b", "a" };
	struct driver d;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		driver_init(&d, WSX_CLIENT, NULL);
		d.config.protocols = &bad[i];
		d.config.n_protocols = 1;
		check_refused(&d, "a subprotocol's name is not a token");
	}
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.protocols = twice;
	d.config.n_protocols = 3;
	check_refused(&d, "a subprotocol is named twice");
}

/* W01 W03 W04: an error, no object, nothing to send */
static void
request_refuses_urls_the_standard_refuses(void)
{
	static const char *const bad[] = { "", "h", "//h/", "ftp://h/", "file:///x", "wsx://h/",
		"ws://h/#", "http://h/#f", "ws://h:99999/", "ws://[::1", "ws://a b/" };
	struct driver d;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		check_enter("%s", bad[i]);
		driver_init(&d, WSX_CLIENT, NULL);
		d.config.url = bad[i];
		CHECK_INT(driver_start(&d), WSX_ERR_ARGUMENT);
		CHECK(d.ws == NULL && d.why != NULL && d.why[0] != '\0');
		driver_clear(&d);
		check_leave();
	}
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.url = NULL;
	check_refused(&d, "no URL");
}

/* HC05 */
static void
request_has_a_key_of_sixteen_random_bytes_of_its_own(void)
{
	enum { COUNT = 1000 };
	static uint8_t keys[COUNT][16];
	uint64_t random = 77;
	struct driver d;

	for (int i = 0; i < COUNT; i++) {
		const char *key;
		uint8_t want[16];
		uint64_t state = random;

		driver_init(&d, WSX_CLIENT, NULL);
		d.random = random;
		if (CHECK_INT(driver_start(&d), WSX_OK)) {
			key = strstr(request(&d), "Sec-WebSocket-Key: ") + 19;
			CHECK_INT(base64_decode((struct span){ key, 24 }, keys[i], 16), 16);
			for (size_t j = 0; j < sizeof want; j++)
				want[j] = (uint8_t)check_random(&state);
			CHECK_MEM(keys[i], 16, want, 16);
			random = d.random;
		}
		driver_clear(&d);
	}
	for (int i = 0; i < COUNT; i++)
		for (int j = 0; j < i; j++)
			if (memcmp(keys[i], keys[j], 16) == 0)
				CHECK_INT(i, j);
}

/* F04: without randomness nothing is made */
static void
request_needs_randomness(void)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.random_left = 0;
	CHECK_INT(driver_start(&d), WSX_ERR_RANDOM);
	CHECK(d.ws == NULL);
	CHECK_STR(d.why, "no random bytes");
	driver_clear(&d);
}

/* A name or value of up to 40 of the bytes allowed in it. */
static const char *
random_text(uint64_t *state, char *out, const char *alphabet)
{
	size_t n = check_random(state) % 40, len = strlen(alphabet);

	for (size_t i = 0; i <= n; i++)
		out[i] = alphabet[check_random(state) % len];
	out[n + 1] = '\0';
	return out;
}

static void
check_is_strict(struct driver *d, const char *target, size_t n_headers)
{
	static const char *const once[] = { "Host", "Upgrade", "Connection", "Sec-WebSocket-Key",
		"Sec-WebSocket-Version" };
	struct http_scan scan = { 0 };
	struct http_fault fault;
	struct http_head h;
	char *p = (char *)buf_mutable_data(&d->wire);
	size_t n = buf_len(&d->wire);

	if (!CHECK_INT(http_scan(&scan, HTTP_REQUEST, p, n, &fault), n) ||
	    !CHECK_INT(http_parse(HTTP_REQUEST, p, n, &h, &fault), 0))
		return;
	CHECK_SPAN(h.method, "GET");
	CHECK_SPAN(h.target, target);
	CHECK_INT(h.minor, 1);
	CHECK_SPAN(h.fields[0].name, "Host");
	for (size_t i = 0; i < sizeof once / sizeof *once; i++)
		CHECK_UINT(http_count(&h, once[i]), 1);
	CHECK_UINT(h.n_fields,
	    5 + n_headers + (d->config.n_protocols > 0) + http_count(&h, "Authorization"));
}

/* HC37 P18 */
static void
request_is_valid_http_whatever_the_options(void)
{
	static const char token[] = "ABCxyz019!#$%&'*+-.^_`|~";
	static const char value[] = "abc XYZ\t\"\\,;:=()<>@[]{}/?\x80\xff\xc3\xa9";
	static const char path[] = "abcXYZ019/?&=%;:@!$'()*+,-._~ \"<>\\^`{|}\x80\xff";
	uint64_t state = 2024;

	for (int i = 0; i < 200; i++) {
		char names[8][48], values[8][48], protocols[4][48], url[128], tail[48];
		const char *offered[4];
		struct wsx_header headers[8];
		struct driver d;

		driver_init(&d, WSX_CLIENT, NULL);
		check_enter("mix %d", i);
		snprintf(url, sizeof url, "%s://%sh%s/%s",
		    check_random(&state) % 2 ? "ws" : "https",
		    check_random(&state) % 3 ? "" : "us%20er:p%C3%A9@",
		    check_random(&state) % 2 ? "" : ":8080", random_text(&state, tail, path));
		d.config.url = url;
		d.config.headers = headers;
		d.config.n_headers = check_random(&state) % 9;
		for (size_t j = 0; j < d.config.n_headers; j++) {
			names[j][0] = 'x';
			random_text(&state, names[j] + 1, token);
			headers[j].name = names[j];
			headers[j].value = random_text(&state, values[j], value);
		}
		d.config.protocols = offered;
		d.config.n_protocols = check_random(&state) % 5;
		for (size_t j = 0; j < d.config.n_protocols; j++) {
			protocols[j][0] = (char)('a' + j); /* no two alike */
			offered[j] = protocols[j];
			random_text(&state, protocols[j] + 1, token);
		}
		if (CHECK_INT(driver_start(&d), WSX_OK)) {
			const char *target = strchr(strstr(wsx_display_url(d.ws), "://") + 3, '/');
			char want[512];

			/* an empty query is in the url and not in the target (U06) */
			snprintf(want, sizeof want, "%s", target);
			if (want[strlen(want) - 1] == '?' && strchr(want, '?')[1] == '\0')
				want[strlen(want) - 1] = '\0';
			check_is_strict(&d, want, d.config.n_headers);
		}
		driver_clear(&d);
		check_leave();
	}
}

/* A request of any length goes out, in any parts; one past the bound is refused. */
static void
request_may_be_long_but_not_without_bound(void)
{
	static char value[200000];
	struct wsx_header header = { "X", value };
	struct driver d;

	memset(value, 'a', 60000);
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.headers = &header;
	d.config.n_headers = 1;
	d.config.max_output = 10;
	CHECK_INT(driver_start(&d), WSX_OK);
	CHECK(buf_len(&d.wire) > 60000);
	driver_clear(&d);

	memset(value, 'a', sizeof value - 1);
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.headers = &header;
	d.config.n_headers = 1;
	d.config.max_output = 10;
	check_refused(&d, "the request is too long");
}

/* W08 W33: nothing happens at birth, and there is what an origin is made of */
static void
request_comes_with_the_attributes_of_the_url(void)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.config.url = "HTTPS://u:p@[0:0::1]:444/x";
	d.blocked = true;
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		CHECK_STR(wsx_url(d.ws), "wss://u:p@[::1]:444/x");
		CHECK_STR(wsx_display_url(d.ws), "wss://[::1]:444/x");
		CHECK_STR(wsx_host(d.ws), "::1");
		CHECK_UINT(wsx_port(d.ws), 444);
		CHECK(wsx_secure(d.ws));
		CHECK_STR(wsx_protocol(d.ws), "");
		CHECK_STR(wsx_extensions(d.ws), "");
		CHECK_INT(wsx_http_status(d.ws), 0);
		CHECK_UINT(wsx_buffered_amount(d.ws), 0);
		CHECK(!wsx_close_expected(d.ws));
		CHECK_UINT(buf_len(&d.events), 0);
	}
	driver_clear(&d);
}

static void
start_with_all_options(struct check_mem *mem, void *arg)
{
	static const char *const protocols[] = { "a", "b" };
	static const struct wsx_header headers[] = { { "A", "1" }, { "B", "2" } };
	struct driver d;
	int r;

	(void)arg;
	driver_init(&d, WSX_CLIENT, mem);
	d.config.url = "ws://user:password@host.example:8080/a/path?and=query";
	d.config.protocols = protocols;
	d.config.n_protocols = 2;
	d.config.headers = headers;
	d.config.n_headers = 2;
	r = driver_start(&d);
	CHECK_INT(r, mem->failed ? WSX_ERR_NOMEM : WSX_OK);
	CHECK((d.ws == NULL) == mem->failed);
	if (mem->failed && mem->requests > 1) /* where there was none at all, there is no text */
		CHECK_STR(d.why, "out of memory");
	driver_clear(&d);
}

static void
request_survives_failing_memory(void)
{
	check_allocations(start_with_all_options, NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(request_is_a_minimal_one),
		CHECK_CASE(request_takes_headers_of_the_caller),
		CHECK_CASE(request_refuses_headers_that_would_break_it),
		CHECK_CASE(request_offers_subprotocols_in_order),
		CHECK_CASE(request_refuses_subprotocols_that_are_no_tokens_or_twice),
		CHECK_CASE(request_refuses_urls_the_standard_refuses),
		CHECK_CASE(request_has_a_key_of_sixteen_random_bytes_of_its_own),
		CHECK_CASE(request_needs_randomness),
		CHECK_CASE(request_is_valid_http_whatever_the_options),
		CHECK_CASE(request_may_be_long_but_not_without_bound),
		CHECK_CASE(request_comes_with_the_attributes_of_the_url),
		CHECK_CASE(request_survives_failing_memory),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

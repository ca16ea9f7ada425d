#include "server_rows.h"

#include <string.h>

/* What a server makes of a request: RFC 6455 4.2. */

/* HS01 HS03 HS05 HS09 HS13 HS15 HS20 HS21 HS27 HS31 P09 */
static void
server_opens_on_a_right_request(void)
{
	static const struct server_row rows[] = {
		{ GOOD END, OPENS, NULL },
		{ "\r\n" GOOD END, OPENS, NULL },
		{ "GET /chat HTTP/1.2\r\n" HOST UPGRADE KEY VERSION END, OPENS, NULL },
		{ "GET http://h/echo HTTP/1.1\r\n" HOST UPGRADE KEY VERSION END, OPENS, NULL },
		{ GET HOST
		    "Upgrade: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n" KEY VERSION END,
		    OPENS, NULL },
		{ GET HOST "Upgrade: h2c\r\nUpgrade: , websocket\r\n"
			   "Connection: x\r\nConnection: upgrade\r\n" KEY VERSION END,
		    OPENS, NULL },
		{ GOOD "X-1: a\r\nX-2: b\r\nSec-WebSocket-Foo: 1\r\nX: \xe9\r\n" END, OPENS, NULL },
		{ GOOD "Sec-WebSocket-Extensions: x-a\r\n" END, OPENS, NULL },
		{ GOOD "Sec-WebSocket-Extensions: x-a\r\n"
		       "Sec-WebSocket-Extensions: permessage-deflate; a=\"1\"\r\n" END,
		    OPENS, NULL },
		{ GOOD "Content-Length: 0\r\n" END, OPENS, NULL },
		{ GOOD "Expect: 100-continue\r\n" END, OPENS, NULL },
		{ GOOD "Origin: null\r\n" END, REFUSED("403", "this Origin is not allowed"), NULL },
	};

	CHECK_ROWS(rows);
}

/* HS01 HS07 HC16: the answer to the byte */
static void
server_answers_with_accept_and_nothing_else(void)
{
	static const char example[] = "HTTP/1.1 101 Switching Protocols\r\n"
				      "Upgrade: websocket\r\nConnection: Upgrade\r\n"
				      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
	/* a key whose last bits are not 0: the answer is to its text */
	static const char odd[] =
	    GET HOST UPGRADE VERSION "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==\r\n\r\n";
	struct driver d;

	driver_init(&d, WSX_SERVER, NULL);
	CHECK(driver_open(&d));
	CHECK_MEM(buf_data(&d.wire), buf_len(&d.wire), example, sizeof example - 1);
	driver_clear(&d);

	driver_init(&d, WSX_SERVER, NULL);
	CHECK_INT(driver_start(&d), WSX_OK);
	driver_feed(&d, odd, sizeof odd - 1);
	CHECK(d.opened);
	CHECK(memmem(buf_data(&d.wire), buf_len(&d.wire), "OfS0wDaT5NoxF2gqm7Zj2YtetzM=", 28) !=
	      NULL);
	driver_clear(&d);
}

/* HS02 HS03 HS04 HS19 */
static void
server_refuses_other_methods_versions_and_hosts(void)
{
#define REST HOST UPGRADE KEY VERSION END
	static const struct server_row rows[] = {
		{ "POST /chat HTTP/1.1\r\n" REST, REFUSED("405", "only GET can open a WebSocket"),
		    NULL },
		{ "HEAD /chat HTTP/1.1\r\n" REST, REFUSED("405", "only GET can open a WebSocket"),
		    NULL },
		{ "get /chat HTTP/1.1\r\n" REST, REFUSED("501", "an unknown method"), NULL },
		{ "FOO /chat HTTP/1.1\r\n" REST, REFUSED("501", "an unknown method"), NULL },
		{ "GET /chat HTTP/1.0\r\n" REST, REFUSED("426", "HTTP/1.0 can not upgrade"), NULL },
		{ "GET /chat HTTP/2.0\r\n" REST, REFUSED("505", "the HTTP version is not 1.1"),
		    NULL },
		{ GET UPGRADE KEY VERSION END, REFUSED("400", ONE_HOST), NULL },
		{ GET HOST HOST UPGRADE KEY VERSION END, REFUSED("400", ONE_HOST), NULL },
		{ GET "Host:\r\n" UPGRADE KEY VERSION END, REFUSED("400", ONE_HOST), NULL },
		{ GET "Host: a b\r\n" UPGRADE KEY VERSION END, REFUSED("400", ONE_HOST), NULL },
		{ GET "Host: u@h\r\n" UPGRADE KEY VERSION END, REFUSED("400", ONE_HOST), NULL },
		{ GET "Host: h/x\r\n" UPGRADE KEY VERSION END, REFUSED("400", ONE_HOST), NULL },
		{ GET "Host: h:99999\r\n" UPGRADE KEY VERSION END,
		    REFUSED("400", "the Host or the target is malformed"), NULL },
		{ "GET chat HTTP/1.1\r\n" REST,
		    REFUSED("400", "the Host or the target is malformed"), NULL },
		{ "GET /a#b HTTP/1.1\r\n" REST,
		    REFUSED("400", "the Host or the target is malformed"), NULL },
		{ GET " X: y\r\n" REST, REFUSED("400", "a header line begins with a space"), NULL },
		{ GET "X: a\r\n b\r\n" REST, REFUSED("400", "a header line begins with a space"),
		    NULL },
		{ GET "Upgrade : websocket\r\n" REST,
		    REFUSED("400", "a header name is not a token"), NULL },
		{ "\x16\x03\x01", REFUSED("400", "the client speaks TLS here"), NULL },
		{ "", "error handshake: closed during the handshake\n" LOST, NULL },
		{ "GET", "error handshake: closed during the handshake\n" LOST, NULL },
	};

	CHECK_ROWS(rows);
}

/* HS05 HS06 HS08 HS25 HS28 P10 */
static void
server_refuses_what_is_no_handshake(void)
{
#define WITH_KEY(k)     GET HOST UPGRADE "Sec-WebSocket-Key:" k "\r\n" VERSION END
#define WITH_VERSION(v) GET HOST UPGRADE KEY "Sec-WebSocket-Version: " v "\r\n" END
	static const struct server_row rows[] = {
		{ GET HOST END, REFUSED("426", NO_UPGRADE), NULL },
		{ GET HOST "Upgrade: websocket\r\nConnection: keep-alive\r\n" KEY VERSION END,
		    REFUSED("426", NO_UPGRADE), NULL },
		{ GET HOST "Upgrade: websocketX\r\nConnection: Upgrade\r\n" KEY VERSION END,
		    REFUSED("426", NO_UPGRADE), NULL },
		{ GET HOST "Upgrade: websocket\r\nConnection: not-upgrade\r\n" KEY VERSION END,
		    REFUSED("426", NO_UPGRADE), NULL },
		{ GET HOST UPGRADE VERSION END, REFUSED("400", ONE_KEY), NULL },
		{ GOOD KEY END, REFUSED("400", ONE_KEY), NULL },
		{ WITH_KEY(""), REFUSED("400", ONE_KEY), NULL },
		{ WITH_KEY(" AQIDBAUGBwgJCgsMDQ4P"), REFUSED("400", ONE_KEY), NULL },
		{ WITH_KEY(" AQIDBAUGBwgJCgsMDQ4PEBE="), REFUSED("400", ONE_KEY), NULL },
		{ WITH_KEY(" AQIDBAUGBwgJCgsMDQ4PE!=="), REFUSED("400", ONE_KEY), NULL },
		{ WITH_KEY(" AQIDBAUGBwgJCgsMDQ4PEBESE"), REFUSED("400", ONE_KEY), NULL },
		{ WITH_KEY(" AQIDBAUGBwgJ\rX: yKCwwNDg"),
		    REFUSED("400", "a CR stands alone in the head"), NULL },
		{ GET HOST UPGRADE KEY END, REFUSED("426", ONLY_13), NULL },
		{ GOOD VERSION END, REFUSED("426", ONLY_13), NULL },
		{ WITH_VERSION("8"), REFUSED("426", ONLY_13), NULL },
		{ WITH_VERSION("12"), REFUSED("426", ONLY_13), NULL },
		{ WITH_VERSION("14"), REFUSED("426", ONLY_13), NULL },
		{ WITH_VERSION("013"), REFUSED("426", ONLY_13), NULL },
		{ WITH_VERSION("abc"), REFUSED("426", ONLY_13), NULL },
		{ WITH_VERSION("13, 8"), REFUSED("426", ONLY_13), NULL },
	};

	CHECK_ROWS(rows);
}

/* HS21 */
static void
server_refuses_a_request_with_a_body(void)
{
#define BODY REFUSED("400", "an upgrade has no body")
	static const struct server_row rows[] = {
		{ GOOD "Content-Length: 5\r\n" END "12345", BODY, NULL },
		{ GOOD "Content-Length: x\r\n" END, BODY, NULL },
		{ GOOD "Content-Length: -0\r\n" END, BODY, NULL },
		{ GOOD "Content-Length: 0\r\nContent-Length: 0\r\n" END, BODY, NULL },
		{ GOOD "Transfer-Encoding: chunked\r\n" END, BODY, NULL },
		{ GOOD "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n" END, BODY, NULL },
	};

	CHECK_ROWS(rows);
}

/* HS24 B11 B33 */
static void
server_takes_frames_glued_to_the_request(void)
{
	static const struct server_row rows[] = {
		{ GOOD END "\x81\x82\x01\x02\x03\x04ik", "101 open\ntext 'hi'\n" LOST, NULL },
		{ GOOD END "\x81\x02hi",
		    "101 open\nerror protocol: an unmasked frame from a client\n" LOST
		    "sent: close 1002 'an unmasked frame from a client'\n",
		    NULL },
		/* B43: after a refusal nothing is */
		{ GET HOST END "\x81\x82\x01\x02\x03\x04ik", REFUSED("426", NO_UPGRADE), NULL },
	};

	CHECK_ROWS(rows);
}

/* A request with a target and a number of fields, fed as reads come. */
static void
check_size(size_t target, int fields, const char *want)
{
	struct buf request, text;
	struct driver d;

	buf_init(&request, &mem_libc, SIZE_MAX);
	buf_init(&text, &mem_libc, SIZE_MAX);
	buf_puts(&request, "GET /");
	for (size_t i = 0; i < target; i++)
		buf_putc(&request, 'a');
	buf_puts(&request, " HTTP/1.1\r\n" HOST);
	for (int i = 0; i < fields; i++)
		buf_putf(&request, "X-%d: y\r\n", i);
	buf_puts(&request, UPGRADE KEY VERSION END);

	driver_init(&d, WSX_SERVER, NULL);
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		for (size_t at = 0, n = buf_len(&request); at < n; at += 4096)
			driver_feed(&d, buf_data(&request) + at, n - at < 4096 ? n - at : 4096);
		CHECK(d.own.requests < 100);
		driver_end(&d);
		server_put_answer(&text, &d);
		buf_puts(&text, driver_text(&d));
		CHECK_MEM(buf_data(&text), buf_len(&text), want, strlen(want));
	}
	driver_clear(&d);
	buf_clear(&request);
	buf_clear(&text);
}

/* HS22 B17 */
static void
server_bounds_what_it_reads(void)
{
	check_size(7900, 100, OPENS);
	check_size(1 << 20, 0, REFUSED("414", "the request line is over 8192 bytes"));
	check_size(0, 2000, REFUSED("431", "the head has over 128 header lines"));
}

static const char *closing_at;

static void
close_at_head(struct driver *d, const char *event)
{
	if (strcmp(event, closing_at) == 0)
		CHECK_INT(wsx_close(d->ws, 1000, "", 0), WSX_OK);
}

static void
server_tells_the_heads(void)
{
	struct driver d;

	driver_init(&d, WSX_SERVER, NULL);
	d.heads = true;
	CHECK(driver_open(&d));
	CHECK_STR(driver_text(&d), "head received\nhead sent\nopen\n");
	driver_clear(&d);

	driver_init(&d, WSX_SERVER, NULL);
	d.heads = true;
	CHECK_INT(driver_start(&d), WSX_OK);
	driver_feed(&d, GET END, sizeof GET END - 1);
	driver_end(&d);
	CHECK_STR(driver_text(&d),
	    "head received\nhead sent\nerror handshake: refused with 400: " ONE_HOST "\n" LOST);
	driver_clear(&d);
}

/* W19 W44: it does not open then, and sends no answer it could still keep back */
static void
server_closed_while_told_of_a_head_does_not_open(void)
{
	static const char *const at[] = { "head received", "head sent" };
	struct driver d;

	for (size_t i = 0; i < 2; i++) {
		check_enter("%s", at[i]);
		closing_at = at[i];
		driver_init(&d, WSX_SERVER, NULL);
		d.react = close_at_head;
		CHECK(!driver_open(&d));
		CHECK(i == 1 || buf_len(&d.wire) == 0);
		CHECK(d.ended);
		driver_end(&d);
		CHECK_STR(driver_text(&d),
		    "error handshake: closed before the connection was open\n" LOST);
		driver_clear(&d);
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(server_opens_on_a_right_request),
		CHECK_CASE(server_answers_with_accept_and_nothing_else),
		CHECK_CASE(server_refuses_other_methods_versions_and_hosts),
		CHECK_CASE(server_refuses_what_is_no_handshake),
		CHECK_CASE(server_refuses_a_request_with_a_body),
		CHECK_CASE(server_takes_frames_glued_to_the_request),
		CHECK_CASE(server_bounds_what_it_reads),
		CHECK_CASE(server_tells_the_heads),
		CHECK_CASE(server_closed_while_told_of_a_head_does_not_open),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

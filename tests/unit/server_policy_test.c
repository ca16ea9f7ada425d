#include "server_rows.h"

#include <string.h>

/* What a server chooses and allows: subprotocols, extensions, path, Origin, headers. */

/* HS14 */
static void
server_refuses_malformed_offers_of_extensions(void)
{
#define OFFERS(x) GOOD "Sec-WebSocket-Extensions: " x "\r\n" END
#define BAD_OFFER REFUSED("400", "a malformed Sec-WebSocket-Extensions")
	static const struct server_row rows[] = {
		{ OFFERS(";"), BAD_OFFER, NULL },
		{ OFFERS("permessage-deflate;;"), BAD_OFFER, NULL },
		{ OFFERS("permessage-deflate; =1"), BAD_OFFER, NULL },
		{ OFFERS("permessage-deflate; a=\"x"), BAD_OFFER, NULL },
		{ OFFERS("permessage-deflate, ="), BAD_OFFER, NULL },
		{ OFFERS(""), BAD_OFFER, NULL },
		{ OFFERS(","), BAD_OFFER, NULL },
		{ OFFERS("permessage-deflate,"), OPENS, NULL },
	};

	CHECK_ROWS(rows);
}

static void
serve_b_then_a(struct driver *d)
{
	static const char *const protocols[] = { "b", "a" };

	d->config.protocols = protocols;
	d->config.n_protocols = 2;
}

/* HS10 HS11 HS12 HS25 HS33 R11b: the first of ours that is offered */
static void
server_selects_the_first_of_its_subprotocols(void)
{
#define OFFER(x)    GOOD "Sec-WebSocket-Protocol: " x "\r\n" END
#define SPLIT(x, y) GOOD "Sec-WebSocket-Protocol: " x "\r\nSec-WebSocket-Protocol: " y "\r\n" END
#define SELECTS(x)  "101 open '" x "'\n" LOST
#define BAD_LIST    REFUSED("400", "a malformed Sec-WebSocket-Protocol")
	static const struct server_row rows[] = {
		{ OFFER("a, b"), SELECTS("b"), serve_b_then_a },
		{ OFFER("b, a"), SELECTS("b"), serve_b_then_a },
		{ OFFER("x, a,, y"), SELECTS("a"), serve_b_then_a },
		{ OFFER("a, a"), SELECTS("a"), serve_b_then_a },
		{ SPLIT("a", "x, b"), SELECTS("b"), serve_b_then_a },
		{ OFFER("x"), OPENS, serve_b_then_a },
		{ OFFER("A"), OPENS, serve_b_then_a },
		{ OFFER("a%0d%0aX:"), BAD_LIST, serve_b_then_a }, /* ':' is no tchar */
		{ OFFER("a%0d%0aX"), OPENS, serve_b_then_a },
		{ OFFER("a"), OPENS, NULL },
		{ GOOD END, OPENS, serve_b_then_a },
		{ OFFER("a a"), BAD_LIST, serve_b_then_a },
		{ OFFER("a/b"), BAD_LIST, NULL },
		{ OFFER(","), BAD_LIST, NULL },
		{ OFFER(""), BAD_LIST, NULL },
		{ SPLIT("a", ""), BAD_LIST, serve_b_then_a },
		{ GOOD "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Extensions: ;\r\n" END,
		    BAD_OFFER, serve_b_then_a },
	};

	CHECK_ROWS(rows);
}

static void
serve_echo(struct driver *d)
{
	d->config.path = "/echo";
}

/* HS17 HS27 */
static void
server_serves_one_path(void)
{
#define AT(target) "GET " target " HTTP/1.1\r\n" HOST UPGRADE KEY VERSION END
#define NOT_HERE   REFUSED("404", "nothing is served at this path")
	static const struct server_row rows[] = {
		{ AT("/echo"), OPENS, serve_echo },
		{ AT("/echo?x"), OPENS, serve_echo },
		{ AT("http://other/echo"), OPENS, serve_echo },
		{ AT("/a/../echo"), OPENS, serve_echo },
		{ AT("/x"), NOT_HERE, serve_echo },
		{ AT("/echo/"), NOT_HERE, serve_echo },
		{ AT("/ech"), NOT_HERE, serve_echo },
		{ AT("/"), NOT_HERE, serve_echo },
		{ AT("//h/echo"), NOT_HERE, serve_echo },
	};

	CHECK_ROWS(rows);
}

static void
allow_two(struct driver *d)
{
	static const char *const origins[] = { "https://a.example", "http://b:81" };

	d->config.origins = origins;
	d->config.n_origins = 2;
}

static void
allow_any(struct driver *d)
{
	static const char *const origins[] = { "*" };

	d->config.origins = origins;
	d->config.n_origins = 1;
}

/* HS16 S10 B42 */
static void
server_allows_the_origins_it_was_told(void)
{
#define FROM(origin) GOOD "Origin: " origin "\r\n" END
#define FOREIGN      REFUSED("403", "this Origin is not allowed")
	static const struct server_row rows[] = {
		{ FROM("https://a.example"), OPENS, allow_two },
		{ FROM("https://A.Example"), OPENS, allow_two },
		{ FROM("http://b:81"), OPENS, allow_two },
		{ FROM("https://a.example.evil"), FOREIGN, allow_two },
		{ FROM("http://a.example"), FOREIGN, allow_two },
		{ FROM("https://a.example:444"), FOREIGN, allow_two },
		{ FROM("null"), FOREIGN, allow_two },
		{ FROM(""), FOREIGN, allow_two },
		{ FROM("*"), FOREIGN, allow_two },
		{ GOOD "Origin: https://a.example\r\nOrigin: https://a.example\r\n" END, FOREIGN,
		    allow_two },
		{ GOOD END, OPENS, allow_two },
		{ FROM("http://x"), FOREIGN, NULL },
		{ FROM("http://x"), OPENS, allow_any },
	};

	CHECK_ROWS(rows);
}

/* The url is that of the request, by what the host said of the connection. */
static void
server_knows_its_url(void)
{
	static const char request[] =
	    "GET /a/./b?x=1 HTTP/1.1\r\nHost: H:443\r\n" UPGRADE KEY VERSION "\r\n";
	struct driver d;

	for (int secure = 0; secure <= 1; secure++) {
		driver_init(&d, WSX_SERVER, NULL);
		d.config.secure = secure != 0;
		CHECK_INT(driver_start(&d), WSX_OK);
		driver_feed(&d, request, sizeof request - 1);
		CHECK_STR(wsx_url(d.ws), secure ? "wss://h/a/b?x=1" : "ws://h:443/a/b?x=1");
		driver_clear(&d);
	}
}

/* HS32 HS33 P14 P16: fields of the caller's, but none of the handshake's own */
static void
server_adds_headers_of_the_caller(void)
{
	static const struct wsx_header good[] = { { "Server", "wsx" }, { "Set-Cookie", "a=1" } };
	static const struct wsx_header bad[] = { { "Sec-WebSocket-Accept", "x" },
		{ "sec-websocket-protocol", "x" }, { "Content-Length", "4" },
		{ "Transfer-Encoding", "chunked" }, { "Upgrade", "x" }, { "Connection", "close" },
		{ "A", "b\r\nC: d" }, { "A B", "c" }, { "", "x" } };
	struct driver d;

	driver_init(&d, WSX_SERVER, NULL);
	d.config.headers = good;
	d.config.n_headers = 2;
	CHECK(driver_open(&d));
	CHECK(memmem(buf_data(&d.wire), buf_len(&d.wire), "Server: wsx\r\nSet-Cookie: a=1\r\n\r\n",
		  32) != NULL);
	driver_clear(&d);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		check_enter("%s", bad[i].name);
		driver_init(&d, WSX_SERVER, NULL);
		d.config.headers = &bad[i];
		d.config.n_headers = 1;
		CHECK_INT(driver_start(&d), WSX_ERR_ARGUMENT);
		CHECK(d.ws == NULL && d.why != NULL);
		driver_clear(&d);
		check_leave();
	}
}

static void
server_refuses_what_it_cannot_serve(void)
{
	static const char *const names[] = { "a b" };
	static char value[100000];
	struct wsx_header header = { "X", value };
	struct driver d;

	driver_init(&d, WSX_SERVER, NULL);
	d.config.protocols = names;
	d.config.n_protocols = 1;
	CHECK_INT(driver_start(&d), WSX_ERR_ARGUMENT);
	CHECK_STR(d.why, "a subprotocol's name is not a token");
	driver_clear(&d);

	memset(value, 'a', sizeof value - 1);
	driver_init(&d, WSX_SERVER, NULL);
	d.config.headers = &header;
	d.config.n_headers = 1;
	CHECK_INT(driver_start(&d), WSX_ERR_ARGUMENT);
	CHECK_STR(d.why, "the headers are too long");
	driver_clear(&d);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(server_refuses_malformed_offers_of_extensions),
		CHECK_CASE(server_selects_the_first_of_its_subprotocols),
		CHECK_CASE(server_serves_one_path),
		CHECK_CASE(server_allows_the_origins_it_was_told),
		CHECK_CASE(server_knows_its_url),
		CHECK_CASE(server_adds_headers_of_the_caller),
		CHECK_CASE(server_refuses_what_it_cannot_serve),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

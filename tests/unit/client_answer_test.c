#include "client_rows.h"

#include <string.h>

#include "proto/digest.h"

/* The answer to a request, RFC 6455 4.1: each thing it must have. */

/* HC13 HC14 HC15 HC23 P09 P21 T13 */
static void
client_opens_on_a_right_101(void)
{
	static const struct client_row rows[] = {
		{ GOOD END, OPENS, NULL },
		{ "HTTP/1.1 101 \r\n" UPGRADE CONNECT ACCEPT END, OPENS, NULL },
		{ "HTTP/1.1 101\r\n" UPGRADE CONNECT ACCEPT END, OPENS, NULL },
		{ SWITCH
		    "upgrade: WebSocket\r\nCONNECTION: UPGRADE\r\nsec-websocket-accept: @\r\n" END,
		    OPENS, NULL },
		{ SWITCH "UPGRADE: WEBSOCKET\r\n" CONNECT ACCEPT END, OPENS, NULL },
		{ SWITCH UPGRADE "Connection: keep-alive, UPGRADE\r\n" ACCEPT END, OPENS, NULL },
		{ SWITCH UPGRADE "Connection: keep-alive\r\nConnection: upgrade\r\n" ACCEPT END,
		    OPENS, NULL },
		{ SWITCH UPGRADE "Connection: ,, Upgrade ,\r\n" ACCEPT END, OPENS, NULL },
		{ SWITCH UPGRADE CONNECT "Sec-WebSocket-Accept:\t@  \r\n" END, OPENS, NULL },
		{ GOOD "X: \xe9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n" END, OPENS, NULL },
		/* P06: a folded line of another field is joined */
		{ GOOD "X: a\r\n b\r\n" END, OPENS, NULL },
	};

	CHECK_ROWS(rows);
}

/* HC12 HC24 HC27 HC29 P01 P02 P20 R10b B43: the frames that follow are never looked at */
static void
client_refuses_any_other_status(void)
{
	static const struct client_row rows[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x81\x02hi",
		    REFUSED("the server answered 200 OK"), NULL },
		{ "HTTP/1.1 204 \r\n\r\n", REFUSED("the server answered 204"), NULL },
		{ "HTTP/1.1 403 Forbidden\r\n" UPGRADE CONNECT ACCEPT END "\x81\x02hi",
		    REFUSED("the server answered 403 Forbidden"), NULL },
		{ "HTTP/1.1 503 Busy\r\n\r\n", REFUSED("the server answered 503 Busy"), NULL },
		{ "HTTP/1.1 302 Found\r\nLocation: ws://h2/\r\n\r\n",
		    REFUSED("the server answered 302 Found, Location: ws://h2/"), NULL },
		{ "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"r\"\r\n\r\n",
		    REFUSED("the server answered 401 No, WWW-Authenticate: Basic realm=\"r\""),
		    NULL },
		{ "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 8, 7\r\n\r\n",
		    REFUSED(
			"the server answered 426 Upgrade Required, Sec-WebSocket-Version: 8, 7"),
		    NULL },
		{ "HTTP/1.0 101 Switching Protocols\r\n" UPGRADE CONNECT ACCEPT END,
		    REFUSED("the server switched protocols in HTTP/1.0"), NULL },
		{ "SSH-2.0-x\r\n", REFUSED("the answer is not HTTP"), NULL },
	};

	CHECK_ROWS(rows);
}

/* HC13 HC14 P10 */
static void
client_refuses_a_101_without_the_upgrade(void)
{
#define NO_UPGRADE "the 101 does not upgrade to websocket"
#define NO_CONNECT "the 101 has no Connection: Upgrade"
	static const struct client_row rows[] = {
		{ SWITCH CONNECT ACCEPT END, REFUSED(NO_UPGRADE), NULL },
		{ SWITCH "Upgrade: h2c\r\n" CONNECT ACCEPT END, REFUSED(NO_UPGRADE), NULL },
		{ SWITCH "Upgrade: websocket2\r\n" CONNECT ACCEPT END, REFUSED(NO_UPGRADE), NULL },
		{ SWITCH "Upgrade: xwebsocket\r\n" CONNECT ACCEPT END, REFUSED(NO_UPGRADE), NULL },
		{ SWITCH "Upgrade:\r\n" CONNECT ACCEPT END, REFUSED(NO_UPGRADE), NULL },
		{ SWITCH UPGRADE UPGRADE CONNECT ACCEPT END, REFUSED(NO_UPGRADE), NULL },
		{ SWITCH "Upgrade: web\r\n socket\r\n" CONNECT ACCEPT END, REFUSED(NO_UPGRADE),
		    NULL },
		{ SWITCH UPGRADE ACCEPT END, REFUSED(NO_CONNECT), NULL },
		{ SWITCH UPGRADE "Connection: close\r\n" ACCEPT END, REFUSED(NO_CONNECT), NULL },
		{ SWITCH UPGRADE "Connection: Upgraded\r\n" ACCEPT END, REFUSED(NO_CONNECT), NULL },
		{ SWITCH UPGRADE "Connection: not-upgrade\r\n" ACCEPT END, REFUSED(NO_CONNECT),
		    NULL },
		{ SWITCH UPGRADE "Connection: keep-alive\r\n" ACCEPT END, REFUSED(NO_CONNECT),
		    NULL },
		{ SWITCH UPGRADE "Connection:\r\n" ACCEPT END, REFUSED(NO_CONNECT), NULL },
	};

	CHECK_ROWS(rows);
}

/* HC15 HC20 */
static void
client_refuses_a_wrong_accept(void)
{
#define OTHER "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define WRONG "the Sec-WebSocket-Accept of the 101 is not the answer to our key"
#define TWICE "the 101 has more than one Sec-WebSocket-Accept"
	static const struct client_row rows[] = {
		{ SWITCH UPGRADE CONNECT END, REFUSED("the 101 has no Sec-WebSocket-Accept"),
		    NULL },
		{ SWITCH UPGRADE CONNECT "Sec-WebSocket-Accept:\r\n" END, REFUSED(WRONG), NULL },
		{ SWITCH UPGRADE CONNECT "Sec-WebSocket-Accept: " OTHER "\r\n" END, REFUSED(WRONG),
		    NULL },
		{ SWITCH UPGRADE CONNECT "Sec-WebSocket-Accept: @=\r\n" END, REFUSED(WRONG), NULL },
		{ SWITCH UPGRADE CONNECT "Sec-WebSocket-Accept: x@\r\n" END, REFUSED(WRONG), NULL },
		{ SWITCH UPGRADE CONNECT "Sec-WebSocket-Accept: @, @\r\n" END, REFUSED(WRONG),
		    NULL },
		{ GOOD "Sec-WebSocket-Accept: " OTHER "\r\n" END, REFUSED(TWICE), NULL },
	};

	CHECK_ROWS(rows);
}

/* HC15: each character counts, and its case */
static void
client_compares_the_whole_accept(void)
{
	char answer[512], right[512];
	size_t n = client_fill_in(GOOD END, right, sizeof right);
	char *at = strstr(right, "Accept: ");
	struct client_row row = { answer, REFUSED(WRONG), NULL };

	if (!CHECK(at != NULL))
		return;
	for (size_t i = 8; i < 8 + DIGEST_ACCEPT_LEN; i++) {
		memcpy(answer, right, n + 1);
		answer[(size_t)(at - right) + i] ^=
		    at[i] >= 'A' && (at[i] | 0x20) <= 'z' ? 0x20 : 0x01;
		check_chunks((const uint8_t *)answer, n, row.want, client_replay, &row);
	}
	/* without its last '=' */
	memcpy(answer, right, n + 1);
	memmove(answer + n - 5, answer + n - 4, 5);
	check_chunks((const uint8_t *)answer, n - 1, row.want, client_replay, &row);
}

/* HC18 HC19 HC20 R11a W15 */
static void
client_takes_one_of_the_subprotocols_offered(void)
{
#define PROTOCOL "Sec-WebSocket-Protocol: "
#define NONE     "the server took none of the subprotocols offered"
#define UNASKED  "the server chose a subprotocol not offered: "
	static const struct client_row rows[] = {
		{ GOOD PROTOCOL "b\r\n" END, "open 'b'\n" LOST, "ab" },
		{ GOOD PROTOCOL "\t a \r\n" END, "open 'a'\n" LOST, "ab" },
		{ GOOD PROTOCOL "b\r\n" END, REFUSED(UNASKED "b"), "a" },
		{ GOOD PROTOCOL "A\r\n" END, REFUSED(UNASKED "A"), "a" },
		{ GOOD PROTOCOL "a\r\n" END, REFUSED(UNASKED "a"), NULL },
		{ GOOD PROTOCOL "a, b\r\n" END, REFUSED(UNASKED "a, b"), "ab" },
		{ GOOD END, REFUSED(NONE), "a" },
		{ GOOD PROTOCOL "\r\n" END, REFUSED(NONE), "a" },
		{ GOOD PROTOCOL "\r\n" END, REFUSED("the server named an empty subprotocol"),
		    NULL },
		{ GOOD PROTOCOL "a\r\n" PROTOCOL "a\r\n" END,
		    REFUSED("the 101 has more than one Sec-WebSocket-Protocol"), "a" },
	};

	CHECK_ROWS(rows);
}

/* HC17 HC20 HC21; W11: no subprotocol either, where it never opened */
static void
client_refuses_extensions_it_did_not_offer(void)
{
#define EXTENSIONS "Sec-WebSocket-Extensions: "
#define MALFORMED  "the Sec-WebSocket-Extensions of the 101 is malformed"
#define CHOSE      "the server chose an extension not offered: "
	static const struct client_row rows[] = {
		{ GOOD EXTENSIONS "x-foo\r\n" END, REFUSED(CHOSE "x-foo"), NULL },
		{ GOOD EXTENSIONS "x-foo; a=1, y\r\n" END, REFUSED(CHOSE "x-foo"), NULL },
		{ GOOD EXTENSIONS ";\r\n" END, REFUSED(MALFORMED), NULL },
		{ GOOD EXTENSIONS "permessage-deflate;;\r\n" END, REFUSED(MALFORMED), NULL },
		{ GOOD EXTENSIONS "permessage-deflate; =1\r\n" END, REFUSED(MALFORMED), NULL },
		{ GOOD EXTENSIONS "permessage-deflate; a=\"x\r\n" END, REFUSED(MALFORMED), NULL },
		{ GOOD EXTENSIONS "\r\n" END, REFUSED(MALFORMED), NULL },
		{ GOOD EXTENSIONS "x\r\n" EXTENSIONS "y\r\n" END,
		    REFUSED("the 101 has more than one Sec-WebSocket-Extensions"), NULL },
		{ GOOD PROTOCOL "a\r\n" EXTENSIONS "x-foo\r\n" END, REFUSED(CHOSE "x-foo"), "a" },
	};

	CHECK_ROWS(rows);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(client_opens_on_a_right_101),
		CHECK_CASE(client_refuses_any_other_status),
		CHECK_CASE(client_refuses_a_101_without_the_upgrade),
		CHECK_CASE(client_refuses_a_wrong_accept),
		CHECK_CASE(client_compares_the_whole_accept),
		CHECK_CASE(client_takes_one_of_the_subprotocols_offered),
		CHECK_CASE(client_refuses_extensions_it_did_not_offer),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

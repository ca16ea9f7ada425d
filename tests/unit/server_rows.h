#ifndef SERVER_ROWS_H
#define SERVER_ROWS_H

#include "ws_driver.h"

/* Requests to a server and what comes of them, as tables. */

#define GET                  "GET /chat HTTP/1.1\r\n"
#define HOST                 "Host: h:81\r\n"
#define UPGRADE              "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define KEY                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION              "Sec-WebSocket-Version: 13\r\n"
#define GOOD                 GET HOST UPGRADE KEY VERSION
#define END                  "\r\n"

#define LOST                 "close 1006\n"
#define OPENS                "101 open\n" LOST
#define REFUSED(status, why) status " error handshake: refused with " status ": " why "\n" LOST

#define ONE_HOST             "a request has exactly one Host"
#define NO_UPGRADE           "this is a WebSocket server: the request does not ask for an upgrade"
#define ONE_KEY              "a request has exactly one Sec-WebSocket-Key of 16 bytes"
#define ONLY_13              "only WebSocket version 13 is spoken here"

/*
 * A request, its transcript, and what the server was told. The transcript begins with the status
 * of the answer: "101 open\nclose 1006\n". Any answer is checked for what its kind must have.
 */
struct server_row {
	const char *request;
	const char *want;
	void (*config)(struct driver *d);
};

/* Each row cut everywhere, and with failing memory. */
void server_check_rows(const struct server_row *rows, size_t n);

#define CHECK_ROWS(rows) server_check_rows(rows, sizeof(rows) / sizeof *(rows))

/* The status of what the server sent and a space, or nothing. */
void server_put_answer(struct buf *out, const struct driver *d);

#endif

#ifndef CLIENT_ROWS_H
#define CLIENT_ROWS_H

#include "ws_driver.h"

/* Answers to a client and what comes of them, as tables. */

#define SWITCH       "HTTP/1.1 101 Switching Protocols\r\n"
#define UPGRADE      "Upgrade: websocket\r\n"
#define CONNECT      "Connection: Upgrade\r\n"
#define ACCEPT       "Sec-WebSocket-Accept: @\r\n" /* the right one */
#define GOOD         SWITCH UPGRADE CONNECT ACCEPT
#define END          "\r\n"

#define LOST         "close 1006\n"
#define OPENS        "open\n" LOST
#define REFUSED(why) "error handshake: " why "\n" LOST

/* An answer and its transcript; the protocols offered are single letters, as in "ab", or NULL. */
struct client_row {
	const char *answer;
	const char *want;
	const char *protocols;
};

/* Each row cut everywhere, and with failing memory. */
void client_check_rows(const struct client_row *rows, size_t n);

#define CHECK_ROWS(rows) client_check_rows(rows, sizeof(rows) / sizeof *(rows))

/* For check_chunks(): arg is a struct client_row, of which the answer is not looked at. */
check_replay client_replay;

/* The answer with its @ replaced, and its length; the key is the same in every run. */
size_t client_fill_in(const char *answer, char *out, size_t max);

#endif

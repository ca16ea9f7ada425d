#ifndef ENDPOINT_NOTICE_H
#define ENDPOINT_NOTICE_H

#include "base/buf.h"
#include "endpoint/blobs.h"
#include "endpoint/endpoint.h"

/*
 * What a session on a terminal says of its connection: "Connected to URL (subprotocol chat,
 * 12 ms)", "Disconnected (code 1000 "bye", clean)", and Pings and Pongs where they are wanted.
 * Errors have been said already.
 */
void notice_event(const struct report *report, const struct event *e, bool show_ping_pong);

/*
 * The data of a control frame, or the reason in one, as notices have it: " \"bye\"" or, of none, "".
 * A quotation mark in it has a backslash, and a NUL is \0. Returns text.
 */
#define NOTICE_DATA_MAX (2 * 125 + 4)
const char *notice_data(const void *p, size_t n, char text[NOTICE_DATA_MAX]);

/* What went one way, in words: "2 messages of 4096 bytes, 512 on the wire (12%)". Returns text. */
#define NOTICE_TRAFFIC_MAX 160
const char *notice_traffic(
    const struct wsx *ws, enum wsx_direction dir, char text[NOTICE_TRAFFIC_MAX]);

/* Appends a message that was saved: "DIR/message-0001.png (PNG image, 68 bytes)". 0 or an error. */
int notice_blob(struct buf *b, const struct blob *blob);

#endif

/*
 * The server's side of one connection. The path of the request says what is wanted:
 *
 *   /ROLE/KIND/SIZE/COUNT/FORM[/EXTRA]
 *
 * ROLE is sink, source, echo or bomb; raw-sink, raw-source and raw-echo do the same to plain bytes,
 * which follow the head of HTTP. A sink is sent, and a source sends, COUNT messages of SIZE bytes
 * of the sequence KIND (sequence.h). FORM is text or binary; raw bytes have a newline after each
 * message of text. EXTRA is
 *
 *   deflate   permessage-deflate is agreed to where it is offered
 *   newline   a message of text to the sink has its newline as well
 *   bare      the Close has no code
 */
#ifndef SERVER_H
#define SERVER_H

#include "frames.h"
#include "sequence.h"

struct order {
	char role[16], kind[16], form[16], extra[16];
	size_t size;
	uint64_t count;
};

struct session {
	struct link link;
	struct frames in;
	struct order order;
	bool text; /* the order's form */
	bool deflate; /* was agreed to */
	bool newline; /* each message has one */
	/* what is reported */
	const char *fault; /* NULL while all is well */
	uint64_t messages, payload;
	unsigned code; /* of the client's Close; 0 for none */
};

void serve_sink(struct session *s);
void serve_raw_sink(struct session *s);
void serve_source(struct session *s);
void serve_raw_source(struct session *s);
void serve_bomb(struct session *s);
void serve_echo(struct session *s);
void serve_raw_echo(struct session *s);

/* Sends a Close, with code 1000 unless it is to be bare: 0, or -1. */
int session_close(struct session *s);

/* Takes the payload of the client's Close. */
void session_closed(struct session *s, struct frame *f);

#endif

#ifndef ENDS_H
#define ENDS_H

#include "fuzz.h"
#include "ws_driver.h"

/* A client and a server, and what is under way between them. */
struct end {
	struct driver d;
	struct buf want; /* what it is to have been told */
	size_t at; /* bytes of its wire that the other end has */
};

/* Not open yet; the input chooses how it is set up. */
void end_begin(struct end *e, enum wsx_role role, struct fuzz_in *in);

/* The handshake of both. What was agreed on bounds the window of both senders. */
void end_open_both(struct end e[2]);

/* At most n bytes from one to the other, and all, until there are none. */
void end_carry(struct end *from, struct end *to, size_t n);
void end_carry_all(struct end e[2]);

/*
 * Sends a message from one to the other, of what the input says, which that is then to be told:
 * op 2 text, 4 a long one, 8 in pieces, 16 with Pings between them, 32 an empty piece
 * for the last.
 */
void end_send(struct end *from, struct end *to, uint8_t op, struct fuzz_in *in);

/* Adds an event to what it is to have been told, and checks that it has. */
void end_expect(struct end *e, const char *event, const uint8_t *p, size_t n);
void end_check_told(const struct end *e);

#endif

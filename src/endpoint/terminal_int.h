#ifndef ENDPOINT_TERMINAL_INT_H
#define ENDPOINT_TERMINAL_INT_H

#include "base/buf.h"
#include "endpoint/input_file.h"
#include "endpoint/pager.h"
#include "endpoint/pump.h"
#include "endpoint/round_trip.h"
#include "endpoint/rpc.h"
#include "endpoint/slash.h"
#include "endpoint/suggest.h"
#include "endpoint/terminal.h"

/*
 * struct terminal, for terminal.c (the endpoint: keys and events), terminal_slash.c (commands),
 * terminal_complete.c (Tab), terminal_show.c (what comes), terminal_send.c (what is sent) and
 * terminal_last.c (the last message that came).
 */

/* A message to be sent. */
struct outgoing {
	struct outgoing *next;
	enum wsx_type type;
	unsigned to; /* the client that gets it; 0: all, or the only peer */
	bool is_file;
	struct input_file file;
	struct buf text; /* what is to be sent still of a text; the last piece of a file */
};

/* Messages that the peer does not take at once, in the order they were typed. */
struct sending {
	struct outgoing *first, **last;
	size_t n; /* of them */
	bool begun; /* the first was, in part */
	uint64_t sent; /* bytes of it */
	uint64_t started, told; /* when; told of last */
	struct idle go_on;
};

struct terminal {
	struct endpoint ep;
	const struct env *env;
	struct terminal_config config;
	struct prompt *prompt;
	struct watch keys;
	struct watch room; /* for more output, while there was none */
	struct timer patience; /* with the first connection */
	struct timer stuck; /* the terminal took none for so long: */
	bool stopped;
	struct idle flush;
	size_t printed; /* bytes, in this turn of the loop */
	struct buf text; /* what is about to be printed */
	struct buf line; /* what was typed */
	struct sending sending;
	struct buf heads; /* of the opening handshake: lines of it, with the mark of who said it */
	struct suggest suggest;
	struct rpc rpc;
	struct round_trip round_trip; /* of Pings that were typed */

	struct buf last; /* the last message that came */
	enum wsx_type last_type;
	bool has_last;
	struct pager pager;
	struct buf deferred; /* what is to be printed once that has ended */

	bool was_open; /* a connection, at some time */
	bool readable; /* keys are waiting */
	bool interrupted; /* Ctrl-C emptied the line: the prompt is to have a look */
	bool over;
	bool any;
	bool hinted; /* at how lines of several rows end */
};

/* terminal.c */

/* Rows of a message or a notice after its first begin with this; and its rows that were too long. */
#define TERMINAL_MORE "| "

/* Everything that is printed: it goes through the prompt, gathered in one turn. */
void terminal_print(struct terminal *t, const void *p, size_t n);

/* terminal_slash.c */

void terminal_slash_init(struct terminal *t);
/* A head of the handshake is kept for /headers: the request of the last connection first. */
void terminal_keep_head(struct terminal *t, const struct event *e);
/* A Pong may be that of a Ping that was typed. */
void terminal_tell_pong(struct terminal *t, const struct event *e);
/* Where what is asked for is told, -q or not. */
struct report terminal_asked(const struct terminal *t);
/* A line that was typed: a command, or text. */
void terminal_take_line(struct terminal *t, const uint8_t *p, size_t n);

/* terminal_complete.c */

/* Tab: the rest of a word, or itself where nothing is known to follow. As prompt_config has it. */
void terminal_complete(const char *line, size_t n, struct buf *insert, void *arg);

/* terminal_show.c */

/* Messages that came. */
void terminal_show(struct terminal *t, const struct wsx_piece *pieces, size_t n);
/* Appends a text as the options have it shown, rows after the first behind mark: 0 or an error. */
int terminal_put_text(
    const struct terminal *t, struct buf *b, const uint8_t *p, size_t n, const char *mark);

/* terminal_send.c */

void terminal_send_init(struct terminal *t);
void terminal_send_clear(struct terminal *t);
/* The peer may take more, or nothing any more: sends on at the end of this turn of the loop. */
void terminal_send_wake(struct terminal *t);
/* The connection, the only one, has ended: another does not take the rest of a message. */
void terminal_send_lost(struct terminal *t);
/* Turns the loop until all is sent, or nobody takes it. */
void terminal_send_finish(struct terminal *t);
/* The session is over: tells what was not sent. */
void terminal_send_end(struct terminal *t);
/* A line that was typed and is no command. */
void terminal_send_line(struct terminal *t, const uint8_t *p, size_t n);
/* As slash_host has them. */
void terminal_send(
    struct endpoint *ep, unsigned to, enum wsx_type type, const uint8_t *p, size_t n);
void terminal_send_file(struct endpoint *ep, const char *path);

/* terminal_last.c */

void terminal_last_init(struct terminal *t);
void terminal_last_clear(struct terminal *t);
/* It is this one now. */
void terminal_last_set(struct terminal *t, const struct wsx_piece *piece);
/* As slash_host has them. */
void terminal_last_show(struct endpoint *ep, bool paged);
void terminal_last_save(struct endpoint *ep, const char *path);

#endif

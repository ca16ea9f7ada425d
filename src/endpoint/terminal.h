#ifndef ENDPOINT_TERMINAL_H
#define ENDPOINT_TERMINAL_H

#include "endpoint/blobs.h"
#include "endpoint/endpoint.h"
#include "ui/colour.h"
#include "ui/history_file.h"
#include "ui/image.h"
#include "ui/prompt.h"

/*
 * The terminal as an endpoint: lines typed at a prompt, received messages above it. Messages
 * must come whole. While it exists, what the report says goes above the prompt too.
 */

struct terminal_config {
	const struct prompt_module *prompt; /* the line editor */
	const struct colours *colours;
	const char *pager; /* a shell command that shows its input; borrowed for life */
	struct history_file *history; /* borrowed for life */
	bool binary; /* typed lines are sent as binary messages */
	bool show_ping_pong;
	struct blobs *blobs; /* where binary messages are saved, borrowed for life; NULL: nowhere */
	bool timestamps; /* before each message */
	bool pretty; /* lay out JSON */
	bool raw; /* text is shown as it came, whatever that does to the terminal */
	enum image_protocol images; /* how images are drawn */
	bool listening; /* the peer is a listener, which says itself who comes and goes */
	const char *const *execute; /* messages to send first; borrowed for life */
	size_t n_execute;
	struct report *report; /* the one of env, to be diverted */
};

/* 0; ERR_NOMEM; ERR_ARGUMENT if this terminal can not edit lines. */
int terminal_new(const struct env *env, const struct terminal_config *config, struct endpoint **ep);

/* Runs the loop and reads lines until the session is over. */
void terminal_run(struct endpoint *ep);

/* The session is over: terminal_run() is to return. */
void terminal_stop(struct endpoint *ep);

/* The process is to end: so is a pager that runs. */
void terminal_end_pager(struct endpoint *ep);

/* Ctrl-C: true if that emptied the line being typed. */
bool terminal_interrupt(struct endpoint *ep);

/* The terminal's size changed; the process is about to stop; it goes on. */
void terminal_resize(struct endpoint *ep);
void terminal_suspend(struct endpoint *ep);
void terminal_resume(struct endpoint *ep);

#endif

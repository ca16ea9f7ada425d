#include "endpoint/terminal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "endpoint/input_file.h"
#include "endpoint/notice.h"
#include "endpoint/pump.h"
#include "endpoint/slash.h"
#include "ui/pretty.h"
#include "ui/show.h"
#include "ui/stamp.h"

/* What is shown of received text is kept whole in memory anyway; this is only a sane bound. */
#define SHOW_MAX ((size_t)1 << 30)
/* JSON that is longer is shown as it came. */
#define PRETTY_MAX ((size_t)1 << 20)

struct terminal {
	struct endpoint ep;
	const struct env *env;
	struct terminal_config config;
	struct prompt *prompt;
	struct watch keys;
	struct watch room; /* for more output, while there was none */
	struct idle flush;
	struct buf text; /* what is about to be printed */
	struct buf line; /* what was typed */
	struct buf file; /* a piece of a file that is sent */
	uint64_t pings, pinged_at; /* Pings that were typed and not answered; when the last was */
	bool readable; /* keys are waiting */
	bool interrupted; /* Ctrl-C emptied the line: the prompt is to have a look */
	bool over;
	bool any;
};

/* Output: everything that is printed goes through the prompt, gathered in one turn. */

static void
print(struct terminal *t, const void *p, size_t n)
{
	prompt_print(t->prompt, p, n);
	idle_queue(t->env->loop, &t->flush);
}

static void
on_flush(struct idle *i)
{
	struct terminal *t = i->arg;

	prompt_flush(t->prompt);
}

static void
on_report(const char *line, size_t n, void *arg)
{
	print(arg, line, n);
}

/* JSON laid out where that is wanted and it is not too long for it. */
static int
put_text(struct terminal *t, const struct wsx_piece *piece)
{
	const struct colours *c = t->config.colours;
	size_t before = buf_len(&t->text);
	int r = 0;

	if (t->config.pretty && piece->n <= PRETTY_MAX) {
		if ((r = buf_puts(&t->text, c->reset)) == 0)
			r = pretty_json(&t->text, piece->data, piece->n, "< ", c);
		if (r > 0)
			return 0;
		buf_truncate(&t->text, buf_len(&t->text) - before);
	}
	return r < 0 ? r : show_text(&t->text, piece->data, piece->n, "< ");
}

static int
put_message(struct terminal *t, const struct wsx_piece *piece, const struct blob *blob)
{
	const struct colours *c = t->config.colours;
	struct buf *b = &t->text;
	char stamp[STAMP_MAX];
	int r;

	buf_reset(b);
	if (t->config.timestamps) {
		stamp_now(stamp);
		if ((r = buf_putf(b, "%s%s%s ", c->dim, stamp, c->reset)) < 0)
			return r;
	}
	if ((r = buf_putf(b, "%s< ", c->received)) < 0)
		return r;
	if (blob != NULL)
		r = notice_blob(b, blob);
	else if (piece->type == WSX_TEXT)
		r = put_text(t, piece);
	else
		r = show_binary(b, piece->data, piece->n);
	return r < 0 ? r : buf_putf(b, "%s\n", c->reset);
}

static void
terminal_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	struct terminal *t = (struct terminal *)ep;

	struct blob blob, *saved;
	int r;

	for (size_t i = 0; i < n; i++) {
		saved = NULL;
		if (t->config.blobs != NULL && pieces[i].type == WSX_BINARY) {
			if ((r = blobs_take(t->config.blobs, &pieces[i], &blob)) < 0) {
				report_error(
				    t->env->report, "cannot save a message: %s", strerror(errno));
				pump_blemish(&t->ep, ENDED_LOCAL);
			}
			saved = r > 0 ? &blob : NULL; /* otherwise it is shown */
		}
		if (put_message(t, &pieces[i], saved) < 0)
			report_error(t->env->report, "a message of %zu bytes is too long to show",
			    pieces[i].n);
		else
			print(t, buf_data(&t->text), buf_len(&t->text));
		buf_reset(&t->text);
	}
	buf_shrink(&t->text, PIECE_MAX);
}

static bool
terminal_ready(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;
	struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };

	/* one that was stopped (Ctrl-S, a network that hangs) must not stop the rest of us */
	if (poll(&fd, 1, 0) != 0)
		return true;
	watch_set(&t->room, POLLOUT);
	return false;
}

static void
on_room(struct watch *w, short revents)
{
	struct terminal *t = w->arg;

	(void)revents;
	watch_set(w, 0);
	pump_wake(&t->ep);
}

static void
terminal_event(struct endpoint *ep, const struct event *e)
{
	struct terminal *t = (struct terminal *)ep;
	bool coming_or_going = e->kind == EVENT_OPEN || e->kind == EVENT_CLOSE;

	if (e->kind == EVENT_PONG && t->pings > 0) {
		t->pings--;
		report_notice(t->env->report, "Pong after %.1f ms",
		    (double)(loop_now(t->env->loop) - t->pinged_at) / 1e6);
	}
	if (!t->config.listening || !coming_or_going)
		notice_event(t->env->report, e, t->config.show_ping_pong);
}

/* Input. */

static void
on_keys(struct watch *w, short revents)
{
	struct terminal *t = w->arg;

	(void)revents;
	t->readable = true;
	watch_set(w, 0);
}

static int
wait_for_keys(void *arg)
{
	struct terminal *t = arg;

	t->readable = t->interrupted = false;
	watch_set(&t->keys, POLLIN);
	while (!t->readable && !t->interrupted && !t->over)
		if (loop_turn(t->env->loop, -1) < 0)
			t->over = true;
	watch_set(&t->keys, 0);
	return t->over ? 0 : 1;
}

/* Turns the loop until the peer takes a piece; false if the session ended meanwhile. */
static bool
wait_for_peer(struct terminal *t)
{
	while (!t->over && !pump_ready(&t->ep))
		if (loop_turn(t->env->loop, -1) < 0)
			t->over = true;
	return !t->over;
}

/* False, said, if nobody would get it. */
static bool
has_taker(struct terminal *t)
{
	if (!t->config.listening || !pump_deaf(&t->ep))
		return true;
	report_notice(t->env->report, "no client is connected; the line was not sent");
	return false;
}

static void
give_message(struct endpoint *ep, enum wsx_type type, const uint8_t *p, size_t n)
{
	struct terminal *t = (struct terminal *)ep;
	struct wsx_piece piece = { .type = type, .first = true };

	if (type == WSX_TEXT && !utf8_valid(p, n)) {
		report_error(t->env->report, "that line is not UTF-8; it was not sent");
		return;
	}
	if (!has_taker(t))
		return;
	do {
		if (!wait_for_peer(t))
			return;
		piece.n = n < PIECE_MAX ? n : PIECE_MAX;
		piece.data = p;
		piece.last = piece.n == n;
		pump_put(&t->ep, &piece, 1);
		p += piece.n;
		n -= piece.n;
		piece.first = false;
	} while (!piece.last);
	t->any = true;
}

/* A file that can not be read on is no message; what was sent of it can not be taken back. */
static void
give_file(struct endpoint *ep, const char *path)
{
	struct terminal *t = (struct terminal *)ep;
	struct wsx_piece piece = { .type = WSX_BINARY, .first = true };
	char why[INPUT_FILE_WHY_MAX];
	struct input_file file;
	uint8_t *room;
	ssize_t n;

	if (!has_taker(t))
		return;
	if (input_file_open(&file, path, why) != 0) {
		report_error(t->env->report, "%s", why);
		return;
	}
	while (!piece.last && wait_for_peer(t)) {
		buf_reset(&t->file);
		if (buf_reserve(&t->file, PIECE_MAX, &room) < 0) {
			errno = ENOMEM;
			n = -1;
		} else {
			n = input_file_read(&file, room, PIECE_MAX, &piece.last);
		}
		if (n < 0) {
			report_error(
			    t->env->report, "cannot read %s on: %s", path, strerror(errno));
			pump_fail(&t->ep, ENDED_LOCAL);
			break;
		}
		piece.data = room;
		piece.n = (size_t)n;
		pump_put(&t->ep, &piece, 1);
		piece.first = false;
	}
	input_file_close(&file);
	t->any = true;
}

static void
pinged(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	t->pings++;
	t->pinged_at = loop_now(t->env->loop);
}

static void
give_line(struct terminal *t, const uint8_t *p, size_t n)
{
	give_message(&t->ep, t->config.binary ? WSX_BINARY : WSX_TEXT, p, n);
}

/* A line that was typed: a command, or text. */
static void
take_line(struct terminal *t, const uint8_t *p, size_t n)
{
	struct span text = slash_text(p, n);
	const struct slash_session session = {
		.report = t->env->report,
		.ep = &t->ep,
		.binary = &t->config.binary,
		.pretty = &t->config.pretty,
		.send = give_message,
		.send_file = give_file,
		.pinged = pinged,
	};

	if (slash_is_command(p, n))
		slash_run(&session, p, n);
	else
		give_line(t, (const uint8_t *)text.p, text.n);
}

void
terminal_run(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (!t->config.listening && !wait_for_peer(t))
		return;
	for (size_t i = 0; i < t->config.n_execute; i++)
		give_line(t, (const uint8_t *)t->config.execute[i], strlen(t->config.execute[i]));
	while (!t->over && prompt_read(t->prompt, &t->line) > 0)
		take_line(t, buf_data(&t->line), buf_len(&t->line));
	if (!t->over)
		pump_input_end(&t->ep, t->any);
	while (!t->over)
		if (loop_turn(t->env->loop, -1) < 0)
			t->over = true;
	prompt_flush(t->prompt);
}

void
terminal_stop(struct endpoint *ep)
{
	((struct terminal *)ep)->over = true;
}

bool
terminal_interrupt(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	t->interrupted = prompt_interrupt(t->prompt);
	return t->interrupted;
}

void
terminal_resize(struct endpoint *ep)
{
	prompt_resize(((struct terminal *)ep)->prompt);
}

void
terminal_suspend(struct endpoint *ep)
{
	prompt_suspend(((struct terminal *)ep)->prompt);
}

void
terminal_resume(struct endpoint *ep)
{
	prompt_resume(((struct terminal *)ep)->prompt);
}

/* Tab: in a command the rest of a word, elsewhere itself. */
static void
on_complete(const char *line, size_t n, struct buf *insert, void *arg)
{
	struct terminal *t = arg;
	struct buf listed;

	if (!slash_is_command((const uint8_t *)line, n)) {
		(void)buf_putc(insert, '\t');
		return;
	}
	buf_init(&listed, &mem_libc, SIZE_MAX);
	slash_complete(line, n, insert, &listed);
	if (buf_len(&listed) > 0)
		report_notice(
		    t->env->report, "%.*s", (int)buf_len(&listed), (const char *)buf_data(&listed));
	buf_clear(&listed);
}

/* The endpoint. */

static void
terminal_free(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (t->config.report->arg == t)
		t->config.report->divert = NULL;
	idle_cancel(&t->flush);
	watch_remove(&t->keys);
	watch_remove(&t->room);
	prompt_free(t->prompt);
	buf_clear(&t->text);
	buf_clear(&t->line);
	buf_clear(&t->file);
	mem_free(&mem_libc, t);
}

static const struct endpoint_ops terminal_ops = {
	.take = terminal_take,
	.ready = terminal_ready,
	.event = terminal_event,
	.free = terminal_free,
};

int
terminal_new(const struct env *env, const struct terminal_config *config, struct endpoint **ep)
{
	struct prompt_config prompt = { .text = "> ",
		.wait = wait_for_keys,
		.complete = on_complete,
		.history = config->history };
	struct terminal *t;
	int r;

	if ((t = mem_new(&mem_libc, sizeof *t)) == NULL)
		return WSX_ERR_NOMEM;
	t->ep.ops = &terminal_ops;
	t->env = env;
	t->config = *config;
	buf_init(&t->text, &mem_libc, SHOW_MAX);
	buf_init(&t->line, &mem_libc, SIZE_MAX);
	buf_init(&t->file, &mem_libc, SIZE_MAX);
	t->flush = (struct idle){ .run = on_flush, .arg = t };
	t->keys = (struct watch){ .fd = STDIN_FILENO, .ready = on_keys, .arg = t };
	t->room = (struct watch){ .fd = STDOUT_FILENO, .ready = on_room, .arg = t };
	prompt.arg = t;
	if ((r = prompt_new(config->prompt, &prompt, &t->prompt)) < 0 ||
	    (r = watch_add(env->loop, &t->keys)) < 0 || (r = watch_add(env->loop, &t->room)) < 0) {
		terminal_free(&t->ep);
		return r;
	}
	t->config.report->divert = on_report;
	t->config.report->arg = t;
	*ep = &t->ep;
	return 0;
}

/*
 * What is typed, or named, as messages to the peer. A message the peer does not take at once is sent
 * on between the keys of the next line, which waits for it.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "endpoint/terminal_int.h"
#include "ui/progress.h"

/* How often it is told how far a file got. */
#define TELL_NS 5000000000u

static void send_on(struct terminal *t);

static void
on_go_on(struct idle *i)
{
	send_on(i->arg);
}

void
terminal_send_init(struct terminal *t)
{
	t->go_on = (struct idle){ .run = on_go_on, .arg = t };
	buf_init(&t->sending.text, &mem_libc, SIZE_MAX);
	t->sending.file.fd = -1;
}

void
terminal_send_clear(struct terminal *t)
{
	idle_cancel(&t->go_on);
	buf_clear(&t->sending.text);
	input_file_close(&t->sending.file);
}

static void
tell(struct terminal *t)
{
	const struct sending *s = &t->sending;
	struct progress progress = { .verb = "sent", .done = s->sent };
	char text[PROGRESS_MAX];
	uint64_t now = loop_now(t->env->loop);

	if (!s->is_file)
		progress.total = s->sent + buf_len(&s->text);
	else if (s->file.size != INPUT_FILE_UNKNOWN)
		progress.total = s->file.size;
	if (now > s->started)
		progress.rate = (double)s->sent * 1e9 / (double)(now - s->started);
	report_notice(t->env->report, "%s", progress_format(text, &progress));
}

static void
end_sending(struct terminal *t)
{
	struct sending *s = &t->sending;

	input_file_close(&s->file);
	buf_reset(&s->text);
	buf_shrink(&s->text, PIECE_MAX);
	s->active = false;
	t->any = true;
}

/* The next piece of a file: false if it can not be read on. What was sent can not be taken back. */
static bool
read_piece(struct terminal *t, struct wsx_piece *piece)
{
	struct sending *s = &t->sending;
	uint8_t *room;
	ssize_t n = -1;

	buf_reset(&s->text);
	errno = ENOMEM;
	if (buf_reserve(&s->text, PIECE_MAX, &room) == 0)
		n = input_file_read(&s->file, room, PIECE_MAX, &piece->last);
	if (n < 0) {
		report_error(t->env->report, "cannot read on: %s", strerror(errno));
		pump_fail(&t->ep, ENDED_LOCAL);
		return false;
	}
	piece->data = room;
	piece->n = (size_t)n;
	return true;
}

static void
cut_piece(struct terminal *t, struct wsx_piece *piece)
{
	const struct buf *b = &t->sending.text;

	piece->n = buf_len(b) < PIECE_MAX ? buf_len(b) : PIECE_MAX;
	piece->data = buf_data(b);
	piece->last = piece->n == buf_len(b);
}

/* Nobody gets the rest. */
static void
cut_off(struct terminal *t, const char *why)
{
	report_error(t->env->report, "%s; the message was not sent whole", why);
	pump_blemish(&t->ep, ENDED_LOST);
	end_sending(t);
}

static void
send_on(struct terminal *t)
{
	struct sending *s = &t->sending;

	if (!s->active)
		return;
	if (s->to > 0 && pump_address(&t->ep, s->to) != 0)
		cut_off(t, "that client has gone");
	while (s->active && !t->over && pump_ready(&t->ep)) {
		struct wsx_piece piece = { .type = s->type, .first = s->first };

		if (!s->is_file)
			cut_piece(t, &piece);
		else if (!read_piece(t, &piece)) {
			end_sending(t);
			return;
		}
		pump_put(&t->ep, &piece, 1);
		s->first = false;
		s->sent += piece.n;
		if (!s->is_file)
			buf_consume(&s->text, piece.n);
		if (loop_now(t->env->loop) - s->told >= TELL_NS) {
			tell(t);
			s->told = loop_now(t->env->loop);
		} else if (piece.last && s->told != s->started) {
			tell(t);
		}
		if (piece.last)
			end_sending(t);
	}
	if (s->active && pump_deaf(&t->ep))
		cut_off(
		    t, t->config.listening ? "no client is connected" : "the connection has ended");
	(void)pump_address(&t->ep, 0);
}

void
terminal_send_wake(struct terminal *t)
{
	if (t->sending.active)
		idle_queue(t->env->loop, &t->go_on);
}

void
terminal_send_lost(struct terminal *t)
{
	if (t->sending.active)
		cut_off(t, "the connection has ended");
}

void
terminal_send_finish(struct terminal *t)
{
	if (!t->sending.active)
		return;
	tell(t);
	prompt_signals(t->prompt, true);
	while (t->sending.active && !t->over)
		if (loop_turn(t->env->loop, -1) < 0)
			t->over = true;
	prompt_signals(t->prompt, false);
}

/* Waits for the peer; false, said, if nobody gets it. */
static bool
has_taker(struct terminal *t, unsigned to)
{
	bool has;

	if (to > 0 && pump_address(&t->ep, to) != 0) {
		report_error(
		    t->env->report, "there is no client %u; /clients lists those there are", to);
		return false;
	}
	has = !pump_deaf(&t->ep) && terminal_wait_for_peer(t);
	if (!has)
		report_error(t->env->report, "%s; it was not sent",
		    t->config.listening ? "no client is connected" : "not connected");
	(void)pump_address(&t->ep, 0);
	return has;
}

static void
begin_sending(struct terminal *t, unsigned to, enum wsx_type type, bool is_file)
{
	struct sending *s = &t->sending;

	s->to = to;
	s->type = type;
	s->is_file = is_file;
	s->active = s->first = true;
	s->sent = 0;
	s->started = s->told = loop_now(t->env->loop);
	send_on(t);
}

void
terminal_send(struct endpoint *ep, unsigned to, enum wsx_type type, const uint8_t *p, size_t n)
{
	struct terminal *t = (struct terminal *)ep;

	if (type == WSX_TEXT && !utf8_valid(p, n)) {
		report_error(t->env->report, "that line is not UTF-8; it was not sent");
		return;
	}
	terminal_send_finish(t);
	if (!has_taker(t, to))
		return;
	if (buf_put(&t->sending.text, p, n) != 0) {
		report_error(t->env->report, "out of memory; it was not sent");
		return;
	}
	if (type == WSX_TEXT) {
		suggest_message(&t->suggest, p, n);
		rpc_sent(&t->rpc, p, n, loop_now(t->env->loop));
	}
	begin_sending(t, to, type, false);
}

void
terminal_send_file(struct endpoint *ep, const char *path)
{
	struct terminal *t = (struct terminal *)ep;
	char why[INPUT_FILE_WHY_MAX];

	terminal_send_finish(t);
	if (!has_taker(t, 0))
		return;
	if (input_file_open(&t->sending.file, path, why) != 0) {
		report_error(t->env->report, "%s", why);
		return;
	}
	begin_sending(t, 0, WSX_BINARY, true);
}

void
terminal_send_line(struct terminal *t, const uint8_t *p, size_t n)
{
	terminal_send(&t->ep, 0, t->config.binary ? WSX_BINARY : WSX_TEXT, p, n);
}

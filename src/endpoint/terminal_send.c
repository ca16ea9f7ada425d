/* What is typed, or named, as messages to the peer. */

#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "endpoint/input_file.h"
#include "endpoint/terminal_int.h"

/* Waits for the peer; false, said, if nobody gets it. */
static bool
has_taker(struct terminal *t)
{
	if (!pump_deaf(&t->ep) && terminal_wait_for_peer(t))
		return true;
	report_error(t->env->report, "%s; it was not sent",
	    t->config.listening ? "no client is connected" : "not connected");
	return false;
}

void
terminal_send(struct endpoint *ep, enum wsx_type type, const uint8_t *p, size_t n)
{
	struct terminal *t = (struct terminal *)ep;
	struct wsx_piece piece = { .type = type, .first = true };

	if (type == WSX_TEXT && !utf8_valid(p, n)) {
		report_error(t->env->report, "that line is not UTF-8; it was not sent");
		return;
	}
	if (!has_taker(t))
		return;
	if (type == WSX_TEXT) {
		suggest_message(&t->suggest, p, n);
		rpc_sent(&t->rpc, p, n, loop_now(t->env->loop));
	}
	do {
		if (!piece.first && !terminal_wait_for_peer(t))
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
void
terminal_send_file(struct endpoint *ep, const char *path)
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
	while (!piece.last && terminal_wait_for_peer(t)) {
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

void
terminal_send_line(struct terminal *t, const uint8_t *p, size_t n)
{
	terminal_send(&t->ep, t->config.binary ? WSX_BINARY : WSX_TEXT, p, n);
}

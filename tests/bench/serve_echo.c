#include "server.h"

#include <string.h>

enum { PONG = 10 };

/* Frames on their way back. */
struct echo {
	struct session *s;
	size_t n;
	uint8_t bytes[FRAMES_ROOM];
};

static int
flush(struct echo *e)
{
	size_t n = e->n;

	e->n = 0;
	return e->s->link.write(&e->s->link, e->bytes, n);
}

static int
put(struct echo *e, const uint8_t *p, size_t n, const uint8_t key[4])
{
	for (size_t i = 0; i < n; i++) {
		if (e->n == sizeof e->bytes && flush(e) != 0)
			return -1;
		e->bytes[e->n++] = p[i] ^ key[i % 4];
	}
	return 0;
}

static int
send_back(struct echo *e, struct frame *f)
{
	static const uint8_t no_key[4];
	uint8_t head[10], opcode = f->opcode == FRAME_PING ? PONG : f->opcode;
	struct piece piece;

	if (put(e, head,
		frame_write_head(head, (uint8_t)(f->fin ? 0x80 | opcode : opcode), f->left),
		no_key) != 0)
		return -1;
	while (f->left > 0)
		if (!frames_piece(&e->s->in, f, &piece) ||
		    put(e, piece.bytes, piece.n, piece.key) != 0)
			return -1;
	return e->s->in.at == e->s->in.end ? flush(e) : 0;
}

void
serve_echo(struct session *s)
{
	struct echo e = { .s = s };
	struct frame f;

	while (s->code == 0 && frames_head(&s->in, &f)) {
		if (f.opcode == FRAME_CLOSE) {
			session_closed(s, &f);
		} else if (f.opcode == PONG) {
			frames_payload(&s->in, &f, NULL, 0);
		} else {
			s->messages++;
			s->payload += f.left;
			if (send_back(&e, &f) != 0)
				return;
		}
	}
	if (flush(&e) != 0 || session_close(s) != 0)
		s->fault = "the client went away";
}

void
serve_raw_echo(struct session *s)
{
	ssize_t got;

	while ((got = s->link.read(&s->link, s->in.bytes, sizeof s->in.bytes)) > 0 ||
	       got == LINK_AGAIN)
		if (got > 0 && s->link.write(&s->link, s->in.bytes, (size_t)got) != 0)
			break;
}

#include "server.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { HEAD = 10 };

/* Messages made ready as frames, one after the other, which can be sent again and again. */
struct block {
	uint8_t *bytes;
	size_t room;
	size_t *ends; /* of each frame */
	size_t count;
};

static uint8_t
first_byte(const struct session *s, bool compressed)
{
	return (uint8_t)(0x80 | (compressed ? 0x40 : 0) | (s->text ? FRAME_TEXT : FRAME_BINARY));
}

/* Compresses n bytes at p to `to`; returns how many it wrote, without the end a message leaves
 * out (RFC 7692 section 7.2.1). */
static size_t
deflate_message(z_stream *z, const uint8_t *p, size_t n, uint8_t *to, size_t room)
{
	uint8_t copy[SEQUENCE_PERIOD];

	memcpy(copy, p, n);
	z->next_in = copy;
	z->avail_in = (uInt)n;
	z->next_out = to;
	z->avail_out = (uInt)room;
	if (deflate(z, Z_SYNC_FLUSH) != Z_OK || z->avail_in > 0 || z->avail_out == 0)
		abort();
	return room - z->avail_out - 4;
}

/* Adds the frame of the next message. The payload is put together behind the longest head, and
 * moved up to it. */
static void
add_frame(struct block *b, struct session *s, z_stream *z, struct sequence *from)
{
	size_t at = b->count > 0 ? b->ends[b->count - 1] : 0, n = s->order.size, head;
	uint8_t *payload = b->bytes + at + HEAD;
	const uint8_t *p;

	sequence_next(from, n, &p);
	if (s->deflate)
		n = deflate_message(z, p, n, payload, b->room - at - HEAD);
	else
		memcpy(payload, p, n);
	head = frame_write_head(b->bytes + at, first_byte(s, s->deflate), n);
	memmove(b->bytes + at + head, payload, n);
	b->ends[b->count++] = at + head + n;
}

/* One period of the sequence as frames. Compressed, they form one stream that looks at nothing
 * before it, so that it can follow itself. */
static bool
make_block(struct block *b, struct session *s, struct sequence *from)
{
	size_t count = SEQUENCE_PERIOD / s->order.size;
	z_stream z = { .zalloc = NULL };

	*b = (struct block){ NULL, count * (s->order.size + 64) + 4096, NULL, 0 };
	b->bytes = malloc(b->room);
	b->ends = calloc(count, sizeof *b->ends);
	if (b->bytes == NULL || b->ends == NULL ||
	    deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	while (b->count < count)
		add_frame(b, s, &z, from);
	deflateEnd(&z);
	return true;
}

static int
send_blocks(struct session *s, struct sequence *from)
{
	struct block b;
	uint64_t left = s->order.count;
	int r = -1;

	if (make_block(&b, s, from))
		for (r = 0; r == 0 && left > 0;) {
			size_t n = left < b.count ? (size_t)left : b.count;

			r = s->link.write(&s->link, b.bytes, b.ends[n - 1]);
			left -= n;
		}
	free(b.bytes);
	free(b.ends);
	return r;
}

static int
send_sequence(struct session *s, struct sequence *from, uint64_t n)
{
	const uint8_t *p;
	size_t run;

	for (; n > 0; n -= run) {
		run = sequence_next(from, n < SIZE_MAX ? (size_t)n : SIZE_MAX, &p);
		if (s->link.write(&s->link, p, run) != 0)
			return -1;
	}
	return 0;
}

static int
send_long(struct session *s, struct sequence *from)
{
	uint8_t head[HEAD];
	size_t n = frame_write_head(head, first_byte(s, false), s->order.size);

	for (uint64_t i = 0; i < s->order.count; i++)
		if (s->link.write(&s->link, head, n) != 0 ||
		    send_sequence(s, from, s->order.size) != 0)
			return -1;
	return 0;
}

/* Reads up to the client's Close. */
static void
await_close(struct session *s)
{
	struct frame f;

	while (s->code == 0 && frames_head(&s->in, &f)) {
		if (f.opcode == FRAME_CLOSE)
			session_closed(s, &f);
		else
			frames_payload(&s->in, &f, NULL, 0);
	}
}

void
serve_source(struct session *s)
{
	struct sequence from;
	int r;

	if (sequence_make(&from, s->order.kind, 0) != 0 || s->order.size == 0) {
		s->fault = "no such sequence";
		return;
	}
	r = s->order.size > SEQUENCE_PERIOD ? send_long(s, &from) : send_blocks(s, &from);
	sequence_free(&from);
	if (r != 0 || session_close(s) != 0) {
		s->fault = "the client went away";
		return;
	}
	s->messages = s->order.count;
	s->payload = s->order.size * s->order.count;
	await_close(s);
}

void
serve_raw_source(struct session *s)
{
	struct sequence from;
	uint64_t all = (s->order.size + (s->text ? 1 : 0)) * s->order.count;

	if (sequence_make(&from, s->order.kind, s->text ? s->order.size : 0) != 0) {
		s->fault = "no such sequence";
		return;
	}
	if (send_sequence(s, &from, all) != 0)
		s->fault = "the client went away";
	s->payload = all;
	sequence_free(&from);
}

/* One message of COUNT times a MiB of zeros, compressed as far as that goes. */
void
serve_bomb(struct session *s)
{
	enum { MIB = 1 << 20, ROOM = 4096 };
	z_stream z = { .zalloc = NULL };
	uint8_t head[HEAD], once[ROOM], *zeros = calloc(1, MIB);
	size_t n;
	int r;

	if (!s->deflate || zeros == NULL ||
	    deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
		s->fault = "no permessage-deflate was offered";
		free(zeros);
		return;
	}
	z.next_in = zeros;
	z.avail_in = MIB;
	z.next_out = once;
	z.avail_out = ROOM;
	deflate(&z, Z_SYNC_FLUSH);
	n = ROOM - z.avail_out;
	deflateEnd(&z);
	free(zeros);
	r = s->link.write(
	    &s->link, head, frame_write_head(head, first_byte(s, true), n * s->order.count));
	for (uint64_t i = 0; r == 0 && i < s->order.count; i++)
		r = s->link.write(&s->link, once, n);
	s->payload = s->order.count * MIB;
	await_close(s);
}

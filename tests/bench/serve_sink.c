#include "server.h"

#include <string.h>
#include <zlib.h>

enum { SAME_KEYS = 3 }; /* by chance two keys in a row are the same once in 2^32 frames */

struct sink {
	struct session *s;
	size_t size; /* of a message of text */
	struct sequence want;
	z_stream z;
	uint64_t message; /* bytes of the message so far */
	uint8_t opcode; /* of the message */
	bool inflating; /* the message is compressed */
	uint8_t key[4]; /* of the frame before */
	unsigned same; /* keys that were that of the frame before */
};

static const uint8_t no_key[4];

static void
fail(struct sink *k, const char *fault)
{
	if (k->s->fault == NULL)
		k->s->fault = fault;
}

static void
take_plain(struct sink *k, const uint8_t *p, size_t n, const uint8_t key[4])
{
	k->message += n;
	if (!sequence_comes(&k->want, p, n, key))
		fail(k, "other bytes than were to be sent");
}

static void
take_deflated(struct sink *k, uint8_t *p, size_t n)
{
	uint8_t out[16384];

	k->z.next_in = p;
	k->z.avail_in = (uInt)n;
	do {
		k->z.next_out = out;
		k->z.avail_out = sizeof out;
		if (inflate(&k->z, Z_SYNC_FLUSH) == Z_DATA_ERROR) {
			fail(k, "what came does not inflate");
			return;
		}
		take_plain(k, out, sizeof out - k->z.avail_out, no_key);
	} while (k->z.avail_out == 0 || k->z.avail_in > 0);
}

static void
take_piece(struct sink *k, const struct piece *piece)
{
	uint8_t part[4096];
	size_t n;

	if (!k->inflating) {
		take_plain(k, piece->bytes, piece->n, piece->key);
		return;
	}
	for (size_t at = 0; at < piece->n && k->s->fault == NULL; at += n) {
		n = piece->n - at < sizeof part ? piece->n - at : sizeof part;
		for (size_t i = 0; i < n; i++)
			part[i] = piece->bytes[at + i] ^ piece->key[(at + i) % 4];
		take_deflated(k, part, n);
	}
}

static void
end_message(struct sink *k)
{
	uint8_t tail[] = { 0, 0, 255, 255 };

	if (k->inflating)
		take_deflated(k, tail, sizeof tail);
	if (k->s->text && k->message != k->size)
		fail(k, "a message of another size than was to be sent");
	k->s->messages++;
	k->s->payload += k->message;
	k->message = 0;
}

static void
check_head(struct sink *k, const struct frame *f)
{
	if (!f->masked)
		fail(k, "a frame is not masked");
	k->same += memcmp(f->key, k->key, sizeof k->key) == 0;
	memcpy(k->key, f->key, sizeof k->key);
	if (k->opcode != (k->s->text ? FRAME_TEXT : FRAME_BINARY))
		fail(k, k->s->text ? "a message is not text" : "a message is not binary");
	if (f->rsv1 && !k->s->deflate)
		fail(k, "RSV1 is set");
}

static void
take_frame(struct sink *k, struct frame *f)
{
	struct piece piece;

	if (f->opcode != FRAME_MORE) {
		k->opcode = f->opcode;
		k->inflating = f->rsv1;
	}
	check_head(k, f);
	while (f->left > 0 && k->s->fault == NULL) {
		if (!frames_piece(&k->s->in, f, &piece)) {
			fail(k, "a frame was cut short");
			return;
		}
		take_piece(k, &piece);
	}
	if (f->fin)
		end_message(k);
}

/* Whether the n bytes at p, n a multiple of 8, are those at q but for the key. */
static bool
alike(const uint8_t *p, const uint8_t *q, size_t n, uint32_t key)
{
	uint64_t k = (uint64_t)key << 32 | key, a, b, bad = 0;

	for (size_t i = 0; i < n; i += sizeof a) {
		memcpy(&a, p + i, sizeof a);
		memcpy(&b, q + i, sizeof b);
		bad |= a ^ b ^ k;
	}
	return bad == 0;
}

/*
 * Takes what short whole messages have come, all with the head that is due. Only a shorter way
 * through what take_frame() does as well: a server slower than its client would be what is measured.
 */
static void
take_short(struct sink *k)
{
	struct frames *in = &k->s->in;
	const uint8_t due[] = { (uint8_t)(0x80 | (k->s->text ? FRAME_TEXT : FRAME_BINARY)),
		(uint8_t)(0x80 | k->size) };
	size_t n = k->size, count = 0;
	uint32_t key, before;

	if (n == 0 || n > 125 || n % 8 != 0 || k->want.at % n != 0 || SEQUENCE_PERIOD % n != 0 ||
	    k->message != 0)
		return;
	memcpy(&before, k->key, sizeof before);
	while (in->end - in->at >= 6 + n && memcmp(in->bytes + in->at, due, 2) == 0) {
		const uint8_t *p = in->bytes + in->at;

		memcpy(&key, p + 2, sizeof key);
		k->same += key == before;
		before = key;
		if (!alike(p + 6, k->want.bytes + k->want.at, n, key))
			fail(k, "other bytes than were to be sent");
		k->want.at = k->want.at + n == k->want.period ? 0 : k->want.at + n;
		in->at += 6 + n;
		count++;
	}
	memcpy(k->key, &before, sizeof before);
	k->s->messages += count;
	k->s->payload += count * n;
}

static void
end(struct sink *k)
{
	const struct session *s = k->s;

	if (k->s->code == 0)
		fail(k, "no Close came");
	if (k->same > SAME_KEYS)
		fail(k, "masking keys repeat");
	if (s->payload != k->size * s->order.count || (s->text && s->messages != s->order.count))
		fail(k, "not as much as was to be sent");
	if (session_close(k->s) != 0)
		fail(k, "no Close could be sent");
}

void
serve_sink(struct session *s)
{
	struct sink k = { .s = s, .size = s->order.size + (s->newline ? 1 : 0) };
	struct frame f;

	if (sequence_make(&k.want, s->order.kind, s->newline ? s->order.size : 0) != 0 ||
	    inflateInit2(&k.z, -15) != Z_OK) {
		fail(&k, "no such sequence");
		return;
	}
	while (s->fault == NULL && s->code == 0 && frames_head(&s->in, &f)) {
		if (f.opcode == FRAME_CLOSE)
			session_closed(s, &f);
		else if (f.opcode > FRAME_CLOSE)
			frames_payload(&s->in, &f, NULL, 0);
		else
			take_frame(&k, &f);
		take_short(&k);
	}
	end(&k);
	inflateEnd(&k.z);
	sequence_free(&k.want);
}

void
serve_raw_sink(struct session *s)
{
	struct sink k = { .s = s };
	uint64_t all = (s->order.size + (s->text ? 1 : 0)) * s->order.count;
	ssize_t got;

	if (sequence_make(&k.want, s->order.kind, s->text ? s->order.size : 0) != 0) {
		fail(&k, "no such sequence");
		return;
	}
	while ((got = s->link.read(&s->link, s->in.bytes, sizeof s->in.bytes)) > 0 ||
	       got == LINK_AGAIN)
		if (got > 0)
			take_plain(&k, s->in.bytes, (size_t)got, no_key);
	s->payload = k.message;
	if (got != 0 || k.message != all)
		fail(&k, "not as much as was to be sent");
	sequence_free(&k.want);
}

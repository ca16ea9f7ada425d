#include "frames.h"

#include <string.h>

/* Reads until n bytes of the next head or payload are there. */
static bool
want(struct frames *in, size_t n)
{
	ssize_t got;

	while (in->end - in->at < n) {
		if (in->at > 0) {
			memmove(in->bytes, in->bytes + in->at, in->end - in->at);
			in->end -= in->at;
			in->at = 0;
		}
		got = in->link->read(in->link, in->bytes + in->end, sizeof in->bytes - in->end);
		if (got == LINK_AGAIN)
			continue;
		if (got <= 0)
			return false;
		in->end += (size_t)got;
		in->taken += (uint64_t)got;
	}
	return true;
}

static uint64_t
number(const uint8_t *p, size_t n)
{
	uint64_t value = 0;

	while (n-- > 0)
		value = value << 8 | *p++;
	return value;
}

bool
frames_head(struct frames *in, struct frame *f)
{
	size_t longer, size;
	const uint8_t *p;

	if (!want(in, 2))
		return false;
	p = in->bytes + in->at;
	longer = (p[1] & 127) == 127 ? 8 : (p[1] & 127) == 126 ? 2 : 0;
	size = 2 + longer + (p[1] >= 128 ? 4 : 0);
	if (!want(in, size))
		return false;
	p = in->bytes + in->at;
	f->fin = (p[0] & 0x80) != 0;
	f->rsv1 = (p[0] & 0x40) != 0;
	f->opcode = p[0] & 15;
	f->masked = p[1] >= 128;
	f->left = longer == 0 ? p[1] & 127 : number(p + 2, longer);
	memset(f->key, 0, sizeof f->key);
	if (f->masked)
		memcpy(f->key, p + 2 + longer, sizeof f->key);
	in->at += size;
	return true;
}

bool
frames_piece(struct frames *in, struct frame *f, struct piece *piece)
{
	if (in->at == in->end && !want(in, 1))
		return false;
	piece->bytes = in->bytes + in->at;
	piece->n = in->end - in->at;
	if (piece->n > f->left)
		piece->n = (size_t)f->left;
	memcpy(piece->key, f->key, sizeof f->key);
	for (size_t i = 0; i < sizeof f->key; i++)
		f->key[i] = piece->key[(i + piece->n) % 4];
	in->at += piece->n;
	f->left -= piece->n;
	return true;
}

size_t
frames_payload(struct frames *in, struct frame *f, uint8_t *to, size_t room)
{
	struct piece piece;
	size_t n = 0;

	while (f->left > 0 && frames_piece(in, f, &piece))
		for (size_t i = 0; i < piece.n; i++)
			if (n < room)
				to[n++] = piece.bytes[i] ^ piece.key[i % 4];
	return n;
}

int
frames_http(struct frames *in, char *head, size_t room)
{
	size_t n = 0;

	do {
		if (n + 1 >= room || !want(in, 1))
			return -1;
		head[n++] = (char)in->bytes[in->at++];
		head[n] = '\0';
	} while (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0);
	return 0;
}

size_t
frame_write_head(uint8_t to[10], uint8_t first, uint64_t length)
{
	size_t longer = length > 65535 ? 8 : length > 125 ? 2 : 0;

	to[0] = first;
	to[1] = (uint8_t)(longer == 0 ? length : longer == 2 ? 126 : 127);
	for (size_t i = longer; i > 0; i--, length >>= 8)
		to[1 + i] = (uint8_t)length;
	return 2 + longer;
}

#include "proto/http_body.h"

#include "base/num.h"

/* As many digits as a length of 2^60 has; what announces more is not waited for. */
#define CHUNK_LEFT_MAX ((uint64_t)1 << 60)

struct http_body
http_body_of(const struct http_head *h)
{
	const struct http_field *length = http_find(h, "Content-Length");
	struct http_body b = { .state = BODY_BYTES, .left = UINT64_MAX };

	if (h->status == 204 || h->status == 304)
		b.state = BODY_DONE;
	else if (http_has_token(h, "Transfer-Encoding", "chunked"))
		b = (struct http_body){ .state = BODY_CHUNK_SIZE, .chunked = true };
	else if (length != NULL && !num_parse_u64(length->value, UINT64_MAX, &b.left))
		b.left = UINT64_MAX;
	if (b.left == 0 && !b.chunked)
		b.state = BODY_DONE;
	return b;
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A byte of the lines around chunks. */
static void
take_framing(struct http_body *b, uint8_t c)
{
	int digit;

	switch (b->state) {
	case BODY_CHUNK_SIZE:
		digit = hex_digit(c);
		if (digit >= 0 && b->left < CHUNK_LEFT_MAX)
			b->left = b->left * 16 + (uint64_t)digit;
		else
			b->state =
			    c == '\r' || c == ';' || c == ' ' ? BODY_CHUNK_EXTENSION : BODY_DONE;
		break;
	case BODY_CHUNK_EXTENSION:
		if (c == '\n')
			b->state = b->left > 0 ? BODY_BYTES : BODY_DONE;
		break;
	case BODY_CHUNK_END:
		if (c == '\n')
			b->state = BODY_CHUNK_SIZE;
		else if (c != '\r')
			b->state = BODY_DONE;
		break;
	case BODY_BYTES:
	case BODY_DONE:
		break;
	}
}

int
http_body_take(struct http_body *b, const uint8_t *p, size_t n, struct buf *out, size_t max)
{
	const uint8_t *end = p + n;
	size_t k;
	int r;

	while (p < end && b->state != BODY_DONE) {
		if (b->state != BODY_BYTES) {
			take_framing(b, *p++);
			continue;
		}
		k = (size_t)(end - p);
		if (k > b->left)
			k = (size_t)b->left;
		if (k > max - buf_len(out))
			k = max - buf_len(out);
		if ((r = buf_put(out, p, k)) < 0)
			return r;
		p += k;
		b->left -= k;
		if (buf_len(out) == max)
			b->state = BODY_DONE;
		else if (b->left == 0)
			b->state = b->chunked ? BODY_CHUNK_END : BODY_DONE;
	}
	return 0;
}

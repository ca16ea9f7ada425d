#include "proto/frame.h"

#include <assert.h>
#include <string.h>

#include "base/num.h"
#include "wsx.h"

/* What the first byte alone shows; NULL if it may stand. */
static const char *
check_first(uint8_t b, const struct frame_rules *rules)
{
	uint8_t opcode = b & 0x0f;
	uint8_t allowed = 0;

	switch (opcode) {
	case OP_TEXT:
	case OP_BINARY:
		if (rules->in_message)
			return "a new message inside a fragmented one";
		allowed = rules->rsv;
		break;
	case OP_CONTINUATION:
		if (!rules->in_message)
			return "a continuation frame with nothing to continue";
		break;
	case OP_CLOSE:
	case OP_PING:
	case OP_PONG:
		if (!(b & FRAME_FIN))
			return "a fragmented control frame";
		break;
	default:
		return "a reserved opcode";
	}
	if (b & FRAME_RSV & ~allowed)
		return "a reserved bit that no extension gave a meaning";
	return NULL;
}

static const char *
check_second(uint8_t first, uint8_t b, const struct frame_rules *rules)
{
	bool masked = b & 0x80;

	if (masked != rules->masked)
		return masked ? "a masked frame from a server" : "an unmasked frame from a client";
	if (opcode_is_control(first & 0x0f) && (b & 0x7f) > WSX_MAX_CONTROL)
		return "a control frame longer than 125 bytes";
	return NULL;
}

static const char *
check_length(uint64_t length, size_t width)
{
	if (length >> 63)
		return "a length with its top bit set";
	if ((width == 2 && length < 126) || (width == 8 && length <= UINT16_MAX))
		return "a length that is not in its shortest form";
	return NULL;
}

int
frame_parse(const uint8_t *p, size_t n, const struct frame_rules *rules, struct frame_head *h,
    size_t *used, const char **why)
{
	size_t width, head;

	if (n >= 1 && (*why = check_first(p[0], rules)) != NULL)
		return WSX_ERR_PROTOCOL;
	if (n < 2)
		return 0;
	if ((*why = check_second(p[0], p[1], rules)) != NULL)
		return WSX_ERR_PROTOCOL;

	h->length = p[1] & 0x7f;
	width = h->length == 127 ? 8 : h->length == 126 ? 2 : 0;
	if (n < 2 + width)
		return 0;
	if (width > 0) {
		h->length = load_be(p + 2, width);
		if ((*why = check_length(h->length, width)) != NULL)
			return WSX_ERR_PROTOCOL;
	}
	h->fin = p[0] & FRAME_FIN;
	h->rsv = p[0] & FRAME_RSV;
	h->opcode = p[0] & 0x0f;
	h->masked = p[1] & 0x80;
	head = 2 + width + (h->masked ? sizeof h->key : 0);
	if (n < head)
		return 0;
	if (h->masked)
		memcpy(h->key, p + 2 + width, sizeof h->key);
	*used = head;
	return 1;
}

size_t
frame_build(uint8_t out[FRAME_HEAD_MAX], const struct frame_head *h)
{
	size_t n = 2;

	assert(h->length >> 63 == 0);
	assert(!opcode_is_control(h->opcode) || (h->fin && h->length <= WSX_MAX_CONTROL));
	out[0] = (uint8_t)((h->fin ? FRAME_FIN : 0) | h->rsv | h->opcode);
	if (h->length < 126) {
		out[1] = (uint8_t)h->length;
	} else if (h->length <= UINT16_MAX) {
		out[1] = 126;
		store_be(out + 2, h->length, 2);
		n += 2;
	} else {
		out[1] = 127;
		store_be(out + 2, h->length, 8);
		n += 8;
	}
	if (h->masked) {
		out[1] |= 0x80;
		memcpy(out + n, h->key, sizeof h->key);
		n += sizeof h->key;
	}
	return n;
}

size_t
frame_put(uint8_t *out, const struct frame_head *h, const void *p)
{
	size_t head = frame_build(out, h), n = (size_t)h->length;

	if (h->masked)
		mask_apply(out + head, p, n, h->key, 0);
	else if (n > 0)
		memcpy(out + head, p, n);
	return head + n;
}

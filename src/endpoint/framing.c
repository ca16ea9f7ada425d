#include "endpoint/framing.h"

#include <assert.h>

#include "base/base64.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/num.h"

static const char *
prefix_of(const struct framing_marks *marks, enum wsx_type type)
{
	return type == WSX_TEXT ? marks->text_prefix : marks->binary_prefix;
}

static bool
is_base64(const struct framing_marks *marks, enum wsx_type type)
{
	return type == WSX_TEXT ? marks->base64_text : marks->base64;
}

/* A binary message is a line only where something else marks it as one. */
bool
framing_is_line(enum framing framing, const struct framing_marks *marks, enum wsx_type type)
{
	if (framing == FRAMING_LINE)
		return type == WSX_TEXT || is_base64(marks, type) || prefix_of(marks, type) != NULL;
	return framing == FRAMING_HEX || framing == FRAMING_BASE64 || framing == FRAMING_JSON;
}

bool
framing_is_whole(enum framing framing, const struct framing_marks *marks)
{
	switch (framing) {
	case FRAMING_LINE:
		return marks->base64 || marks->base64_text;
	case FRAMING_WHOLE:
	case FRAMING_RAW:
		return false;
	case FRAMING_LENGTH:
	case FRAMING_HEX:
	case FRAMING_BASE64:
	case FRAMING_JSON:
		break;
	}
	return true;
}

static int
put_line(struct buf *b, const struct framing_marks *marks, const struct wsx_piece *piece)
{
	const char *prefix = prefix_of(marks, piece->type);
	bool base64 = is_base64(marks, piece->type);
	int r = 0;

	if (prefix != NULL && piece->first)
		r = buf_puts(b, prefix);
	if (r == 0)
		r = base64 ? base64_put(b, piece->data, piece->n)
			   : buf_put(b, piece->data, piece->n);
	if (r == 0 && piece->last && framing_is_line(FRAMING_LINE, marks, piece->type))
		r = buf_putc(b, marks->separator);
	return r;
}

static int
put_length(struct buf *b, const struct wsx_piece *piece)
{
	uint8_t head[FRAMING_HEAD];
	int r;

	if (piece->n > FRAMING_PAYLOAD_MAX)
		return ERR_LIMIT;
	store_be(head, piece->n, 4);
	head[4] = piece->type == WSX_TEXT ? FRAMING_OPCODE_TEXT : FRAMING_OPCODE_BINARY;
	if ((r = buf_put(b, head, sizeof head)) != 0)
		return r;
	return buf_put(b, piece->data, piece->n);
}

int
framing_put(struct buf *b, enum framing framing, const struct framing_marks *marks,
    const struct wsx_piece *piece)
{
	size_t before = buf_len(b);
	int r = 0;

	switch (framing) {
	case FRAMING_LINE:
		r = put_line(b, marks, piece);
		break;
	case FRAMING_WHOLE:
	case FRAMING_RAW:
		r = buf_put(b, piece->data, piece->n);
		break;
	case FRAMING_LENGTH:
		r = put_length(b, piece);
		break;
	case FRAMING_HEX:
		if ((r = hex_put(b, piece->data, piece->n)) == 0)
			r = buf_putc(b, '\n');
		break;
	case FRAMING_BASE64:
		if ((r = base64_put(b, piece->data, piece->n)) == 0)
			r = buf_putc(b, '\n');
		break;
	case FRAMING_JSON:
		assert(false); /* is not of messages alone */
	}
	if (r != 0)
		buf_truncate(b, buf_len(b) - before);
	return r;
}

#include "endpoint/framing.h"

#include <assert.h>

#include "base/base64.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/num.h"

static const char *
prefix_of(const struct framing_marks *marks, const struct wsx_piece *piece)
{
	return piece->type == WSX_TEXT ? marks->text_prefix : marks->binary_prefix;
}

static bool
is_base64(const struct framing_marks *marks, const struct wsx_piece *piece)
{
	return piece->type == WSX_TEXT ? marks->base64_text : marks->base64;
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

/* A binary message gets a separator only where something else marks that it is a line. */
static int
put_line(struct buf *b, const struct framing_marks *marks, const struct wsx_piece *piece)
{
	const char *prefix = prefix_of(marks, piece);
	bool base64 = is_base64(marks, piece);
	int r = 0;

	if (prefix != NULL && piece->first)
		r = buf_puts(b, prefix);
	if (r == 0)
		r = base64 ? base64_put(b, piece->data, piece->n)
			   : buf_put(b, piece->data, piece->n);
	if (r == 0 && piece->last && (piece->type == WSX_TEXT || base64 || prefix != NULL))
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

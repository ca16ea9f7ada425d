/* Messages that came, as they are shown. */

#include <errno.h>
#include <stdio.h>

#include "base/utf8.h"
#include "endpoint/notice.h"
#include "endpoint/terminal_int.h"
#include "ui/fold.h"
#include "ui/pretty.h"
#include "ui/show.h"
#include "ui/stamp.h"
#include "ui/wrap.h"

/* JSON that is longer is not laid out whole. */
#define PRETTY_MAX ((size_t)1 << 20)

/* Laid out and coloured, the same text is longer. */
#define PRETTY_FOLD (4 * FOLD_BYTES)

/*
 * What a message begins with, and rows of it after the first: "< " and "| ", or "12< " and "12| " where
 * there are many that speak.
 */
#define MARK_MAX 16

/* JSON laid out, or so much of it: as pretty_json_start() has it, and 0 if it is not to be. */
static int
put_pretty(const struct terminal *t, struct buf *b, const uint8_t *p, size_t n, size_t max,
    size_t rows, const char *mark)
{
	const struct colours *c = t->config.colours;
	size_t before = buf_len(b);
	int r;

	if (!t->config.pretty)
		return 0;
	if ((r = buf_puts(b, c->reset)) == 0)
		r = pretty_json_start(b, p, n, max, rows, mark, c);
	if (r <= 0)
		buf_truncate(b, buf_len(b) - before);
	return r;
}

int
terminal_put_text(
    const struct terminal *t, struct buf *b, const uint8_t *p, size_t n, const char *mark)
{
	int r;

	if (t->config.raw)
		return show_raw(b, p, n, mark);
	if (n <= PRETTY_MAX && (r = put_pretty(t, b, p, n, SIZE_MAX, SIZE_MAX, mark)) != 0)
		return r < 0 ? r : 0;
	return show_text(b, p, n, mark);
}

/* The same, but of a long text only its beginning, and how to see the rest. */
static int
put_folded(const struct terminal *t, struct buf *b, const struct wsx_piece *piece, const char *mark)
{
	const struct colours *c = t->config.colours;
	size_t before = buf_len(b), n = piece->n;
	bool folded;
	int r;

	if (t->config.raw)
		return show_raw(b, piece->data, n, mark);
	/* more of it need not be looked at */
	if ((r = put_pretty(t, b, piece->data, n, PRETTY_FOLD, FOLD_ROWS + 1, mark)) < 0)
		return r;
	if (r > 0) {
		folded = fold_text(b, before, PRETTY_FOLD);
		if (!folded && r == PRETTY_CUT)
			folded = fold_text(b, before, buf_len(b) - before - 1);
	} else {
		if (n > FOLD_BYTES)
			n = utf8_cut(piece->data, FOLD_BYTES + 1);
		if ((r = show_text(b, piece->data, n, mark)) < 0)
			return r;
		folded = fold_text(b, before, n < piece->n ? n - 1 : FOLD_BYTES);
	}
	if (!folded)
		return 0;
	return buf_putf(
	    b, "%s\n%s(%zu bytes; /last shows all of it)%s", c->reset, c->dim, piece->n, c->reset);
}

/* Binary data in one line, or as the image it is below that. */
static int
put_binary(
    const struct terminal *t, struct buf *b, const struct wsx_piece *piece, const struct blob *blob)
{
	size_t before;
	int r;

	r = blob != NULL ? notice_blob(b, blob) : show_binary(b, piece->data, piece->n);
	if (r < 0 || t->config.images == IMAGE_NONE)
		return r;
	before = buf_len(b);
	if ((r = buf_putf(b, "%s\n", t->config.colours->reset)) < 0)
		return r;
	r = image_put(b, t->config.images, piece->data, piece->n, prompt_columns(t->prompt));
	if (r == 0)
		buf_truncate(b, buf_len(b) - before);
	return r < 0 ? r : 0;
}

static int
put_stamp(const struct terminal *t, struct buf *b)
{
	const struct colours *c = t->config.colours;
	char stamp[STAMP_MAX];

	if (!t->config.timestamps)
		return 0;
	stamp_now(stamp);
	return buf_putf(b, "%s%s%s ", c->dim, stamp, c->reset);
}

/* How long after what it answers a reply came. */
static int
put_round_trip(struct terminal *t, struct buf *b, const struct wsx_piece *piece)
{
	const struct colours *c = t->config.colours;
	uint64_t ns;

	if (piece->type != WSX_TEXT ||
	    !rpc_received(&t->rpc, piece->data, piece->n, loop_now(t->env->loop), &ns))
		return 0;
	return buf_putf(b, "%s %s(%.1f ms)", c->reset, c->dim, (double)ns / 1e6);
}

static int
put_message(struct terminal *t, const struct wsx_piece *piece, const struct blob *blob)
{
	const struct colours *c = t->config.colours;
	unsigned speaker = pump_speaker(&t->ep).number;
	struct buf *b = &t->text;
	char number[MARK_MAX] = "", more[MARK_MAX + sizeof TERMINAL_MORE];
	int r;

	if (speaker > 0)
		snprintf(number, sizeof number, "%u", speaker);
	snprintf(more, sizeof more, "%s%s", number, TERMINAL_MORE);
	buf_reset(b);
	if ((r = put_stamp(t, b)) < 0 || (r = buf_putf(b, "%s%s< ", c->received, number)) < 0)
		return r;
	if (piece->type == WSX_BINARY)
		r = put_binary(t, b, piece, blob);
	else
		r = put_folded(t, b, piece, more);
	if (r == 0)
		r = put_round_trip(t, b, piece);
	if (r == 0)
		r = buf_putf(b, "%s\n", c->reset);
	if (r == 0 && !t->config.raw)
		r = wrap_rows(b, 0, prompt_columns(t->prompt), more);
	return r;
}

/* Saves a binary message if that is wanted: true and *blob if it is saved. */
static bool
save(struct terminal *t, const struct wsx_piece *piece, struct blob *blob)
{
	int r;

	if (t->config.blobs == NULL || piece->type != WSX_BINARY)
		return false;
	if ((r = blobs_take(t->config.blobs, piece, blob)) < 0) {
		report_error(t->env->report, "cannot save a message: %s", strerror(errno));
		pump_blemish(&t->ep, ENDED_LOCAL);
	}
	return r > 0;
}

void
terminal_show(struct terminal *t, const struct wsx_piece *pieces, size_t n)
{
	struct blob blob;
	bool saved;

	for (size_t i = 0; i < n; i++) {
		saved = save(t, &pieces[i], &blob);
		if (put_message(t, &pieces[i], saved ? &blob : NULL) < 0)
			report_error(t->env->report, "a message of %zu bytes is too long to show",
			    pieces[i].n);
		else
			terminal_print(t, buf_data(&t->text), buf_len(&t->text));
		buf_reset(&t->text);
		if (pieces[i].type == WSX_TEXT)
			suggest_message(&t->suggest, pieces[i].data, pieces[i].n);
	}
	if (n > 0) /* of a batch, one is the last */
		terminal_last_set(t, &pieces[n - 1]);
	buf_shrink(&t->text, PIECE_MAX);
}

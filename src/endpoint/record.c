/* Messages are put together from their pieces here, whatever the format. */

#include <errno.h>
#include <string.h>

#include "base/ascii.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "endpoint/record_int.h"
#include "ui/jsonl.h"

/* What is longer is written in parts, where the format has any; otherwise its end is left out. */
#define HOLD_MAX ((size_t)64 << 20)

static bool
ends_in(const char *path, const char *suffix)
{
	size_t n = strlen(path), k = strlen(suffix);

	return n > k && ascii_eq_nocase((struct span){ path + n - k, k }, span_str(suffix));
}

enum record_format
record_format_of(const char *path)
{
	if (ends_in(path, ".har"))
		return RECORD_HAR;
	return ends_in(path, ".wst") ? RECORD_WST : RECORD_JSONL;
}

int
record_new(const struct env *env, const char *path, struct record **record)
{
	struct record *r;
	struct buf *b;
	int e = 0, error;

	if ((r = mem_new(&mem_libc, sizeof *r)) == NULL)
		return ERR_NOMEM;
	r->format = record_format_of(path);
	if ((e = side_file_open(&r->file, env, path)) != 0) {
		error = errno;
		mem_free(&mem_libc, r);
		errno = error;
		return e;
	}
	b = side_file_begin(&r->file);
	if (r->format == RECORD_HAR)
		e = record_har_begin(r, b);
	else if (r->format == RECORD_WST)
		e = record_wst_begin(b);
	side_file_end(&r->file, e);
	*record = r;
	return 0;
}

void
record_start(struct record *r)
{
	if (r != NULL)
		side_file_start(&r->file);
}

bool
record_free(struct record *r)
{
	bool whole;

	if (r == NULL)
		return true;
	if (r->format == RECORD_HAR)
		side_file_end(&r->file, record_har_end(r, side_file_begin(&r->file)));
	whole = side_file_close(&r->file);
	mem_free(&mem_libc, r);
	return whole;
}

struct record_part *
record_part_new(struct record *record, const char *who)
{
	struct record_part *part = mem_new(&mem_libc, sizeof *part);

	if (part == NULL)
		return NULL;
	part->record = record;
	part->who = who;
	buf_init(&part->messages[WSX_SENT].buf, &mem_libc, SIZE_MAX);
	buf_init(&part->messages[WSX_RECEIVED].buf, &mem_libc, SIZE_MAX);
	buf_init(&part->request, &mem_libc, SIZE_MAX);
	buf_init(&part->response, &mem_libc, SIZE_MAX);
	return part;
}

void
record_part_free(struct record_part *part)
{
	struct side_file *f;

	if (part == NULL)
		return;
	f = &part->record->file;
	if (part->record->format == RECORD_HAR)
		side_file_end(f, record_har_part_end(part, side_file_begin(f)));
	buf_clear(&part->messages[WSX_SENT].buf);
	buf_clear(&part->messages[WSX_RECEIVED].buf);
	buf_clear(&part->request);
	buf_clear(&part->response);
	mem_free(&mem_libc, part);
}

/* Heads. */

bool
record_next_line(struct span *head, struct span *line)
{
	const char *eol = memmem(head->p, head->n, "\r\n", 2);

	if (eol == NULL || eol == head->p)
		return false;
	*line = (struct span){ head->p, (size_t)(eol - head->p) };
	head->n -= line->n + 2;
	head->p = eol + 2;
	return true;
}

bool
record_field(struct span line, struct span *name, struct span *value)
{
	const char *colon = memchr(line.p, ':', line.n);

	if (colon == NULL)
		return false;
	*name = (struct span){ line.p, (size_t)(colon - line.p) };
	*value = ascii_trim((struct span){ colon + 1, line.n - name->n - 1 });
	return true;
}

void
record_head(struct record_part *part, enum wsx_direction dir, const char *p, size_t n)
{
	struct buf *head = dir == WSX_SENT ? &part->request : &part->response;

	if (dir == WSX_SENT) {
		clock_gettime(CLOCK_REALTIME, &part->started);
		part->timing = (struct open_timing){ 0 };
		buf_reset(&part->response);
	}
	buf_reset(head); /* of several answers the last one counts */
	(void)buf_put(head, p, n);
}

/* Messages. */

static int
put_jsonl(const struct record_part *part, const struct record_said *said, struct buf *b)
{
	struct timespec now;
	struct jsonl_also also = {
		.time = &now,
		.client = *part->who != '\0' ? part->who : NULL,
		.more = said->more,
	};

	clock_gettime(CLOCK_REALTIME, &now);
	return said->dir == WSX_SENT
		   ? jsonl_send(b, said->type == WSX_TEXT, said->p, said->n, &also)
		   : jsonl_message(b, said->type == WSX_TEXT, said->p, said->n, &also);
}

static void
put_said(struct record_part *part, const struct record_said *said)
{
	struct side_file *f = &part->record->file;
	struct buf *b = side_file_begin(f);
	int r = 0;

	switch (part->record->format) {
	case RECORD_JSONL:
		r = put_jsonl(part, said, b);
		break;
	case RECORD_HAR:
		r = record_har_message(part, said, b);
		break;
	case RECORD_WST:
		r = record_wst_message(said, b);
		break;
	}
	side_file_end(f, r);
}

/* As much of a message as is there goes to the file, but for a character that is not complete. */
static void
flush(struct record_part *part, enum wsx_direction dir, bool last)
{
	struct record_message *m = &part->messages[dir];
	size_t n = buf_len(&m->buf);
	struct record_said said = { dir, m->type, !last, m->cut, buf_data(&m->buf), n };

	if (!last && m->type == WSX_TEXT)
		said.n = utf8_cut(said.p, n);
	put_said(part, &said);
	m->cut = false;
	buf_consume(&m->buf, said.n);
}

static void
take(struct record_part *part, enum wsx_direction dir, const struct wsx_piece *piece)
{
	struct record_message *m = &part->messages[dir];
	bool parts = part->record->format == RECORD_JSONL;

	if (piece->first) {
		buf_reset(&m->buf);
		m->cut = false;
		m->type = piece->type;
	}
	if (!parts && (m->cut || piece->n > HOLD_MAX - buf_len(&m->buf)))
		m->cut = true;
	else if (buf_put(&m->buf, piece->data, piece->n) < 0)
		side_file_end(&part->record->file, ERR_NOMEM);
	if (piece->last || (parts && buf_len(&m->buf) >= HOLD_MAX / 2))
		flush(part, dir, piece->last);
}

/* A short message, as most are, need not be put together. */
static void
take_short(struct record_part *part, enum wsx_direction dir, const struct wsx_piece *piece)
{
	const struct record_said said = {
		.dir = dir, .type = piece->type, .p = piece->data, .n = piece->n
	};

	put_said(part, &said);
}

void
record_pieces(
    struct record_part *part, enum wsx_direction dir, const struct wsx_piece *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pieces[i].first && pieces[i].last)
			take_short(part, dir, &pieces[i]);
		else
			take(part, dir, &pieces[i]);
}

/* Events. */

static int
put_control(const struct record_part *part, enum control kind, uint16_t code, struct span data,
    struct buf *b)
{
	static const char *const types[] = { "ping", "pong", "close" };
	struct timespec now;
	struct jsonl_also also = { .time = &now, .client = *part->who != '\0' ? part->who : NULL };

	clock_gettime(CLOCK_REALTIME, &now);
	return jsonl_send_control(b, types[kind], kind == CONTROL_CLOSE ? code : 0,
	    (const uint8_t *)data.p, data.n, &also);
}

void
record_control(struct record_part *part, enum control kind, uint16_t code, struct span data)
{
	struct side_file *f = &part->record->file;
	struct buf *b = side_file_begin(f);

	if (part->record->format == RECORD_JSONL)
		side_file_end(f, put_control(part, kind, code, data, b));
	else if (part->record->format == RECORD_WST)
		side_file_end(f, record_wst_control(kind, code, data, b));
}

static int
put_open(const struct record_part *part, const struct event *e, struct buf *b)
{
	struct jsonl_open open = {
		.url = wsx_display_url(e->ws),
		.protocol = wsx_protocol(e->ws),
		.extensions = wsx_extensions(e->ws),
		.timing = { e->timing.dns, e->timing.connect, e->timing.tls, e->timing.upgrade },
	};
	struct jsonl_also also = { .client = *part->who != '\0' ? part->who : NULL };

	clock_gettime(CLOCK_REALTIME, &open.time);
	return jsonl_open(b, &open, &also);
}

static int
put_event(const struct record_part *part, const struct event *e, struct buf *b)
{
	struct timespec now;
	struct jsonl_also also = { .time = &now, .client = *part->who != '\0' ? part->who : NULL };

	clock_gettime(CLOCK_REALTIME, &now);
	switch (e->kind) {
	case EVENT_HEAD: /* record_head() */
		return 0;
	case EVENT_OPEN:
		return put_open(part, e, b);
	case EVENT_PING:
		return jsonl_ping(b, e->data, e->n, &also);
	case EVENT_PONG:
		return jsonl_pong(b, e->data, e->n, &also);
	case EVENT_ERROR:
		return jsonl_error(b, e->text, (int)e->ending, &also);
	case EVENT_CLOSE:
		return jsonl_close(b, e->code, (const char *)e->data, e->n, e->was_clean, &also);
	}
	return 0;
}

void
record_event(struct record_part *part, const struct event *event)
{
	struct side_file *f = &part->record->file;
	struct buf *b = side_file_begin(f);
	int r = 0;

	if (event->kind == EVENT_OPEN)
		part->timing = event->timing;
	switch (part->record->format) {
	case RECORD_JSONL:
		r = put_event(part, event, b);
		break;
	case RECORD_HAR:
		r = record_har_event(part, event, b);
		break;
	case RECORD_WST:
		r = record_wst_event(part, event, b);
		break;
	}
	side_file_end(f, r);
}

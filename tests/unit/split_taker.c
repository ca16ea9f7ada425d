#include "split_taker.h"

#include "base/hex.h"

static void
tell(struct split_taker *t, const char *end)
{
	buf_puts(t->transcript, t->m.type == WSX_TEXT ? "T " : "B ");
	if (buf_len(&t->payload) > 100)
		buf_putf(t->transcript, "*%zu", buf_len(&t->payload));
	else
		hex_put(t->transcript, buf_data(&t->payload), buf_len(&t->payload));
	buf_puts(t->transcript, end);
	buf_reset(&t->payload);
	t->under_way = false;
}

/* More of the message under way; false if more has to come. */
static bool
take_more(struct split_taker *t, bool eof)
{
	size_t n = buf_len(&t->in) < t->m.n ? buf_len(&t->in) : (size_t)t->m.n;

	buf_put(&t->payload, buf_data(&t->in), n);
	buf_consume(&t->in, n);
	t->m.n -= n;
	if (t->m.n == 0 || (eof && t->m.may_end)) {
		buf_consume(&t->in, t->m.after);
		tell(t, "\n");
		return true;
	}
	if (eof)
		tell(t, "...\n");
	return false;
}

static bool
find_next(struct split_taker *t, bool eof)
{
	char why[SPLIT_WHY_MAX];

	switch (split_next(&t->split, buf_mutable_data(&t->in), buf_len(&t->in), eof, &t->m, why)) {
	case SPLIT_MORE:
		return false;
	case SPLIT_MESSAGE:
		t->under_way = true;
		buf_consume(&t->in, t->m.at);
		return true;
	case SPLIT_COMMAND:
		buf_putf(t->transcript, "command %.*s\n", (int)t->m.n,
		    (const char *)buf_data(&t->in) + t->m.at);
		buf_consume(&t->in, (size_t)t->m.n + t->m.after);
		return true;
	case SPLIT_BAD:
		buf_consume(&t->in, t->m.at + (size_t)t->m.n + t->m.after);
		break;
	case SPLIT_LOST:
		t->over = true;
		break;
	}
	buf_putf(t->transcript, "%s\n", why);
	return !t->over;
}

static void
take(struct split_taker *t, bool eof)
{
	while (!t->over && (t->under_way ? take_more(t, eof) : find_next(t, eof)))
		;
}

void
split_taker_init(struct split_taker *t, const struct split_config *config, struct buf *transcript)
{
	*t = (struct split_taker){ .transcript = transcript };
	split_init(&t->split, config);
	buf_init(&t->in, &mem_libc, SIZE_MAX);
	buf_init(&t->payload, &mem_libc, SIZE_MAX);
}

void
split_taker_put(struct split_taker *t, const uint8_t *p, size_t n)
{
	buf_put(&t->in, p, n);
	take(t, false);
}

void
split_taker_end(struct split_taker *t)
{
	take(t, true);
	buf_clear(&t->in);
	buf_clear(&t->payload);
}

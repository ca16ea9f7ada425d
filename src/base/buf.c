#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum { MIN_CAP = 64 };

void
buf_init(struct buf *b, const struct mem *mem, size_t max)
{
	*b = (struct buf){ .max = max, .mem = mem };
}

void
buf_clear(struct buf *b)
{
	mem_free(b->mem, b->data);
	buf_init(b, b->mem, b->max);
}

void
buf_reset(struct buf *b)
{
	b->head = 0;
	b->tail = 0;
}

void
buf_shrink(struct buf *b, size_t keep)
{
	if (buf_len(b) == 0 && b->cap > keep)
		buf_clear(b);
}

size_t
buf_len(const struct buf *b)
{
	return b->tail - b->head;
}

size_t
buf_room(const struct buf *b)
{
	return b->max - buf_len(b);
}

const uint8_t *
buf_data(const struct buf *b)
{
	return b->data != NULL ? b->data + b->head : NULL;
}

uint8_t *
buf_mutable_data(struct buf *b)
{
	return b->data != NULL ? b->data + b->head : NULL;
}

static void
slide_down(struct buf *b)
{
	size_t n = buf_len(b);

	if (b->head > 0 && n > 0)
		memmove(b->data, b->data + b->head, n);
	b->head = 0;
	b->tail = n;
}

/* Doubles, so that many small puts cost no more than one copy of a byte each on average. */
static int
grow(struct buf *b, size_t need)
{
	size_t cap = b->cap <= b->max / 2 ? b->cap * 2 : b->max;
	uint8_t *data;

	if (cap < MIN_CAP)
		cap = b->max < MIN_CAP ? b->max : MIN_CAP;
	if (cap < need)
		cap = need;
	data = mem_resize(b->mem, b->data, cap);
	if (data == NULL)
		return ERR_NOMEM;
	b->data = data;
	b->cap = cap;
	return 0;
}

int
buf_reserve(struct buf *b, size_t n, uint8_t **p)
{
	int r;

	if (n > buf_room(b))
		return ERR_LIMIT;
	if (n > b->cap - b->tail) {
		slide_down(b);
		if (n > b->cap - b->tail && (r = grow(b, b->tail + n)) != 0)
			return r;
	}
	*p = b->data != NULL ? b->data + b->tail : NULL;
	return 0;
}

void
buf_commit(struct buf *b, size_t n)
{
	assert(n <= b->cap - b->tail);
	b->tail += n;
}

int
buf_put(struct buf *b, const void *p, size_t n)
{
	uint8_t *to;
	int r;

	if (n == 0)
		return 0;
	if ((r = buf_reserve(b, n, &to)) != 0)
		return r;
	assert(to != NULL);
	memcpy(to, p, n);
	buf_commit(b, n);
	return 0;
}

int
buf_putc(struct buf *b, uint8_t c)
{
	return buf_put(b, &c, 1);
}

int
buf_puts(struct buf *b, const char *s)
{
	return buf_put(b, s, strlen(s));
}

int
buf_putf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = buf_vputf(b, fmt, ap);
	va_end(ap);
	return r;
}

/* By way of memory of its own: the NUL printf adds may not fit under max. */
static int __attribute__((format(printf, 3, 0)))
put_long(struct buf *b, size_t n, const char *fmt, va_list ap)
{
	char *text;
	int r;

	if (n > buf_room(b))
		return ERR_LIMIT;
	if ((text = mem_resize(b->mem, NULL, n + 1)) == NULL)
		return ERR_NOMEM;
	vsnprintf(text, n + 1, fmt, ap);
	r = buf_put(b, text, n);
	mem_free(b->mem, text);
	return r;
}

int
buf_vputf(struct buf *b, const char *fmt, va_list ap)
{
	char text[256];
	va_list again;
	int n, r;

	va_copy(again, ap);
	n = vsnprintf(text, sizeof text, fmt, ap);
	if (n < 0) /* longer than an int can tell */
		r = ERR_LIMIT;
	else if ((size_t)n < sizeof text)
		r = buf_put(b, text, (size_t)n);
	else
		r = put_long(b, (size_t)n, fmt, again);
	va_end(again);
	return r;
}

void
buf_consume(struct buf *b, size_t n)
{
	assert(n <= buf_len(b));
	b->head += n;
	if (b->head == b->tail)
		buf_reset(b);
}

void
buf_truncate(struct buf *b, size_t n)
{
	assert(n <= buf_len(b));
	b->tail -= n;
	if (b->head == b->tail)
		buf_reset(b);
}

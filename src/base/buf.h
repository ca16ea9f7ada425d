#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/*
 * A bounded queue of bytes: put at the tail, consumed from the head.
 *
 *   0 <= head <= tail <= cap <= max;  the content is data[head .. tail)
 *
 * It grows by doubling up to max and never shrinks by itself, so a buffer in steady use does
 * not allocate. Pointers into it hold until the next call that takes a non-const buf.
 * Functions that return int give 0, ERR_LIMIT (max would be passed) or ERR_NOMEM; on an
 * error the content is as it was.
 */
struct buf {
	uint8_t *data;
	size_t head;
	size_t tail;
	size_t cap;
	size_t max;
	const struct mem *mem;
};

/* Lifecycle. max is the most bytes it will ever hold; SIZE_MAX for no bound. */
void buf_init(struct buf *b, const struct mem *mem, size_t max); /* allocates nothing */
void buf_clear(struct buf *b); /* frees; as after init */
void buf_reset(struct buf *b); /* empties, keeps the memory */
void buf_shrink(struct buf *b, size_t keep); /* an empty buf of more than keep bytes is freed */

/* Queries. */
size_t buf_len(const struct buf *b);
size_t buf_room(const struct buf *b); /* bytes that may still be put: max - len */
const uint8_t *buf_data(const struct buf *b);
uint8_t *buf_mutable_data(struct buf *b);

/* Room for n more bytes: *p points at it; what is written there counts once committed. */
int buf_reserve(struct buf *b, size_t n, uint8_t **p);
void buf_commit(struct buf *b, size_t n); /* n at most what was last reserved */

/* Put at the tail. */
int buf_put(struct buf *b, const void *p, size_t n);
int buf_putc(struct buf *b, uint8_t c);
int buf_puts(struct buf *b, const char *s); /* without its NUL */
int buf_putf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int buf_vputf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Take n <= len bytes from the head. */
void buf_consume(struct buf *b, size_t n);

/* Take n <= len bytes back from the tail. */
void buf_truncate(struct buf *b, size_t n);

#endif

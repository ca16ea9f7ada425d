#include "inflating.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

void
reference_init(struct reference *ref, bool alone)
{
	*ref = (struct reference){ .alone = alone };
	buf_init(&ref->text, &mem_libc, SIZE_MAX);
	MUST(inflateInit2(&ref->z, -15) == Z_OK);
}

void
reference_clear(struct reference *ref)
{
	inflateEnd(&ref->z);
	buf_clear(&ref->text);
}

/* What follows a final block may still refer to what came before it. */
static void
renew(struct reference *ref)
{
	size_t n = buf_len(&ref->text) < 32768 ? buf_len(&ref->text) : 32768;

	MUST(inflateReset(&ref->z) == Z_OK);
	if (n > 0)
		MUST(inflateSetDictionary(
			 &ref->z, buf_data(&ref->text) + buf_len(&ref->text) - n, (uInt)n) == Z_OK);
}

bool
reference_inflate(struct reference *ref, struct span in)
{
	uint8_t *p = fuzz_copy(in.p, in.n), *out;
	int r;

	if (ref->alone) {
		buf_reset(&ref->text);
		MUST(inflateReset(&ref->z) == Z_OK);
	}
	MUST((p = realloc(p, in.n + 4)) != NULL);
	memcpy(p + in.n, "\0\0\xff\xff", 4);
	ref->z.next_in = p;
	ref->z.avail_in = (uInt)in.n + 4;
	do {
		MUST(buf_reserve(&ref->text, 65536, &out) == 0);
		ref->z.next_out = out;
		ref->z.avail_out = 65536;
		r = inflate(&ref->z, Z_SYNC_FLUSH);
		buf_commit(&ref->text, 65536 - ref->z.avail_out);
		if (r == Z_STREAM_END)
			renew(ref);
	} while (r == Z_STREAM_END ? ref->z.avail_in > 0
				   : r == Z_OK && (ref->z.avail_in > 0 || ref->z.avail_out == 0));
	free(p);
	return (r == Z_OK || r == Z_BUF_ERROR) && (ref->z.data_type & 0xc7) == 0x80;
}

static enum deflate_result
inflate_piece(struct deflate *d, struct span in, bool last, size_t room, struct buf *out)
{
	uint8_t *copy = fuzz_copy(in.p, in.n), *to;
	size_t used = 0, n, made;
	enum deflate_result r;

	do {
		n = in.n - used;
		MUST(buf_reserve(out, room, &to) == 0);
		r = deflate_inflate(d, copy + used, &n, last, to, room, &made);
		MUST(made <= room && n <= in.n - used);
		MUST(r != DEFLATE_MORE || made == room);
		buf_commit(out, made);
		used += n;
	} while (r == DEFLATE_MORE);
	MUST(r != DEFLATE_OK || used == in.n);
	free(copy);
	return r;
}

enum deflate_result
inflate_in_steps(struct deflate *d, struct span in, size_t step, size_t room, struct buf *out)
{
	enum deflate_result r = DEFLATE_OK;

	for (; in.n > step && r == DEFLATE_OK; in.p += step, in.n -= step)
		r = inflate_piece(d, (struct span){ in.p, step }, false, room, out);
	return r == DEFLATE_OK ? inflate_piece(d, in, true, room, out) : r;
}

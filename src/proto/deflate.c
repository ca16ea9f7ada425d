/* The compressed streams of permessage-deflate (RFC 7692 7.2). */

#include "proto/deflate.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "base/err.h"

/* What ends every flush and is left out on the wire (RFC 7692 7.2.1). */
static const uint8_t tail[] = { 0x00, 0x00, 0xff, 0xff };

/* The window a peer may refer to across messages. */
#define WINDOW ((size_t)1 << DEFLATE_BITS_MAX)

static void *
zalloc(void *arg, uInt items, uInt size)
{
	const struct mem *mem = arg;

	return size > 0 && items > SIZE_MAX / size ? NULL
						   : mem_resize(mem, NULL, (size_t)items * size);
}

static void
zfree(void *arg, void *p)
{
	mem_free(arg, p);
}

void
deflate_init(struct deflate *d, const struct mem *mem, int level, uint8_t tx_bits,
    bool tx_no_context_takeover, bool rx_no_context_takeover)
{
	*d = (struct deflate){
		.mem = mem,
		.level = level,
		.tx_bits = tx_bits,
		.tx_reset = tx_no_context_takeover,
		.rx_reset = rx_no_context_takeover,
	};
}

void
deflate_clear(struct deflate *d)
{
	if (d->tx_ready)
		deflateEnd(&d->tx);
	if (d->rx_ready)
		inflateEnd(&d->rx);
	d->tx_ready = d->rx_ready = false;
}

bool
deflate_can_send(const struct deflate *d)
{
	return d->tx_bits > DEFLATE_BITS_MIN;
}

/* Compressing. */

static int
tx_start(struct deflate *d)
{
	if (d->tx_ready)
		return 0;
	d->tx = (z_stream){ .zalloc = zalloc, .zfree = zfree, .opaque = (void *)d->mem };
	if (deflateInit2(&d->tx, d->level, Z_DEFLATED, -(int)d->tx_bits, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		return ERR_NOMEM;
	d->tx_ready = true;
	return 0;
}

size_t
deflate_bound(size_t n)
{
	/*
	 * Fixed codes at worst, of nine bits a byte: what has left a small window can not go into
	 * a stored block any more. The rest is for the heads of blocks and the flush.
	 */
	return n + n / 8 + n / 128 + 64;
}

/* Runs deflate() over what is set up in tx until a flush is complete. */
static int
tx_flush(struct deflate *d, struct buf *out)
{
	size_t room;
	uint8_t *p;
	int r;

	do {
		room = deflate_bound(d->tx.avail_in);
		if ((r = buf_reserve(out, room, &p)) < 0)
			return r;
		d->tx.next_out = p;
		d->tx.avail_out = (uInt)room;
		r = deflate(&d->tx, Z_SYNC_FLUSH);
		assert(r == Z_OK || r == Z_BUF_ERROR);
		buf_commit(out, room - d->tx.avail_out);
	} while (d->tx.avail_out == 0);
	return 0;
}

static int
tx_deflate(struct deflate *d, const uint8_t *p, size_t n, bool last, struct buf *out)
{
	int r;

	d->tx.next_in = (Bytef *)p;
	d->tx.avail_in = (uInt)n;
	if ((r = tx_flush(d, out)) < 0)
		return r;
	assert(buf_len(out) >= sizeof tail &&
	       memcmp(buf_data(out) + buf_len(out) - sizeof tail, tail, sizeof tail) == 0);
	if (last)
		buf_truncate(out, sizeof tail);
	return 0;
}

int
deflate_compress(struct deflate *d, const uint8_t *p, size_t n, bool last, struct buf *out)
{
	int r;

	assert(deflate_can_send(d) && n <= UINT_MAX / 2);
	if ((r = tx_start(d)) < 0)
		return r;
	if (n == 0) /* the head of the empty block whose rest is the tail (RFC 7692 7.2.3.6) */
		r = last ? buf_putc(out, 0) : 0;
	else
		r = tx_deflate(d, p, n, last, out);
	if (r == 0 && last && d->tx_reset)
		deflateReset(&d->tx);
	return r;
}

/* Inflating. */

static enum deflate_result
rx_start(struct deflate *d)
{
	if (d->rx_ready)
		return DEFLATE_OK;
	d->rx = (z_stream){ .zalloc = zalloc, .zfree = zfree, .opaque = (void *)d->mem };
	/* the largest window decodes whatever was agreed */
	if (inflateInit2(&d->rx, -DEFLATE_BITS_MAX) != Z_OK)
		return DEFLATE_NOMEM;
	d->rx_ready = true;
	return DEFLATE_OK;
}

/*
 * A block marked as final ends zlib's stream, but not ours: what follows may still refer to the
 * window (RFC 7692 7.2.3.4).
 */
static enum deflate_result
rx_renew(struct deflate *d)
{
	uInt n = WINDOW;
	uint8_t *window;
	int r;

	if ((window = mem_resize(d->mem, NULL, WINDOW)) == NULL)
		return DEFLATE_NOMEM;
	r = inflateGetDictionary(&d->rx, window, &n);
	if (r == Z_OK)
		r = inflateReset(&d->rx);
	if (r == Z_OK && n > 0)
		r = inflateSetDictionary(&d->rx, window, n);
	mem_free(d->mem, window);
	return r == Z_OK ? DEFLATE_OK : r == Z_MEM_ERROR ? DEFLATE_NOMEM : DEFLATE_CORRUPT;
}

/* One step of zlib's: what it used of p and wrote to out. */
static enum deflate_result
rx_step(struct deflate *d, const uint8_t *p, size_t *n, uint8_t *out, size_t room, size_t *made)
{
	int r;

	assert(*n <= UINT_MAX && room <= UINT_MAX);
	d->rx.next_in = (Bytef *)p;
	d->rx.avail_in = (uInt)*n;
	d->rx.next_out = out;
	d->rx.avail_out = (uInt)room;
	r = inflate(&d->rx, Z_SYNC_FLUSH);
	*n -= d->rx.avail_in;
	*made = room - d->rx.avail_out;
	if (*n > 0) /* zlib tells it once only */
		d->rx_at_boundary = (d->rx.data_type & 128) != 0 && (d->rx.data_type & 7) == 0;
	if (r == Z_STREAM_END)
		return rx_renew(d);
	if (r == Z_MEM_ERROR)
		return DEFLATE_NOMEM;
	return r == Z_OK || r == Z_BUF_ERROR ? DEFLATE_OK : DEFLATE_CORRUPT;
}

/* The message has been given whole, with what its sender left out. */
static enum deflate_result
rx_finish(struct deflate *d)
{
	d->rx_tail = 0;
	if (!d->rx_at_boundary)
		return DEFLATE_CORRUPT;
	if (d->rx_reset)
		inflateReset(&d->rx);
	return DEFLATE_OK;
}

enum deflate_result
deflate_inflate(struct deflate *d, const uint8_t *p, size_t *n, bool last, uint8_t *out,
    size_t room, size_t *made)
{
	size_t given = *n, used = 0, k, some;
	enum deflate_result r;
	bool in_tail;

	*n = *made = 0;
	if ((r = rx_start(d)) != DEFLATE_OK)
		return r;
	for (;;) {
		in_tail = last && used == given;
		k = in_tail ? sizeof tail - d->rx_tail : given - used;
		r = rx_step(d, in_tail ? tail + d->rx_tail : p + used, &k, out + *made,
		    room - *made, &some);
		*made += some;
		if (in_tail)
			d->rx_tail += (unsigned)k;
		else
			*n = used += k;
		if (r != DEFLATE_OK)
			return r;
		if (*made == room) /* whatever the input: the inflater may hold more */
			return DEFLATE_MORE;
		if (used == given && (!last || d->rx_tail == sizeof tail))
			return last ? rx_finish(d) : DEFLATE_OK;
	}
}

/* Guessing. */

/*
 * Below these lengths text shrinks by too few bytes for its time: by itself to 98 of 100 bytes at
 * 64, to 60 to 80 at 128. After others like it, it shrinks at any length; but a message of under
 * 64 bytes shares its packet with as many bytes of headers, or goes with many others, which is
 * where links are fast and time counts.
 */
#define LEAST       64
#define LEAST_ALONE 128

size_t
deflate_least(const struct deflate *d)
{
	if (d->always)
		return 0;
	return d->tx_reset ? LEAST_ALONE : LEAST;
}

bool
deflate_pays(const struct deflate *d, const uint8_t *p, size_t n)
{
	if (!deflate_can_send(d) || n < deflate_least(d))
		return false;
	return d->always || deflate_worthwhile(p, n);
}

bool
deflate_worthwhile(const uint8_t *p, size_t n)
{
	enum { SAMPLE = 1024 };
	uint16_t count[256] = { 0 };
	size_t taken = n < SAMPLE ? n : SAMPLE, stride = n / SAMPLE > 0 ? n / SAMPLE : 1;
	size_t pairs = 0;

	for (size_t i = 0; i < taken; i++)
		count[p[i * stride]]++;
	for (size_t i = 0; i < 256; i++)
		pairs += (size_t)count[i] * count[i];
	/* for uniform bytes the sum is about n + n^2 / 256; base64 has four times the second part */
	return pairs > 2 * (taken + taken * taken / 256);
}

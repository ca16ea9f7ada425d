#include "ws_driver.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

/* Frames taken apart and put together again without the help of what is tested. */

static void
must(int r)
{
	if (r != 0)
		abort();
}

/* Bytes as text. */

static bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '\'';
}

static size_t
run_length(const uint8_t *p, size_t n)
{
	size_t run = 1;

	while (run < n && p[run] == p[0])
		run++;
	return run;
}

void
driver_put_bytes(struct buf *out, const uint8_t *p, size_t n)
{
	size_t run, i = 0, from;

	while (i < n) {
		if (i > 0)
			must(buf_putc(out, ' '));
		if ((run = run_length(p + i, n - i)) > 4) {
			must(buf_putf(out, "%02x*%zu", p[i], run));
			i += run;
			continue;
		}
		if (!is_plain(p[i])) {
			must(buf_putf(out, "%02x", p[i++]));
			continue;
		}
		for (from = i; i < n && is_plain(p[i]) && run_length(p + i, n - i) <= 4; i++)
			;
		must(buf_putf(out, "'%.*s'", (int)(i - from), (const char *)p + from));
	}
}

/* The head of a frame as far as it is there. */
struct head {
	size_t n; /* its length, without the key; 0 if there is less */
	uint64_t length;
};

static struct head
read_head(const uint8_t *p, size_t n)
{
	struct head h = { 2, 0 };
	size_t width;

	if (n < 2)
		return (struct head){ 0, 0 };
	h.length = p[1] & 0x7f;
	width = h.length == 126 ? 2 : h.length == 127 ? 8 : 0;
	if (n < 2 + width)
		return (struct head){ 0, 0 };
	if (width > 0)
		h.length = 0;
	for (size_t i = 0; i < width; i++)
		h.length = h.length << 8 | p[2 + i];
	h.n += width;
	return h;
}

size_t
driver_mask(const uint8_t *p, size_t n, uint8_t *out)
{
	uint8_t key[4] = { 0x37, 0xfa, 0x21, 0x3d };
	size_t to = 0, take;
	struct head h;

	while (n > 0) {
		h = read_head(p, n);
		take = h.n == 0 ? n : h.n; /* what is cut short stays so */
		memcpy(out + to, p, take);
		if (take > 1)
			out[to + 1] ^= 0x80; /* a frame masked on purpose becomes one that is not */
		to += take;
		p += take;
		n -= take;
		if (h.n == 0)
			break;
		memcpy(out + to, key, sizeof key);
		to += sizeof key;
		take = h.length < n ? (size_t)h.length : n;
		for (size_t i = 0; i < take; i++)
			out[to + i] = p[i] ^ key[i % 4];
		to += take;
		p += take;
		n -= take;
		key[0] += 0x51; /* another for each */
	}
	return to;
}

/* What was sent. */

static void
check_close(const uint8_t *p, size_t n)
{
	unsigned code;

	if (n == 0 || !CHECK(n >= 2))
		return;
	code = (unsigned)p[0] << 8 | p[1];
	CHECK(code >= 1000 && code < 5000);
	CHECK(code != 1004 && code != 1005 && code != 1006 && code != 1015);
}

/* Appends what n more bytes of the compressed stream inflate to. */
static void
inflate_into(struct driver *d, const uint8_t *p, size_t n, struct buf *out)
{
	/* short, since zlib lets pass what refers back beyond the window but within the step */
	uint8_t step[64];
	int r;

	d->inflater->next_in = (Bytef *)p;
	d->inflater->avail_in = (uInt)n;
	do {
		d->inflater->next_out = step;
		d->inflater->avail_out = sizeof step;
		r = inflate(d->inflater, Z_SYNC_FLUSH);
		if (!CHECK(r == Z_OK || r == Z_BUF_ERROR)) /* D41: not the end of a final block */
			return;
		must(buf_put(out, step, sizeof step - d->inflater->avail_out));
	} while (d->inflater->avail_out == 0);
	CHECK_UINT(d->inflater->avail_in, 0);
}

static void
inflate_frame(struct driver *d, bool fin, const uint8_t *p, size_t n, struct buf *out)
{
	if (d->inflater == NULL) {
		if ((d->inflater = calloc(1, sizeof *d->inflater)) == NULL)
			abort();
		CHECK_INT(inflateInit2(d->inflater, -d->inflate_bits), Z_OK);
	}
	inflate_into(d, p, n, out);
	if (fin)
		inflate_into(d, (const uint8_t *)"\0\0\xff\xff", 4, out);
	if (fin && d->inflate_alone)
		inflateReset(d->inflater);
}

void
driver_decode_clear(struct driver *d)
{
	if (d->inflater != NULL)
		inflateEnd(d->inflater);
	free(d->inflater);
	d->inflater = NULL;
}

static void
put_frame(struct driver *d, uint8_t first, const uint8_t *p, size_t n)
{
	static const char *const names[16] = { [0] = "more",
		[1] = "text",
		[2] = "binary",
		[8] = "close",
		[9] = "ping",
		[10] = "pong" };
	uint8_t opcode = first & 0x0f;
	bool fin = first & 0x80;

	if (!CHECK(names[opcode] != NULL))
		return;
	must(buf_putf(&d->frames, "sent: %s%s", first & 0x40 ? "deflated " : "", names[opcode]));
	if (opcode == 8)
		check_close(p, n);
	if (opcode == 8 && n >= 2) {
		must(buf_putf(&d->frames, " %u", (unsigned)p[0] << 8 | p[1]));
		p += 2;
		n -= 2;
	}
	if (n > 0)
		must(buf_putc(&d->frames, ' '));
	driver_put_bytes(&d->frames, p, n);
	must(buf_puts(&d->frames, fin ? "\n" : " ...\n"));
}

/* A frame, inflated first if its message is compressed. */
static void
put_payload(struct driver *d, uint8_t first, const uint8_t *p, size_t n)
{
	uint8_t opcode = first & 0x0f;
	struct buf text;

	if (opcode == 1 || opcode == 2)
		d->deflated = first & 0x40;
	if (opcode >= 8 || !d->deflated || d->inflate_bits == 0) {
		put_frame(d, first, p, n);
		return;
	}
	buf_init(&text, &mem_libc, SIZE_MAX);
	inflate_frame(d, first & 0x80, p, n, &text);
	put_frame(d, first, buf_data(&text), buf_len(&text));
	buf_clear(&text);
}

static void
check_order(struct driver *d, uint8_t first, uint64_t length)
{
	uint8_t opcode = first & 0x0f;
	bool fin = first & 0x80;

	CHECK((first & 0x30) == 0); /* F39 */
	if (opcode == 0 || opcode >= 8 || d->inflate_bits == 0)
		CHECK((first & 0x40) == 0); /* D17 D19 */
	if (opcode >= 8) {
		CHECK(fin && length <= 125); /* F38 */
		CHECK(opcode != 8 || !d->close_sent); /* C01 */
		d->close_sent = d->close_sent || opcode == 8;
		return;
	}
	CHECK(!d->close_sent); /* F29 */
	CHECK((opcode == 0) == d->sending); /* F30 F31 */
	d->sending = !fin;
}

/* The key is the one handed out for this frame (F02 F03 B02). */
static void
unmask(struct driver *d, const uint8_t *key, uint8_t *p, size_t n)
{
	uint8_t want[4];

	for (size_t i = 0; i < sizeof want; i++)
		want[i] = (uint8_t)check_random(&d->keys);
	CHECK_MEM(key, 4, want, 4);
	for (size_t i = 0; i < n; i++)
		p[i] ^= key[i % 4];
}

static size_t
decode_frame(struct driver *d, const uint8_t *p, size_t n)
{
	bool masked = d->config.role == WSX_CLIENT;
	struct head h = read_head(p, n);
	size_t start = h.n + (masked ? 4 : 0);
	uint8_t *payload;

	if (h.n == 0 || n < start || n - start < h.length)
		return 0;
	CHECK(((p[1] & 0x80) != 0) == masked); /* F02 F07 */
	CHECK(h.n == 2 || (h.n == 4 && h.length > 125) || h.length > 0xffff); /* F11 */
	check_order(d, p[0], h.length);
	if ((payload = malloc((size_t)h.length + 1)) == NULL)
		abort();
	memcpy(payload, p + start, (size_t)h.length);
	if (masked)
		unmask(d, p + h.n, payload, (size_t)h.length);
	put_payload(d, p[0], payload, (size_t)h.length);
	d->n_frames++;
	free(payload);
	return start + (size_t)h.length;
}

/* The head of the handshake; frames follow if it is a request or a 101. */
static bool
decode_head(struct driver *d)
{
	static const char start[] = "HTTP/1.1 101 ";
	const uint8_t *p = buf_data(&d->wire), *end;

	if (d->head_n > 0)
		return true;
	if (p == NULL || (end = memmem(p, buf_len(&d->wire), "\r\n\r\n", 4)) == NULL)
		return false;
	if (d->config.role == WSX_SERVER && memcmp(p, start, sizeof start - 1) != 0)
		return false;
	d->head_n = (size_t)(end - p) + 4;
	d->decoded = d->head_n;
	return true;
}

void
driver_decode(struct driver *d)
{
	size_t used;

	if (!decode_head(d))
		return;
	do {
		used = decode_frame(
		    d, buf_data(&d->wire) + d->decoded, buf_len(&d->wire) - d->decoded);
		d->decoded += used;
	} while (used > 0);
	CHECK(d->blocked || d->decoded == buf_len(&d->wire)); /* no frame is left short */
}

/* The compressed streams of permessage-deflate, RFC 7692 7.2. */

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "check.h"
#include "proto/deflate.h"

/* Inflates all of p into out, by steps of that size. */
static enum deflate_result
inflate_by(struct deflate *d, const uint8_t *p, size_t n, bool last, size_t step, struct buf *out)
{
	enum deflate_result r;
	size_t k, made;
	uint8_t *to;

	do {
		k = n;
		if (buf_reserve(out, step, &to) < 0)
			return DEFLATE_NOMEM;
		r = deflate_inflate(d, p, &k, last, to, step, &made);
		buf_commit(out, made);
		p += k;
		n -= k;
	} while (r == DEFLATE_MORE);
	return r;
}

static enum deflate_result
inflate_all(struct deflate *d, const uint8_t *p, size_t n, bool last, struct buf *out)
{
	return inflate_by(d, p, n, last, 16384, out);
}

/* Two ends of a connection: what one compresses the other inflates. */
struct pair {
	struct deflate tx, rx;
	struct buf wire, text;
};

static void
pair_init(struct pair *p, const struct mem *mem, uint8_t bits, bool reset)
{
	deflate_init(&p->tx, mem, 6, bits, reset, reset);
	deflate_init(&p->rx, mem, 6, bits, reset, reset);
	buf_init(&p->wire, mem, SIZE_MAX);
	buf_init(&p->text, mem, SIZE_MAX);
}

static void
pair_clear(struct pair *p)
{
	deflate_clear(&p->tx);
	deflate_clear(&p->rx);
	buf_clear(&p->wire);
	buf_clear(&p->text);
}

/* One message over, compressed in pieces of at most that size; 0 or an error. */
static int
pair_pass(struct pair *p, const uint8_t *data, size_t n, size_t piece)
{
	size_t at = 0, k;
	int r;

	buf_reset(&p->wire);
	buf_reset(&p->text);
	do {
		k = n - at < piece ? n - at : piece;
		if ((r = deflate_compress(&p->tx, data + at, k, at + k == n, &p->wire)) < 0)
			return r;
		at += k;
	} while (at < n);
	if (inflate_all(&p->rx, buf_data(&p->wire), buf_len(&p->wire), true, &p->text) !=
	    DEFLATE_OK)
		return ERR_NOMEM;
	return 0;
}

/* Payloads as they stand in RFC 7692 7.2.3, one message after the other on one connection. */

static void
inflate_vectors(const char *const *hex, size_t n, const char *want)
{
	struct deflate d;
	struct buf text;
	uint8_t bytes[256];

	buf_init(&text, &mem_libc, SIZE_MAX);
	deflate_init(&d, &mem_libc, 6, 15, false, false);
	for (size_t i = 0; i < n; i++) {
		size_t length = check_hex(hex[i], bytes, sizeof bytes);

		check_enter("message %zu", i + 1);
		buf_reset(&text);
		CHECK_INT(inflate_all(&d, bytes, length, true, &text), DEFLATE_OK);
		CHECK_MEM(buf_data(&text), buf_len(&text), want, strlen(want));
		check_leave();
	}
	deflate_clear(&d);
	buf_clear(&text);
}

static void
receiver_inflates_the_encodings_of_the_rfc(void) /* D25 */
{
	static const char *const hex[] = {
		"f2 48 cd c9 c9 07 00", /* one block */
		"00 05 00 fa ff 48 65 6c 6c 6f 00", /* stored */
		"f3 48 cd c9 c9 07 00 00", /* marked as final */
		"f2 48 05 00 00 00 ff ff ca c9 c9 07 00", /* two blocks */
		"f2 00 11 00 00", /* a reference into the message before (D08) */
	};

	inflate_vectors(hex, sizeof hex / sizeof *hex, "Hello");
}

static void
receiver_goes_on_after_final_blocks(void) /* D26 */
{
	static const char *const hex[] = { "f3 48 cd c9 c9 07 00 00", "f3 48 cd c9 c9 07 00 00",
		"f2 00 11 00 00", "f2 48 cd c9 c9 07 00" };

	inflate_vectors(hex, sizeof hex / sizeof *hex, "Hello");
}

static void
receiver_takes_an_empty_message(void) /* D27 */
{
	static const char *const hex[] = { "00", "00", "02 00" };

	inflate_vectors(hex, sizeof hex / sizeof *hex, "");
}

static void
receiver_refuses_what_does_not_inflate(void) /* D29 */
{
	static const char *const hex[] = {
		"ff ff ff", /* a reserved kind of block */
		"f2 48 cd", /* cut inside a block */
		"00 09 00 f6 ff 48", /* a stored block that is not all there */
		"00 05 00 fb ff 48 65 6c 6c 6f 00", /* lengths that contradict each other */
		"f2 00 11 00 00", /* a reference to before the beginning */
	};
	struct deflate d;
	struct buf text;
	uint8_t bytes[64];

	for (size_t i = 0; i < sizeof hex / sizeof *hex; i++) {
		size_t n = check_hex(hex[i], bytes, sizeof bytes);

		check_enter("%s", hex[i]);
		buf_init(&text, &mem_libc, SIZE_MAX);
		deflate_init(&d, &mem_libc, 6, 15, false, false);
		CHECK_INT(inflate_all(&d, bytes, n, true, &text), DEFLATE_CORRUPT);
		deflate_clear(&d);
		buf_clear(&text);
		check_leave();
	}
}

static void
replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	struct deflate d;
	uint8_t *p;
	size_t n;

	(void)arg;
	deflate_init(&d, &mem_libc, 6, 15, false, false);
	while ((p = check_feed_next(feed, &n)) != NULL)
		CHECK_INT(inflate_all(&d, p, n, false, transcript), DEFLATE_OK);
	CHECK_INT(inflate_all(&d, NULL, 0, true, transcript), DEFLATE_OK);
	deflate_clear(&d);
}

static void
message_inflates_the_same_however_it_is_cut(void) /* D24 D28 */
{
	uint8_t bytes[64];
	size_t n = check_hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00", bytes, sizeof bytes);

	check_chunks(bytes, n, "Hello", replay, NULL);
}

static void
sender_compresses_as_the_rfc_shows(void) /* D06 D08 D23 */
{
	uint8_t first[16], second[16];
	size_t n = check_hex("f2 48 cd c9 c9 07 00", first, sizeof first);
	size_t m = check_hex("f2 00 11 00 00", second, sizeof second);
	struct pair p;

	pair_init(&p, &mem_libc, 15, false);
	CHECK_INT(pair_pass(&p, (const uint8_t *)"Hello", 5, 5), 0);
	CHECK_MEM(buf_data(&p.wire), buf_len(&p.wire), first, n);
	CHECK_INT(pair_pass(&p, (const uint8_t *)"Hello", 5, 5), 0);
	CHECK_MEM(buf_data(&p.wire), buf_len(&p.wire), second, m);
	pair_clear(&p);

	pair_init(&p, &mem_libc, 15, true); /* without context both are alike */
	for (int i = 0; i < 2; i++) {
		CHECK_INT(pair_pass(&p, (const uint8_t *)"Hello", 5, 5), 0);
		CHECK_MEM(buf_data(&p.wire), buf_len(&p.wire), first, n);
	}
	pair_clear(&p);
}

/* Text of words from a small set, with a little noise. */
static void
make_text(uint8_t *p, size_t n, uint64_t *state)
{
	static const char words[] = "alpha beta gamma {\"id\":12345,\"name\":\"value\"} ";

	for (size_t i = 0; i < n; i++)
		p[i] = check_random(state) % 50 == 0
			   ? (uint8_t)check_random(state)
			   : (uint8_t)words[(i + *state % 3) % (sizeof words - 1)];
}

static void
every_size_comes_back_exact(void) /* D31 B29 B30 B31 */
{
	static uint8_t data[(1 << 20) + 1];
	uint64_t state = 7;
	struct pair p;

	make_text(data, sizeof data, &state);
	pair_init(&p, &mem_libc, 15, false);
	for (unsigned k = 0; k <= 20; k++)
		for (int d = -1; d <= 1; d++) {
			size_t n = (size_t)((1 << k) + d);

			check_enter("%zu bytes", n);
			CHECK_INT(pair_pass(&p, data, n, n < 65536 ? n : 65536), 0);
			CHECK_MEM(buf_data(&p.text), buf_len(&p.text), data, n);
			check_leave();
		}
	pair_clear(&p);
}

static void
pieces_of_any_size_join_to_the_message(void) /* D38 */
{
	uint8_t data[4000];
	uint64_t state = 3;
	struct pair p;

	make_text(data, sizeof data, &state);
	pair_init(&p, &mem_libc, 15, false);
	for (size_t piece = 1; piece <= 64; piece++) {
		check_enter("pieces of %zu", piece);
		CHECK_INT(pair_pass(&p, data, sizeof data, piece), 0);
		CHECK_MEM(buf_data(&p.text), buf_len(&p.text), data, sizeof data);
		check_leave();
	}
	pair_clear(&p);
}

static void
sender_stays_within_its_window(void) /* D11 D13 */
{
	static uint8_t data[65536];
	uint64_t state = 11;

	/* repeats at all distances, so that a window too large would be used */
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = i >= 600 && i % 97 != 0 ? data[i - 600] : (uint8_t)check_random(&state);
	for (uint8_t bits = 9; bits <= 15; bits++) {
		struct pair p;
		z_stream small = { 0 };
		static uint8_t out[sizeof data];

		check_enter("%u bits", bits);
		pair_init(&p, &mem_libc, bits, false);
		CHECK_INT(pair_pass(&p, data, sizeof data, sizeof data), 0);
		CHECK_INT(inflateInit2(&small, -(int)bits), Z_OK);
		small.next_in = buf_mutable_data(&p.wire);
		small.avail_in = (uInt)buf_len(&p.wire);
		small.next_out = out;
		small.avail_out = sizeof out;
		CHECK_INT(inflate(&small, Z_SYNC_FLUSH), Z_OK);
		CHECK_MEM(out, sizeof out - small.avail_out, data, sizeof data);
		inflateEnd(&small);
		pair_clear(&p);
		check_leave();
	}
	struct deflate d;

	deflate_init(&d, &mem_libc, 6, 8, false, false);
	CHECK(!deflate_can_send(&d)); /* D14: zlib has no such window */
}

static void
bound_holds_for_random_bytes(void) /* D32 */
{
	static uint8_t data[300000];
	uint64_t state = 5;
	struct pair p;

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)check_random(&state);
	pair_init(&p, &mem_libc, 15, false);
	for (size_t n = 1; n < sizeof data; n = n * 3 + 1) {
		CHECK_INT(pair_pass(&p, data, n, n), 0);
		CHECK(buf_len(&p.wire) <= deflate_bound(n));
		CHECK_MEM(buf_data(&p.text), buf_len(&p.text), data, n);
	}
	pair_clear(&p);
	CHECK(!deflate_worthwhile(data, sizeof data));
	CHECK(!deflate_worthwhile(data, 300));
	make_text(data, 3000, &state);
	CHECK(deflate_worthwhile(data, 3000));
	CHECK(deflate_worthwhile((const uint8_t *)"{\"op\":\"subscribe\",\"id\":1}", 25));
}

static void
pays_by_length_and_sample(void) /* D32 */
{
	uint8_t text[200], noise[2000];
	uint64_t state = 8;
	struct deflate d;

	make_text(text, sizeof text, &state);
	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)check_random(&state);
	for (int alone = 0; alone <= 1; alone++) {
		deflate_init(&d, &mem_libc, 6, 15, alone == 1, false);
		CHECK_UINT(deflate_least(&d), alone == 1 ? 128 : 64);
		CHECK(!deflate_pays(&d, text, deflate_least(&d) - 1));
		CHECK(deflate_pays(&d, text, deflate_least(&d)));
		CHECK(!deflate_pays(&d, noise, sizeof noise));
		d.always = true;
		CHECK(deflate_pays(&d, text, 0));
		CHECK(deflate_pays(&d, noise, sizeof noise));
		deflate_clear(&d);
		deflate_init(&d, &mem_libc, 6, 8, alone == 1, false);
		d.always = true;
		CHECK(!deflate_pays(&d, text, sizeof text)); /* D14 */
	}
}

static void
step_bounds_what_a_bomb_makes(void) /* D30 B19 */
{
	static uint8_t zeros[1 << 20], out[100];
	struct deflate d;
	struct pair p;
	size_t used, made;

	pair_init(&p, &mem_libc, 15, false);
	deflate_init(&d, &mem_libc, 6, 15, false, false);
	CHECK_INT(pair_pass(&p, zeros, sizeof zeros, sizeof zeros), 0);
	used = buf_len(&p.wire);
	CHECK_INT(deflate_inflate(&d, buf_data(&p.wire), &used, true, out, sizeof out, &made),
	    DEFLATE_MORE);
	CHECK_UINT(made, sizeof out);
	CHECK(used <= buf_len(&p.wire));
	deflate_clear(&d);
	pair_clear(&p);
}

static void
message_inflates_the_same_by_steps_of_any_size(void) /* D31 B29 */
{
	static const char text[] = "Hello Hello Hello, and Hello again: 0123456789 0123456789";
	struct deflate d;
	struct buf out;
	struct pair p;

	pair_init(&p, &mem_libc, 15, false);
	CHECK_INT(pair_pass(&p, (const uint8_t *)text, sizeof text, sizeof text), 0);
	buf_init(&out, &mem_libc, SIZE_MAX);
	for (size_t step = 1; step <= sizeof text + 1; step++) {
		check_enter("steps of %zu", step);
		deflate_init(&d, &mem_libc, 6, 15, false, true);
		for (int i = 0; i < 2; i++) {
			buf_reset(&out);
			CHECK_INT(
			    inflate_by(&d, buf_data(&p.wire), buf_len(&p.wire), true, step, &out),
			    DEFLATE_OK);
			CHECK_MEM(buf_data(&out), buf_len(&out), text, sizeof text);
		}
		deflate_clear(&d);
		check_leave();
	}
	buf_clear(&out);
	pair_clear(&p);
}

static void
pass_two(struct check_mem *m, void *arg)
{
	struct pair p;
	int r;

	(void)arg;
	pair_init(&p, &m->mem, 15, false);
	for (int i = 0; i < 2; i++) {
		r = pair_pass(&p, (const uint8_t *)"Hello, Hello, Hello", 19, 7);
		if (r == 0)
			CHECK_MEM(buf_data(&p.text), buf_len(&p.text), "Hello, Hello, Hello", 19);
		CHECK(r == 0 || m->failed);
	}
	pair_clear(&p);
}

static void
final_block(struct check_mem *m, void *arg)
{
	uint8_t bytes[16];
	size_t n = check_hex("f3 48 cd c9 c9 07 00 00", bytes, sizeof bytes);
	struct deflate d;
	struct buf text;
	enum deflate_result r;

	(void)arg;
	deflate_init(&d, &m->mem, 6, 15, false, false);
	buf_init(&text, &m->mem, SIZE_MAX);
	r = inflate_all(&d, bytes, n, true, &text);
	CHECK(r == DEFLATE_OK || m->failed);
	deflate_clear(&d);
	buf_clear(&text);
}

static void
memory_that_runs_out_is_told(void)
{
	check_allocations(pass_two, NULL);
	check_allocations(final_block, NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(receiver_inflates_the_encodings_of_the_rfc),
		CHECK_CASE(receiver_goes_on_after_final_blocks),
		CHECK_CASE(receiver_takes_an_empty_message),
		CHECK_CASE(receiver_refuses_what_does_not_inflate),
		CHECK_CASE(message_inflates_the_same_however_it_is_cut),
		CHECK_CASE(sender_compresses_as_the_rfc_shows),
		CHECK_CASE(every_size_comes_back_exact),
		CHECK_CASE(pieces_of_any_size_join_to_the_message),
		CHECK_CASE(sender_stays_within_its_window),
		CHECK_CASE(bound_holds_for_random_bytes),
		CHECK_CASE(pays_by_length_and_sample),
		CHECK_CASE(step_bounds_what_a_bomb_makes),
		CHECK_CASE(message_inflates_the_same_by_steps_of_any_size),
		CHECK_CASE(memory_that_runs_out_is_told),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "ws_driver.h"

/*
 * permessage-deflate with traffic: many messages, all windows, histories and sizes, against zlib
 * as the peer (RFC 7692 7.2). The single frames are in deflate_conn_test.c.
 */

#define PMD  "permessage-deflate"
#define N(a) (sizeof(a) / sizeof *(a))

/* The peer's side of a connection: it compresses what the WebSocket under test is fed. */
struct peer {
	struct driver d;
	z_stream z;
	bool alone; /* each message without those before it */
	struct buf frames; /* not yet fed, as a server sends them */
};

/* An end to the test if zlib has no memory: nothing is tested by that. */
static void
must(bool held)
{
	if (!held)
		abort();
}

/*
 * A connection with these extensions in the peer's head: the peer's window has peer_bits, ours
 * our_bits as zlib inflates it, 0 if nothing compressed may be sent.
 */
static bool
peer_open(struct peer *p, enum wsx_role role, const char *extensions, int peer_bits, int our_bits)
{
	check_enter("%s, %s", role == WSX_CLIENT ? "client" : "server",
	    extensions != NULL ? extensions : "nothing");
	p->alone = false;
	buf_init(&p->frames, &mem_libc, SIZE_MAX);
	p->z = (z_stream){ 0 };
	must(deflateInit2(&p->z, 9, Z_DEFLATED, -peer_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	driver_init(&p->d, role, NULL);
	p->d.config.deflate.enabled = true;
	p->d.extensions = extensions;
	p->d.inflate_bits = our_bits;
	return true;
}

static bool
peer_start(struct peer *p)
{
	bool open = CHECK(driver_open(&p->d));

	driver_forget(&p->d);
	return open;
}

static void
peer_close(struct peer *p)
{
	driver_clear(&p->d);
	deflateEnd(&p->z);
	buf_clear(&p->frames);
	check_leave();
}

static void
put_frame(struct peer *p, uint8_t first, const uint8_t *data, size_t n)
{
	uint8_t head[10] = { first };
	size_t width = n < 126 ? 0 : n < 65536 ? 2 : 8;

	head[1] = (uint8_t)(width == 0 ? n : width == 2 ? 126 : 127);
	for (size_t i = 0; i < width; i++)
		head[2 + i] = (uint8_t)((uint64_t)n >> (8 * (width - 1 - i)));
	must(buf_put(&p->frames, head, 2 + width) == 0 && buf_put(&p->frames, data, n) == 0);
}

/* What the peer's compressor makes of a message, its tail taken off: its length. */
static size_t
deflate_message(struct peer *p, const uint8_t *data, size_t n, uint8_t **out)
{
	size_t max = n + n / 8 + 64, made;

	must((*out = malloc(max)) != NULL);
	if (n == 0) { /* zlib flushes nothing twice */
		**out = 0;
		return 1;
	}
	p->z.next_in = (Bytef *)data;
	p->z.avail_in = (uInt)n;
	p->z.next_out = *out;
	p->z.avail_out = (uInt)max;
	must(deflate(&p->z, Z_SYNC_FLUSH) == Z_OK && p->z.avail_out > 0 && p->z.avail_in == 0);
	made = max - p->z.avail_out - 4;
	if (p->alone)
		must(deflateReset(&p->z) == Z_OK);
	return made;
}

/* A compressed binary message in frames of at most that many bytes. */
static void
put_message(struct peer *p, const uint8_t *data, size_t n, size_t frame)
{
	uint8_t *payload;
	size_t left = deflate_message(p, data, n, &payload), at = 0, k;

	do {
		k = left - at < frame ? left - at : frame;
		put_frame(p, (uint8_t)((at == 0 ? 0x42 : 0) | (at + k == left ? 0x80 : 0)),
		    payload + at, k);
		at += k;
	} while (at < left);
	free(payload);
}

/* The frames put so far, fed in pieces of at most that many bytes. */
static void
peer_feed(struct peer *p, size_t step)
{
	size_t n = buf_len(&p->frames), k;
	uint8_t *bytes = malloc(3 * n + 64);

	must(bytes != NULL);
	if (p->d.config.role == WSX_SERVER)
		n = driver_mask(buf_data(&p->frames), n, bytes);
	else
		memcpy(bytes, buf_data(&p->frames), n);
	for (size_t at = 0; at < n; at += k) {
		k = n - at < step ? n - at : step;
		driver_feed(&p->d, bytes + at, k);
	}
	free(bytes);
	buf_reset(&p->frames);
}

/* The transcript is "WHAT BYTES\n"; it is then forgotten. */
static void
check_line(struct driver *d, const char *what, const uint8_t *data, size_t n)
{
	struct buf want;
	const char *got = driver_text(d);

	buf_init(&want, &mem_libc, SIZE_MAX);
	must(buf_puts(&want, what) == 0 && (n == 0 || buf_putc(&want, ' ') == 0));
	driver_put_bytes(&want, data, n);
	must(buf_putc(&want, '\n') == 0);
	CHECK_MEM(got, strlen(got), buf_data(&want), buf_len(&want));
	buf_clear(&want);
	driver_forget(d);
}

/* A message of ours is compressed, and zlib makes of it what it was. */
static void
send_and_check(struct driver *d, const uint8_t *p, size_t n)
{
	CHECK_INT(wsx_send_binary(d->ws, p, n), WSX_OK);
	driver_drain(d);
	check_line(d, "sent: deflated binary", p, n);
}

static uint8_t data[(1 << 20) + 1];

/* Has data shrink, with repeats at every distance up to the largest. */
static void
fill_data(void)
{
	uint64_t seed = 17;
	size_t i = 0, from, run;

	while (i < sizeof data) {
		from = i > 600 ? (size_t)(check_random(&seed) % (i < 32768 ? i : 32768)) + 1 : 0;
		run = (size_t)(check_random(&seed) % 40) + 4;
		for (; run > 0 && i < sizeof data; run--, i++)
			data[i] =
			    from > 0 ? data[i - from] : (uint8_t)('a' + check_random(&seed) % 16);
	}
}

/* Both ways and either role, whatever was agreed on the windows and histories: a kind of row. */
struct agreed {
	const char *extensions;
	int server_bits, client_bits;
	bool server_alone, client_alone;
};

static void
pass_messages(enum wsx_role role, const struct agreed *a, uint64_t *seed)
{
	bool client = role == WSX_CLIENT;
	struct peer p;
	size_t n;

	if (peer_open(&p, role, a->extensions, client ? a->server_bits : a->client_bits,
		client ? a->client_bits : a->server_bits)) {
		p.alone = client ? a->server_alone : a->client_alone;
		p.d.inflate_alone = client ? a->client_alone : a->server_alone;
		for (int i = 0; i < 30 && (i > 0 || peer_start(&p)); i++) {
			n = (size_t)(check_random(seed) % (i % 10 == 9 ? 60000 : 500));
			put_message(&p, data + i, n, 1 + (size_t)(check_random(seed) % 5000));
			peer_feed(&p, 1 + (size_t)(check_random(seed) % 3000));
			check_line(&p.d, "binary", data + i, n);
			n += 128;
			send_and_check(&p.d, data + i, n);
		}
	}
	peer_close(&p);
}

/* D05 D06 D08 D11 D13 D16 D37 B27 B50 */
static void
every_window_and_history_passes_messages_both_ways(void)
{
	static const int windows[] = { 15, 12, 9 };
	uint64_t seed = 17;
	char text[160];

	fill_data();
	for (size_t row = 0; row < 36; row++) {
		struct agreed a = { text, windows[row % 3], windows[row / 3 % 3], row / 9 % 2 != 0,
			row / 18 != 0 };

		snprintf(text, sizeof text,
		    PMD "; server_max_window_bits=%d; client_max_window_bits=%d%s%s", a.server_bits,
		    a.client_bits, a.server_alone ? "; server_no_context_takeover" : "",
		    a.client_alone ? "; client_no_context_takeover" : "");
		pass_messages(WSX_CLIENT, &a, &seed);
		pass_messages(WSX_SERVER, &a, &seed);
	}
}

/* D07: the hint we gave binds us, though the answer is silent; D08 is what happens without it */
static void
client_obeys_its_own_hint(void)
{
	struct peer p;

	fill_data();
	for (int hint = 0; hint <= 1; hint++) {
		if (peer_open(
			&p, WSX_CLIENT, hint ? PMD "; server_no_context_takeover" : PMD, 15, 15)) {
			p.d.config.deflate.no_context_takeover = hint != 0;
			p.d.inflate_alone = hint != 0;
			for (int i = 0; i < 3 && (i > 0 || peer_start(&p)); i++) {
				send_and_check(&p.d, data, 1000);
			}
			/* the second and third cost next to nothing with the first to refer to */
			CHECK((buf_len(&p.d.wire) - p.d.head_n < 1000) == !hint);
		}
		peer_close(&p);
	}
}

/* D14 D15 D40 B27 R06b F39: nothing is compressed where no window of ours, or nothing, was agreed */
static void
without_a_window_everything_is_sent_plain(void)
{
	static const struct {
		enum wsx_role role;
		const char *extensions;
		const char *agreed;
	} rows[] = {
		{ WSX_CLIENT, NULL, "" },
		{ WSX_CLIENT, PMD "; client_max_window_bits=8", PMD "; client_max_window_bits=8" },
		{ WSX_SERVER, NULL, "" },
		{ WSX_SERVER, "x-other", "" },
		{ WSX_SERVER, PMD "; server_max_window_bits=8", "" },
		{ WSX_SERVER, PMD "; unknown", "" },
	};
	struct peer p;

	fill_data();
	for (size_t i = 0; i < N(rows); i++) {
		if (peer_open(&p, rows[i].role, rows[i].extensions, 15, 0) && peer_start(&p)) {
			CHECK_STR(wsx_extensions(p.d.ws), rows[i].agreed);
			CHECK_INT(wsx_send_binary(p.d.ws, data, 4096), WSX_OK);
			driver_drain(&p.d);
			check_line(&p.d, "sent: binary", data, 4096);
			put_frame(&p, 0x82, data, 4096);
			peer_feed(&p, SIZE_MAX);
			check_line(&p.d, "binary", data, 4096);
		}
		peer_close(&p);
	}
}

/* D31 B29 B31 B32: all of a message is there with its last byte, also with a frame behind it */
static void
every_size_is_delivered_at_once(void)
{
	fill_data();
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct peer p;

		if (peer_open(&p, role, PMD, 15, 15)) {
			p.d.config.whole = role == WSX_SERVER;
			if (peer_start(&p))
				for (unsigned i = 0; i < 13 * 3; i++) {
					size_t n = ((size_t)1 << (8 + i / 3)) + i % 3 - 1;

					check_enter("%zu bytes", n);
					put_message(&p, data, n, SIZE_MAX);
					peer_feed(&p, 1024 + n / 16);
					check_line(&p.d, "binary", data, n);
					put_message(&p, data, n, SIZE_MAX);
					put_frame(&p, 0x81, (const uint8_t *)"next", 4);
					peer_feed(&p, SIZE_MAX);
					CHECK(strstr(driver_text(&p.d), "\ntext 'next'\n") != NULL);
					driver_forget(&p.d);
					check_leave();
				}
		}
		peer_close(&p);
	}
}

/* B30: what is compressed ends at, before and behind every size a buffer may have */
static void
every_size_is_sent_whole(void)
{
	fill_data();
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct peer p;

		if (peer_open(&p, role, PMD, 15, 15) && peer_start(&p))
			for (size_t n = 64; n < 40000; n += n < 3000 ? 5 : n / 40) {
				size_t from = n * 17 % 500000;

				send_and_check(&p.d, data + from, n);
			}
		peer_close(&p);
	}
}

static void
want_piece(struct buf *want, const char *what, const uint8_t *p, size_t n)
{
	must(buf_puts(want, what) == 0);
	driver_put_bytes(want, p, n);
	must(buf_puts(want, " ...\n") == 0);
}

/* A message of a piece of 256 bytes, 20 of step bytes each, a Ping among them, and an empty one. */
static void
send_pieces(struct driver *d, size_t step, struct buf *want)
{
	struct wsx_piece piece = { .type = WSX_TEXT, .first = true, .data = data, .n = 256 };

	CHECK_INT(wsx_send(d->ws, &piece, 1), WSX_OK);
	want_piece(want, "sent: deflated text ", data, 256);
	piece.first = false;
	for (size_t i = 0; i < 20; i++) {
		if (i == 10) {
			CHECK_INT(wsx_ping(d->ws, NULL, 0), WSX_OK);
			must(buf_puts(want, "sent: ping\n") == 0);
		}
		piece.data = data + 256 + i * step;
		piece.n = step;
		CHECK_INT(wsx_send(d->ws, &piece, 1), WSX_OK);
		want_piece(want, "sent: more ", piece.data, step);
	}
	piece.n = 0;
	piece.last = true;
	CHECK_INT(wsx_send(d->ws, &piece, 1), WSX_OK);
	must(buf_puts(want, "sent: more\n") == 0);
}

/* D17 D19 D38: RSV1 on the first frame alone, the tail off the last, whatever the pieces */
static void
pieces_of_every_size_join_to_the_message(void)
{
	uint64_t seed = 5;

	for (size_t i = 0; i < 2000; i++)
		data[i] = (uint8_t)('a' + check_random(&seed) % 4);
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++)
		for (size_t step = 1; step <= 64; step++) {
			struct peer p;
			struct buf want;

			buf_init(&want, &mem_libc, SIZE_MAX);
			if (peer_open(&p, role, PMD, 15, 15) && peer_start(&p)) {
				send_pieces(&p.d, step, &want);
				driver_drain(&p.d);
				CHECK_MEM(buf_data(&p.d.frames), buf_len(&p.d.frames),
				    buf_data(&want), buf_len(&want));
			}
			peer_close(&p);
			buf_clear(&want);
		}
}

/* D05 D06: nor does a message whose last piece is empty leave a history behind */
static void
history_ends_with_an_empty_piece_too(void)
{
	static const char extensions[] = PMD "; server_no_context_takeover"
					     "; client_no_context_takeover";

	fill_data();
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct peer p;
		struct buf want;

		buf_init(&want, &mem_libc, SIZE_MAX);
		if (peer_open(&p, role, extensions, 15, 15)) {
			p.d.inflate_alone = true;
			if (peer_start(&p)) {
				send_pieces(&p.d, 40, &want);
				send_pieces(&p.d, 40, &want);
				driver_drain(&p.d);
				CHECK_MEM(buf_data(&p.d.frames), buf_len(&p.d.frames),
				    buf_data(&want), buf_len(&want));
			}
		}
		peer_close(&p);
		buf_clear(&want);
	}
}

/*
 * D39: a reference to 32768 bytes back, which zlib itself never makes. The block has one match of
 * 258 bytes (length code 285, distance code 29 and 13 bits) by the fixed codes of RFC 1951 3.2.6;
 * behind it stand the bits of the empty block whose tail is taken off.
 */
static void
distance_of_the_whole_window_is_understood(void)
{
	static const char match[] = "010" /* not final, fixed codes */
				    "11000101" /* 258 bytes */
				    "11101"
				    "1111111111111" /* 24577 + 8191 back */
				    "0000000" /* the end of the block */
				    "000"; /* an empty stored block begins */
	static const uint8_t stored[5] = { 0x00, 0x00, 0x80, 0xff, 0x7f };
	uint8_t block[5] = { 0 }, *frame = malloc(5 + 32768 + 5);
	uint64_t seed = 3;

	must(frame != NULL);
	for (size_t i = 0; i < 32768; i++)
		data[i] = (uint8_t)check_random(&seed);
	memcpy(data + 32768, data, 258);
	for (size_t i = 0; i < sizeof match - 1; i++)
		block[i / 8] |= (uint8_t)((match[i] - '0') << i % 8);
	memcpy(frame, stored, 5);
	memcpy(frame + 5, data, 32768);
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++)
		for (int split = 0; split <= 1; split++) {
			struct peer p;

			if (peer_open(&p, role, PMD, 15, 15) && peer_start(&p)) {
				memcpy(frame + 5 + 32768, split ? (uint8_t[5]){ 0 } : block, 5);
				put_frame(&p, 0xc2, frame, 5 + 32768 + (split ? 1 : 5));
				peer_feed(&p, 999);
				check_line(&p.d, "binary", data, 32768 + (split ? 0 : 258));
				put_frame(&p, 0xc2, block, split ? 5 : 0);
				if (split) {
					peer_feed(&p, 1);
					check_line(&p.d, "binary", data, 258);
				}
			}
			peer_close(&p);
		}
	free(frame);
}

/* A message of n zero bytes against the limit, in frames of so many bytes. */
static void
pass_limit(enum wsx_role role, uint64_t limit, bool whole, size_t n, size_t frame)
{
	struct peer p;

	if (peer_open(&p, role, PMD, 15, 15)) {
		check_enter("limit %zu, %zu bytes", (size_t)limit, n);
		p.d.config.max_message = limit;
		p.d.config.whole = whole;
		p.d.pieces = true;
		if (peer_start(&p)) {
			memset(data, 0, n);
			put_message(&p, data, n, frame);
			put_frame(&p, 0x81, (const uint8_t *)"next", 4);
			peer_feed(&p, SIZE_MAX);
			driver_end(&p.d);
			CHECK((strstr(driver_text(&p.d), "error limit: ") == NULL) == (n <= limit));
			CHECK((strstr(driver_text(&p.d), " last 4\n") != NULL) == (n <= limit));
			CHECK((strstr(driver_text(&p.d), "sent: close 1009 ") != NULL) ==
			      (n > limit));
		}
		check_leave();
	}
	peer_close(&p);
}

/* D30 S01 B19 B22 B23: to the byte, at every border of a buffer, never a word of what is past it */
static void
limit_is_of_the_inflated_message_to_the_byte(void)
{
	static const size_t limits[] = { 63, 1000, 4095, 4096, 8192, 16384, 32767, 32768, 65535,
		65536, 65537, 200000 };

	for (size_t i = 0; i < N(limits); i++)
		for (size_t n = limits[i] - 1; n <= limits[i] + 2; n++)
			for (int how = 0; how < 8; how++)
				pass_limit(how & 1 ? WSX_CLIENT : WSX_SERVER, limits[i],
				    (how & 2) != 0, n, how & 4 ? 3 : SIZE_MAX);
	pass_limit(WSX_CLIENT, 1000, false, 1 << 20, SIZE_MAX);
	pass_limit(WSX_SERVER, 1000, true, 1 << 20, 1);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(every_window_and_history_passes_messages_both_ways),
		CHECK_CASE(client_obeys_its_own_hint),
		CHECK_CASE(without_a_window_everything_is_sent_plain),
		CHECK_CASE(every_size_is_delivered_at_once),
		CHECK_CASE(every_size_is_sent_whole),
		CHECK_CASE(pieces_of_every_size_join_to_the_message),
		CHECK_CASE(history_ends_with_an_empty_piece_too),
		CHECK_CASE(distance_of_the_whole_window_is_understood),
		CHECK_CASE(limit_is_of_the_inflated_message_to_the_byte),
	};

	return check_main(argc, argv, cases, N(cases));
}

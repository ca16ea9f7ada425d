#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "ws_driver.h"

/* Frames of a connection with permessage-deflate agreed (RFC 7692 6 and 7.2), in both roles. */

#define PMD        "permessage-deflate"
#define LOST       "close 1006\n"
#define HELLO      "f2 48 cd c9 c9 07 00"
#define BAD(why)   "error protocol: " why "\n" LOST
#define CORRUPT    "compressed data that does not inflate"
#define OVER_1     "a message longer than the limit of 1 bytes"
#define NOT_UTF8   "text that is not UTF-8"
#define SENT(c, w) "sent: close " #c " '" w "'\n"
#define N(a)       (sizeof(a) / sizeof *(a))

static void
deflating(struct driver *d)
{
	d->config.deflate.enabled = true;
	d->extensions = PMD;
	d->inflate_bits = 15;
}

static void
check_all(const struct vector *rows, size_t n, void (*config)(struct driver *d))
{
	struct vector v;

	for (size_t i = 0; i < n; i++) {
		v = rows[i];
		v.config = config;
		driver_laws(&v, 1);
	}
}

/* D16 D21 D24-D28 D35 T09 B34: what is compressed and right is delivered, however it is cut */
static void
receive_inflates(void)
{
	static const struct vector rows[] = {
		{ .in = "c1 07 " HELLO, .want = "text 'Hello'\n" LOST },
		{ .in = "c2 07 " HELLO, .want = "binary 'Hello'\n" LOST },
		{ .in = "c1 0b 00 05 00 fa ff 'Hello' 00", .want = "text 'Hello'\n" LOST },
		{ .in = "c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00",
		    .want = "text 'Hello'\n" LOST },
		{ .in = "c1 07 " HELLO "c1 05 f2 00 11 00 00",
		    .want = "text 'Hello'\ntext 'Hello'\n" LOST },
		{ .in = "c1 07 " HELLO "81 05 'plain' c1 05 f2 00 11 00 00",
		    .want = "text 'Hello'\ntext 'plain'\ntext 'Hello'\n" LOST },
		{ .in = "c1 08 f3 48 cd c9 c9 07 00 00 c1 08 f3 48 cd c9 c9 07 00 00"
			" c1 05 f2 00 11 00 00",
		    .want = "text 'Hello'\ntext 'Hello'\ntext 'Hello'\n" LOST },
		{ .in = "c1 01 00", .want = "text\n" LOST },
		{ .in = "41 03 f2 48 cd 80 04 c9 c9 07 00", .want = "text 'Hello'\n" LOST },
		{ .in = "41 00 00 03 f2 48 cd 00 00 80 04 c9 c9 07 00",
		    .want = "text 'Hello'\n" LOST },
		{ .in = "41 07 " HELLO "80 00", .want = "text 'Hello'\n" LOST },
		{ .in = "41 03 f2 48 cd 89 01 'p' 80 04 c9 c9 07 00",
		    .want = "ping 'p'\ntext 'Hello'\n" LOST "sent: pong 'p'\n" },
		{ .in = "c1 08 00 02 00 fd ff c3 a9 00", .want = "text c3 a9\n" LOST },
		/* a character cut by the blocks */
		{ .in = "c1 0d 00 01 00 fe ff c3 00 01 00 fe ff a9 00",
		    .want = "text c3 a9\n" LOST },
	};

	check_all(rows, N(rows), deflating);
}

/* D18 D19 D20 D29 T09 */
static void
receive_refuses(void)
{
	static const struct vector rows[] = {
		{ .in = "c1 03 ff ff ff", .want = BAD(CORRUPT) SENT(1007, CORRUPT) },
		{ .in = "c1 00", .want = BAD(CORRUPT) SENT(1007, CORRUPT) }, /* D27 */
		{ .in = "c1 03 f2 48 cd", .want = BAD(CORRUPT) SENT(1007, CORRUPT) },
		{ .in = "41 03 f2 48 cd 80 00", .want = BAD(CORRUPT) SENT(1007, CORRUPT) },
		/* a distance into what there never was */
		{ .in = "c1 05 f2 00 11 00 00", .want = BAD(CORRUPT) SENT(1007, CORRUPT) },
		{ .in = "c1 09 00 03 00 fc ff ed a0 80 00",
		    .want = BAD(NOT_UTF8) SENT(1007, NOT_UTF8) },
		{ .in = "c1 07 00 01 00 fe ff c3 00", .want = BAD(NOT_UTF8) SENT(1007, NOT_UTF8) },
		/* the first fault counts: not UTF-8, and then corrupt */
		{ .in = "c1 08 00 02 00 fd ff 61 ff 07",
		    .want = BAD(NOT_UTF8) SENT(1007, NOT_UTF8) },
	};

	check_all(rows, N(rows), deflating);
}

static void
deflating_up_to_1(struct driver *d)
{
	deflating(d);
	d->config.max_message = 1;
}

/* D30 T09: of a text over the limit that is not UTF-8 either, the first fault counts */
static void
receive_tells_the_first_fault(void)
{
	static const struct vector rows[] = {
		{ .in = "c1 08 00 02 00 fd ff ff 61 00",
		    .want = BAD(NOT_UTF8) SENT(1007, NOT_UTF8) },
		{ .in = "c1 08 00 02 00 fd ff 61 ff 00",
		    .want = "error limit: " OVER_1 "\n" LOST SENT(1009, OVER_1) },
	};

	check_all(rows, N(rows), deflating_up_to_1);
}

/* RSV1 where it has no place, and the other reserved bits: 1002 */
static void
receive_refuses_reserved_bits(void)
{
	static const char *const in[] = { "41 03 f2 48 cd c0 04 c9 c9 07 00", "c9 00", "ca 00",
		"c8 00", "e1 00", "d1 00", "a1 00", "f1 00" };

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++)
		for (size_t i = 0; i <= N(in); i++) {
			struct driver d;

			check_enter("%s", i < N(in) ? in[i] : "not agreed");
			driver_init(&d, role, NULL);
			if (i < N(in))
				deflating(&d);
			if (CHECK(driver_open(&d))) {
				driver_forget(&d);
				driver_feed_hex(&d, i < N(in) ? in[i] : "c1 07 " HELLO); /* D22 */
				driver_end(&d);
				CHECK(strncmp(driver_text(&d), "error protocol: ", 16) == 0);
				CHECK(strstr(driver_text(&d), "sent: close 1002 ") != NULL);
			}
			driver_clear(&d);
			check_leave();
		}
}

/* One frame of so many zero bytes, as a server sends it: its length. */
static size_t
put_zeros(uint8_t *out, size_t max, size_t n)
{
	z_stream z = { 0 };
	uint8_t *zeros = calloc(1, n);
	size_t made;

	if (zeros == NULL || deflateInit2(&z, 9, Z_DEFLATED, -15, 8, 0) != Z_OK)
		abort();
	z.next_in = zeros;
	z.avail_in = (uInt)n;
	z.next_out = out + 4;
	z.avail_out = (uInt)(max - 4);
	if (deflate(&z, Z_SYNC_FLUSH) != Z_OK || z.avail_out == 0)
		abort();
	made = max - 4 - z.avail_out - 4;
	deflateEnd(&z);
	free(zeros);
	out[0] = 0xc2;
	if (made <= 125) {
		out[1] = (uint8_t)made;
		memmove(out + 2, out + 4, made);
		return made + 2;
	}
	out[1] = 126;
	out[2] = (uint8_t)(made >> 8);
	out[3] = (uint8_t)made;
	return made + 4;
}

/* D30: the limit is of what is inflated, exact to the byte, for bombs too */
static void
receive_limits_what_is_inflated(void)
{
	static const size_t sizes[] = { 1000, 1001, 16 << 20 };
	static uint8_t frame[1 << 16];

	for (int whole = 0; whole <= 1; whole++)
		for (size_t i = 0; i < N(sizes); i++) {
			struct driver d;
			size_t n = put_zeros(frame, sizeof frame, sizes[i]);

			driver_init(&d, WSX_CLIENT, NULL);
			deflating(&d);
			d.config.max_message = 1000;
			d.config.whole = whole != 0;
			if (CHECK(driver_open(&d))) {
				driver_forget(&d);
				driver_feed(&d, frame, n);
				driver_end(&d);
				CHECK_STR(driver_text(&d),
				    i == 0 ? "binary 00*1000\n" LOST
					   : "error limit: a message longer than the limit of 1000 "
					     "bytes\n" LOST
					     "sent: close 1009 'a message longer than the limit of "
					     "1000 bytes'\n");
			}
			driver_clear(&d);
		}
}

/* Sending. */

static int
send_fill(struct driver *d, bool first, bool last, char c, size_t n)
{
	static uint8_t fill[4096];
	struct wsx_piece piece = { WSX_BINARY, first, last, fill, n };

	memset(fill, c, n);
	return wsx_send(d->ws, &piece, 1);
}

/* Messages of all kinds, and what they were on the wire. */
static void
send_some(
    struct check_mem *mem, enum wsx_role role, void (*config)(struct driver *d), const char *want)
{
	struct driver d;

	driver_init(&d, role, mem);
	config(&d);
	if (driver_open(&d)) {
		driver_forget(&d);
		driver_ok(&d, send_fill(&d, true, true, 'a', 0));
		driver_ok(&d, send_fill(&d, true, true, 'a', 63));
		driver_ok(&d, send_fill(&d, true, true, 'a', 64));
		driver_ok(&d, send_fill(&d, true, true, 'a', 64));
		if (send_fill(&d, true, false, 'b', 1000) == WSX_OK &&
		    send_fill(&d, false, false, 'c', 1000) == WSX_OK)
			(void)send_fill(&d, false, true, 'd', 0);
		driver_drain(&d);
		if (!mem->failed)
			CHECK_STR(driver_text(&d), want);
	}
	if (d.ws != NULL)
		driver_end(&d);
	driver_clear(&d);
}

struct sending {
	enum wsx_role role;
	void (*config)(struct driver *d);
	const char *want;
};

static void
run_sending(struct check_mem *mem, void *arg)
{
	const struct sending *s = arg;

	send_some(mem, s->role, s->config, s->want);
}

static void
deflating_alone(struct driver *d)
{
	deflating(d);
	d->config.deflate.no_context_takeover = true;
	d->extensions = PMD "; server_no_context_takeover; client_no_context_takeover";
	d->inflate_alone = true;
}

static void
deflating_9(struct driver *d)
{
	deflating(d);
	d->config.deflate.window_bits = 9;
	d->extensions = PMD "; server_max_window_bits=9; client_max_window_bits=9";
	d->inflate_bits = 9;
}

static void
deflating_8(struct driver *d)
{
	deflating(d);
	d->extensions = PMD "; client_max_window_bits=8";
}

#define PLAIN "sent: binary\nsent: binary 61*63\n"

/* D05 D06 D14 D17 D38 */
static void
send_compresses_what_is_worth_it(void)
{
	static const char deflated[] =
	    PLAIN "sent: deflated binary 61*64\nsent: deflated binary 61*64\n"
		  "sent: deflated binary 62*1000 ...\nsent: more 63*1000 ...\nsent: more\n";
	static const char alone[] =
	    PLAIN "sent: binary 61*64\nsent: binary 61*64\n"
		  "sent: deflated binary 62*1000 ...\nsent: more 63*1000 ...\nsent: more\n";
	static const char plain[] = PLAIN "sent: binary 61*64\nsent: binary 61*64\n"
					  "sent: binary 62*1000 ...\nsent: more 63*1000 ...\n"
					  "sent: more\n";
	static const struct sending rows[] = {
		{ WSX_CLIENT, deflating, deflated },
		{ WSX_SERVER, deflating, deflated },
		{ WSX_CLIENT, deflating_alone, alone },
		{ WSX_SERVER, deflating_alone, alone },
		{ WSX_CLIENT, deflating_9, deflated },
		{ WSX_SERVER, deflating_9, deflated },
		{ WSX_CLIENT, deflating_8, plain },
	};
	struct sending s;

	for (size_t i = 0; i < N(rows); i++) {
		s = rows[i];
		check_enter("row %zu", i);
		check_allocations(run_sending, &s);
		check_leave();
	}
}

/* D32 W29: random bytes go plain; bufferedAmount is of what was given */
static void
send_counts_what_was_given(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		uint8_t noise[4096];
		uint64_t seed = 7;
		struct driver d;

		for (size_t i = 0; i < sizeof noise; i++)
			noise[i] = (uint8_t)check_random(&seed);
		driver_init(&d, role, NULL);
		deflating(&d);
		if (CHECK(driver_open(&d))) {
			driver_forget(&d);
			d.blocked = true;
			CHECK_INT(send_fill(&d, true, true, 'x', 126), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 126);
			CHECK_INT(wsx_send_binary(d.ws, noise, sizeof noise), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 126 + sizeof noise);
			d.blocked = false;
			driver_drain(&d);
			CHECK_UINT(wsx_buffered_amount(d.ws), 0);
			CHECK(strncmp(driver_text(&d),
				  "sent: deflated binary 78*126\nsent: binary ", 42) == 0);
		}
		driver_clear(&d);
	}
}

/* A sample that promises much of a message that does not keep it: it fits where it is taken. */
static void
send_has_room_for_what_grows(void)
{
	enum { SIZE = 300000, SLACK = 45000 };
	uint8_t *p = malloc(SIZE);
	uint64_t seed = 7;

	if (p == NULL)
		abort();
	for (size_t i = 0; i < SIZE; i++)
		p[i] = i % (SIZE / 1024) == 0 ? 'a' : (uint8_t)check_random(&seed);
	for (size_t slack = 0; slack <= SLACK; slack += slack < 2000 ? 50 : 1000) {
		struct driver d;
		int r;

		driver_init(&d, WSX_CLIENT, NULL);
		deflating_9(&d);
		d.config.max_output = SIZE + slack;
		if (CHECK(driver_open(&d))) {
			r = wsx_send_binary(d.ws, p, SIZE);
			CHECK(r == WSX_OK || wsx_buffered_amount(d.ws) == 0);
			driver_forget(&d);
			CHECK_INT(send_fill(&d, true, true, 'x', 100), WSX_OK);
			driver_drain(&d);
			/* a message refused has left no trace in the stream */
			CHECK(strstr(driver_text(&d), "sent: deflated binary 78*100\n") != NULL);
		}
		driver_clear(&d);
	}
	free(p);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(receive_inflates),
		CHECK_CASE(receive_refuses),
		CHECK_CASE(receive_refuses_reserved_bits),
		CHECK_CASE(receive_tells_the_first_fault),
		CHECK_CASE(receive_limits_what_is_inflated),
		CHECK_CASE(send_compresses_what_is_worth_it),
		CHECK_CASE(send_counts_what_was_given),
		CHECK_CASE(send_has_room_for_what_grows),
	};

	return check_main(argc, argv, cases, N(cases));
}

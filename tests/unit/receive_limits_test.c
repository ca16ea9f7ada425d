#include "ws_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest message accepted, and messages in pieces or whole. */

#define LOST         "close 1006\n"
#define WHY_100      "a message longer than the limit of 100 bytes"
#define TOO_BIG(why) "error limit: " why "\n" LOST "sent: close 1009 '" why "'\n"
#define CHECK_ALL(v) driver_laws(v, sizeof(v) / sizeof *(v))

static void
limit_100(struct driver *d)
{
	d->config.max_message = 100;
}

static void
limit_100_whole(struct driver *d)
{
	d->config.max_message = 100;
	d->config.whole = true;
}

/* S01 S02 S03 B23 B35: from the head, counting all fragments, exact to the byte */
static void
receive_refuses_messages_over_the_limit(void)
{
	static const struct vector rows[] = {
		{ .in = "82 64 61*100", .want = "binary 61*100\n" LOST },
		{ .in = "82 65", .want = TOO_BIG(WHY_100) },
		{ .in = "82 65 61*101", .want = TOO_BIG(WHY_100) },
		{ .in = "82 66", .want = TOO_BIG(WHY_100) },
		{ .in = "82 7f 00 00 01 00*5", .want = TOO_BIG(WHY_100) },
		{ .in = "82 7f 7f ff*7", .want = TOO_BIG(WHY_100) },
		{ .in = "02 3c 61*60 80 3c", .want = TOO_BIG(WHY_100) },
		{ .in = "02 3c 61*60 80 28 61*40", .want = "binary 61*100\n" LOST },
		{ .in = "02 3c 61*60 00 28 61*40 00 00 80 00", .want = "binary 61*100\n" LOST },
		{ .in = "02 3c 61*60 00 28 61*40 80 01", .want = TOO_BIG(WHY_100) },
		{ .in = "02 01 'a' 00 7f 7f ff*7", .want = TOO_BIG(WHY_100) },
		/* each message anew; control frames do not count */
		{ .in = "82 64 61*100 89 01 'p' 82 64 61*100",
		    .want = "binary 61*100\nping 'p'\nbinary 61*100\n" LOST "sent: pong 'p'\n" },
		{ .in = "81 02 'ok' 82 65 61*101", .want = "text 'ok'\n" TOO_BIG(WHY_100) },
	};
	struct vector v;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		v = rows[i];
		v.config = limit_100;
		driver_laws(&v, 1);
		v.config = limit_100_whole;
		driver_laws(&v, 1);
	}
}

/* B36 B39 F13: without a limit sums of announced lengths do not wrap */
static void
receive_without_a_limit_counts_past_2_to_the_63(void)
{
	/* fragments cannot announce more without sending it: the check is of one frame's length */
	static const struct vector v[] = {
		{ .in = "02 00 00 7f 7f ff*7 'a'", .want = LOST },
		{ .in = "02 01 'a' 00 7f 7f ff*7 'a'", .want = LOST },
		{ .in = "82 7f 7f ff*7", .want = LOST },
	};

	CHECK_ALL(v);
}

/* S02 S04: memory follows what came, not what was announced */
static void
receive_takes_memory_for_what_came_only(void)
{
	struct check_mem mem;
	struct driver d;
	size_t requests;

	for (int whole = 0; whole <= 1; whole++) {
		check_mem_init(&mem);
		driver_init(&d, WSX_CLIENT, &mem);
		d.config.whole = whole != 0;
		if (CHECK(driver_open(&d))) {
			requests = mem.requests;
			driver_feed_hex(&d, "82 7f 00 00 01 00*5");
			CHECK_UINT(mem.requests, requests);
			driver_feed_hex(&d, "'a'");
			CHECK(mem.requests <= requests + 1);
			CHECK_INT(d.received, WSX_OK);
		}
		driver_clear(&d);
		CHECK_UINT(mem.live, 0);
	}
}

/* Whole messages: what a large one took is given back, what one of usual size took is kept. */
static void
receive_gives_back_the_memory_of_large_messages(void)
{
	struct driver d;
	size_t live;

	driver_init(&d, WSX_CLIENT, NULL);
	d.config.whole = true;
	if (CHECK(driver_open(&d))) {
		live = d.own.live;
		driver_feed_hex(&d, "82 7f 00*5 01 86 a0 61*50000");
		driver_feed_hex(&d, "61*50000");
		driver_forget(&d);
		CHECK_UINT(d.own.live, live + 1);
		driver_feed_hex(&d, "82 7f 00*5 04 00 01 61*200000");
		driver_feed_hex(&d, "61*62145");
		CHECK_STR(driver_text(&d), "binary 61*262145\n");
		CHECK_UINT(d.own.live, live);
	}
	driver_clear(&d);
}

/* Pieces. */

/* A message of the sizes of its fragments, fed step bytes at a time. */
static void
feed_message(struct driver *d, const size_t *sizes, size_t n, size_t step)
{
	uint8_t *in = malloc(1 << 20);
	size_t to = 0;

	if (in == NULL)
		abort();
	for (size_t i = 0; i < n; i++) {
		in[to++] = (uint8_t)((i == 0 ? 2 : 0) | (i == n - 1 ? 0x80 : 0));
		in[to++] = 127;
		if (sizes[i] <= 125) {
			in[to - 1] = (uint8_t)sizes[i];
		} else if (sizes[i] <= 65535) {
			in[to - 1] = 126;
			in[to++] = (uint8_t)(sizes[i] >> 8);
			in[to++] = (uint8_t)sizes[i];
		} else {
			for (int shift = 56; shift >= 0; shift -= 8)
				in[to++] = (uint8_t)((uint64_t)sizes[i] >> shift);
		}
		memset(in + to, 'x', sizes[i]);
		to += sizes[i];
	}
	for (size_t i = 0; i < to; i += step)
		driver_feed(d, in + i, to - i < step ? to - i : step);
	free(in);
}

static void
check_pieces(bool whole, const size_t *sizes, size_t n, size_t step, const char *want)
{
	struct driver d;

	check_enter("%zu fragments by %zu%s", n, step, whole ? ", whole" : "");
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.whole = whole;
	d.pieces = want != NULL;
	if (CHECK(driver_open(&d))) {
		char text[64];
		size_t sum = 0;

		for (size_t i = 0; i < n; i++)
			sum += sizes[i];
		snprintf(text, sizeof text, "binary 78*%zu\n", sum);
		driver_forget(&d);
		feed_message(&d, sizes, n, step);
		CHECK_STR(driver_text(&d), want != NULL ? want : text);
		CHECK_UINT(buf_len(&d.joined), 0);
	}
	driver_clear(&d);
	check_leave();
}

#define SIZES(...)                                                                                 \
	(const size_t[]){ __VA_ARGS__ }, sizeof((size_t[]){ __VA_ARGS__ }) / sizeof(size_t)

/* A message of up to WSX_HOLD bytes is one piece however it comes. */
static void
receive_delivers_messages_up_to_hold_in_one_piece(void)
{
	check_pieces(false, SIZES(WSX_HOLD - 1), 1000, "piece binary first last 65535\n");
	check_pieces(false, SIZES(WSX_HOLD), 1000, "piece binary first last 65536\n");
	check_pieces(false, SIZES(WSX_HOLD), 1, "piece binary first last 65536\n");
	check_pieces(false, SIZES(WSX_HOLD), SIZE_MAX, "piece binary first last 65536\n");
	check_pieces(false, SIZES(1, WSX_HOLD - 1), 1000, "piece binary first last 65536\n");
	check_pieces(false, SIZES(WSX_HOLD - 1, 1), 1000, "piece binary first last 65536\n");
	check_pieces(false, SIZES(WSX_HOLD, 0), 1000, "piece binary first last 65536\n");
	check_pieces(false, SIZES(0, WSX_HOLD, 0), SIZE_MAX, "piece binary first last 65536\n");
	check_pieces(false, SIZES(30000, 30000, 5536), 777, "piece binary first last 65536\n");
	check_pieces(false, SIZES(0, 0), 1, "piece binary first last 0\n");
}

/* A longer one comes in pieces as soon as it is known to be longer. */
static void
receive_delivers_longer_messages_in_pieces(void)
{
	/* the head is 10 bytes: 65 reads of 1000 hold 64990, the next passes the mark */
	check_pieces(
	    false, SIZES(WSX_HOLD + 1), 1000, "piece binary first 64990\npiece binary last 547\n");
	check_pieces(false, SIZES(WSX_HOLD + 1), SIZE_MAX, "piece binary first last 65537\n");
	check_pieces(
	    false, SIZES(WSX_HOLD, 1), SIZE_MAX, "piece binary first 65536\npiece binary last 1\n");
	check_pieces(false, SIZES(WSX_HOLD + 1, 0), SIZE_MAX,
	    "piece binary first 65537\npiece binary last 0\n");
	check_pieces(false, SIZES(70000, 0, 10, 0, 70000), SIZE_MAX,
	    "piece binary first 70000\npiece binary 10\npiece binary last 70000\n");
}

/* F32: what is delivered is the same, whole or not, however it is cut. */
static void
receive_delivers_the_same_bytes_in_pieces_or_whole(void)
{
	static const size_t steps[] = { 1, 13, 4096, 65535, 65536, 65537, SIZE_MAX };

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		for (int whole = 0; whole <= 1; whole++) {
			check_pieces(whole != 0, SIZES(WSX_HOLD - 1), steps[i], NULL);
			check_pieces(whole != 0, SIZES(WSX_HOLD), steps[i], NULL);
			check_pieces(whole != 0, SIZES(WSX_HOLD + 1), steps[i], NULL);
			check_pieces(whole != 0, SIZES(1, WSX_HOLD), steps[i], NULL);
			check_pieces(whole != 0, SIZES(WSX_HOLD, 1), steps[i], NULL);
			check_pieces(whole != 0, SIZES(0, 100000, 0, 1, 100000, 0), steps[i], NULL);
			check_pieces(whole != 0, SIZES(300000, 300000), steps[i], NULL);
		}
}

/* Nothing of a short message that turns out wrong is delivered; of a long one only good bytes. */
static void
receive_delivers_nothing_bad_of_a_long_text(void)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.pieces = true;
	if (CHECK(driver_open(&d))) {
		driver_forget(&d);
		driver_feed_hex(&d, "81 7f 00*5 02 00 00");
		driver_feed_hex(&d, "61*65536");
		CHECK_STR(driver_text(&d), "");
		driver_feed_hex(&d, "61*10 e2 82");
		driver_feed_hex(&d, "ac");
		CHECK_STR(driver_text(&d), "piece text first 65536\npiece text 12\npiece text 1\n");
		driver_feed_hex(&d, "61*10 ff 61*10");
		driver_end(&d);
		CHECK_STR(driver_text(&d), "piece text first 65536\npiece text 12\npiece text 1\n"
					   "error protocol: text that is not UTF-8\n" LOST
					   "sent: close 1007 'text that is not UTF-8'\n");
	}
	driver_clear(&d);
}

static void
close_at_first_piece(struct driver *d, const char *event)
{
	if (strcmp(event, "piece") == 0)
		CHECK_INT(wsx_close(d->ws, 1000, NULL, 0), WSX_OK);
}

/* W32 W44: a handler that closes between pieces gets no more of them, or all, as it was asked. */
static void
receive_ends_or_goes_on_after_a_close_between_pieces(void)
{
	for (int go_on = 0; go_on <= 1; go_on++) {
		struct driver d;

		driver_init(&d, WSX_SERVER, NULL);
		d.pieces = true;
		d.react = close_at_first_piece;
		d.config.receive_while_closing = go_on != 0;
		if (CHECK(driver_open(&d))) {
			driver_forget(&d);
			driver_feed_hex(&d, "02 7f 00*5 01 00 01 61*65537 80 01 'b' 88 02 03 e8");
			driver_end(&d);
			CHECK_STR(driver_text(&d),
			    go_on ? "piece binary first 65537\npiece binary last 1\n"
				    "close 1000 clean\nsent: close 1000\n"
				  : "piece binary first 65537\n"
				    "close 1000 clean\nsent: close 1000\n");
		}
		driver_clear(&d);
	}
}

/* One scenario of memory failing amid a long message: what was delivered stands, in order. */
static void
stream_and_fail(struct check_mem *mem, void *arg)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, mem);
	d.config.whole = *(const bool *)arg;
	if (driver_open(&d)) {
		driver_forget(&d);
		feed_message(&d, SIZES(60000, 60000, 10), 7000);
		driver_end(&d);
		driver_check_faithful(&d, "binary 78*120010\n" LOST);
		if (mem->failed && strstr(driver_text(&d), "error") != NULL)
			CHECK_INT(d.received, WSX_ERR_NOMEM);
	} else if (d.ws != NULL) {
		driver_end(&d);
	}
	driver_clear(&d);
}

static void
receive_survives_failing_memory_in_long_messages(void)
{
	check_allocations(stream_and_fail, &(bool){ true });
	check_allocations(stream_and_fail, &(bool){ false });
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(receive_refuses_messages_over_the_limit),
		CHECK_CASE(receive_without_a_limit_counts_past_2_to_the_63),
		CHECK_CASE(receive_takes_memory_for_what_came_only),
		CHECK_CASE(receive_gives_back_the_memory_of_large_messages),
		CHECK_CASE(receive_delivers_messages_up_to_hold_in_one_piece),
		CHECK_CASE(receive_delivers_longer_messages_in_pieces),
		CHECK_CASE(receive_delivers_the_same_bytes_in_pieces_or_whole),
		CHECK_CASE(receive_delivers_nothing_bad_of_a_long_text),
		CHECK_CASE(receive_ends_or_goes_on_after_a_close_between_pieces),
		CHECK_CASE(receive_survives_failing_memory_in_long_messages),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

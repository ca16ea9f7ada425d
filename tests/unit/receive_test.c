#include "ws_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Good frames in, in both roles. */

#define LOST         "close 1006\n"
#define CHECK_ALL(v) driver_laws(v, sizeof(v) / sizeof *(v))

/* F01 F14 F28 F33 R09b */
static void
receive_delivers_messages(void)
{
	static const struct vector v[] = {
		{ .in = "81 05 'Hello'", .want = "text 'Hello'\n" LOST },
		{ .in = "82 03 00 ff 'x'", .want = "binary 00 ff 'x'\n" LOST },
		{ .in = "81 00", .want = "text\n" LOST },
		{ .in = "82 00", .want = "binary\n" LOST },
		{ .in = "81 01 'a' 82 01 'b' 81 00 81 01 'c'",
		    .want = "text 'a'\nbinary 'b'\ntext\ntext 'c'\n" LOST },
		{ .in = "82 7d 01*125", .want = "binary 01*125\n" LOST },
		{ .in = "82 7e 00 7e 01*126", .want = "binary 01*126\n" LOST },
		{ .in = "82 7e 01 00 02*256", .want = "binary 02*256\n" LOST },
		{ .in = "", .want = LOST },
	};

	CHECK_ALL(v);
}

/* The message of n bytes in a frame fed step bytes at a time. */
static void
check_size(enum wsx_role role, size_t n, size_t step)
{
	char want[64], text[64];
	struct driver d;

	check_enter("%zu bytes by %zu", n, step);
	snprintf(text, sizeof text, n <= 65535 ? "82 7e %04zx" : "82 7f 00*4 %08zx", n);
	snprintf(want, sizeof want, "binary 63*%zu\n", n);
	driver_init(&d, role, NULL);
	if (CHECK(driver_open(&d))) {
		uint8_t *in = malloc(n + 16), *masked = malloc(n + 16);
		size_t head, len;

		if (in == NULL || masked == NULL)
			abort();
		driver_forget(&d);
		head = check_hex(text, in, 16);
		memset(in + head, 'c', n);
		len = role == WSX_SERVER ? driver_mask(in, head + n, masked) : head + n;
		for (size_t i = 0; i < len; i += step)
			driver_feed(&d, (role == WSX_SERVER ? masked : in) + i,
			    len - i < step ? len - i : step);
		CHECK_STR(driver_text(&d), want);
		free(in);
		free(masked);
	}
	driver_clear(&d);
	check_leave();
}

/* F08 F14 B48: sizes around those of buffers */
static void
receive_delivers_messages_of_all_sizes(void)
{
	static const size_t sizes[] = { 126, 527, 528, 529, 1023, 1024, 1025, 4095, 4096, 4097,
		16383, 16384, 16385, 65535, 65536, 65537, 1 << 20 };
	static const size_t steps[] = { 1, 3, 1021, 4096, 65536, SIZE_MAX };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (size_t j = 0; j < sizeof steps / sizeof *steps; j++) {
			if (sizes[i] / steps[j] > 20000)
				continue;
			check_size(WSX_CLIENT, sizes[i], steps[j]);
			check_size(WSX_SERVER, sizes[i], steps[j]);
		}
}

/* T07 F23: all values of a byte, and masks over them */
static void
receive_leaves_binary_as_it_is(void)
{
	struct vector v = { 0 };
	char in[1100] = "82 7e 01 00", want[2000];
	uint8_t bytes[256];
	struct buf text;

	buf_init(&text, &mem_libc, SIZE_MAX);
	for (size_t i = 0; i < sizeof bytes; i++) {
		bytes[i] = (uint8_t)i;
		snprintf(in + strlen(in), sizeof in - strlen(in), " %02zx", i);
	}
	driver_put_bytes(&text, bytes, sizeof bytes);
	snprintf(want, sizeof want, "binary %.*s\n" LOST, (int)buf_len(&text),
	    (const char *)buf_data(&text));
	buf_clear(&text);
	v.in = in;
	v.want = want;
	driver_laws(&v, 1);
}

/* F15 F16 F32 B04 B05 */
static void
receive_joins_fragments(void)
{
	static const struct vector v[] = {
		{ .in = "01 03 'Hel' 80 02 'lo'", .want = "text 'Hello'\n" LOST },
		{ .in = "02 03 'Hel' 80 02 'lo'", .want = "binary 'Hello'\n" LOST },
		{ .in = "01 00 00 00 80 00", .want = "text\n" LOST },
		{ .in = "01 01 'a' 80 00", .want = "text 'a'\n" LOST },
		{ .in = "01 00 80 01 'a'", .want = "text 'a'\n" LOST },
		{ .in = "01 01 'a' 00 00 00 01 'b' 00 00 80 01 'c' 81 01 'd'",
		    .want = "text 'abc'\ntext 'd'\n" LOST },
		{ .in = "02 7e 01 00 01*256 80 7e 01 00 02*256",
		    .want = "binary 01*256 02*256\n" LOST },
	};

	CHECK_ALL(v);
}

/* F20 F32 F35 S05: thousands of fragments and pings; one message, the memory of its bytes */
static void
receive_takes_a_message_in_thousands_of_fragments(void)
{
	struct check_mem mem;
	struct driver d;
	size_t requests;

	check_mem_init(&mem);
	driver_init(&d, WSX_CLIENT, &mem);
	if (CHECK(driver_open(&d))) {
		driver_forget(&d);
		driver_feed_hex(&d, "01 01 'a'");
		requests = mem.requests;
		for (int i = 0; i < 10000; i++) {
			driver_feed_hex(&d, "00 00");
			driver_feed_hex(&d, "8a 00");
			buf_reset(&d.events);
		}
		CHECK_UINT(mem.requests, requests);
		driver_feed_hex(&d, "80 01 'b'");
		driver_end(&d);
		CHECK_STR(driver_text(&d), "text 'ab'\n" LOST);
	}
	driver_clear(&d);
	CHECK_UINT(mem.live, 0);
}

/* F19 F20 F23 F27 T08 W40 */
static void
receive_answers_pings_between_fragments(void)
{
	static const struct vector v[] = {
		{ .in = "89 00", .want = "ping\n" LOST "sent: pong\n" },
		{ .in = "89 03 00 ff fe", .want = "ping 00 ff fe\n" LOST "sent: pong 00 ff fe\n" },
		{ .in = "89 7d 70*125", .want = "ping 70*125\n" LOST "sent: pong 70*125\n" },
		{ .in = "8a 00 8a 03 'abc'", .want = "pong\npong 'abc'\n" LOST },
		{ .in = "01 01 'a' 89 01 'p' 80 01 'b'",
		    .want = "ping 'p'\ntext 'ab'\n" LOST "sent: pong 'p'\n" },
		{ .in = "01 01 'a' 89 01 'p' 8a 00 89 00 00 00 89 01 'q' 80 01 'b'",
		    .want = "ping 'p'\npong\nping\nping 'q'\ntext 'ab'\n" LOST
			    "sent: pong 'p'\nsent: pong\nsent: pong 'q'\n" },
		{ .in = "89 01 '0' 89 01 '1' 89 01 '2' 89 01 '3'",
		    .want = "ping '0'\nping '1'\nping '2'\nping '3'\n" LOST
			    "sent: pong '0'\nsent: pong '1'\nsent: pong '2'\nsent: pong '3'\n" },
	};

	CHECK_ALL(v);
}

/* F35 R09a: 10 000 numbered messages in one read */
static void
receive_takes_many_frames_of_one_read_in_order(void)
{
	enum { COUNT = 10000, SIZE = 7 };
	uint8_t *in = malloc(COUNT * SIZE);
	struct buf want;
	struct driver d;

	if (in == NULL)
		abort();
	buf_init(&want, &mem_libc, SIZE_MAX);
	for (int i = 0; i < COUNT; i++) {
		char text[SIZE + 1];

		snprintf(text, sizeof text, "\x81\x05%05d", i);
		memcpy(in + i * SIZE, text, SIZE);
		buf_putf(&want, "text ");
		driver_put_bytes(&want, (const uint8_t *)text + 2, 5);
		buf_putf(&want, "\n");
	}
	buf_putc(&want, '\0');
	driver_init(&d, WSX_CLIENT, NULL);
	if (CHECK(driver_open(&d))) {
		driver_forget(&d);
		driver_feed(&d, in, COUNT * SIZE);
		CHECK_STR(driver_text(&d), (const char *)buf_data(&want));
	}
	driver_clear(&d);
	buf_clear(&want);
	free(in);
}

static void
echo(struct driver *d, const char *event)
{
	if (strcmp(event, "message") == 0 && !d->mem->failed)
		driver_ok(d, wsx_send_text(d->ws, "echo", 4));
}

static void
echoing(struct driver *d)
{
	d->react = echo;
}

/* F37: what came before is delivered and answered; F36 F26: what comes after is not looked at */
static void
receive_finishes_what_came_before_a_bad_frame(void)
{
	static const struct vector v[] = {
		{ .in = "81 01 'a' 89 01 'p' 83 00 81 01 'b' 89 00",
		    .config = echoing,
		    .want = "text 'a'\nping 'p'\nerror protocol: a reserved opcode\n" LOST
			    "sent: text 'echo'\nsent: pong 'p'\n"
			    "sent: close 1002 'a reserved opcode'\n" },
	};

	CHECK_ALL(v);
}

/* F26: a Close of ours does not excuse from the Pong; a Close of the peer's does */
static void
receive_answers_pings_until_the_peer_closes(void)
{
	struct driver d;

	for (int role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		driver_init(&d, (enum wsx_role)role, NULL);
		if (CHECK(driver_open(&d))) {
			driver_forget(&d);
			CHECK_INT(wsx_close(d.ws, 1000, "", 0), WSX_OK);
			driver_feed_hex(&d, "89 01 'p' 88 02 03 e8 89 01 'q'");
			driver_end(&d);
			CHECK_STR(driver_text(&d),
			    "ping 'p'\nclose 1000 clean\nsent: close 1000\nsent: pong 'p'\n");
		}
		driver_clear(&d);
	}
}

/* F08: a mask over a payload of which each byte comes alone, at all places in the four */
static void
receive_unmasks_from_the_start_of_each_frame(void)
{
	static const struct vector v[] = {
		{ .in = "01 01 'a' 00 02 'bc' 00 03 'def' 80 05 'ghijk' 89 03 'xyz'",
		    .want = "text 'abcdefghijk'\nping 'xyz'\n" LOST "sent: pong 'xyz'\n" },
	};

	CHECK_ALL(v);
}

/* The scratch promise: a server unmasks in place, and nothing keeps a pointer into it. */
static void
receive_keeps_nothing_of_the_callers_memory(void)
{
	/* the feed hands out fresh memory and frees it; ASan sees who looks back */
	static const struct vector v[] = {
		{ .in = "01 7e 01 00 61*256 00 03 'bcd' 89 02 'xy' 80 01 'e'",
		    .want = "ping 'xy'\ntext 61*256 'bcde'\n" LOST "sent: pong 'xy'\n" },
	};

	CHECK_ALL(v);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(receive_delivers_messages),
		CHECK_CASE(receive_delivers_messages_of_all_sizes),
		CHECK_CASE(receive_leaves_binary_as_it_is),
		CHECK_CASE(receive_joins_fragments),
		CHECK_CASE(receive_takes_a_message_in_thousands_of_fragments),
		CHECK_CASE(receive_answers_pings_between_fragments),
		CHECK_CASE(receive_takes_many_frames_of_one_read_in_order),
		CHECK_CASE(receive_finishes_what_came_before_a_bad_frame),
		CHECK_CASE(receive_answers_pings_until_the_peer_closes),
		CHECK_CASE(receive_unmasks_from_the_start_of_each_frame),
		CHECK_CASE(receive_keeps_nothing_of_the_callers_memory),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "ws_driver.h"

#include <stdlib.h>
#include <string.h>

/* The queue of what is to be sent: its limit, pongs in it, and what ends it. */

#define LOST "close 1006\n"

/* F24 S06: messages stop at the limit, what has to be answered does not */
static void
send_stops_at_the_limit_of_the_output(void)
{
	char data[1000];

	memset(data, 'x', sizeof data);
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;

		check_enter("role %d", role);
		driver_init(&d, role, NULL);
		d.config.max_output = 1014;
		if (CHECK(driver_open(&d))) {
			driver_forget(&d);
			d.blocked = true;
			CHECK_UINT(wsx_output_room(d.ws), 1014);
			CHECK_INT(wsx_send_binary(d.ws, data, 1000), WSX_OK);
			CHECK(wsx_output_room(d.ws) < 14);
			CHECK_INT(wsx_send_binary(d.ws, "a", 1), WSX_ERR_LIMIT);
			CHECK_INT(wsx_send_text(d.ws, "", 0), WSX_ERR_LIMIT);
			CHECK_UINT(wsx_buffered_amount(d.ws), 1000);
			CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN);
			driver_feed_hex(&d, "89 01 'p'");
			CHECK_INT(wsx_close(d.ws, 1000, NULL, 0), WSX_OK);
			d.blocked = false;
			driver_drain(&d);
			CHECK_STR(driver_text(&d), "ping 'p'\nsent: binary 78*1000\n"
						   "sent: pong 'p'\nsent: close 1000\n");
		}
		driver_clear(&d);
		check_leave();
	}
}

/* The room is exact: what wsx_output_room() promises is taken, a byte more is not. */
static void
send_takes_just_what_there_is_room_for(void)
{
	enum { MAX = 5000 };
	static char data[MAX];
	struct driver d;
	uint64_t state = 3;

	driver_init(&d, WSX_CLIENT, NULL);
	d.config.max_output = MAX;
	if (CHECK(driver_open(&d))) {
		d.blocked = true;
		while (wsx_output_room(d.ws) >= 14) {
			size_t room = wsx_output_room(d.ws) - 14;

			CHECK_INT(wsx_send_binary(d.ws, data, room + 1), WSX_ERR_LIMIT);
			CHECK_INT(
			    wsx_send_binary(d.ws, data, check_random(&state) % (room + 1)), WSX_OK);
		}
		CHECK_INT(wsx_send_binary(d.ws, data, SIZE_MAX), WSX_ERR_LIMIT);
		CHECK_INT(wsx_send_binary(d.ws, data, SIZE_MAX - 13), WSX_ERR_LIMIT);
	}
	driver_clear(&d);
}

/* However full it is, and however large it may be, a Close has room. */
static void
send_takes_any_maximum_of_the_output(void)
{
	static const size_t sizes[] = { 1, 14, 1023, 131072, 300000, SIZE_MAX - 1023, SIZE_MAX };
	static char data[300000];

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t n = sizes[i] < 14 ? 0 : sizes[i] < 300000 ? sizes[i] - 14 : 300000 - 14;
		struct driver d;

		driver_init(&d, WSX_CLIENT, NULL);
		d.config.max_output = sizes[i];
		if (CHECK(driver_open(&d))) {
			int r = wsx_send_binary(d.ws, data, n);

			CHECK_INT(r, sizes[i] < 14 ? WSX_ERR_LIMIT : WSX_OK);
			CHECK_INT(wsx_ping(d.ws, data, 125), WSX_OK);
			CHECK_INT(wsx_close(d.ws, 1000, NULL, 0), WSX_OK);
		}
		driver_clear(&d);
	}
}

/* C01 S07: however many pings the caller queues, a Close still fits */
static void
pings_of_the_caller_leave_room_for_a_close(void)
{
	char data[125];
	size_t n = 0;

	memset(data, 'p', sizeof data);
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		for (int how = 0; how < 3; how++) {
			struct driver d;
			int r;

			if (driver_enter(&d, role)) {
				d.blocked = true;
				while ((r = wsx_ping(d.ws, data, sizeof data)) == WSX_OK &&
				       n++ < 1000000)
					;
				CHECK_INT(r, WSX_ERR_LIMIT);
				CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN);
				driver_forget(&d);
				if (how == 0)
					CHECK_INT(wsx_close(d.ws, 1000, data, 123), WSX_OK);
				else
					driver_feed_hex(&d, how == 1 ? "88 02 03 e8" : "83 00");
				d.blocked = false;
				driver_drain(&d);
				CHECK(d.close_sent);
			}
			driver_leave(&d);
		}
	}
}

/* F25 B10 S07: all are answered while the peer reads, the newest when it does not */
static void
pongs_do_not_pile_up(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;
		size_t requests, n;
		const uint8_t *p;

		if (driver_enter(&d, role)) {
			d.blocked = true;
			for (int i = 0; i < 2000; i++)
				driver_feed_hex(&d, "89 7d 'old' 78*122");
			requests = d.own.requests;
			for (int i = 0; i < 20000; i++)
				driver_feed_hex(&d, "89 03 'mid'");
			driver_feed_hex(&d, "89 03 'new'");
			CHECK(d.own.requests <= requests);
			CHECK_INT(wsx_pending(d.ws, &p, &n), 1);
			CHECK(n < 70000);
			driver_forget(&d);
			d.blocked = false;
			driver_drain(&d);
			/* in order, and the last of them is the newest */
			n = buf_len(&d.frames);
			CHECK(n > 17 &&
			      memcmp(buf_data(&d.frames) + n - 17, "sent: pong 'new'\n", 17) == 0);
			driver_forget(&d);
			driver_feed_hex(&d, "89 01 'p' 89 01 'q'");
			CHECK_STR(driver_text(&d),
			    "ping 'p'\nping 'q'\nsent: pong 'p'\nsent: pong 'q'\n");
		}
		driver_leave(&d);
	}
}

/* F26: a pong that waits is not sent after the peer's Close, nor after a failure */
static void
a_waiting_pong_ends_with_the_connection(void)
{
	static const char *const end[] = { "88 02 03 e8", "83" };
	char *data = malloc(70000);

	if (data == NULL)
		abort();
	memset(data, 'x', 70000);
	for (size_t i = 0; i < 2; i++)
		for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
			struct driver d;

			if (driver_enter(&d, role)) {
				d.blocked = true;
				CHECK_INT(wsx_send_binary(d.ws, data, 70000), WSX_OK);
				driver_feed_hex(&d, "89 01 'p'");
				driver_feed_hex(&d, end[i]);
				d.blocked = false;
				driver_drain(&d);
				CHECK(memmem(buf_data(&d.frames), buf_len(&d.frames), "pong", 4) ==
				      NULL);
				CHECK(d.close_sent);
			}
			driver_leave(&d);
		}
	free(data);
}

/* The bytes are the same however they are taken; bufferedAmount falls frame by frame (W30). */
static void
sent_counts_what_was_taken(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		struct driver d;
		uint64_t before;
		const uint8_t *p;
		size_t n;

		if (driver_enter(&d, role)) {
			d.blocked = true;
			for (int i = 0; i < 100; i++) /* more than there are marks for */
				CHECK_INT(wsx_send_binary(d.ws, "0123456789", 10), WSX_OK);
			CHECK_INT(wsx_ping(d.ws, "p", 1), WSX_OK);
			before = wsx_buffered_amount(d.ws);
			CHECK_UINT(before, 1000);
			while (wsx_pending(d.ws, &p, &n) == 1) {
				CHECK(n > 0);
				wsx_sent(d.ws, 1);
				CHECK(wsx_buffered_amount(d.ws) <= before);
				/* never less than what is still there to be taken */
				CHECK(wsx_buffered_amount(d.ws) * 2 + 8 >= (n - 1) / 2);
				before = wsx_buffered_amount(d.ws);
			}
			CHECK_UINT(before, 0);
		}
		driver_leave(&d);
	}
}

/* No randomness. */

/* F04: what would be masked with a guessable key does not leave, not even a Close */
static void
send_without_randomness_ends_all(void)
{
	struct driver d;

	for (int how = 0; how < 5; how++) {
		check_enter("way %d", how);
		if (driver_enter(&d, WSX_CLIENT)) {
			CHECK_INT(wsx_send_text(d.ws, "a", 1), WSX_OK);
			d.random_left = 0;
			d.random_recovers = true;
			if (how == 0)
				CHECK_INT(wsx_send_text(d.ws, "b", 1), WSX_ERR_RANDOM);
			else if (how == 1)
				CHECK_INT(wsx_ping(d.ws, "b", 1), WSX_ERR_RANDOM);
			else if (how == 2)
				CHECK_INT(wsx_close(d.ws, 1000, "", 0), WSX_ERR_RANDOM);
			else
				driver_feed_hex(
				    &d, how == 3 ? "89 01 'p' 89 01 'q'" : "88 02 03 e8");
			CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING);
			CHECK_INT(wsx_close(d.ws, 1000, "", 0), WSX_OK); /* no effect */
			driver_end(&d);
			CHECK_STR(driver_text(&d),
			    how == 4 ? "error local: no random bytes for a mask key\n"
				       "close 1000\nsent: text 'a'\n"
				     : "error local: no random bytes for a mask key\n" LOST
				       "sent: text 'a'\n");
		}
		driver_leave(&d);
		check_leave();
	}
}

/* The failure told is the first; that its Close could not be masked does not hide it. */
static void
failing_without_randomness_tells_the_first_cause(void)
{
	struct driver d;

	if (driver_enter(&d, WSX_CLIENT)) {
		d.random_left = 0;
		driver_feed_hex(&d, "83");
		driver_end(&d);
		CHECK_STR(driver_text(&d), "error protocol: a reserved opcode\n" LOST);
	}
	driver_leave(&d);
}

static void
send_without_luck(struct driver *d, const char *event)
{
	d->random_left = 0;
	if (strcmp(event, "piece") == 0)
		CHECK_INT(wsx_send_text(d->ws, "x", 1), WSX_ERR_RANDOM);
}

/* F36: once failed, nothing more is delivered, not even what was received with it */
static void
a_handler_that_fails_it_ends_delivery(void)
{
	struct driver d;

	check_enter("client");
	driver_init(&d, WSX_CLIENT, NULL);
	d.config.receive_while_closing = true;
	if (CHECK(driver_open(&d))) {
		driver_forget(&d);
		d.pieces = true;
		d.react = send_without_luck;
		driver_feed_hex(&d, "02 7e ff ff 61*65535");
		driver_feed_hex(&d, "80 02 'bc'");
		driver_end(&d);
		CHECK_STR(driver_text(&d),
		    "piece binary first 65535\nerror local: no random bytes for a mask key\n" LOST);
	}
	driver_leave(&d);
}

/* Memory. */

static void
send_everything(struct check_mem *mem, void *arg)
{
	static char data[3000];
	struct driver d;

	driver_init(&d, *(const enum wsx_role *)arg, mem);
	if (driver_open(&d)) {
		driver_forget(&d);
		d.blocked = true;
		for (int i = 0; i < 5 && !mem->failed; i++) {
			driver_ok(&d, wsx_send_text(d.ws, "text", 4));
			driver_ok(&d, wsx_ping(d.ws, "p", 1));
			driver_ok(&d, wsx_send_binary(d.ws, data, sizeof data));
		}
		CHECK_INT(wsx_ready_state(d.ws), WSX_OPEN); /* the state is as before the call */
		driver_ok(&d, wsx_close(d.ws, 1000, "bye", 3));
		if (!mem->failed)
			CHECK_INT(wsx_ready_state(d.ws), WSX_CLOSING);
		d.blocked = false;
		driver_end(&d);
	} else if (d.ws != NULL) {
		driver_end(&d);
	}
	driver_clear(&d);
}

static void
send_survives_failing_memory(void)
{
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		enum wsx_role r = role;

		check_allocations(send_everything, &r);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(send_stops_at_the_limit_of_the_output),
		CHECK_CASE(send_takes_just_what_there_is_room_for),
		CHECK_CASE(send_takes_any_maximum_of_the_output),
		CHECK_CASE(pings_of_the_caller_leave_room_for_a_close),
		CHECK_CASE(pongs_do_not_pile_up),
		CHECK_CASE(a_waiting_pong_ends_with_the_connection),
		CHECK_CASE(sent_counts_what_was_taken),
		CHECK_CASE(send_without_randomness_ends_all),
		CHECK_CASE(failing_without_randomness_tells_the_first_cause),
		CHECK_CASE(a_handler_that_fails_it_ends_delivery),
		CHECK_CASE(send_survives_failing_memory),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include "ws_driver.h"

#include <stdio.h>
#include <string.h>

/* Messages that come or go together are told and sent together, as one by one. */

/* The events of a host that asks for batches: how many messages each had. */
static char told[256];
static bool pause_at_once;

static void
count(struct wsx *ws, const struct wsx_piece *pieces, size_t n, void *arg)
{
	size_t at = strlen(told);

	(void)arg;
	CHECK(pieces[n - 1].last);
	snprintf(told + at, sizeof told - at, " %zu", n);
	if (pause_at_once)
		wsx_pause(ws);
}

static void
count_ping(struct wsx *ws, const uint8_t *data, size_t n, void *arg)
{
	(void)ws, (void)data, (void)n, (void)arg;
	strncat(told, " ping", sizeof told - strlen(told) - 1);
}

static bool
enter(struct driver *d, enum wsx_role role, bool batch)
{
	check_enter("role %d", role);
	driver_init(d, role, NULL);
	d->config.batch = batch;
	d->config.handlers.message = count;
	d->config.handlers.ping = count_ping;
	told[0] = '\0';
	pause_at_once = false;
	return CHECK(driver_open(d));
}

static void
leave(struct driver *d)
{
	driver_end(d);
	driver_clear(d);
	check_leave();
}

/* n messages at once, each of a byte. */
static void
feed_many(struct driver *d, size_t n)
{
	uint8_t frames[3 * 200], masked[7 * 200];

	for (size_t i = 0; i < n; i++)
		memcpy(frames + 3 * i, "\x81\x01x", 3);
	if (d->config.role == WSX_SERVER)
		driver_take(d, masked, driver_mask(frames, 3 * n, masked));
	else
		driver_take(d, frames, 3 * n);
}

static void
messages_that_come_together_are_told_together(void)
{
	struct driver d;

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		if (enter(&d, role, true)) {
			feed_many(&d, 3);
			driver_feed_hex(&d, "81 01 'a' 82 00 89 00 81 02 'cd'");
			feed_many(&d, WSX_BATCH + 1);
			CHECK_STR(told, " 3 2 ping 1 64 1");
		}
		leave(&d);
	}
}

static void
messages_are_told_one_by_one_unless_asked(void)
{
	struct driver d;

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		if (enter(&d, role, false)) {
			feed_many(&d, 3);
			CHECK_STR(told, " 1 1 1");
		}
		leave(&d);
	}
}

static void
pause_holds_back_what_was_not_told_with_it(void)
{
	struct driver d;

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		if (enter(&d, role, true)) {
			pause_at_once = true;
			feed_many(&d, WSX_BATCH + 2);
			CHECK_STR(told, " 64");
			CHECK(wsx_is_paused(d.ws));
			CHECK_INT(wsx_resume(d.ws), WSX_OK);
			CHECK_STR(told, " 64 2");
			pause_at_once = false;
			CHECK_INT(wsx_resume(d.ws), WSX_OK);
		}
		leave(&d);
	}
}

/* Sending. */

enum { MANY = 200 };

/* Messages and fragments of all the lengths that heads have forms for. */
static size_t
make_pieces(struct wsx_piece *pieces, const uint8_t *bytes)
{
	static const size_t lengths[] = { 0, 1, 7, 8, 15, 16, 17, 32, 64, 125, 126, 128, 129, 300 };
	bool first = true;

	for (size_t i = 0; i < MANY; i++) {
		bool last = i % 5 != 0;

		pieces[i] = (struct wsx_piece){ WSX_BINARY, first, last, bytes + i,
			lengths[i % (sizeof lengths / sizeof *lengths)] };
		first = last;
	}
	return MANY;
}

static void
send_of_many_is_many_sends(void)
{
	static uint8_t bytes[MANY + 300];
	struct wsx_piece pieces[MANY];
	struct driver one, all;
	size_t n;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7);
	n = make_pieces(pieces, bytes);
	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		if (driver_enter(&one, role) && driver_enter(&all, role)) {
			for (size_t i = 0; i < n; i++)
				CHECK_INT(wsx_send(one.ws, &pieces[i], 1), WSX_OK);
			CHECK_INT(wsx_send(all.ws, pieces, n), WSX_OK);
			CHECK_UINT(
			    wsx_buffered_amount(all.ws), wsx_buffered_amount(one.ws));
			driver_drain(&one);
			driver_drain(&all);
			CHECK_UINT(wsx_buffered_amount(all.ws), 0);
			CHECK_STR(driver_text(&all), driver_text(&one));
			CHECK_UINT(wsx_traffic(all.ws, WSX_SENT).messages,
			    wsx_traffic(one.ws, WSX_SENT).messages);
		}
		driver_leave(&all);
		driver_leave(&one);
	}
}

static void
send_takes_all_or_none(void)
{
	static const uint8_t x[1] = { 'x' };
	struct wsx_piece pieces[] = {
		{ WSX_TEXT, true, true, x, 1 },
		{ WSX_TEXT, true, false, x, 1 },
		{ WSX_TEXT, true, true, x, 1 }, /* out of turn */
	};
	struct driver d;

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		driver_init(&d, role, NULL);
		d.config.max_output = 3 * 15;
		if (CHECK(driver_open(&d))) {
			driver_forget(&d);
			CHECK_INT(wsx_send(d.ws, pieces, 3), WSX_ERR_ARGUMENT);
			pieces[2].first = false;
			d.blocked = true;
			CHECK_INT(wsx_send(d.ws, pieces, 3), WSX_OK);
			CHECK_INT(wsx_send(d.ws, pieces, 3), WSX_ERR_LIMIT);
			CHECK_INT(wsx_send(d.ws, pieces, 0), WSX_OK);
			CHECK_UINT(wsx_buffered_amount(d.ws), 3);
			d.blocked = false;
			driver_drain(&d);
			CHECK_STR(driver_text(&d),
			    "sent: text 'x'\nsent: text 'x' ...\nsent: more 'x'\n");
			pieces[2].first = true;
			driver_end(&d);
		}
		driver_clear(&d);
	}
}

/* Those that are compressed and those that are not, in order (D20) */
static void
send_of_many_compresses_what_pays(void)
{
	static uint8_t zeros[1000];
	struct wsx_piece pieces[MANY];
	struct driver d;
	struct buf want;

	driver_init(&d, WSX_CLIENT, NULL);
	d.config.deflate.enabled = true;
	d.extensions = "permessage-deflate";
	d.inflate_bits = 15;
	buf_init(&want, &mem_libc, SIZE_MAX);
	for (size_t i = 0; i < MANY; i++) {
		pieces[i] = (struct wsx_piece){ WSX_BINARY, true, true, zeros,
			i % 7 == 3 ? 300 + i : 1 };
		if (i % 7 == 3)
			(void)buf_putf(&want, "sent: deflated binary 00*%zu\n", 300 + i);
		else
			(void)buf_puts(&want, "sent: binary 00\n");
	}
	(void)buf_putc(&want, '\0');
	if (CHECK(driver_open(&d))) {
		driver_forget(&d);
		CHECK_INT(wsx_send(d.ws, pieces, MANY), WSX_OK);
		driver_drain(&d);
		CHECK_STR(driver_text(&d), (const char *)buf_data(&want));
		driver_end(&d);
	}
	buf_clear(&want);
	driver_clear(&d);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(messages_that_come_together_are_told_together),
		CHECK_CASE(messages_are_told_one_by_one_unless_asked),
		CHECK_CASE(pause_holds_back_what_was_not_told_with_it),
		CHECK_CASE(send_of_many_is_many_sends),
		CHECK_CASE(send_takes_all_or_none),
		CHECK_CASE(send_of_many_compresses_what_pays),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "proto/deflate.h"
#include "ws_driver.h"

/* A host that can not take more now: wsx_pause() and wsx_resume(). */

#define LOST "close 1006\n"

static void
pause_at_message(struct driver *d, const char *event)
{
	if (strcmp(event, "message") == 0 || strcmp(event, "piece") == 0)
		wsx_pause(d->ws);
}

static void
each_role(void (*test)(struct driver *d))
{
	struct driver d;

	for (int role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		if (driver_enter(&d, (enum wsx_role)role)) {
			d.react = pause_at_message;
			test(&d);
		}
		driver_leave(&d);
	}
}

static void
resume(struct driver *d)
{
	CHECK_INT(wsx_resume(d->ws), WSX_OK);
	driver_drain(d);
}

static void
take_one_by_one(struct driver *d)
{
	driver_feed_hex(d, "81 01 'a' 82 01 'b' 89 01 'p' 81 01 'c'");
	CHECK_STR(driver_text(d), "text 'a'\n");
	CHECK(wsx_is_paused(d->ws));
	resume(d);
	CHECK_STR(driver_text(d), "text 'a'\nbinary 'b'\n");
	resume(d);
	CHECK_STR(driver_text(d), "text 'a'\nbinary 'b'\nping 'p'\ntext 'c'\nsent: pong 'p'\n");
	resume(d);
	CHECK(!wsx_is_paused(d->ws));
	driver_end(d);
}

static void
paused_host_gets_nothing_until_it_resumes(void)
{
	each_role(take_one_by_one);
}

static void
keep_in_order(struct driver *d)
{
	driver_feed_hex(d, "81 01 'a' 01 01 'b'");
	driver_feed_hex(d, "80 01 'c' 81 01 'd'");
	driver_feed_hex(d, "81 01 'e'");
	CHECK_STR(driver_text(d), "text 'a'\n");
	d->react = NULL;
	resume(d);
	CHECK_STR(driver_text(d), "text 'a'\ntext 'bc'\ntext 'd'\ntext 'e'\n");
	driver_end(d);
}

static void
bytes_that_come_while_paused_are_kept_in_order(void)
{
	each_role(keep_in_order);
}

static void
pause_outside(struct driver *d)
{
	wsx_pause(d->ws);
	driver_feed_hex(d, "81 01 'a'");
	CHECK_STR(driver_text(d), "");
	resume(d);
	CHECK_STR(driver_text(d), "text 'a'\n");
	driver_end(d);
}

static void
host_may_pause_outside_of_handlers(void)
{
	each_role(pause_outside);
}

static void
end_paused(struct driver *d)
{
	driver_feed_hex(d, "81 01 'a' 81 01 'b' 88 02 03 e8");
	driver_end(d);
	CHECK_STR(driver_text(d), "text 'a'\n" LOST);
}

static void
what_a_pause_holds_back_is_lost_at_the_end(void)
{
	each_role(end_paused);
}

static void
fail_later(struct driver *d)
{
	driver_feed_hex(d, "81 01 'a' 81 01 'b' 83 00 81 01 'c'");
	CHECK_INT(d->received, WSX_OK);
	d->react = NULL;
	CHECK_INT(wsx_resume(d->ws), WSX_ERR_PROTOCOL);
	driver_drain(d);
	driver_end(d);
	CHECK_STR(driver_text(d), "text 'a'\ntext 'b'\nerror protocol: a reserved opcode\n" LOST
				  "sent: close 1002 'a reserved opcode'\n");
}

static void
fault_is_told_when_its_turn_comes(void)
{
	each_role(fail_later);
}

/* A mebibyte of zeros in few bytes: a pause holds back what they would turn into. */

static size_t largest, total;

static void
count_pieces(struct wsx *ws, const struct wsx_piece *piece, size_t n, void *arg)
{
	(void)arg;
	CHECK_UINT(n, 1);
	largest = piece->n > largest ? piece->n : largest;
	total += piece->n;
	wsx_pause(ws);
}

static size_t
compressed_zeros(struct buf *out, size_t n)
{
	static uint8_t zeros[1 << 16];
	struct deflate d;

	deflate_init(&d, &mem_libc, 9, 15, false, false);
	for (size_t at = 0; at < n; at += sizeof zeros)
		if (deflate_compress(&d, zeros, sizeof zeros, at + sizeof zeros == n, out) < 0)
			return 0;
	deflate_clear(&d);
	return buf_len(out);
}

static void
feed_bomb(struct driver *d, size_t n)
{
	uint8_t head[4] = { 0xc2, 126 }, *masked;
	struct buf out;
	size_t k;

	buf_init(&out, &mem_libc, SIZE_MAX);
	(void)buf_put(&out, head, sizeof head);
	k = compressed_zeros(&out, n) - sizeof head;
	CHECK(k >= 126 && k <= UINT16_MAX);
	store_be(buf_mutable_data(&out) + 2, k, 2);
	if (d->config.role == WSX_SERVER) {
		masked = malloc(buf_len(&out) + 16);
		k = driver_mask(buf_data(&out), buf_len(&out), masked);
		driver_take(d, masked, k);
		free(masked);
	} else {
		driver_feed(d, buf_data(&out), buf_len(&out));
	}
	buf_clear(&out);
}

static void
pause_holds_back_what_a_bomb_turns_into(void) /* D30 */
{
	enum { N = 1 << 20 };
	size_t turns;
	struct driver d;

	for (int role = WSX_CLIENT; role <= WSX_SERVER; role++) {
		check_enter("%s", role == WSX_CLIENT ? "client" : "server");
		driver_init(&d, (enum wsx_role)role, NULL);
		d.config.deflate.enabled = true;
		d.extensions = "permessage-deflate";
		d.inflate_bits = 15;
		d.config.handlers.message = count_pieces;
		largest = total = 0;
		if (CHECK(driver_open(&d))) {
			feed_bomb(&d, N);
			for (turns = 1; wsx_is_paused(d.ws) && turns < N; turns++) {
				CHECK(total <= turns * 2 * WSX_HOLD);
				CHECK_INT(wsx_resume(d.ws), WSX_OK);
			}
			CHECK_UINT(total, N);
			CHECK(largest <= WSX_HOLD);
			CHECK(turns >= N / WSX_HOLD);
			driver_end(&d);
		}
		driver_clear(&d);
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(paused_host_gets_nothing_until_it_resumes),
		CHECK_CASE(bytes_that_come_while_paused_are_kept_in_order),
		CHECK_CASE(host_may_pause_outside_of_handlers),
		CHECK_CASE(what_a_pause_holds_back_is_lost_at_the_end),
		CHECK_CASE(fault_is_told_when_its_turn_comes),
		CHECK_CASE(pause_holds_back_what_a_bomb_turns_into),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

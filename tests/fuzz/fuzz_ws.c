#include "fuzz_ws.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "ws_driver.h"

/* Longer inputs make replies pile up, and then it matters when they are taken. */
#define MAX_IN 2048

enum {
	DEFLATE = 1,
	WHOLE = 2,
	WHILE_CLOSING = 4,
	GREETED = 8,
	MASKED = 16,
	REPLIES = 32,
	PAUSES = 64,
	TRICKLES = 128
};

struct choices {
	uint8_t flags, more, close_after, step, fail_at;
};

struct run {
	struct driver d; /* first: handlers know it by that address */
	struct choices c;
	unsigned events; /* messages and Pings */
	unsigned told; /* events of any kind, pieces of messages too */
	bool failed; /* to do what the host wanted */
};

/* What the host does. */

static void
reply(struct run *r)
{
	static const char text[] = "an answer that is long enough to be compressed, "
				   "an answer that is long enough to be compressed";

	if (r->events % 8 == 1 && wsx_send_text(r->d.ws, text, sizeof text - 1) < 0)
		r->failed = true;
	if (r->events % 8 == 5 &&
	    wsx_ping(r->d.ws, text, r->events % (sizeof text - 1)) == WSX_ERR_NOMEM)
		r->failed = true;
}

static void
react(struct driver *d, const char *event)
{
	struct run *r = (struct run *)d;

	if (strcmp(event, "open") == 0)
		d->inflate_bits = wsx_extensions(d->ws)[0] != '\0' ? 15 : 0;
	if (r->c.flags & PAUSES && ++r->told % 2 == 0)
		wsx_pause(d->ws);
	if (strcmp(event, "message") != 0 && strcmp(event, "ping") != 0)
		return;
	r->events++;
	if (r->c.flags & REPLIES)
		reply(r);
	if (r->events == r->c.close_after && wsx_close(d->ws, 3000, "enough", 6) < 0)
		r->failed = true;
}

static void
set_up(struct run *r, enum wsx_role role, const struct choices *c)
{
	static const char *const extensions[2][4] = {
		{ "permessage-deflate", "permessage-deflate; client_max_window_bits=9",
		    "permessage-deflate; server_no_context_takeover", NULL },
		{ "permessage-deflate",
		    "permessage-deflate; client_max_window_bits; server_max_window_bits=9",
		    "permessage-deflate; server_no_context_takeover", NULL },
	};
	static const uint64_t limits[4] = { 0, 1, 300, 70000 };
	static const char *const protocols[] = { "chat", "b" }, *const origins[] = { "http://h" };
	struct wsx_config *config = &r->d.config;

	*r = (struct run){ .c = *c };
	driver_init(&r->d, role, NULL);
	r->d.react = react;
	r->d.trickle = c->flags & TRICKLES;
	r->d.extensions = extensions[role][c->more >> 6];
	config->deflate = (struct wsx_deflate){ .enabled = c->flags & DEFLATE,
		.level = 1,
		.window_bits = c->more & 0x1c ? 8 + (c->more >> 2 & 7) : 0,
		.no_context_takeover = c->more & 0x20 };
	config->whole = c->flags & WHOLE;
	config->receive_while_closing = c->flags & WHILE_CLOSING;
	config->max_message = limits[c->more & 3];
	if (role == WSX_SERVER) {
		config->protocols = protocols;
		config->n_protocols = 2;
		config->origins = origins;
		config->n_origins = 1;
	}
}

/* What the network does. */

static void
resume(struct driver *d)
{
	while (wsx_is_paused(d->ws)) {
		d->received = wsx_resume(d->ws);
		driver_drain(d);
	}
}

static void
run(struct run *r, const uint8_t *p, size_t n)
{
	uint64_t random = r->c.step;
	size_t k;

	if (r->c.flags & GREETED)
		(void)driver_open(&r->d);
	else
		(void)driver_start(&r->d);
	if (r->d.ws == NULL)
		return;
	for (; n > 0; p += k, n -= k) {
		k = r->c.step == 0 ? n : 1 + check_random(&random) % r->c.step;
		if (k > n)
			k = n;
		driver_feed(&r->d, p, k);
		resume(&r->d);
	}
	driver_end(&r->d);
}

/* The same otherwise, with the same outcome. */
static void
check_other(enum wsx_role role, struct choices c, const uint8_t *p, size_t n, struct run *first)
{
	struct run r;

	set_up(&r, role, &c);
	r.d.config.batch = true;
	r.d.own.fail_at = c.fail_at;
	run(&r, p, n);
	if (c.fail_at == 0) {
		CHECK_STR(driver_text(&r.d), driver_text(&first->d));
		CHECK_MEM(buf_data(&r.d.wire), buf_len(&r.d.wire), buf_data(&first->d.wire),
		    buf_len(&first->d.wire));
		MUST(!r.failed);
	} else if (r.d.ws != NULL && !r.failed) {
		driver_check_faithful(&r.d, driver_text(&first->d));
	}
	driver_clear(&r.d);
}

static void
check_all(enum wsx_role role, struct choices c, const uint8_t *p, size_t n)
{
	struct choices plain = c, other = c;
	struct run first;

	plain.flags &= (uint8_t) ~(PAUSES | TRICKLES);
	plain.step = plain.fail_at = 0;
	set_up(&first, role, &plain);
	run(&first, p, n);
	MUST(check_failures() == 0);
	other.fail_at = 0;
	if (other.step == 0)
		other.step = 1;
	check_other(role, other, p, n, &first);
	MUST(check_failures() == 0);
	other.flags ^= WHOLE;
	other.step = 0;
	check_other(role, other, p, n, &first);
	MUST(check_failures() == 0);
	if (c.fail_at > 0)
		check_other(role, c, p, n, &first);
	MUST(check_failures() == 0);
	driver_clear(&first.d);
	MUST(check_failures() == 0);
}

/* The input with its frames masked, behind a request if it begins with one. */
static uint8_t *
mask(const struct choices *c, const uint8_t *p, size_t *n)
{
	const uint8_t *end = c->flags & GREETED ? NULL : memmem(p, *n, "\r\n\r\n", 4);
	size_t head = end != NULL ? (size_t)(end - p) + 4 : 0;
	uint8_t *out = malloc(3 * *n + 16);

	MUST(out != NULL);
	memcpy(out, p, head);
	*n = head + driver_mask(p + head, *n - head, out + head);
	return out;
}

void
fuzz_ws(enum wsx_role role, const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n < MAX_IN ? n : MAX_IN };
	struct choices c = { .flags = fuzz_byte(&in) };
	uint8_t *masked = NULL;

	c.more = fuzz_byte(&in);
	c.close_after = fuzz_byte(&in);
	c.step = fuzz_byte(&in);
	c.fail_at = fuzz_byte(&in);
	if (in.n == 0)
		return;
	if (role == WSX_SERVER && c.flags & MASKED)
		in.p = masked = mask(&c, in.p, &in.n);
	check_all(role, c, in.p, in.n);
	free(masked);
}

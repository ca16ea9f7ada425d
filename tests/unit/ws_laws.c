#include "ws_driver.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAX_IN = 1 << 19,
	MAX_FAILING = 2048 /* longer vectors are not run with failing memory */
};

struct law {
	enum wsx_role role;
	const struct vector *vector;
	const uint8_t *p;
	size_t n;
	bool trickle, pausing, batch;
	size_t step; /* bytes fed at once where memory fails */
};

static bool
begin(struct driver *d, const struct law *law, struct check_mem *mem)
{
	driver_init(d, law->role, mem);
	d->trickle = law->trickle;
	d->pausing = law->pausing;
	d->config.batch = law->batch;
	if (law->vector->config != NULL)
		law->vector->config(d);
	if (!driver_open(d))
		return false;
	driver_forget(d);
	if (law->vector->opened != NULL)
		law->vector->opened(d);
	driver_drain(d);
	return true;
}

static void
replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	struct driver d;
	uint8_t *p;
	size_t n;

	if (CHECK(begin(&d, arg, NULL))) {
		while ((p = check_feed_next(feed, &n)) != NULL)
			driver_take(&d, p, n);
		driver_end(&d);
		(void)buf_puts(transcript, driver_text(&d));
	}
	driver_clear(&d);
}

/* Where the lines of what was sent begin. */
static const char *
sent_part(const char *text)
{
	const char *p = text;

	while (*p != '\0' && strncmp(p, "sent:", 5) != 0) {
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	return p;
}

static bool
is_ending(const char *line)
{
	return strncmp(line, "error ", 6) == 0 || strncmp(line, "close ", 6) == 0 ||
	       strcmp(line, "sent: close 1011 'out of memory'\n") == 0;
}

/* The length of the lines from p to end before those that tell of the end. */
static size_t
before_ending(const char *p, const char *end)
{
	const char *line = p;

	while (line < end && !is_ending(line))
		line += strcspn(line, "\n") + 1;
	return (size_t)(line - p);
}

void
driver_check_faithful(struct driver *d, const char *want)
{
	const char *got = driver_text(d), *sent = sent_part(got), *want_sent = sent_part(want);

	if (!d->mem->failed) {
		CHECK_STR(got, want);
		return;
	}
	if (!CHECK(strncmp(got, want, before_ending(got, sent)) == 0) ||
	    !CHECK(strncmp(sent, want_sent, before_ending(sent, sent + strlen(sent))) == 0))
		CHECK_STR(got, want);
}

static void
run_failing(struct check_mem *mem, void *arg)
{
	const struct law *law = arg;
	struct driver d;

	if (begin(&d, law, mem)) {
		for (size_t i = 0; i < law->n; i += law->step)
			driver_feed(
			    &d, law->p + i, law->n - i < law->step ? law->n - i : law->step);
		driver_end(&d);
		driver_check_faithful(&d, law->vector->want);
	} else if (CHECK(mem->failed) && d.ws != NULL) {
		driver_end(&d);
	}
	driver_clear(&d);
}

static void
run_once(struct law *law)
{
	struct check_mem mem;

	check_mem_init(&mem);
	run_failing(&mem, law);
	CHECK_UINT(mem.live, 0);
}

static void
run_law(struct law *law)
{
	size_t before = check_failures();

	check_chunks(law->p, law->n, law->vector->want, replay, law);
	check_enter("taken by bytes");
	law->trickle = true;
	run_once(law);
	check_leave();
	check_enter("told in batches");
	law->batch = true;
	run_once(law);
	law->batch = false;
	check_leave();
	check_enter("paused at each message");
	law->pausing = true;
	run_once(law);
	check_leave();
	if (law->n > MAX_FAILING || check_failures() > before)
		return;
	check_allocations(run_failing, law);
	law->pausing = false;
	law->step = 1;
	check_allocations(run_failing, law);
}

void
driver_law(enum wsx_role role, const struct vector *v)
{
	uint8_t *in = malloc(MAX_IN), *masked = malloc(2 * MAX_IN);
	struct law law = { role, v, in, 0, false, false, false, SIZE_MAX };

	if (in == NULL || masked == NULL)
		abort();
	check_enter("%s, %s", role == WSX_CLIENT ? "client" : "server", v->in);
	law.n = check_hex(v->in, in, MAX_IN);
	if (role == WSX_SERVER) {
		law.n = driver_mask(in, law.n, masked);
		law.p = masked;
	}
	run_law(&law);
	check_leave();
	free(in);
	free(masked);
}

void
driver_laws(const struct vector *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		driver_law(WSX_CLIENT, &v[i]);
		driver_law(WSX_SERVER, &v[i]);
	}
}

#include "client_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/digest.h"

static void
offer(struct driver *d, const char *letters)
{
	static char names[26][2];
	static const char *protocols[26];

	d->config.protocols = protocols;
	d->config.n_protocols = strlen(letters);
	for (size_t i = 0; i < d->config.n_protocols; i++) {
		names[i][0] = letters[i];
		protocols[i] = names[i];
	}
}

static void
begin(struct driver *d, const struct client_row *row, struct check_mem *mem)
{
	driver_init(d, WSX_CLIENT, mem);
	if (row->protocols != NULL)
		offer(d, row->protocols);
}

void
client_replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	const struct client_row *row = arg;
	struct driver d;
	uint8_t *p;
	size_t n;

	begin(&d, row, NULL);
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		while ((p = check_feed_next(feed, &n)) != NULL)
			driver_take(&d, p, n);
		if (d.failed || !d.opened) { /* HC35: not a byte after the request */
			CHECK_UINT(buf_len(&d.wire), d.head_n);
			CHECK_STR(wsx_protocol(d.ws), "");
		}
		driver_end(&d);
		(void)buf_puts(transcript, driver_text(&d));
	}
	driver_clear(&d);
}

size_t
client_fill_in(const char *answer, char *out, size_t max)
{
	static const char field[] = "Sec-WebSocket-Key: ";
	char accept[DIGEST_ACCEPT_LEN + 1];
	const char *key, *at = strchr(answer, '@');
	struct driver d;
	size_t n;

	driver_init(&d, WSX_CLIENT, NULL);
	CHECK_INT(driver_start(&d), WSX_OK);
	key = memmem(buf_data(&d.wire), buf_len(&d.wire), field, sizeof field - 1);
	digest_accept((struct span){ key + sizeof field - 1, DIGEST_KEY_LEN }, accept);
	driver_clear(&d);
	if (at == NULL)
		n = (size_t)snprintf(out, max, "%s", answer);
	else
		n = (size_t)snprintf(
		    out, max, "%.*s%s%s", (int)(at - answer), answer, accept, at + 1);
	CHECK(n < max);
	return n;
}

struct scenario {
	const struct client_row *row;
	const char *answer;
	size_t n;
};

static void
run_failing(struct check_mem *mem, void *arg)
{
	const struct scenario *s = arg;
	struct driver d;

	begin(&d, s->row, mem);
	if (driver_start(&d) == WSX_OK) {
		for (size_t i = 0; i < s->n; i += 50)
			driver_feed(&d, s->answer + i, s->n - i < 50 ? s->n - i : 50);
		driver_end(&d);
		driver_check_faithful(&d, s->row->want);
	}
	driver_clear(&d);
}

void
client_check_rows(const struct client_row *rows, size_t n)
{
	enum { MAX = 40000 };
	char *answer = malloc(MAX);

	if (answer == NULL)
		abort();
	for (size_t i = 0; i < n; i++) {
		struct client_row row = rows[i];
		struct scenario s = { &row, answer, client_fill_in(row.answer, answer, MAX) };

		check_enter("row %zu", i);
		check_chunks((const uint8_t *)answer, s.n, row.want, client_replay, &row);
		check_allocations(run_failing, &s);
		check_leave();
	}
	free(answer);
}

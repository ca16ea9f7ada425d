#include "server_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "proto/http.h"

/* The answer: its status, and what any answer of its kind has. */

static void
check_refusal(const struct http_head *h, const char *body, size_t n)
{
	uint64_t length = 0;

	/* HS26 HS30 */
	CHECK_UINT(http_count(h, "Content-Length"), 1);
	CHECK(num_parse_u64(http_find(h, "Content-Length")->value, UINT64_MAX, &length));
	CHECK_UINT(length, n);
	CHECK(n > 0 && body[n - 1] == '\n');
	CHECK(http_has_token(h, "Connection", "close"));
	CHECK_UINT(http_count(h, "Date"), 1);
	CHECK_UINT(http_count(h, "Sec-WebSocket-Accept"), 0);
	if (h->status == 426) { /* HS08 HS28 */
		CHECK(http_has_token(h, "Upgrade", "websocket"));
		CHECK(http_has_token(h, "Connection", "Upgrade"));
		CHECK_SPAN(http_find(h, "Sec-WebSocket-Version")->value, "13");
	}
	if (h->status == 405) /* HS02 */
		CHECK_SPAN(http_find(h, "Allow")->value, "GET");
}

static void
check_answer_101(const struct http_head *h)
{
	/* HS01 HS32 HS33 */
	CHECK_UINT(http_count(h, "Upgrade"), 1);
	CHECK(http_has_token(h, "Upgrade", "websocket"));
	CHECK_UINT(http_count(h, "Connection"), 1);
	CHECK(http_has_token(h, "Connection", "Upgrade"));
	CHECK_UINT(http_count(h, "Sec-WebSocket-Accept"), 1);
	CHECK(http_count(h, "Sec-WebSocket-Protocol") <= 1);
	CHECK_UINT(http_count(h, "Sec-WebSocket-Extensions"), 0);
	CHECK_UINT(http_count(h, "Content-Length"), 0);
	CHECK_UINT(http_count(h, "Transfer-Encoding"), 0);
}

void
server_put_answer(struct buf *out, const struct driver *d)
{
	char *p = malloc(buf_len(&d->wire) + 1);
	struct http_scan scan = { 0 };
	struct http_fault fault;
	struct http_head h;
	ptrdiff_t n;

	if (p == NULL)
		abort();
	if (buf_len(&d->wire) > 0) {
		memcpy(p, buf_data(&d->wire), buf_len(&d->wire));
		n = http_scan(&scan, HTTP_RESPONSE, p, buf_len(&d->wire), &fault);
		if (CHECK(n > 0) &&
		    CHECK_INT(http_parse(HTTP_RESPONSE, p, (size_t)n, &h, &fault), 0)) {
			buf_putf(out, "%d ", h.status);
			if (h.status == 101)
				check_answer_101(&h);
			else
				check_refusal(&h, p + n, buf_len(&d->wire) - (size_t)n);
		}
	}
	free(p);
}

static void
begin(struct driver *d, const struct server_row *row, struct check_mem *mem)
{
	driver_init(d, WSX_SERVER, mem);
	if (row->config != NULL)
		row->config(d);
}

static void
replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	const struct server_row *row = arg;
	struct driver d;
	uint8_t *p;
	size_t n;

	begin(&d, row, NULL);
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		CHECK_STR(wsx_url(d.ws), "");
		while ((p = check_feed_next(feed, &n)) != NULL)
			driver_take(&d, p, n);
		if (!d.opened)
			CHECK_STR(wsx_protocol(d.ws), ""); /* W11 */
		driver_end(&d);
		server_put_answer(transcript, &d);
		(void)buf_puts(transcript, driver_text(&d));
	}
	driver_clear(&d);
}

static void
run_failing(struct check_mem *mem, void *arg)
{
	const struct server_row *row = arg;
	size_t n = strlen(row->request);
	struct driver d;
	struct buf text;

	begin(&d, row, mem);
	if (driver_start(&d) == WSX_OK) {
		for (size_t i = 0; i < n; i += 50)
			driver_feed(&d, row->request + i, n - i < 50 ? n - i : 50);
		driver_end(&d);
		buf_init(&text, &mem_libc, SIZE_MAX);
		server_put_answer(&text, &d); /* a whole answer or none */
		(void)buf_puts(&text, driver_text(&d));
		if (!mem->failed)
			CHECK_MEM(buf_data(&text), buf_len(&text), row->want, strlen(row->want));
		buf_clear(&text);
	} else {
		CHECK(mem->failed && d.ws == NULL);
	}
	driver_clear(&d);
}

void
server_check_rows(const struct server_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct server_row row = rows[i];

		check_enter("row %zu", i);
		check_chunks(
		    (const uint8_t *)row.request, strlen(row.request), row.want, replay, &row);
		check_allocations(run_failing, &row);
		check_leave();
	}
}

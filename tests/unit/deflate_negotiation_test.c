#include <stdio.h>
#include <string.h>

#include "ws_driver.h"

/* permessage-deflate offered, answered and agreed on, in both roles (RFC 7692 7.1). */

#define PMD  "permessage-deflate"
#define LINE "\r\nSec-WebSocket-Extensions: "
#define N(a) (sizeof(a) / sizeof *(a))

static const struct wsx_deflate off = { 0 };
static const struct wsx_deflate on = { .enabled = true };
static const struct wsx_deflate bits_8 = { .enabled = true, .window_bits = 8 };
static const struct wsx_deflate bits_10 = { .enabled = true, .window_bits = 10 };
static const struct wsx_deflate bits_15 = { .enabled = true, .window_bits = 15 };
static const struct wsx_deflate alone = { .enabled = true, .no_context_takeover = true };

/* The value of the only Sec-WebSocket-Extensions in the head that was sent, or NULL. */
static const char *
sent_extensions(struct driver *d)
{
	static const char name[] = LINE;
	static char value[256];
	const char *p, *end;

	p = memmem(buf_data(&d->wire), d->head_n, name, sizeof name - 1);
	if (p == NULL)
		return NULL;
	p += sizeof name - 1;
	end = memchr(p, '\r', sizeof value - 1);
	if (!CHECK(end != NULL))
		return NULL;
	CHECK(memmem(end, d->head_n - (size_t)(end - (char *)buf_data(&d->wire)), name,
		  sizeof name - 1) == NULL);
	memcpy(value, p, (size_t)(end - p));
	value[end - p] = '\0';
	return value;
}

/* D01 */
static void
client_offers_what_it_is_configured_to(void)
{
	static const struct {
		const struct wsx_deflate *config;
		const char *want;
	} rows[] = {
		{ &off, NULL },
		{ &on, PMD "; client_max_window_bits" },
		{ &bits_15, PMD "; client_max_window_bits" },
		{ &bits_10, PMD "; server_max_window_bits=10; client_max_window_bits=10" },
		{ &bits_8, PMD "; server_max_window_bits=8; client_max_window_bits=8" },
		{ &alone, PMD "; server_no_context_takeover; client_no_context_takeover"
			      "; client_max_window_bits" },
	};
	struct driver d;

	for (size_t i = 0; i < N(rows); i++) {
		driver_init(&d, WSX_CLIENT, NULL);
		d.config.deflate = *rows[i].config;
		if (CHECK_INT(driver_start(&d), WSX_OK)) {
			CHECK_STR(sent_extensions(&d), rows[i].want);
			CHECK_STR(wsx_extensions(d.ws), "");
		}
		driver_clear(&d);
	}
}

static void
configuration_out_of_range_is_refused(void)
{
	static const struct wsx_deflate bad[] = {
		{ .enabled = true, .window_bits = 7 },
		{ .enabled = true, .window_bits = 16 },
		{ .enabled = true, .window_bits = -9 },
		{ .enabled = true, .level = 10 },
		{ .enabled = true, .level = -1 },
	};
	struct driver d;

	for (enum wsx_role role = WSX_CLIENT; role <= WSX_SERVER; role++)
		for (size_t i = 0; i < N(bad); i++) {
			driver_init(&d, role, NULL);
			d.config.deflate = bad[i];
			CHECK_INT(driver_start(&d), WSX_ERR_ARGUMENT);
			CHECK(d.why != NULL);
			driver_clear(&d);
		}
}

/* An opening handshake with these extensions in the peer's head. */
struct row {
	const struct wsx_deflate *config;
	const char *in; /* NULL for none */
	const char *want; /* of a server; NULL: the header is absent. Of a client: why it fails */
};

struct meeting {
	enum wsx_role role;
	const struct row *row;
};

static void
check_client(struct driver *d, const struct row *row, bool open)
{
	char want[256] = "open\n";

	if (d->mem->failed && !open)
		return;
	CHECK(open == (row->want == NULL));
	CHECK_STR(
	    wsx_extensions(d->ws), open && row->in != NULL ? row->in : ""); /* D36 W11 R06a R06b */
	if (row->want != NULL)
		CHECK_UINT(buf_len(&d->wire), d->head_n); /* no frame is sent */
	if (row->want != NULL) {
		driver_end(d);
		snprintf(want, sizeof want, "error handshake: %s\nclose 1006\n", row->want);
		CHECK_STR(driver_text(d), want);
	}
}

static void
check_server(struct driver *d, const struct row *row, bool open)
{
	if (d->mem->failed && !open)
		return;
	if (CHECK(open)) {
		CHECK_STR(sent_extensions(d), row->want);
		CHECK_STR(wsx_extensions(d->ws), row->want != NULL ? row->want : "");
	}
}

static void
meet(struct check_mem *mem, void *arg)
{
	const struct meeting *m = arg;
	struct driver d;
	bool open;

	driver_init(&d, m->role, mem);
	d.config.deflate = *m->row->config;
	d.extensions = m->row->in;
	open = driver_open(&d);
	if (d.ws == NULL)
		CHECK(mem->failed);
	else if (m->role == WSX_CLIENT)
		check_client(&d, m->row, open);
	else
		check_server(&d, m->row, open);
	driver_clear(&d);
}

static void
check_rows(enum wsx_role role, const struct row *rows, size_t n)
{
	struct meeting m = { role, NULL };

	for (size_t i = 0; i < n; i++) {
		m.row = &rows[i];
		check_enter("%s", rows[i].in != NULL ? rows[i].in : "none");
		check_allocations(meet, &m);
		check_leave();
	}
}

/* D04 D06 D09 D10 D13 D36 D40 */
static void
client_accepts_answers(void)
{
	static const struct row rows[] = {
		{ &on, NULL, NULL },
		{ &on, PMD, NULL },
		{ &on, PMD "; server_no_context_takeover", NULL },
		{ &on, PMD "; client_no_context_takeover", NULL },
		{ &on, PMD ";client_no_context_takeover ;  server_no_context_takeover", NULL },
		{ &on, PMD "; server_max_window_bits=8", NULL },
		{ &on, PMD "; server_max_window_bits=12", NULL },
		{ &on, PMD "; server_max_window_bits=\"15\"", NULL },
		{ &on, PMD "; client_max_window_bits=8", NULL },
		{ &on, PMD "; client_max_window_bits=15", NULL },
		{ &bits_10, PMD "; server_max_window_bits=10", NULL },
		{ &bits_10, PMD "; server_max_window_bits=9", NULL },
		{ &bits_10, PMD "; server_max_window_bits=10; client_max_window_bits=12", NULL },
		{ &bits_8, PMD "; server_max_window_bits=8", NULL },
		{ &alone, PMD "; server_no_context_takeover", NULL },
	};

	check_rows(WSX_CLIENT, rows, N(rows));
}

#define WRONG     "the server's permessage-deflate has a parameter that is wrong"
#define MALFORMED "the Sec-WebSocket-Extensions of the 101 is malformed"

/* D03 D04 D09 D10 D13 B21: the connection fails, and no frame is sent */
static void
client_refuses_answers(void)
{
	static const struct row rows[] = {
		{ &on, PMD "; foo", WRONG },
		{ &on, PMD "; server_no_context_takeover=true", WRONG },
		{ &on, PMD "; client_no_context_takeover=1", WRONG },
		{ &on, PMD "; server_no_context_takeover; server_no_context_takeover", WRONG },
		{ &on, PMD "; server_max_window_bits=9; server_max_window_bits=9", WRONG },
		{ &on, PMD "; server_max_window_bits", WRONG },
		{ &on, PMD "; server_max_window_bits=7", WRONG },
		{ &on, PMD "; server_max_window_bits=16", WRONG },
		{ &on, PMD "; server_max_window_bits=08", WRONG },
		{ &on, PMD "; server_max_window_bits=+9", WRONG },
		{ &on, PMD "; client_max_window_bits=16", WRONG },
		{ &on, PMD "; server_max_window_bits=", MALFORMED },
		{ &on, "", MALFORMED },
		{ &on, PMD "; client_max_window_bits",
		    "the server's client_max_window_bits has no value" },
		{ &on, PMD ", " PMD, "the server chose permessage-deflate twice" },
		{ &on, PMD LINE PMD, "the 101 has more than one Sec-WebSocket-Extensions" },
		{ &on, PMD ", x-a", "the server chose an extension not offered: x-a" },
		{ &on, "x-a", "the server chose an extension not offered: x-a" },
		{ &off, PMD, "the server chose an extension not offered: " PMD },
		{ &bits_10, PMD, "the server did not grant server_max_window_bits" },
		{ &bits_10, PMD "; server_max_window_bits=11",
		    "the server did not grant server_max_window_bits" },
		{ &alone, PMD, "the server did not grant server_no_context_takeover" },
	};

	check_rows(WSX_CLIENT, rows, N(rows));
}

#define SRV_10 "; server_max_window_bits=10"
#define ALONE  "; server_no_context_takeover; client_no_context_takeover"

/* D02 D05 D07 D09 D11 D12 D15 D34 HS13 HS15 */
static void
server_answers_offers(void)
{
	static const struct row rows[] = {
		{ &on, NULL, NULL },
		{ &off, PMD, NULL },
		{ &on, PMD, PMD },
		{ &on, PMD "; client_max_window_bits", PMD },
		{ &on, PMD "; server_no_context_takeover", PMD "; server_no_context_takeover" },
		{ &on, PMD "; client_no_context_takeover", PMD "; client_no_context_takeover" },
		{ &on, PMD SRV_10, PMD SRV_10 },
		{ &on, PMD "; server_max_window_bits=\"15\"", PMD "; server_max_window_bits=15" },
		{ &on, PMD "; client_max_window_bits=10", PMD "; client_max_window_bits=10" },
		{ &bits_10, PMD, PMD SRV_10 },
		{ &bits_10, PMD "; client_max_window_bits",
		    PMD SRV_10 "; client_max_window_bits=10" },
		{ &bits_10, PMD "; client_max_window_bits=9",
		    PMD SRV_10 "; client_max_window_bits=9" },
		{ &bits_10, PMD "; server_max_window_bits=9", PMD "; server_max_window_bits=9" },
		{ &alone, PMD, PMD ALONE },
		/* alternatives */
		{ &on, PMD "; foo, " PMD, PMD },
		{ &on, PMD SRV_10 ", " PMD, PMD SRV_10 },
		{ &on, "x-a, " PMD, PMD },
		{ &on, "x-a" LINE PMD, PMD },
		{ &on, PMD "; server_max_window_bits=8, " PMD, PMD },
		/* declined in silence */
		{ &on, "x-a", NULL },
		{ &on, "x-a; a=b; c=\"d\"", NULL },
		{ &on, PMD "; foo", NULL },
		{ &on, PMD "; server_no_context_takeover=1", NULL },
		{ &on, PMD "; server_max_window_bits=8; server_max_window_bits=9", NULL },
		{ &on, PMD "; client_max_window_bits; client_max_window_bits", NULL },
		{ &on, PMD "; server_max_window_bits", NULL },
		{ &on, PMD "; server_max_window_bits=7", NULL },
		{ &on, PMD "; server_max_window_bits=8", NULL },
		{ &on, PMD "; server_max_window_bits=16", NULL },
		{ &on, PMD "; server_max_window_bits=08", NULL },
		{ &on, PMD "; server_max_window_bits=+9", NULL },
		{ &on, PMD "; client_max_window_bits=16", NULL },
	};

	check_rows(WSX_SERVER, rows, N(rows));
}

/* HS14, whether or not we would compress */
static void
server_refuses_malformed_offers(void)
{
	static const char *const bad[] = { "", ",", PMD ";", PMD "; =1", PMD " x",
		PMD "; server_max_window_bits=", "\"" PMD "\"" };
	struct driver d;

	for (size_t i = 0; i < 2 * N(bad); i++) {
		check_enter("%s", bad[i / 2]);
		driver_init(&d, WSX_SERVER, NULL);
		d.config.deflate.enabled = i % 2 != 0;
		d.extensions = bad[i / 2];
		CHECK(!driver_open(&d));
		driver_end(&d);
		CHECK_STR(driver_text(&d),
		    "error handshake: refused with 400: a malformed Sec-WebSocket-Extensions\n"
		    "close 1006\n");
		CHECK_STR(wsx_extensions(d.ws), "");
		driver_clear(&d);
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(client_offers_what_it_is_configured_to),
		CHECK_CASE(configuration_out_of_range_is_refused),
		CHECK_CASE(client_accepts_answers),
		CHECK_CASE(client_refuses_answers),
		CHECK_CASE(server_answers_offers),
		CHECK_CASE(server_refuses_malformed_offers),
	};

	return check_main(argc, argv, cases, N(cases));
}

#include "client_rows.h"

#include <string.h>

/* The way of a client from its request to being open: interim answers, frames glued on, heads. */

/* P03 P04 */
static void
client_passes_over_interim_answers(void)
{
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define HINTS    "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n"
	static const struct client_row rows[] = {
		{ CONTINUE HINTS END GOOD END, OPENS, NULL },
		{ CONTINUE HINTS END GOOD END "\x81\x02hi", "open\ntext 'hi'\n" LOST, NULL },
		{ HINTS ACCEPT END SWITCH UPGRADE CONNECT END,
		    REFUSED("the 101 has no Sec-WebSocket-Accept"), NULL },
		{ HINTS UPGRADE CONNECT ACCEPT END "HTTP/1.1 404 No\r\n\r\n",
		    REFUSED("the server answered 404 No"), NULL },
		{ CONTINUE, REFUSED("closed during the handshake"), NULL },
		{ CONTINUE "x", REFUSED("the answer is not HTTP"), NULL },
	};

	CHECK_ROWS(rows);
}

static void
client_passes_over_sixteen_interim_answers_at_most(void)
{
	static const char hint[] = "HTTP/1.1 103 x\r\n\r\n";
	char answer[17 * 32 + 512];
	struct client_row row = { answer, OPENS, NULL };

	for (int n = 16; n <= 17; n++) {
		for (int i = 0; i < n; i++)
			memcpy(answer + i * (int)(sizeof hint - 1), hint, sizeof hint - 1);
		memcpy(answer + n * (int)(sizeof hint - 1), GOOD END, sizeof GOOD END);
		row.want = n == 16 ? OPENS : REFUSED("too many interim answers");
		client_check_rows(&row, 1);
	}
}

/* HC30 P11 R10a B11 B44: what follows the head is frames, wherever the reads are cut */
static void
client_takes_frames_glued_to_the_101(void)
{
	static const struct client_row rows[] = {
		{ GOOD END "\x81\x02hi", "open\ntext 'hi'\n" LOST, NULL },
		{ GOOD "Content-Length: 4\r\n" END "\x81\x02hi", "open\ntext 'hi'\n" LOST, NULL },
		{ GOOD "Transfer-Encoding: chunked\r\n" END "\x81\x02hi", "open\ntext 'hi'\n" LOST,
		    NULL },
		{ GOOD END "\x01\x01\x61\x89\x01p\x80\x01\x62\x88\x02\x03\xe9",
		    "open\nping 'p'\ntext 'ab'\nclose 1001 clean\n"
		    "sent: pong 'p'\nsent: close 1001\n",
		    NULL },
		{ GOOD END "\x83",
		    "open\nerror protocol: a reserved opcode\n" LOST
		    "sent: close 1002 'a reserved opcode'\n",
		    NULL },
	};

	CHECK_ROWS(rows);
}

/* P19 */
static void
client_fails_where_the_answer_is_cut_off(void)
{
	char answer[512];
	size_t n = client_fill_in(GOOD END, answer, sizeof answer);
	struct client_row row = { answer, REFUSED("closed during the handshake"), NULL };

	for (size_t cut = 0; cut < n && check_failures() == 0; cut++) {
		check_enter("after %zu bytes", cut);
		check_chunks((const uint8_t *)answer, cut, row.want, client_replay, &row);
		check_leave();
	}
}

static void
client_knows_the_status_of_the_answer(void)
{
	static const char busy[] = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	if (CHECK(driver_open(&d)))
		CHECK_INT(wsx_http_status(d.ws), 101);
	driver_clear(&d);

	driver_init(&d, WSX_CLIENT, NULL);
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		driver_feed(&d, CONTINUE, sizeof CONTINUE - 1);
		CHECK_INT(wsx_http_status(d.ws), 0);
		driver_feed(&d, busy, sizeof busy - 1);
		CHECK_INT(wsx_http_status(d.ws), 503);
		CHECK(d.ended); /* HC35: nothing more, and the host shuts down */
		CHECK_INT(d.received, WSX_ERR_PROTOCOL);
	}
	driver_clear(&d);
}

/* Bodies. */

struct body_row {
	const char *answer;
	const char *body; /* what is kept of it */
	bool more; /* it is not complete when the answer has ended */
};

static void
replay_body(const struct body_row *row, size_t step)
{
	size_t n = strlen(row->answer), k;
	const uint8_t *body;
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		for (size_t at = 0; at < n; at += step)
			driver_feed(&d, row->answer + at, at + step < n ? step : n - at);
		CHECK_INT(wsx_body_expected(d.ws), row->more);
		CHECK_INT(d.ended, !row->more);
		wsx_body(d.ws, &body, &k);
		CHECK_SPAN(((struct span){ (const char *)body, k }), row->body);
	}
	driver_clear(&d);
}

/* RFC 9112 6.3, as far as a refusal is explained by it. */
static void
client_keeps_the_start_of_a_refusals_body(void)
{
	static const struct body_row rows[] = {
		{ "HTTP/1.1 403 No\r\nContent-Length: 5\r\n\r\nwrong, and more", "wrong", false },
		{ "HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nwrong", "wrong", true },
		{ "HTTP/1.1 403 No\r\nContent-Length: x\r\n\r\nwrong", "wrong", true },
		{ "HTTP/1.1 403 No\r\n\r\nwrong", "wrong", true },
		{ "HTTP/1.1 204 No\r\n\r\nwrong", "", false },
		{ "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "3\r\nwro\r\n2;a=b\r\nng\r\n0\r\n\r\n",
		    "wrong", false },
		{ "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nw\r\nnonsense", "w",
		    false },
		{ "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nwx", "w", false },
		{ "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nw", "",
		    false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check_enter("row %zu", i);
		for (size_t step = 1; step <= strlen(rows[i].answer); step++)
			replay_body(&rows[i], step);
		check_leave();
	}
}

static void
client_keeps_no_more_of_a_body_than_is_asked(void)
{
	static const char head[] = "HTTP/1.1 500 No\r\n\r\n";
	static const char line[] = "sixteen letters\n";
	const uint8_t *body;
	struct driver d;
	size_t k;

	driver_init(&d, WSX_CLIENT, NULL);
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		driver_feed(&d, head, sizeof head - 1);
		for (size_t i = 0; i < 1000; i++)
			driver_feed(&d, line, sizeof line - 1);
		CHECK(!wsx_body_expected(d.ws));
		wsx_body(d.ws, &body, &k);
		CHECK_INT(k, WSX_BODY_MAX);
	}
	driver_clear(&d);
}

/* Heads. */

static void
client_tells_the_heads(void)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.heads = true;
	d.trickle = true;
	if (CHECK_INT(driver_start(&d), WSX_OK)) {
		driver_feed(&d, CONTINUE, sizeof CONTINUE - 1);
		CHECK_STR(driver_text(&d), "head sent\nhead received\n");
	}
	driver_clear(&d);

	driver_init(&d, WSX_CLIENT, NULL);
	d.heads = true;
	CHECK(driver_open(&d));
	CHECK_STR(driver_text(&d), "head sent\nhead received\nopen\n");
	driver_clear(&d);
}

static void
close_at_head(struct driver *d, const char *event)
{
	if (strcmp(event, "head received") == 0)
		CHECK_INT(wsx_close(d->ws, 1000, "", 0), WSX_OK);
}

/* W19 W44: a handler of a head may close as any may: it does not open then. */
static void
client_closed_while_told_of_the_head_does_not_open(void)
{
	struct driver d;

	driver_init(&d, WSX_CLIENT, NULL);
	d.react = close_at_head;
	CHECK(!driver_open(&d));
	driver_end(&d);
	CHECK_STR(driver_text(&d), REFUSED("closed before the connection was open"));
	driver_clear(&d);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(client_passes_over_interim_answers),
		CHECK_CASE(client_passes_over_sixteen_interim_answers_at_most),
		CHECK_CASE(client_takes_frames_glued_to_the_101),
		CHECK_CASE(client_fails_where_the_answer_is_cut_off),
		CHECK_CASE(client_knows_the_status_of_the_answer),
		CHECK_CASE(client_keeps_the_start_of_a_refusals_body),
		CHECK_CASE(client_keeps_no_more_of_a_body_than_is_asked),
		CHECK_CASE(client_tells_the_heads),
		CHECK_CASE(client_closed_while_told_of_the_head_does_not_open),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

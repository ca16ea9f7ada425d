#include "ends.h"

#include <stdlib.h>
#include <string.h>

void
end_begin(struct end *e, enum wsx_role role, struct fuzz_in *in)
{
	uint8_t choice = fuzz_byte(in), more = fuzz_byte(in);

	driver_init(&e->d, role, NULL);
	e->d.config.whole = choice & 1;
	e->d.config.deflate.enabled = (choice & 6) != 0;
	e->d.config.deflate.window_bits = choice & 0x08 ? 8 + (choice >> 5) : 0;
	e->d.config.deflate.no_context_takeover = choice & 0x10;
	e->d.config.deflate.level = more % 10;
	e->d.config.deflate.always = more & 0x20;
	e->d.config.batch = more & 0x10;
	e->d.config.handlers.pong = NULL;
	buf_init(&e->want, &mem_libc, SIZE_MAX);
	MUST(buf_puts(&e->want, "open\n") == 0);
	e->at = 0;
	MUST(driver_start(&e->d) == WSX_OK);
}

void
end_carry(struct end *from, struct end *to, size_t n)
{
	size_t left = buf_len(&from->d.wire) - from->at;

	if (n > left)
		n = left;
	driver_feed(&to->d, buf_data(&from->d.wire) + from->at, n);
	from->at += n;
}

void
end_carry_all(struct end e[2])
{
	while (e[0].at < buf_len(&e[0].d.wire) || e[1].at < buf_len(&e[1].d.wire)) {
		end_carry(&e[0], &e[1], SIZE_MAX);
		end_carry(&e[1], &e[0], SIZE_MAX);
	}
}

void
end_open_both(struct end e[2])
{
	int bits = 15;

	end_carry_all(e);
	for (int i = 0; i < 2; i++)
		if (e[i].d.config.deflate.window_bits > 0 &&
		    e[i].d.config.deflate.window_bits < bits)
			bits = e[i].d.config.deflate.window_bits;
	for (int i = 0; i < 2; i++) {
		MUST(wsx_ready_state(e[i].d.ws) == WSX_OPEN);
		e[i].d.inflate_bits = wsx_extensions(e[i].d.ws)[0] != '\0' ? bits : 0;
	}
	MUST(strcmp(wsx_extensions(e[0].d.ws), wsx_extensions(e[1].d.ws)) == 0);
}

void
end_expect(struct end *e, const char *event, const uint8_t *p, size_t n)
{
	MUST(buf_puts(&e->want, event) == 0 && (n == 0 || buf_putc(&e->want, ' ') == 0));
	driver_put_bytes(&e->want, p, n);
	MUST(buf_putc(&e->want, '\n') == 0);
}

void
end_check_told(const struct end *e)
{
	CHECK_MEM(
	    buf_data(&e->d.events), buf_len(&e->d.events), buf_data(&e->want), buf_len(&e->want));
}

/* How long it takes until repetitive data repeats: more than a small window. */
#define PERIOD 700

/*
 * Text with characters of all lengths, letters that repeat from afar, or bytes that can not be
 * compressed; the middle of a long message is one run, which the transcript takes little time for.
 */
static void
fill(uint8_t *p, size_t n, enum wsx_type type, uint64_t random)
{
	static const char text[] = "\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80, ";
	size_t unit = sizeof text - 1, edge = 2 * PERIOD;
	bool letters = random & 1, noise = type == WSX_BINARY && random & 2;

	memset(p, 'x', n);
	for (size_t i = 0; i < n; i++) {
		if (i > edge && n - i > edge)
			i = n - edge;
		if (letters)
			p[i] = i < PERIOD ? 'a' + check_random(&random) % 8 : p[i - PERIOD];
		else if (noise)
			p[i] = (uint8_t)check_random(&random);
		else if (i - i % unit + unit <= n && i < edge - edge % unit)
			p[i] = (uint8_t)text[i % unit];
	}
}

void
end_send(struct end *from, struct end *to, uint8_t op, struct fuzz_in *in)
{
	enum wsx_type type = op & 2 ? WSX_TEXT : WSX_BINARY;
	size_t n = fuzz_number(in, op & 4 ? 70000 : 400),
	       step = op & 8 ? 1 + n / 16 + fuzz_number(in, 9000) : n;
	bool tail = op & 32;
	uint8_t *p = malloc(n + 1);
	struct wsx_piece piece = { type, true, false, p, 0 };

	MUST(p != NULL);
	fill(p, n, type, fuzz_byte(in));
	for (size_t at = 0; !piece.last; at += piece.n) {
		piece.data = p + at;
		piece.n = n - at < step ? n - at : step;
		piece.last = at + piece.n == n && (piece.n == 0 || !tail);
		MUST(wsx_output_room(from->d.ws) >= WSX_PIECE_ROOM(piece.n));
		MUST(wsx_send(from->d.ws, &piece, 1) == WSX_OK);
		driver_drain(&from->d);
		piece.first = false;
		if (piece.last)
			end_expect(to, type == WSX_TEXT ? "text" : "binary", p, n);
		if (op & 16) { /* a Ping amid the fragments */
			MUST(wsx_ping(from->d.ws, p, at % 126 < n ? at % 126 : 0) == WSX_OK);
			end_expect(to, "ping", p, at % 126 < n ? at % 126 : 0);
			driver_drain(&from->d);
		}
	}
	free(p);
}

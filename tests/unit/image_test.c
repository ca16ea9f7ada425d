#include "check.h"

#include <stdio.h>
#include <string.h>

#include "ui/image.h"

/* Images for terminals that draw them. */

/* An environment as "NAME=VALUE" strings. */
static const char *
value(const char *name, void *arg)
{
	const char *const *environment = arg;
	size_t n = strlen(name);

	for (; *environment != NULL; environment++)
		if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=')
			return *environment + n + 1;
	return NULL;
}

static enum image_protocol
protocol(enum when when, const char *a, const char *b)
{
	const char *environment[] = { a, b, NULL };

	return image_protocol(when, value, environment);
}

static void
the_terminal_is_told_by_its_variables(void)
{
	static const struct {
		const char *a, *b;
		enum image_protocol want;
	} rows[] = {
		{ NULL, NULL, IMAGE_NONE },
		{ "TERM=xterm-256color", NULL, IMAGE_NONE },
		{ "TERM=xterm-kitty", NULL, IMAGE_KITTY },
		{ "KITTY_WINDOW_ID=1", NULL, IMAGE_KITTY },
		{ "TERM=xterm-ghostty", NULL, IMAGE_KITTY },
		{ "TERM_PROGRAM=ghostty", NULL, IMAGE_KITTY },
		{ "TERM_PROGRAM=iTerm.app", NULL, IMAGE_ITERM2 },
		{ "TERM_PROGRAM=WezTerm", NULL, IMAGE_ITERM2 },
		{ "TERM_PROGRAM=mintty", NULL, IMAGE_ITERM2 },
		{ "LC_TERMINAL=iTerm2", "TERM=xterm", IMAGE_ITERM2 },
		{ "TERM_PROGRAM=Apple_Terminal", NULL, IMAGE_NONE },
		{ "KITTY_WINDOW_ID=1", "TMUX=/tmp/x", IMAGE_NONE },
		{ "KITTY_WINDOW_ID=1", "STY=1.x", IMAGE_NONE },
		{ "KITTY_WINDOW_ID=1", "TERM=screen", IMAGE_NONE },
		{ "LC_TERMINAL=iTerm2", "TERM=tmux-256color", IMAGE_NONE },
		{ "LC_TERMINAL=iTerm2", "TERM=dumb", IMAGE_NONE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check_enter("row %zu", i);
		CHECK_INT(protocol(WHEN_AUTO, rows[i].a, rows[i].b), rows[i].want);
		CHECK_INT(protocol(WHEN_NEVER, rows[i].a, rows[i].b), IMAGE_NONE);
		CHECK(protocol(WHEN_ALWAYS, rows[i].a, rows[i].b) != IMAGE_NONE);
		check_leave();
	}
	CHECK_INT(protocol(WHEN_ALWAYS, NULL, NULL), IMAGE_KITTY);
	CHECK_INT(protocol(WHEN_ALWAYS, "LC_TERMINAL=iTerm2", "TMUX=x"), IMAGE_ITERM2);
}

/* How an image of these bytes is drawn on 80 columns; as "" where it is not. */
static const char *
drawn(enum image_protocol p, const char *hex, size_t *n)
{
	static char text[256];
	static uint8_t bytes[8192];
	struct buf out;
	int r;

	buf_init(&out, &mem_libc, SIZE_MAX);
	*n = check_hex(hex, bytes, sizeof bytes);
	r = image_put(&out, p, bytes, *n, 80);
	CHECK_INT(r, buf_len(&out) > 0);
	snprintf(text, sizeof text, "%.*s", (int)buf_len(&out), (const char *)buf_data(&out));
	buf_clear(&out);
	return text;
}

#define PNG_OF(width, height)                                                                      \
	"89'PNG'0d0a1a0a 0000000d 'IHDR' 0000" width "0000" height "08 06 00*3"

static void
kitty_draws_png_alone(void)
{
	size_t n;

	CHECK_STR(drawn(IMAGE_KITTY, PNG_OF("0001", "0001"), &n),
	    "\033_Ga=T,f=100,q=2,m=0;iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAA=\033\\");
	CHECK_STR(drawn(IMAGE_KITTY, "ffd8ff e0 0010 00*20", &n), "");
	CHECK_STR(drawn(IMAGE_KITTY, "'GIF89a' 00*20", &n), "");
	CHECK_STR(drawn(IMAGE_KITTY, "'text'", &n), "");
	CHECK_STR(drawn(IMAGE_KITTY, "", &n), "");
	CHECK_STR(drawn(IMAGE_NONE, PNG_OF("0001", "0001"), &n), "");
}

static void
large_ones_come_in_parts(void)
{
	uint8_t bytes[2 * 3072 + 1] = "\x89PNG\r\n\x1a\n";
	const char *at;
	struct buf out;
	size_t parts = 0;

	buf_init(&out, &mem_libc, SIZE_MAX);
	CHECK_INT(image_put(&out, IMAGE_KITTY, bytes, sizeof bytes, 80), 1);
	CHECK_INT(buf_putc(&out, '\0'), 0);
	for (at = (const char *)buf_data(&out); (at = strstr(at, "\033_G")) != NULL; at++)
		parts++;
	CHECK_UINT(parts, 3);
	CHECK(strstr((const char *)buf_data(&out), "\033_Gq=2,m=1;") != NULL);
	CHECK(strstr((const char *)buf_data(&out), "\033_Gq=2,m=0;AA==\033\\") != NULL);
	buf_clear(&out);
}

/* Cells are taken for 8 by 16 pixels, rows are 24 at most. */
static void
what_is_too_large_is_made_smaller(void)
{
	static const struct {
		const char *image, *want;
	} rows[] = {
		{ PNG_OF("0280", "0180"), "" }, /* 640 by 384: 80 by 24 */
		{ PNG_OF("0281", "0010"), ";width=80" },
		{ PNG_OF("0010", "0181"), ";height=24" },
		{ PNG_OF("0a00", "0600"), ";height=24" },
		{ PNG_OF("0aff", "0600"), ";width=80" },
		{ "'GIF89a' 8102 1000 00", ";width=80" },
		{ "ffd8 ffe0 0004 0000 ffc0 0011 08 0181 0010 00*9", ";height=24" },
		{ "ffd8 ffe0 0004 0000 ffc4 0004 0000 ffc2 0011 08 0010 0281 00*9", ";width=80" },
		{ "ffd8 ffe0 0000 00*30", ";height=24" }, /* segments of no length, or cut off */
		{ "ffd8 ffe0 ffff 00*30", ";height=24" },
		{ "ffd8 ffc0 0011 08", ";height=24" },
	};
	char want[128];
	size_t n;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = drawn(IMAGE_ITERM2, rows[i].image, &n);

		check_enter("row %zu", i);
		snprintf(want, sizeof want, "\033]1337;File=inline=1;size=%zu%s:", n, rows[i].want);
		CHECK_MEM(text, strlen(want), want, strlen(want));
		CHECK(text[strlen(text) - 1] == '\007');
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(the_terminal_is_told_by_its_variables),
		CHECK_CASE(kitty_draws_png_alone),
		CHECK_CASE(large_ones_come_in_parts),
		CHECK_CASE(what_is_too_large_is_made_smaller),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

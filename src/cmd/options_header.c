#include "cmd/options_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/span.h"
#include "wsx.h"

/*
 * -H NAME:VALUE and -H @FILE. What is wrong with a header is told by its name alone: a value may
 * be a password, and so may be all of a text that has no colon.
 */

static int
check_name(const struct setting *s, struct span name)
{
	char shown[OPTION_SHOWN];
	size_t good = 0;

	if (name.n == 0)
		return option_refuse(s, "the header has no name before its colon");
	while (good < name.n && ascii_is_tchar(name.p[good]))
		good++;
	if (good < name.n)
		return option_refuse(s, "a header name can not hold '%s'",
		    option_show_char(shown, name.p + good, name.n - good));
	if (ascii_eq_nocase(name, span_str("Sec-WebSocket-Protocol")))
		return option_refuse(s, "subprotocols are offered by -s NAME, not by a header");
	if (wsx_header_is_reserved(name.p, name.n))
		return option_refuse(s, "%s is written by wsx itself and can not be given",
		    option_show(shown, name.p, name.n));
	return 0;
}

static int
check_value(const struct setting *s, struct span name, struct span value)
{
	char shown[OPTION_SHOWN];

	for (size_t i = 0; i < value.n; i++) {
		if (ascii_is_control(value.p[i]) && value.p[i] != '\t')
			return option_refuse(s,
			    "the value of %s holds a control character (0x%02x)",
			    option_show(shown, name.p, name.n), value.p[i]);
	}
	return 0;
}

/* Adds the one header that text is. */
static int
add_header(const struct setting *s, struct span text)
{
	const char *colon = text.n > 0 ? memchr(text.p, ':', text.n) : NULL;
	struct span name, value;
	struct buf line;
	int r;

	if (colon == NULL)
		return option_refuse(s, "the header has no colon; write NAME:VALUE");
	name = (struct span){ text.p, (size_t)(colon - text.p) };
	value = ascii_trim((struct span){ colon + 1, text.n - name.n - 1 });
	if (check_name(s, name) != 0 || check_value(s, name, value) != 0)
		return -1;

	buf_init(&line, &mem_libc, SIZE_MAX);
	r = buf_put(&line, text.p, name.n + 1);
	if (r == 0 && value.n > 0 && (r = buf_putc(&line, ' ')) == 0)
		r = buf_put(&line, value.p, value.n);
	if (r == 0)
		r = strlist_add_n(&s->o->headers, (const char *)buf_data(&line), buf_len(&line));
	buf_clear(&line);
	return r == 0 ? 0 : option_refuse(s, "no memory");
}

/* The headers in text, one a line; blank lines and those that start with # are none. */
static int
add_lines(const struct setting *s, const char *path, struct span text)
{
	char shown[OPTION_SHOWN], where[OPTION_SHOWN + 64];
	struct setting at = *s;

	option_show(shown, path, strlen(path));
	at.spelled = where;
	for (size_t number = 1; text.n > 0; number++) {
		const char *end = memchr(text.p, '\n', text.n);
		struct span line = { text.p, end != NULL ? (size_t)(end - text.p) : text.n };
		size_t used = end != NULL ? line.n + 1 : line.n;

		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		snprintf(where, sizeof where, "%s, line %zu of '%s'", s->spelled, number, shown);
		if (ascii_trim(line).n > 0 && line.p[0] != '#' && add_header(&at, line) != 0)
			return -1;
		text = (struct span){ text.p + used, text.n - used };
	}
	return 0;
}

static int
refuse_file(const struct setting *s, const char *path, const char *reason)
{
	char shown[OPTION_SHOWN];

	return option_refuse(
	    s, "can not read '%s': %s", option_show(shown, path, strlen(path)), reason);
}

static int
add_file(const struct setting *s, const char *path)
{
	const size_t max = 64 << 10;
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t n;
	int r;

	if (f == NULL)
		return refuse_file(s, path, strerror(errno));
	if ((text = mem_new(&mem_libc, max + 1)) == NULL) {
		r = option_refuse(s, "no memory");
		goto out;
	}
	n = fread(text, 1, max + 1, f);
	if (ferror(f))
		r = refuse_file(s, path, strerror(errno));
	else if (n > max)
		r = refuse_file(s, path, "it is longer than 64 KiB");
	else
		r = add_lines(s, path, (struct span){ text, n });
out:
	mem_free(&mem_libc, text);
	fclose(f);
	return r;
}

int
option_set_header(const struct setting *s)
{
	if (s->value[0] == '@')
		return add_file(s, s->value + 1);
	return add_header(s, span_str(s->value));
}

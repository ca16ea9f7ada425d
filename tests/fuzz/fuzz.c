#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

_Noreturn void
fuzz_fail(const char *file, int line, const char *what)
{
	fflush(stdout);
	fprintf(stderr, "%s:%d: %s does not hold\n", file, line, what);
	abort();
}

uint8_t
fuzz_byte(struct fuzz_in *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->p++;
}

size_t
fuzz_number(struct fuzz_in *in, size_t max)
{
	size_t high = fuzz_byte(in);

	return (high << 8 | fuzz_byte(in)) % (max + 1);
}

struct span
fuzz_take(struct fuzz_in *in, size_t n)
{
	struct span s = { (const char *)in->p, n < in->n ? n : in->n };

	in->p += s.n;
	in->n -= s.n;
	return s;
}

void *
fuzz_copy(const void *p, size_t n)
{
	void *copy = malloc(n > 0 ? n : 1);

	MUST(copy != NULL);
	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

struct deflate_params
fuzz_deflate_params(struct fuzz_in *in)
{
	uint8_t flags = fuzz_byte(in), bits = fuzz_byte(in);

	return (struct deflate_params){
		.server_no_context_takeover = flags & 1,
		.client_no_context_takeover = flags & 2,
		.server_max_window_bits = flags & 4 ? 8 + (bits & 7) : 0,
		.client_max_window_bits = flags & 8 ? 8 + (bits >> 4 & 7) : 0,
	};
}

/*
 * True if some character begins with the n bytes at p: of the code points that they leave open,
 * the first to the last, one is allowed.
 */
static bool
begins_character(const uint8_t *p, size_t n, size_t *length)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t first, last;

	*length = p[0] < 0x80       ? 1
		  : p[0] >> 5 == 6  ? 2
		  : p[0] >> 4 == 14 ? 3
		  : p[0] >> 3 == 30 ? 4
				    : 0;
	if (*length == 0)
		return false;
	first = last = p[0] & (*length == 1 ? 0x7fU : 0x7fU >> *length);
	for (size_t i = 1; i < *length; i++) {
		if (i < n && p[i] >> 6 != 2)
			return false;
		first = first << 6 | (i < n ? p[i] & 0x3fU : 0);
		last = last << 6 | (i < n ? p[i] & 0x3fU : 0x3fU);
	}
	if (last < least[*length] || first > 0x10ffff)
		return false;
	return first < 0xd800 || last > 0xdfff;
}

size_t
fuzz_utf8_good(const uint8_t *p, size_t n, bool *complete)
{
	size_t at = 0, length = 0;
	bool unused;

	if (complete == NULL)
		complete = &unused;
	*complete = true;
	for (; at < n; at += length) {
		for (size_t have = 1; have <= n - at && (have == 1 || have <= length); have++)
			if (!begins_character(p + at, have, &length))
				return at + have - 1;
		if (length > n - at) {
			*complete = false;
			return n;
		}
	}
	return n;
}

/* Characters that are invisible or change the direction of what stands around them. */
static bool
is_treacherous(uint32_t c)
{
	return (c >= 0x80 && c <= 0x9f) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
}

bool
fuzz_is_tame(const void *data, size_t n)
{
	const uint8_t *p = data;
	uint32_t c;
	int length;

	for (size_t i = 0; i < n; i += (size_t)length) {
		if ((length = utf8_decode(p + i, n - i, &c)) <= 0)
			return false;
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || is_treacherous(c))
			return false;
	}
	return true;
}

bool
fuzz_is_printable(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((const uint8_t *)p)[i] <= ' ' || ((const uint8_t *)p)[i] > '~')
			return false;
	return true;
}

struct span
fuzz_span(const struct buf *b)
{
	return (struct span){ (const char *)buf_data(b), buf_len(b) };
}

size_t
fuzz_count(struct span s, char c)
{
	size_t times = 0;

	for (size_t i = 0; i < s.n; i++)
		times += s.p[i] == c;
	return times;
}

int
fuzz_to_ascii(const char *name, size_t n, char *out, size_t max, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < n && n < max; i++)
		out[i] = (char)(name[i] & 0x7f);
	out[n < max ? n : 0] = '\0';
	return n < max ? 0 : -1;
}

void
fuzz_put(struct buf *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	MUST(buf_vputf(out, fmt, ap) == 0);
	va_end(ap);
}

#include "base/hex.h"

#include "base/ascii.h"
#include "base/err.h"

int
hex_put(struct buf *b, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *out;
	int r;

	if (n > SIZE_MAX / 2)
		return ERR_LIMIT;
	if ((r = buf_reserve(b, 2 * n, &out)) != 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		*out++ = (uint8_t)digits[p[i] >> 4];
		*out++ = (uint8_t)digits[p[i] & 0xf];
	}
	buf_commit(b, 2 * n);
	return 0;
}

/* What the digit c stands for, or -1. */
static int
value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = (char)ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

ssize_t
hex_decode(struct span s, uint8_t *out, size_t max)
{
	size_t n = 0;
	int high, low;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ' ' || s.p[i] == '\t')
			continue;
		if (i + 1 == s.n || (high = value(s.p[i])) < 0 || (low = value(s.p[i + 1])) < 0)
			return ERR_ARGUMENT;
		if (n == max)
			return ERR_LIMIT;
		out[n++] = (uint8_t)(high << 4 | low);
		i++;
	}
	return (ssize_t)n;
}

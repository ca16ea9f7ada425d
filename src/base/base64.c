#include "base/base64.h"

#include "base/ascii.h"
#include "base/err.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Four characters for the n, 1 to 3, bytes at p. */
static void
encode_group(char *out, const uint8_t *p, size_t n)
{
	uint32_t v = (uint32_t)p[0] << 16;

	if (n > 1)
		v |= (uint32_t)p[1] << 8;
	if (n > 2)
		v |= p[2];
	out[0] = alphabet[v >> 18];
	out[1] = alphabet[v >> 12 & 63];
	out[2] = n > 1 ? alphabet[v >> 6 & 63] : '=';
	out[3] = n > 2 ? alphabet[v & 63] : '=';
}

/* Writes BASE64_LEN(n) characters, no NUL. */
static void
encode(char *out, const uint8_t *p, size_t n)
{
	for (; n > 3; n -= 3, p += 3, out += 4)
		encode_group(out, p, 3);
	if (n > 0)
		encode_group(out, p, n);
}

void
base64_encode(char *out, const uint8_t *p, size_t n)
{
	encode(out, p, n);
	out[BASE64_LEN(n)] = '\0';
}

int
base64_put(struct buf *b, const uint8_t *p, size_t n)
{
	uint8_t *out;
	int r;

	if (n > SIZE_MAX / 4 * 3 - 2) /* its encoding has no size_t */
		return ERR_LIMIT;
	if ((r = buf_reserve(b, BASE64_LEN(n), &out)) != 0)
		return r;
	encode((char *)out, p, n);
	buf_commit(b, BASE64_LEN(n));
	return 0;
}

/* The six bits c stands for, or -1. */
static int
value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Four characters, of which the last 4 - n may be padding, to n - 1 bytes. */
static bool
decode_group(const char *p, size_t n, uint8_t *out)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int bits = i < n ? value(p[i]) : 0;

		if (bits < 0)
			return false;
		v = v << 6 | (uint32_t)bits;
	}
	for (size_t i = 0; i < n - 1; i++)
		out[i] = (uint8_t)(v >> (16 - 8 * i) & 0xff);
	return true;
}

ssize_t
base64_decode(struct span s, uint8_t *out, size_t max)
{
	size_t pad = 0, n;

	if (s.n % 4 != 0)
		return ERR_ARGUMENT;
	if (s.n == 0)
		return 0;
	while (pad < 2 && s.p[s.n - 1 - pad] == '=')
		pad++;
	n = s.n / 4 * 3 - pad;
	if (n > max)
		return ERR_LIMIT;
	for (; s.n > 4; s.n -= 4, s.p += 4, out += 3)
		if (!decode_group(s.p, 4, out))
			return ERR_ARGUMENT;
	if (!decode_group(s.p, 4 - pad, out))
		return ERR_ARGUMENT;
	return (ssize_t)n;
}

#include "proto/url_host.h"

#include "base/ascii.h"
#include "base/err.h"
#include "base/utf8.h"
#include "proto/take.h"

/* A domain has at most 255 bytes; more room lets IDNA libraries say so themselves. */
#define MAX_ASCII_NAME 1024

#define IPV6_PIECES    8

static int
fail(const char **why, const char *text)
{
	*why = text;
	return ERR_ARGUMENT;
}

static struct span
buf_span(const struct buf *b)
{
	return (struct span){ (const char *)buf_data(b), buf_len(b) };
}

int
url_put_decoded(struct buf *out, struct span s)
{
	int r = 0;

	for (size_t i = 0; i < s.n && r == 0; i++) {
		int hi = -1, lo = -1;

		if (s.p[i] == '%' && s.n - i > 2) {
			hi = ascii_hex_value(s.p[i + 1]);
			lo = ascii_hex_value(s.p[i + 2]);
		}
		if (hi < 0 || lo < 0) {
			r = buf_putc(out, (uint8_t)s.p[i]);
		} else {
			r = buf_putc(out, (uint8_t)(hi << 4 | lo));
			i += 2;
		}
	}
	return r;
}

/* A part of an IPv4 address: decimal, 0x hexadecimal or 0 octal. Values over 32 bits saturate. */
static bool
parse_ipv4_number(struct span s, uint64_t *v)
{
	uint64_t number = 0;
	unsigned radix = 10;

	if (s.n == 0)
		return false;
	if (s.n >= 2 && s.p[0] == '0') {
		radix = ascii_lower(s.p[1]) == 'x' ? 16 : 8;
		take_n(&s, radix == 16 ? 2 : 1);
	}
	for (size_t i = 0; i < s.n; i++) {
		int digit = ascii_hex_value(s.p[i]);

		if (digit < 0 || (unsigned)digit >= radix)
			return false;
		if (number <= UINT32_MAX)
			number = number * radix + (unsigned)digit;
	}
	*v = number;
	return true;
}

static struct span
without_last_dot(struct span s)
{
	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

/* Such a host must be an IPv4 address: 1.2.3.4x is a name, 1.2.3.999 an error. */
static bool
ends_in_number(struct span host)
{
	struct span last = without_last_dot(host);
	size_t digits = 0;
	uint64_t v;

	for (size_t i = last.n; i > 0; i--) {
		if (last.p[i - 1] == '.') {
			take_n(&last, i);
			break;
		}
	}
	while (digits < last.n && ascii_is_digit(last.p[digits]))
		digits++;
	return (last.n > 0 && digits == last.n) || parse_ipv4_number(last, &v);
}

static bool
parse_ipv4(struct span host, uint32_t *address)
{
	struct span rest = without_last_dot(host);
	uint64_t v, sum = 0;

	for (unsigned shift = 24;; shift -= 8) {
		struct span part = take_to(&rest, '.');

		if (!parse_ipv4_number(part, &v))
			return false;
		if (rest.n == 0) { /* the last part fills all that is left */
			if (v >> (shift + 8) != 0)
				return false;
			*address = (uint32_t)(sum | v);
			return true;
		}
		if (v > 255 || shift == 0)
			return false;
		sum |= v << shift;
		take_n(&rest, 1);
	}
}

static int
put_ipv4(struct buf *out, uint32_t a)
{
	return buf_putf(out, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
}

/* The dotted end of an IPv6 address: four strict decimals as two pieces. */
static bool
parse_ipv6_quad(struct span s, uint16_t piece[2])
{
	uint32_t address = 0;

	for (int part = 0; part < 4; part++) {
		unsigned v = 0;
		size_t n = 0;

		if (part > 0) {
			if (s.n == 0 || s.p[0] != '.')
				return false;
			take_n(&s, 1);
		}
		for (; n < s.n && ascii_is_digit(s.p[n]) && v <= 255; n++)
			v = v * 10 + (unsigned)(s.p[n] - '0');
		if (n == 0 || v > 255 || (n > 1 && s.p[0] == '0'))
			return false;
		address = address << 8 | v;
		take_n(&s, n);
	}
	piece[0] = (uint16_t)(address >> 16);
	piece[1] = (uint16_t)(address & 0xffff);
	return s.n == 0;
}

/* One to four hexadecimal digits: their number, 0 where there are none. */
static size_t
parse_ipv6_piece(struct span s, uint16_t *piece)
{
	unsigned v = 0;
	size_t n = 0;

	for (; n < 4 && n < s.n && ascii_hex_value(s.p[n]) >= 0; n++)
		v = v << 4 | (unsigned)ascii_hex_value(s.p[n]);
	*piece = (uint16_t)v;
	return n;
}

/*
 * Moves what follows the gap of "::" to the end; gap == IPV6_PIECES stands for none. The gap is of
 * one piece at least.
 */
static bool
expand_ipv6(uint16_t piece[IPV6_PIECES], size_t n, size_t gap)
{
	size_t after;

	if (gap == IPV6_PIECES || n == IPV6_PIECES)
		return gap == IPV6_PIECES && n == IPV6_PIECES;
	after = n - gap;
	memmove(piece + IPV6_PIECES - after, piece + gap, after * sizeof *piece);
	memset(piece + gap, 0, (IPV6_PIECES - n) * sizeof *piece);
	return true;
}

static bool
parse_ipv6(struct span s, uint16_t piece[IPV6_PIECES])
{
	size_t n = 0, gap = IPV6_PIECES, used;

	if (s.n >= 2 && s.p[0] == ':' && s.p[1] == ':') {
		gap = 0;
		take_n(&s, 2);
	}
	while (s.n > 0) {
		if (n == IPV6_PIECES || (used = parse_ipv6_piece(s, &piece[n])) == 0)
			return false;
		if (used < s.n && s.p[used] == '.') {
			if (n > IPV6_PIECES - 2 || !parse_ipv6_quad(s, piece + n))
				return false;
			n += 2;
			break;
		}
		n++;
		take_n(&s, used);
		if (s.n == 0)
			break;
		if (s.p[0] != ':' || s.n == 1)
			return false;
		take_n(&s, 1);
		if (s.p[0] == ':') {
			if (gap != IPV6_PIECES || n == IPV6_PIECES)
				return false;
			gap = n;
			take_n(&s, 1);
		}
	}
	return expand_ipv6(piece, n, gap);
}

/* RFC 5952 4.2: "::" stands for the longest run of two zeros or more, the first of equal ones. */
static void
longest_zeros(const uint16_t piece[IPV6_PIECES], size_t *start, size_t *length)
{
	*start = IPV6_PIECES;
	*length = 1;
	for (size_t i = 0; i < IPV6_PIECES; i++) {
		size_t n = 0;

		while (i + n < IPV6_PIECES && piece[i + n] == 0)
			n++;
		if (n > *length) {
			*start = i;
			*length = n;
		}
	}
}

static int
put_ipv6(struct buf *out, const uint16_t piece[IPV6_PIECES])
{
	size_t start, length, i = 0;
	int r = 0;

	longest_zeros(piece, &start, &length);
	while (i < IPV6_PIECES && r == 0) {
		if (i == start) {
			r = buf_puts(out, "::");
			i += length;
			continue;
		}
		r = buf_putf(out, "%s%x", i > 0 && i != start + length ? ":" : "", piece[i]);
		i++;
	}
	return r;
}

static int
put_bracketed(struct span s, struct buf *out, const char **why)
{
	uint16_t piece[IPV6_PIECES];

	if (s.p[s.n - 1] != ']')
		return fail(why, "IPv6 address is not closed by a bracket");
	s = (struct span){ s.p + 1, s.n - 2 };
	if (s.n > 0 && memchr(s.p, '%', s.n) != NULL)
		return fail(why, "IPv6 address has a zone, which a URL can not hold");
	if (!parse_ipv6(s, piece))
		return fail(why, "IPv6 address is not valid");
	return put_ipv6(out, piece);
}

static bool
is_forbidden(char c)
{
	return ascii_is_control(c) || strchr(" #%/:<>?@[\\]^|", c) != NULL;
}

static int
check_domain(struct span s, const char **why)
{
	if (s.n == 0)
		return fail(why, "host is missing");
	for (size_t i = 0; i < s.n; i++) {
		if (is_forbidden(s.p[i]))
			return fail(why, "host has a character that no host name may have");
	}
	return 0;
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] & 0x80) != 0)
			return false;
	}
	return true;
}

/* Replaces the name in b, UTF-8, by its A-labels. */
static int
apply_idna(struct buf *b, url_to_ascii_fn *to_ascii, void *arg, const char **why)
{
	char name[MAX_ASCII_NAME];
	struct span s = buf_span(b);

	if (!utf8_valid(buf_data(b), buf_len(b)))
		return fail(why, "host is not valid UTF-8");
	if (to_ascii == NULL)
		return fail(
		    why, "host is not ASCII, and this build has no IDNA; use its xn-- form");
	if (to_ascii(s.p, s.n, name, sizeof name, arg) != 0 || !is_ascii(span_str(name)))
		return fail(why, "host is not a valid international name");
	buf_reset(b);
	return buf_puts(b, name);
}

static void
lower(struct buf *b)
{
	uint8_t *p = buf_mutable_data(b);

	for (size_t i = 0; i < buf_len(b); i++)
		p[i] = (uint8_t)ascii_lower((char)p[i]);
}

static int
put_domain(struct span s, url_to_ascii_fn *to_ascii, void *arg, struct buf *out, const char **why)
{
	uint32_t address;
	int r;

	if ((r = url_put_decoded(out, s)) != 0)
		return r;
	if ((r = check_domain(buf_span(out), why)) != 0)
		return r;
	if (!is_ascii(buf_span(out))) {
		if ((r = apply_idna(out, to_ascii, arg, why)) != 0)
			return r;
		/* compatibility mapping may have made delimiters: U+FF0F is a slash */
		if ((r = check_domain(buf_span(out), why)) != 0)
			return r;
	}
	lower(out);
	if (!ends_in_number(buf_span(out)))
		return 0;
	if (!parse_ipv4(buf_span(out), &address))
		return fail(why, "host ends in a number but is not an IPv4 address");
	buf_reset(out);
	return put_ipv4(out, address);
}

int
url_host_parse(struct span s, url_to_ascii_fn *to_ascii, void *arg, struct buf *out, bool *ipv6,
    const char **why)
{
	*ipv6 = s.n > 0 && s.p[0] == '[';
	return *ipv6 ? put_bracketed(s, out, why) : put_domain(s, to_ascii, arg, out, why);
}

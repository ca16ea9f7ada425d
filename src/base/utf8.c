#include "base/utf8.h"

#include <assert.h>
#include <string.h>

#include "base/utf8_blocks.h"

/* Fewer bytes than this are sooner looked at one by one than made a block. */
#define BLOCK_LEAST 12

/* How many of the n bytes at p are ASCII before the first that is not. */
static size_t
ascii_run(const uint8_t *p, size_t n)
{
	size_t i = 0;
	uint64_t word;

	for (; n - i >= sizeof word; i += sizeof word) {
		memcpy(&word, p + i, sizeof word);
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

/*
 * A sequence begins with c >= 0x80: sets what must follow, or returns false if c begins none.
 * The narrowed ranges are those of RFC 3629 4; they keep out overlong forms, surrogates and
 * all over 0x10ffff at the second byte.
 */
static bool
begin(struct utf8 *u, uint8_t c)
{
	*u = UTF8_INIT;
	if (c < 0xc2 || c > 0xf4)
		return false;
	if (c < 0xe0)
		u->left = 1;
	else if (c < 0xf0)
		u->left = 2;
	else
		u->left = 3;
	if (c == 0xe0)
		u->min = 0xa0;
	else if (c == 0xed)
		u->max = 0x9f;
	else if (c == 0xf0)
		u->min = 0x90;
	else if (c == 0xf4)
		u->max = 0x8f;
	return true;
}

/* After an impossible byte the state is that before it: whoever goes on there fails again. */
static size_t
check_bytes(struct utf8 *u, const uint8_t *p, size_t n)
{
	struct utf8 now = *u; /* a copy the compiler can keep in registers */
	size_t i = 0;

	while (i < n) {
		if (now.left == 0) {
			i += ascii_run(p + i, n - i);
			if (i == n || !begin(&now, p[i]))
				break;
		} else {
			if (p[i] < now.min || p[i] > now.max)
				break;
			now = (struct utf8){ (uint8_t)(now.left - 1), 0x80, 0xbf };
		}
		i++;
	}
	*u = now;
	return i;
}

/* Of the n bytes at p, no more than a character takes that was begun before. */
static size_t
check_open(struct utf8 *u, const uint8_t *p, size_t n)
{
	return check_bytes(u, p, u->left < n ? u->left : n);
}

/* Where in the n > 0 bytes at p, which are good up to the last character, that begins. */
static size_t
last_character(const uint8_t *p, size_t n)
{
	do
		n--;
	while (n > 0 && (p[n] & 0xc0) == 0x80);
	return n;
}

/* Whole blocks, and the character that the last one leaves open. */
static size_t
check_blocks(const struct utf8_way *way, struct utf8 *u, const uint8_t *p, size_t n)
{
	size_t end = way->pass(p, n), at;

	if (end == 0)
		return 0;
	at = last_character(p, end);
	at += check_bytes(u, p + at, end - at);
	return at + check_open(u, p + at, n - at);
}

/* Less than a block becomes one: with zeros after it, which end a character at the wrong place. */
static bool
is_good_alone(const struct utf8_way *way, const uint8_t *p, size_t n)
{
	uint8_t block[UTF8_BLOCK] = { 0 };

	if (n < BLOCK_LEAST || n >= UTF8_BLOCK)
		return false;
	memcpy(block, p, n);
	return way->pass(block, sizeof block) == sizeof block;
}

size_t
utf8_check_in(const struct utf8_way *way, struct utf8 *u, const uint8_t *p, size_t n)
{
	size_t at;

	if (way->pass == NULL || n < BLOCK_LEAST)
		return check_bytes(u, p, n);
	at = check_open(u, p, n);
	if (u->left != 0)
		return at;
	at += check_blocks(way, u, p + at, n - at);
	if (u->left == 0 && is_good_alone(way, p + at, n - at))
		return n;
	return at + check_bytes(u, p + at, n - at);
}

size_t
utf8_check_any(struct utf8 *u, const uint8_t *p, size_t n)
{
	return utf8_check_in(utf8_way(0), u, p, n);
}

int
utf8_decode(const uint8_t *p, size_t n, uint32_t *c)
{
	struct utf8 u = UTF8_INIT;
	uint32_t v;
	int len;

	if (n == 0)
		return 0;
	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	if (!begin(&u, p[0]))
		return -1;
	len = 1 + u.left;
	if (n > (size_t)len)
		n = (size_t)len;
	if (utf8_check(&u, p + 1, n - 1) != n - 1)
		return -1;
	if (!utf8_complete(&u))
		return 0;
	v = p[0] & (0x7fU >> len);
	for (int i = 1; i < len; i++)
		v = v << 6 | (p[i] & 0x3fU);
	*c = v;
	return len;
}

size_t
utf8_encode(uint32_t c, uint8_t out[4])
{
	static const uint8_t lead[] = { 0, 0x00, 0xc0, 0xe0, 0xf0 };
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	assert(c <= 0x10ffff && (c < 0xd800 || c > 0xdfff));
	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (uint8_t)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (uint8_t)(lead[len] | c);
	return len;
}

size_t
utf8_cut(const uint8_t *p, size_t n)
{
	uint32_t c;

	/* Only a character begun in the last three bytes can be unfinished. */
	for (size_t back = 1; back <= 3 && back <= n; back++)
		if (utf8_decode(p + n - back, back, &c) == 0)
			return n - back;
	return n;
}

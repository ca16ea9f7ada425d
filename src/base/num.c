#include "base/num.h"

#include <assert.h>
#include <string.h>

#include "base/ascii.h"

uint64_t
load_be(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	assert(n <= sizeof v);
	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

void
store_be(uint8_t *p, uint64_t v, size_t n)
{
	assert(n <= sizeof v);
	while (n-- > 0) {
		p[n] = (uint8_t)(v & 0xff);
		v >>= 8;
	}
}

bool
size_mul(size_t a, size_t b, size_t *product)
{
	if (a != 0 && b > SIZE_MAX / a)
		return false;
	*product = a * b;
	return true;
}

bool
num_parse_u64(struct span s, uint64_t max, uint64_t *v)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit;

		if (!ascii_is_digit(s.p[i]))
			return false;
		digit = (uint64_t)(s.p[i] - '0');
		if (sum > max / 10 || digit > max - sum * 10)
			return false;
		sum = sum * 10 + digit;
	}
	if (s.n == 0)
		return false;
	*v = sum;
	return true;
}

/* The power of two a suffix stands for, 0 for a character that is none. */
static unsigned
suffix_shift(char c)
{
	switch (ascii_lower(c)) {
	case 'k':
		return 10;
	case 'm':
		return 20;
	case 'g':
		return 30;
	}
	return 0;
}

bool
num_parse_size(struct span s, uint64_t *v)
{
	unsigned shift = s.n > 0 ? suffix_shift(s.p[s.n - 1]) : 0;

	if (shift > 0)
		s.n--;
	if (!num_parse_u64(s, UINT64_MAX >> shift, v))
		return false;
	*v <<= shift;
	return true;
}

/* One to three decimals as thousandths. */
static bool
parse_decimals(struct span s, uint64_t *ms)
{
	if (s.n > 3 || !num_parse_u64(s, 999, ms))
		return false;
	for (size_t i = s.n; i < 3; i++)
		*ms *= 10;
	return true;
}

bool
num_parse_seconds(struct span s, uint64_t *ms)
{
	const uint64_t max = 1000000000;
	const char *point = s.n > 0 ? memchr(s.p, '.', s.n) : NULL;
	struct span whole = s;
	uint64_t seconds, decimals = 0;

	if (point != NULL) {
		struct span rest = { point + 1, (size_t)(s.p + s.n - (point + 1)) };

		whole.n = (size_t)(point - s.p);
		if (!parse_decimals(rest, &decimals))
			return false;
	}
	if (whole.n == 0 && point != NULL) /* ".5", as sleep(1) takes it */
		whole = span_str("0");
	if (!num_parse_u64(whole, max, &seconds) || (seconds == max && decimals > 0))
		return false;
	*ms = seconds * 1000 + decimals;
	return true;
}

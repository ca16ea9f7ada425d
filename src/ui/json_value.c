#include "ui/json_value.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/err.h"
#include "base/num.h"

static int put_value(struct json *j, struct buf *out);

/* Text behind its length, so that what follows it can not be taken for part of it. */
static int
put_text(struct buf *out, char kind, struct span s)
{
	int r = buf_putf(out, "%c%zu:", kind, s.n);

	return r == 0 ? buf_put(out, s.p, s.n) : r;
}

/* Numbers. */

/* The parts of a number: digits are those before and behind the point, without it. */
struct number {
	bool negative;
	struct span whole, fraction;
	int64_t exponent;
};

static struct span
take_digits(struct span *s)
{
	struct span digits = { s->p, 0 };

	while (digits.n < s->n && ascii_is_digit(s->p[digits.n]))
		digits.n++;
	s->p += digits.n;
	s->n -= digits.n;
	return digits;
}

/* False if its exponent is beyond all use. */
static bool
read_number(struct span s, struct number *n)
{
	uint64_t e = 0;
	bool minus = false;

	*n = (struct number){ .negative = s.p[0] == '-' };
	s.p += n->negative;
	s.n -= n->negative;
	n->whole = take_digits(&s);
	if (s.n > 0 && s.p[0] == '.') {
		s = (struct span){ s.p + 1, s.n - 1 };
		n->fraction = take_digits(&s);
	}
	if (s.n > 0) {
		s = (struct span){ s.p + 1, s.n - 1 };
		minus = s.p[0] == '-';
		if (minus || s.p[0] == '+')
			s = (struct span){ s.p + 1, s.n - 1 };
		if (!num_parse_u64(s, INT32_MAX, &e))
			return false;
	}
	n->exponent = minus ? -(int64_t)e : (int64_t)e;
	return true;
}

/* Its digits without zeros at either end, and the power of ten they are to be multiplied with. */
static int
put_number(struct buf *out, struct span text)
{
	struct number n;
	struct buf digits;
	const uint8_t *p;
	size_t k, zeros = 0;
	int r;

	if (!read_number(text, &n))
		return put_text(out, 'N', text);
	buf_init(&digits, out->mem, SIZE_MAX);
	r = buf_put(&digits, n.whole.p, n.whole.n);
	if (r == 0)
		r = buf_put(&digits, n.fraction.p, n.fraction.n);
	p = buf_data(&digits);
	k = buf_len(&digits);
	n.exponent -= (int64_t)n.fraction.n;
	for (; r == 0 && k > 0 && p[k - 1] == '0'; k--)
		n.exponent++;
	while (r == 0 && zeros < k && p[zeros] == '0')
		zeros++;
	if (r == 0 && zeros == k)
		r = buf_puts(out, "n0;");
	else if (r == 0)
		r = buf_putf(out, "n%s%.*se%lld;", n.negative ? "-" : "", (int)(k - zeros),
		    (const char *)p + zeros, (long long)n.exponent);
	buf_clear(&digits);
	return r;
}

/* Objects. */

/* Where in out a member is. */
struct part {
	const uint8_t *p;
	size_t n;
};

static int
compare(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int r = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return r != 0 ? r : (x->n > y->n) - (x->n < y->n);
}

/* Puts the parts of out that lie from start on, each of that length, in their order. */
static int
sort_parts(struct buf *out, size_t start, const struct buf *lengths)
{
	size_t k = buf_len(lengths) / sizeof(size_t), at = start, n;
	struct part *parts = mem_resize(out->mem, NULL, (k + 1) * sizeof *parts);
	struct buf sorted;
	int r = parts == NULL ? ERR_NOMEM : 0;

	buf_init(&sorted, out->mem, SIZE_MAX);
	for (size_t i = 0; r == 0 && i < k; i++) {
		memcpy(&n, buf_data(lengths) + i * sizeof n, sizeof n);
		parts[i] = (struct part){ buf_data(out) + at, n };
		at += n;
	}
	if (r == 0)
		qsort(parts, k, sizeof *parts, compare);
	for (size_t i = 0; r == 0 && i < k; i++)
		r = buf_put(&sorted, parts[i].p, parts[i].n);
	if (r == 0 && k > 0)
		memcpy(buf_mutable_data(out) + start, buf_data(&sorted), buf_len(&sorted));
	buf_clear(&sorted);
	mem_free(out->mem, parts);
	return r;
}

static int
put_object(struct json *j, struct buf *out)
{
	struct buf lengths;
	struct span name;
	size_t start, before, n;
	int r = buf_puts(out, "{");

	start = buf_len(out);
	buf_init(&lengths, out->mem, SIZE_MAX);
	for (bool first = true; r == 0 && json_member(j, &first, &name);) {
		before = buf_len(out);
		if ((r = put_text(out, 's', name)) == 0)
			r = put_value(j, out);
		n = buf_len(out) - before;
		if (r == 0)
			r = buf_put(&lengths, &n, sizeof n);
	}
	if (r == 0)
		r = sort_parts(out, start, &lengths);
	buf_clear(&lengths);
	return r == 0 ? buf_puts(out, "}") : r;
}

static int
put_array(struct json *j, struct buf *out)
{
	int r = buf_puts(out, "[");

	for (bool first = true; r == 0 && json_element(j, &first);)
		r = put_value(j, out);
	return r == 0 ? buf_puts(out, "]") : r;
}

static int
put_nested(struct json *j, struct buf *out, bool object)
{
	int r;

	if (!json_enter(j))
		return 0;
	r = object ? put_object(j, out) : put_array(j, out);
	json_leave(j);
	return r;
}

static int
put_value(struct json *j, struct buf *out)
{
	struct span s;
	int c = json_peek(j);

	if (c == '{' || c == '[')
		return put_nested(j, out, c == '{');
	if (c == '"')
		return json_string(j, &s) ? put_text(out, 's', s) : 0;
	if (c == '-' || (c >= '0' && c <= '9'))
		return json_number(j, &s) ? put_number(out, s) : 0;
	return json_literal(j, &s) ? put_text(out, 'l', s) : 0;
}

int
json_canonical(struct json *j, struct buf *out)
{
	int r = put_value(j, out);

	return r == 0 && j->why != NULL ? ERR_ARGUMENT : r;
}

/* Pointers. */

bool
json_pointer_valid(const char *pointer)
{
	if (*pointer != '\0' && *pointer != '/')
		return false;
	for (const char *p = pointer; *p != '\0'; p++)
		if (*p == '~' && p[1] != '0' && p[1] != '1')
			return false;
	return true;
}

/* Whether the token, up to the next slash, is the name when ~1 and ~0 are read as / and ~. */
static bool
is_token(const char *token, size_t n, struct span name)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++, at++) {
		char c = token[i];

		if (c == '~')
			c = token[++i] == '1' ? '/' : '~';
		if (at == name.n || name.p[at] != c)
			return false;
	}
	return at == name.n;
}

static bool
enter_object(struct json *j, const char *token, size_t n)
{
	struct span name;

	for (bool first = true; json_member(j, &first, &name);) {
		if (is_token(token, n, name))
			return true;
		if (!json_skip(j))
			return false;
	}
	return false;
}

static bool
enter_array(struct json *j, const char *token, size_t n)
{
	uint64_t index;

	if (!num_parse_u64((struct span){ token, n }, SIZE_MAX, &index) || (n > 1 && *token == '0'))
		return false;
	for (bool first = true; json_element(j, &first); index--)
		if (index == 0)
			return true;
		else if (!json_skip(j))
			return false;
	return false;
}

bool
json_find(struct json *j, const char *pointer)
{
	while (*pointer == '/') {
		const char *token = pointer + 1;
		size_t n = strcspn(token, "/");
		int c = json_peek(j);

		if (c == '{' ? !enter_object(j, token, n) : c != '[' || !enter_array(j, token, n))
			return false;
		pointer = token + n;
	}
	return j->why == NULL;
}

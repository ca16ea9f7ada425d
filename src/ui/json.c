#include "ui/json.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

static bool
fault(struct json *j, const char *why)
{
	if (j->why == NULL)
		j->why = why;
	return false;
}

void
json_init(struct json *j, uint8_t *p, size_t n)
{
	*j = (struct json){ .p = p, .n = n };
	if (!utf8_valid(p, n))
		fault(j, "it is not UTF-8");
}

bool
json_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int
json_peek(struct json *j)
{
	while (j->at < j->n && json_is_blank(j->p[j->at]))
		j->at++;
	return j->at < j->n ? j->p[j->at] : -1;
}

static bool
accept(struct json *j, char c)
{
	if (j->why != NULL || json_peek(j) != c)
		return false;
	j->at++;
	return true;
}

/* Four hex digits, or -1. */
static int32_t
take_unit(struct json *j)
{
	int32_t unit = 0;

	if (j->n - j->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = (char)ascii_lower((char)j->p[j->at + (size_t)i]);

		if (ascii_is_digit(c))
			unit = unit << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			unit = unit << 4 | (c - 'a' + 10);
		else
			return -1;
	}
	j->at += 4;
	return unit;
}

/* A character after \u; surrogates must be pairs, since nothing else has a UTF-8 form. */
static bool
take_escaped(struct json *j, uint32_t *c)
{
	int32_t unit = take_unit(j), low;

	if (unit < 0)
		return fault(j, "\\u needs four hex digits");
	*c = (uint32_t)unit;
	if (*c < 0xd800 || *c > 0xdfff)
		return true;
	if (*c > 0xdbff || j->n - j->at < 2 || j->p[j->at] != '\\' || j->p[j->at + 1] != 'u')
		return fault(j, "a surrogate stands alone");
	j->at += 2;
	if ((low = take_unit(j)) < 0xdc00 || low > 0xdfff)
		return fault(j, "a surrogate stands alone");
	*c = 0x10000 + ((*c - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
	return true;
}

/* What follows a backslash, as bytes at out: their number, 0 on a fault. Never more than it took. */
static size_t
take_escape(struct json *j, uint8_t *out)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name;
	uint32_t c = 0;

	if (j->at == j->n)
		return fault(j, "a string has no end");
	name = j->p[j->at] != '\0' ? strchr(names, j->p[j->at]) : NULL;
	if (name != NULL) {
		j->at++;
		*out = (uint8_t)meant[name - names];
		return 1;
	}
	if (j->p[j->at] != 'u')
		return fault(j, "a string has a backslash before what needs none");
	j->at++;
	return take_escaped(j, &c) ? utf8_encode(c, out) : 0;
}

/* Bytes from at on that stand for themselves. */
static size_t
plain_run(const struct json *j)
{
	size_t i = j->at;

	while (i < j->n && j->p[i] != '"' && j->p[i] != '\\' && j->p[i] >= 0x20)
		i++;
	return i - j->at;
}

bool
json_string(struct json *j, struct span *s)
{
	uint8_t *start, *to;
	size_t k;

	if (!accept(j, '"'))
		return fault(j, j->at == j->n ? "it ends too soon" : "a string is expected");
	start = to = j->p + j->at;
	for (;;) {
		k = plain_run(j);
		memmove(to, j->p + j->at, k);
		to += k;
		j->at += k;
		if (j->at == j->n)
			return fault(j, "a string has no end");
		if (j->p[j->at] < 0x20)
			return fault(j, "a control character in a string must be escaped");
		if (j->p[j->at++] == '"')
			break;
		if ((k = take_escape(j, to)) == 0)
			return false;
		to += k;
	}
	*s = (struct span){ (const char *)start, (size_t)(to - start) };
	return true;
}

static size_t
digits(const struct json *j)
{
	size_t i = j->at;

	while (i < j->n && ascii_is_digit((char)j->p[i]))
		i++;
	return i - j->at;
}

static bool
is_next(const struct json *j, const char *set)
{
	return j->at < j->n && j->p[j->at] != '\0' && strchr(set, j->p[j->at]) != NULL;
}

bool
json_number(struct json *j, struct span *s)
{
	size_t start, k;

	if (j->why != NULL)
		return false;
	(void)json_peek(j);
	start = j->at;
	j->at += is_next(j, "-");
	k = digits(j);
	if (k == 0 || (k > 1 && j->p[j->at] == '0'))
		return fault(j, "a number is expected");
	j->at += k;
	if (is_next(j, ".")) {
		j->at++;
		if ((k = digits(j)) == 0)
			return fault(j, "a number ends in its point");
		j->at += k;
	}
	if (is_next(j, "eE")) {
		j->at++;
		j->at += is_next(j, "+-");
		if ((k = digits(j)) == 0)
			return fault(j, "a number has no exponent");
		j->at += k;
	}
	*s = (struct span){ (const char *)j->p + start, j->at - start };
	return true;
}

bool
json_member(struct json *j, bool *first, struct span *name)
{
	if (*first && !accept(j, '{'))
		return fault(j, "an object is expected");
	if (accept(j, '}'))
		return false;
	if (!*first && !accept(j, ','))
		return fault(j, "an object has no end");
	*first = false;
	if (!json_string(j, name))
		return false;
	return accept(j, ':') || fault(j, "a colon is missing");
}

bool
json_element(struct json *j, bool *first)
{
	if (*first && !accept(j, '['))
		return fault(j, "an array is expected");
	if (accept(j, ']'))
		return false;
	if (!*first && !accept(j, ','))
		return fault(j, "an array has no end");
	*first = false;
	if (json_peek(j) == ']')
		return fault(j, "an array ends in a comma");
	return j->why == NULL;
}

bool
json_literal(struct json *j, struct span *s)
{
	static const char *const words[] = { "true", "false", "null" };

	if (j->why != NULL)
		return false;
	(void)json_peek(j);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);

		if (j->n - j->at < n || memcmp(j->p + j->at, words[i], n) != 0)
			continue;
		*s = (struct span){ (const char *)j->p + j->at, n };
		j->at += n;
		return true;
	}
	return fault(j, "a value is expected");
}

bool
json_enter(struct json *j)
{
	if (j->depth == JSON_DEPTH_MAX)
		return fault(j, "arrays and objects are nested too deep");
	j->depth++;
	return true;
}

void
json_leave(struct json *j)
{
	j->depth--;
}

static bool
skip_members(struct json *j)
{
	struct span name;

	for (bool first = true; json_member(j, &first, &name);)
		if (!json_skip(j))
			return false;
	return j->why == NULL;
}

static bool
skip_elements(struct json *j)
{
	for (bool first = true; json_element(j, &first);)
		if (!json_skip(j))
			return false;
	return j->why == NULL;
}

bool
json_skip(struct json *j)
{
	struct span ignored;
	int c = json_peek(j);
	bool r;

	if (c == '"')
		return json_string(j, &ignored);
	if (c == '-' || (c >= '0' && c <= '9'))
		return json_number(j, &ignored);
	if (c != '{' && c != '[')
		return json_literal(j, &ignored);
	if (!json_enter(j))
		return false;
	r = c == '{' ? skip_members(j) : skip_elements(j);
	json_leave(j);
	return r;
}

bool
json_end(struct json *j)
{
	if (j->why == NULL && json_peek(j) != -1)
		return fault(j, "something follows the value");
	return j->why == NULL;
}

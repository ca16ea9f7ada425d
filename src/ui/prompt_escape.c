#include "ui/prompt_escape.h"

#include <stdbool.h>
#include <string.h>

#define ESC 0x1b
#define BEL 0x07
/* Of a sequence that is longer without an end, only the start is dropped. */
#define CSI_MAX    64
#define STRING_MAX 4096

/* The parameters of a control sequence. */
struct csi {
	unsigned params[3];
	size_t n; /* how many; more than there is room for are none of a key */
};

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* False for parameters that no key has, such as those that begin with a question mark. */
static bool
read_params(struct csi *csi, const uint8_t *p, size_t n)
{
	*csi = (struct csi){ .n = n > 0 ? 1 : 0 };
	for (size_t i = 0; i < n; i++) {
		if (p[i] == ';') {
			if (csi->n++ == 3)
				return false;
		} else if (is_digit(p[i]) && csi->params[csi->n - 1] < 1000) {
			csi->params[csi->n - 1] = csi->params[csi->n - 1] * 10 + (p[i] - '0');
		} else {
			return false;
		}
	}
	return true;
}

static bool
is_modifier(unsigned n)
{
	return n >= 2 && n <= 8;
}

/* Those that ui/prompt_bind.c knows. */
static bool
is_key(const struct csi *csi, uint8_t final)
{
	const unsigned *params = csi->params;

	switch (final) {
	case 'A':
	case 'B':
	case 'C':
	case 'D':
	case 'F':
	case 'H':
		return csi->n == 0 || (csi->n == 2 && params[0] == 1 && is_modifier(params[1]));
	case '~':
		if (csi->n == 3)
			return params[0] == 27 && is_modifier(params[1]) && params[1] <= 3 &&
			       params[2] == 13;
		return params[0] >= 1 && params[0] <= 34 &&
		       (csi->n == 1 || (csi->n == 2 && is_modifier(params[1])));
	case 'u':
		return csi->n == 2 && params[0] == 13 && (params[1] == 2 || params[1] == 3);
	default:
		return false;
	}
}

/* ESC [ and what follows. */
static ssize_t
control_sequence(const uint8_t *p, size_t n)
{
	size_t i = 2, params;
	struct csi csi;

	if (n > 2 && p[2] == '[') /* the Linux console's F1 to F5 */
		return n > 3 ? 4 : -1;
	if (n > 2 && p[2] == 'M') /* an old mouse */
		return n > 5 ? 6 : -1;
	while (i < n && p[i] >= 0x30 && p[i] <= 0x3f)
		i++;
	params = i - 2;
	if (i < n && p[i] == '$' && read_params(&csi, p + 2, params) &&
	    csi.n == 1) /* rxvt's Shift */
		return (ssize_t)i + 1;
	while (i < n && p[i] >= 0x20 && p[i] <= 0x2f)
		i++;
	if (i == n)
		return n < CSI_MAX ? -1 : (ssize_t)n;
	if (p[i] < 0x40 || p[i] > 0x7e) /* it breaks off */
		return (ssize_t)i;
	if (i - 2 == params && read_params(&csi, p + 2, params) && is_key(&csi, p[i]))
		return 0;
	return (ssize_t)i + 1;
}

/* True for a string, such as a colour that was asked for, and not a key with Alt. */
static bool
begins_string(const uint8_t *p, size_t n)
{
	if (n < 3)
		return false;
	return (p[1] == ']' && is_digit(p[2])) || (p[1] == 'P' && strchr("01>!+", p[2]) != NULL) ||
	       (p[1] == '_' && p[2] == 'G');
}

static ssize_t
control_string(const uint8_t *p, size_t n)
{
	for (size_t i = 2; i < n && i < STRING_MAX; i++) {
		if (p[i] == BEL)
			return (ssize_t)i + 1;
		if (p[i] == ESC && i + 1 < n)
			return p[i + 1] == '\\' ? (ssize_t)i + 2 : (ssize_t)i;
		if (p[i] < 0x20 && p[i] != ESC) /* it was typed */
			return 0;
	}
	return n < STRING_MAX ? -1 : 2;
}

ssize_t
prompt_escape(const uint8_t *p, size_t n)
{
	if (n < 2)
		return 0;
	if (p[1] == '[')
		return control_sequence(p, n);
	if (p[1] == 'O' && n > 2 && is_digit(p[2])) /* old modifiers */
		return n > 3 ? 4 : -1;
	return begins_string(p, n) ? control_string(p, n) : 0;
}

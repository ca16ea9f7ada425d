#include "ui/json_open.h"

#include "ui/json.h"

#include <string.h>

/* What is nested deeper is not looked at. */
#define DEPTH_MAX 512

struct place {
	char open[DEPTH_MAX]; /* the brackets around it, outermost first */
	size_t depth;
	bool in_string;
	size_t string; /* where it begins, behind its quotation mark */
	char before; /* the last character outside of strings that is no blank; '"' for a string */
	char before_string; /* what that was when the string began */
};

/* One character outside of strings. False for what can not be JSON, or is too deep. */
static bool
step(struct place *at, char c)
{
	switch (c) {
	case '{':
	case '[':
		if (at->depth == DEPTH_MAX || at->before == '{')
			return false;
		at->open[at->depth++] = c;
		break;
	case '}':
	case ']':
		if (at->depth == 0 || at->open[--at->depth] != (c == '}' ? '{' : '['))
			return false;
		break;
	default:
		if (at->before == '{' && at->depth == 1 && c != '"')
			return false;
		if (at->before == '[' && at->depth == 1 && strchr("\"-0123456789tfn", c) == NULL)
			return false;
	}
	return true;
}

/* Walks to the end: false if the text is no object or array, or none any more. */
static bool
walk(struct place *at, const uint8_t *p, size_t n)
{
	*at = (struct place){ 0 };
	for (size_t i = 0; i < n; i++) {
		if (at->in_string) {
			if (p[i] == '\\')
				i++;
			else if (p[i] == '"')
				at->in_string = false;
			continue;
		}
		if (json_is_blank(p[i]))
			continue;
		if (at->depth == 0 && (at->before != '\0' || (p[i] != '{' && p[i] != '[')))
			return false;
		if (!step(at, (char)p[i]))
			return false;
		if (p[i] == '"') {
			at->in_string = true;
			at->string = i + 1;
			at->before_string = at->before;
		}
		at->before = (char)p[i];
	}
	return true;
}

bool
json_is_open(const uint8_t *p, size_t n)
{
	struct place at;

	return walk(&at, p, n) && at.depth > 0;
}

bool
json_at_name(const uint8_t *p, size_t n, size_t *from)
{
	struct place at;

	if (!walk(&at, p, n) || !at.in_string || at.open[at.depth - 1] != '{' ||
	    (at.before_string != '{' && at.before_string != ','))
		return false;
	*from = at.string;
	return true;
}

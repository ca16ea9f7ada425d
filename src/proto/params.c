#include "proto/params.h"

#include "base/ascii.h"
#include "proto/take.h"

static void
skip_blanks(struct span *s)
{
	while (s->n > 0 && ascii_is_blank(s->p[0]))
		take_n(s, 1);
}

/* To the next element of a list. */
static void
skip_empty(struct span *s)
{
	while (s->n > 0 && (ascii_is_blank(s->p[0]) || s->p[0] == ','))
		take_n(s, 1);
}

/* Takes c, with blanks on both sides of it, if it is next. */
static bool
take_char(struct span *s, char c)
{
	struct span rest = *s;

	skip_blanks(&rest);
	if (rest.n == 0 || rest.p[0] != c)
		return false;
	take_n(&rest, 1);
	skip_blanks(&rest);
	*s = rest;
	return true;
}

static bool
take_token(struct span *s, struct span *token)
{
	*token = (struct span){ s->p, 0 };
	while (s->n > 0 && ascii_is_tchar(s->p[0])) {
		token->n++;
		take_n(s, 1);
	}
	return token->n > 0;
}

/* Ends an element: takes the comma after it, if there is one. */
static bool
take_end(struct span *s)
{
	skip_blanks(s);
	if (s->n == 0)
		return true;
	if (s->p[0] != ',')
		return false;
	take_n(s, 1);
	return true;
}

/*
 * Rewrites the quoted string of n bytes at p without its backslashes, padded with blanks behind the
 * closing quote, so that the list still reads the same.
 */
static void
unescape(char *p, size_t n)
{
	size_t to = 1;

	for (size_t i = 1; i < n - 1; i++) {
		if (p[i] == '\\')
			i++;
		p[to++] = p[i];
	}
	p[to++] = '"';
	memset(p + to, ' ', n - to);
}

/* A quoted string whose value is a token, as RFC 6455 9.1 asks: all it may hold is tchars. */
static bool
take_quoted(struct span *s, struct span *value)
{
	size_t n = 1, escapes = 0;

	for (; n < s->n && s->p[n] != '"'; n++) {
		if (s->p[n] == '\\') {
			escapes++;
			n++;
		}
		if (n == s->n || !ascii_is_tchar(s->p[n]))
			return false;
	}
	if (n >= s->n || n == 1)
		return false;
	n++;
	if (escapes > 0)
		unescape((char *)s->p, n);
	*value = (struct span){ s->p + 1, n - 2 - escapes };
	take_n(s, n);
	return true;
}

static bool
take_param(struct span *s, struct param *param)
{
	*param = (struct param){ 0 };
	if (!take_token(s, &param->key))
		return false;
	if (!take_char(s, '='))
		return true;
	if (s->n > 0 && s->p[0] == '"')
		return take_quoted(s, &param->value);
	return take_token(s, &param->value);
}

int
params_next(struct span *rest, struct params *e)
{
	skip_empty(rest);
	if (rest->n == 0)
		return 0;
	*e = (struct params){ .text = *rest };
	if (!take_token(rest, &e->name))
		return -1;
	while (take_char(rest, ';')) {
		if (e->n == PARAMS_MAX || !take_param(rest, &e->list[e->n]))
			return -1;
		e->n++;
	}
	e->text = ascii_trim((struct span){ e->text.p, e->text.n - rest->n });
	return take_end(rest) ? 1 : -1;
}

int
params_next_token(struct span *rest, struct span *token)
{
	skip_empty(rest);
	if (rest->n == 0)
		return 0;
	return take_token(rest, token) && take_end(rest) ? 1 : -1;
}

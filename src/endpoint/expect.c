#include "endpoint/expect.h"

#include <assert.h>
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "ui/json_value.h"
#include "ui/show.h"
#include "wsx.h"

/* As much of a message as is shown. */
#define SHOWN 500

struct item {
	enum expect_kind kind;
	char *arg;
	regex_t regex; /* match */
	size_t pointer_n; /* pointer: bytes of arg that are the place */
	struct buf canonical; /* json, and pointer with a value */
	uint64_t number; /* close, refused */
};

struct expect {
	struct item *items;
	size_t n;
	size_t next; /* the first that is not met */
	struct buf last; /* what came, in words, when that was looked for */
};

static const char *const names[] = {
	[EXPECT_TEXT] = "the text ",
	[EXPECT_MATCH] = "a message that matches ",
	[EXPECT_JSON] = "the JSON ",
	[EXPECT_POINTER] = "a message with ",
	[EXPECT_CLOSE] = "a Close with the code ",
	[EXPECT_REFUSED] = "a refusal with the status ",
};

struct expect *
expect_new(void)
{
	struct expect *e = mem_new(&mem_libc, sizeof *e);

	if (e != NULL)
		buf_init(&e->last, &mem_libc, SIZE_MAX);
	return e;
}

static void
clear_item(struct item *item)
{
	if (item->kind == EXPECT_MATCH)
		regfree(&item->regex);
	buf_clear(&item->canonical);
	mem_free(&mem_libc, item->arg);
}

void
expect_free(struct expect *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->n; i++)
		clear_item(&e->items[i]);
	mem_free(&mem_libc, e->items);
	buf_clear(&e->last);
	mem_free(&mem_libc, e);
}

/* Setting up. */

static int
refuse(char why[EXPECT_WHY_MAX], const char *what)
{
	snprintf(why, EXPECT_WHY_MAX, "%s", what);
	return ERR_ARGUMENT;
}

/* The n bytes at p, all of them one value, in a form to compare. */
static int
make_canonical(const void *p, size_t n, struct buf *out, const char **fault)
{
	uint8_t *copy = mem_resize(&mem_libc, NULL, n + 1);
	struct json j;
	int r;

	*fault = NULL;
	if (copy == NULL)
		return ERR_NOMEM;
	if (n > 0) /* an empty message lies nowhere */
		memcpy(copy, p, n);
	json_init(&j, copy, n);
	r = json_canonical(&j, out);
	if (r == 0 && !json_end(&j))
		r = ERR_ARGUMENT;
	*fault = j.why;
	mem_free(&mem_libc, copy);
	return r;
}

static int
set_regex(struct item *item, char why[EXPECT_WHY_MAX])
{
	int r = regcomp(&item->regex, item->arg, REG_EXTENDED | REG_NOSUB);

	if (r == 0)
		return 0;
	regerror(r, &item->regex, why, EXPECT_WHY_MAX);
	return r == REG_ESPACE ? ERR_NOMEM : ERR_ARGUMENT;
}

static int
set_json(struct item *item, char why[EXPECT_WHY_MAX])
{
	const char *fault;
	int r = make_canonical(item->arg, strlen(item->arg), &item->canonical, &fault);

	return r == ERR_ARGUMENT ? refuse(why, fault) : r;
}

/* A value that is no JSON stands for the string of its characters. */
static int
set_pointer(struct item *item, char why[EXPECT_WHY_MAX])
{
	const char *value = strchr(item->arg, '='), *fault;
	char place[1024];
	int r;

	item->pointer_n = value != NULL ? (size_t)(value - item->arg) : strlen(item->arg);
	if (item->pointer_n >= sizeof place)
		return refuse(why, "it is too long");
	memcpy(place, item->arg, item->pointer_n);
	place[item->pointer_n] = '\0';
	if (!json_pointer_valid(place))
		return refuse(why, "it is no JSON Pointer, such as /a/0, or /a/0=VALUE");
	if (value == NULL)
		return 0;
	value++;
	r = make_canonical(value, strlen(value), &item->canonical, &fault);
	if (r != ERR_ARGUMENT)
		return r;
	buf_reset(&item->canonical);
	return buf_putf(&item->canonical, "s%zu:%s", strlen(value), value);
}

static int
set_number(struct item *item, uint64_t least, uint64_t most, char why[EXPECT_WHY_MAX])
{
	if (num_parse_u64((struct span){ item->arg, strlen(item->arg) }, most, &item->number) &&
	    item->number >= least)
		return 0;
	snprintf(why, EXPECT_WHY_MAX, "it is no number from %d to %d", (int)least, (int)most);
	return ERR_ARGUMENT;
}

static int
set_item(struct item *item, char why[EXPECT_WHY_MAX])
{
	switch (item->kind) {
	case EXPECT_TEXT:
		return 0;
	case EXPECT_MATCH:
		return set_regex(item, why);
	case EXPECT_JSON:
		return set_json(item, why);
	case EXPECT_POINTER:
		return set_pointer(item, why);
	case EXPECT_CLOSE:
		return set_number(item, 1000, 4999, why);
	case EXPECT_REFUSED:
		return set_number(item, 100, 599, why);
	}
	return ERR_ARGUMENT;
}

int
expect_add(struct expect *e, enum expect_kind kind, const char *arg, char why[EXPECT_WHY_MAX])
{
	struct item item = { .kind = kind };
	struct item *items;
	int r;

	if (e->n > 0 && (kind == EXPECT_REFUSED || e->items[e->n - 1].kind == EXPECT_REFUSED))
		return refuse(why, "a connection that is refused has nothing else to expect");
	/* the caller's may be blanked on the command line, as it looks like a secret */
	if ((item.arg = mem_dup(&mem_libc, arg, strlen(arg))) == NULL)
		return ERR_NOMEM;
	buf_init(&item.canonical, &mem_libc, SIZE_MAX);
	if ((r = set_item(&item, why)) != 0) {
		buf_clear(&item.canonical);
		mem_free(&mem_libc, item.arg);
		return r;
	}
	items = mem_resize(&mem_libc, e->items, (e->n + 1) * sizeof *items);
	if (items == NULL) {
		clear_item(&item);
		return ERR_NOMEM;
	}
	e->items = items;
	e->items[e->n++] = item;
	return 0;
}

/* Meeting. */

static bool
matches(const struct item *item, const uint8_t *p, size_t n)
{
	regmatch_t range = { .rm_so = 0, .rm_eo = (regoff_t)n };

	if (n > INT_MAX) /* more than regexec(3) can look at */
		return false;
	/* the bytes need no NUL behind them, and may hold some */
	return regexec(&item->regex, (const char *)p, 1, &range, REG_STARTEND) == 0;
}

static bool
is_equal(const struct item *item, const struct buf *canonical)
{
	return buf_len(canonical) == buf_len(&item->canonical) &&
	       (buf_len(canonical) == 0 || memcmp(buf_data(canonical), buf_data(&item->canonical),
					       buf_len(canonical)) == 0);
}

static bool
equals_json(const struct item *item, const uint8_t *p, size_t n)
{
	const char *fault;
	struct buf canonical;
	bool equal;

	buf_init(&canonical, &mem_libc, SIZE_MAX);
	equal = make_canonical(p, n, &canonical, &fault) == 0 && is_equal(item, &canonical);
	buf_clear(&canonical);
	return equal;
}

/* All of it: json_find() looks no further than what it looks for. */
static bool
is_json(const uint8_t *p, size_t n)
{
	const char *fault;
	struct buf canonical;
	bool is;

	buf_init(&canonical, &mem_libc, SIZE_MAX);
	is = make_canonical(p, n, &canonical, &fault) == 0;
	buf_clear(&canonical);
	return is;
}

static bool
has_value(const struct item *item, const uint8_t *p, size_t n)
{
	uint8_t *copy = mem_resize(&mem_libc, NULL, n + 1);
	char place[1024];
	struct buf canonical;
	struct json j;
	bool has;

	if (copy == NULL || n == 0 || !is_json(p, n)) {
		mem_free(&mem_libc, copy);
		return false;
	}
	memcpy(copy, p, n);
	memcpy(place, item->arg, item->pointer_n);
	place[item->pointer_n] = '\0';
	json_init(&j, copy, n);
	buf_init(&canonical, &mem_libc, SIZE_MAX);
	has = json_find(&j, place) && json_canonical(&j, &canonical) == 0 &&
	      (item->arg[item->pointer_n] == '\0' || is_equal(item, &canonical));
	buf_clear(&canonical);
	mem_free(&mem_libc, copy);
	return has;
}

static bool
is_met_by(const struct item *item, const uint8_t *p, size_t n)
{
	switch (item->kind) {
	case EXPECT_TEXT:
		return strlen(item->arg) == n && (n == 0 || memcmp(item->arg, p, n) == 0);
	case EXPECT_MATCH:
		return matches(item, p, n);
	case EXPECT_JSON:
		return equals_json(item, p, n);
	case EXPECT_POINTER:
		return has_value(item, p, n);
	case EXPECT_CLOSE:
	case EXPECT_REFUSED:
		break;
	}
	return false;
}

static void
met(struct expect *e)
{
	e->next++;
	buf_reset(&e->last);
}

/* Keeps what came for expect_tell(); without memory, nothing. */
static void
keep(struct expect *e, const uint8_t *p, size_t n)
{
	size_t shown = n > SHOWN ? utf8_cut(p, SHOWN) : n;

	buf_reset(&e->last);
	if (!utf8_valid(p, shown))
		(void)show_binary(&e->last, p, n);
	else if (n == 0)
		(void)buf_puts(&e->last, "an empty message");
	else if (show_line(&e->last, p, shown) == 0 && shown < n)
		(void)buf_putf(&e->last, "... (%zu bytes)", n);
}

void
expect_message(struct expect *e, const uint8_t *p, size_t n)
{
	if (e->next == e->n)
		return;
	if (is_met_by(&e->items[e->next], p, n))
		met(e);
	else
		keep(e, p, n);
}

static void
take_number(struct expect *e, enum expect_kind kind, uint64_t number)
{
	if (e->next == e->n)
		return;
	if (e->items[e->next].kind == kind && e->items[e->next].number == number) {
		met(e);
		return;
	}
	/* a message that came before says more than the end of the connection */
	if (e->items[e->next].kind < EXPECT_CLOSE && buf_len(&e->last) > 0)
		return;
	buf_reset(&e->last);
	if (number == WSX_CLOSE_ABNORMAL)
		(void)buf_puts(&e->last, "an end of the connection without a Close (1006)");
	else
		(void)buf_putf(&e->last, "%s%d", names[kind], (int)number);
}

void
expect_closed(struct expect *e, uint16_t code)
{
	take_number(e, EXPECT_CLOSE, code);
}

void
expect_refused(struct expect *e, int status)
{
	take_number(e, EXPECT_REFUSED, (uint64_t)status);
}

void
expect_opened(struct expect *e)
{
	buf_reset(&e->last);
	if (expect_refusal(e))
		(void)buf_puts(&e->last, "an open connection");
}

bool
expect_met(const struct expect *e)
{
	return e->next == e->n;
}

bool
expect_refusal(const struct expect *e)
{
	return !expect_met(e) && e->items[e->next].kind == EXPECT_REFUSED;
}

enum ending
expect_judge(const struct expect *e, enum ending ending)
{
	bool cut = ending == ENDED_OK || ending == ENDED_CLOSED || ending == ENDED_LOST ||
		   ending == ENDED_TIME;

	if (expect_met(e)) /* what came after it does not matter */
		return cut ? ENDED_OK : ending;
	if (ending == ENDED_HANDSHAKE && expect_refusal(e))
		cut = true;
	return cut ? ENDED_EXPECTATION : ending;
}

void
expect_why(const struct expect *e, char why[EXPECT_TOLD_MAX])
{
	const struct item *item = &e->items[e->next];
	const char *last = buf_len(&e->last) > 0 ? (const char *)buf_data(&e->last) : "nothing";
	struct buf arg;

	assert(!expect_met(e));
	buf_init(&arg, &mem_libc, SIZE_MAX);
	(void)show_line(&arg, item->arg, strlen(item->arg));
	snprintf(why, EXPECT_TOLD_MAX, "expected %s%.*s; received %.*s", names[item->kind],
	    (int)buf_len(&arg), (const char *)buf_data(&arg),
	    buf_len(&e->last) > 0 ? (int)buf_len(&e->last) : 7, last);
	buf_clear(&arg);
}

#include "cmd/options.h"
#include "endpoint/record.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/utf8.h"
#include "cmd/options_table.h"
#include "ui/show.h"

/* The walk along argv. */
struct walk {
	struct options *o;
	int argc, i;
	char **argv;
	char *why;
	size_t why_n;
};

static int refuse(const struct walk *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int
refuse(const struct walk *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->why, w->why_n, fmt, ap);
	va_end(ap);
	return -1;
}

int
option_refuse(const struct setting *s, const char *fmt, ...)
{
	char what[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	snprintf(s->why, s->why_n, "%s: %s", s->spelled, what);
	return -1;
}

const char *
option_show(char out[OPTION_SHOWN], const char *p, size_t n)
{
	const size_t max = 40; /* one byte may take six to show */
	size_t shown = n <= max ? n : utf8_cut((const uint8_t *)p, max);
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	if (show_line(&b, p, shown) != 0)
		buf_reset(&b);
	snprintf(out, OPTION_SHOWN, "%.*s%s", (int)buf_len(&b), (const char *)buf_data(&b),
	    shown < n ? "..." : "");
	buf_clear(&b);
	return out;
}

const char *
option_show_char(char out[OPTION_SHOWN], const char *p, size_t n)
{
	uint32_t c;
	int length = utf8_decode((const uint8_t *)p, n, &c);

	return option_show(out, p, length > 0 ? (size_t)length : 1);
}

static const struct option_row *
find_letter(char letter)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (row->letter == letter)
			return row;
	}
	return NULL;
}

/* Prefixes do not count: an option added later must not change what a script says. */
static const struct option_row *
find_name(struct span name)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		const char *known;

		for (size_t i = 0; (known = option_long_name(row, i)) != NULL; i++) {
			if (span_eq(span_str(known), name))
				return row;
		}
	}
	return NULL;
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

enum { NAME_MAX_COMPARED = 48 };

/* How many letters must be put, dropped or changed to make b of a (Levenshtein). */
static size_t
edit_distance(struct span a, struct span b)
{
	size_t row[NAME_MAX_COMPARED + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t change = diagonal + (a.p[i - 1] != b.p[j - 1]);

			diagonal = row[j];
			row[j] = min3(change, row[j] + 1, row[j - 1] + 1);
		}
	}
	return row[b.n];
}

/* The long name most like the one given, NULL if none is much alike. */
static const char *
suggestion(struct span name)
{
	size_t best = name.n < 5 ? 2 : 3; /* one this far away is no help */
	const char *like = NULL, *known;

	if (name.n < 2 || name.n > NAME_MAX_COMPARED)
		return NULL;
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		for (size_t i = 0; (known = option_long_name(row, i)) != NULL; i++) {
			struct span k = span_str(known);
			bool begins = k.n > name.n && memcmp(k.p, name.p, name.n) == 0;
			size_t distance = begins ? 1 : edit_distance(k, name);

			if (distance < best) {
				best = distance;
				like = known;
			}
		}
	}
	return like;
}

static int
refuse_name(const struct walk *w, struct span name)
{
	char shown[OPTION_SHOWN];
	const char *like = suggestion(name), *hint = option_foreign_hint(name);

	option_show(shown, name.p, name.n);
	if (hint != NULL)
		return refuse(w, "unknown option --%s: %s", shown, hint);
	if (like != NULL)
		return refuse(w, "unknown option --%s; did you mean --%s?", shown, like);
	return refuse(w, "unknown option --%s; see wsx --help", shown);
}

static int
refuse_letter(const struct walk *w, const char *p)
{
	const char *hint = option_foreign_hint((struct span){ p, 1 });
	char shown[OPTION_SHOWN];

	option_show_char(shown, p, strlen(p));
	if (hint != NULL)
		return refuse(w, "unknown option -%s: %s", shown, hint);
	return refuse(w, "unknown option -%s; see wsx --help", shown);
}

/* Takes an option whose value, if the word held one, is given. */
static int
take(struct walk *w, const struct option_row *row, const char *spelled, const char *value)
{
	struct setting s = { w->o, row, spelled, value, w->why, w->why_n };

	if (row->arg == NULL && value != NULL && row->use != OPTION_VALUE)
		return option_refuse(&s, "this option takes no value");
	if (row->arg != NULL && value == NULL) {
		if (w->i + 1 >= w->argc)
			return option_refuse(&s, "a value is missing: %s", row->arg);
		s.value = w->argv[++w->i];
	}
	return row->set(&s);
}

/* --name, --name=value, --name value */
static int
take_long(struct walk *w, const char *word)
{
	const char *value = strchr(word, '=');
	struct span name = { word + 2,
		value != NULL ? (size_t)(value - word - 2) : strlen(word + 2) };
	const struct option_row *row = find_name(name);
	char spelled[64];

	if (row == NULL)
		return refuse_name(w, name);
	snprintf(spelled, sizeof spelled, "--%.*s", (int)name.n, name.p);
	return take(w, row, spelled, value != NULL ? value + 1 : NULL);
}

/* -a, -abc, -avalue, -a value */
static int
take_letters(struct walk *w, const char *word)
{
	for (const char *p = word + 1; *p != '\0'; p++) {
		const struct option_row *row = find_letter(*p);
		char spelled[64];

		if (row == NULL)
			return refuse_letter(w, p);
		snprintf(spelled, sizeof spelled, "-%c/--%s", *p, row->name);
		if (row->arg != NULL)
			return take(w, row, spelled, p[1] != '\0' ? p + 1 : NULL);
		if (take(w, row, spelled, NULL) != 0)
			return -1;
	}
	return 0;
}

static int
walk(struct walk *w)
{
	struct options *o = w->o;
	bool ended = false;
	int r = 0;

	for (w->i = 1; r == 0 && w->i < w->argc && !o->help && !o->version; w->i++) {
		const char *word = w->argv[w->i];

		if (ended || word[0] != '-' || word[1] == '\0')
			r = strlist_add(&o->endpoints, word) == 0 ? 0 : refuse(w, "no memory");
		else if (strcmp(word, "--") == 0)
			ended = true;
		else if (word[1] == '-')
			r = take_long(w, word);
		else
			r = take_letters(w, word);
	}
	return r;
}

static int
check_endpoints(const struct walk *w)
{
	const struct strlist *l = &w->o->endpoints;

	for (size_t i = 0; i < l->n; i++) {
		if (l->items[i][0] == '\0')
			return refuse(w, "a URL is empty; is a variable of the script unset?");
	}
	/* what they are is not told: a URL may hold a password */
	if (l->n > 2)
		return refuse(w, "more than two endpoints (%zu); is a quote missing?", l->n);
	if (w->o->listen != NULL && l->n > 1)
		return refuse(w, "-l is an endpoint itself; give one more at most");
	if (w->o->listen == NULL && l->n == 0)
		return refuse(w, "no URL; see wsx --help");
	return 0;
}

static int
check_texts(const struct walk *w)
{
	const struct strlist *l = &w->o->execute;

	for (size_t i = 0; i < l->n && !w->o->binary; i++) {
		if (!utf8_valid((const uint8_t *)l->items[i], strlen(l->items[i])))
			return refuse(
			    w, "-x: text number %zu is not UTF-8; -b sends it as binary", i + 1);
	}
	return 0;
}

/* Options of a framing that is not in use. */
static int
check_framing(const struct walk *w)
{
	const struct options *o = w->o;
	bool marked = o->text_prefix != NULL || o->binary_prefix != NULL || o->base64_text;
	bool raw = o->input.given ? o->input.framing == FRAMING_RAW : o->binary && !marked;
	bool lines = o->input.framing == FRAMING_LINE || o->output.framing == FRAMING_LINE;

	if (o->chunk_size > 0 && !raw)
		return refuse(w, "--chunk-size is for raw input; say --input raw or -b");
	if (o->chunk_size > 0 && o->chunk_size < 4 && o->text)
		return refuse(w, "--chunk-size: a character may have 4 bytes; give 4 at least");
	if ((marked || o->base64) && !lines)
		return refuse(w, "--text-prefix, --binary-prefix and --base64 are for lines");
	return 0;
}

/* What is seen of a session. */
static int
check_seeing(const struct walk *w)
{
	const struct options *o = w->o;
	bool lines = o->output.framing == FRAMING_LINE || o->output.framing == FRAMING_HEX ||
		     o->output.framing == FRAMING_BASE64 || o->output.framing == FRAMING_JSON;

	if (o->blob && o->output.framing != FRAMING_LINE && o->output.framing != FRAMING_JSON)
		return refuse(w, "--binary-type blob is for output in lines or JSON");
	if (o->timestamps && !lines)
		return refuse(w, "-T/--timestamps is for output in lines or JSON");
	if (o->listen != NULL && o->record != NULL && record_format_of(o->record) != RECORD_JSONL)
		return refuse(w, "--record: of a listener's clients only JSON lines are written");
	if (o->trace_hex && o->trace == NULL && o->verbose < 2)
		return refuse(w, "--trace-hex needs --trace FILE or -vv");
	return 0;
}

/* What no option can see alone. */
static int
check_together(const struct walk *w)
{
	const struct options *o = w->o;

	if (o->listen != NULL && o->connect)
		return refuse(w, "-l waits for connections and -c makes one; give one of them");
	if (o->echo && o->endpoints.n > (o->listen == NULL ? 1 : 0))
		return refuse(w, "--echo is an endpoint itself; give no other beside the listener");
	if (o->key != NULL && o->cert == NULL)
		return refuse(w, "--key needs --cert FILE, the certificate it belongs to");
	if (o->ping_timeout_ms > 0 && o->ping_interval_ms == 0)
		return refuse(
		    w, "--ping-timeout needs --ping-interval S, without which none is sent");
	if (o->listen != NULL && (o->reconnect > 0 || o->wait_ready_ms > 0))
		return refuse(
		    w, "--reconnect and --wait-ready are for a client, not for a listener");
	if (o->listen != NULL && o->expect != NULL)
		return refuse(w, "what is expected is of a server; a listener has none");
	if (check_endpoints(w) != 0 || check_framing(w) != 0 || check_seeing(w) != 0)
		return -1;
	return check_texts(w);
}

int
options_parse(struct options *o, int argc, char **argv, char *why, size_t n)
{
	struct walk w = { o, argc, 0, argv, why, n };

	*o = (struct options){
		.connect_timeout_ms = 30000,
		.wait_ms = 1000,
		.reconnect_delay_ms = 1000,
		.close_code = 1000,
		.close_reason = "",
		.colour = WHEN_AUTO,
		.input = { .framing = FRAMING_LINE, .separator = '\n' },
		.output = { .framing = FRAMING_LINE, .separator = '\n' },
	};
	strlist_init(&o->endpoints, &mem_libc);
	strlist_init(&o->headers, &mem_libc);
	strlist_init(&o->protocols, &mem_libc);
	strlist_init(&o->execute, &mem_libc);
	strlist_init(&o->files, &mem_libc);
	strlist_init(&o->origins, &mem_libc);
	if (walk(&w) != 0)
		return -1;
	return o->help || o->version ? 0 : check_together(&w);
}

void
options_clear(struct options *o)
{
	strlist_clear(&o->endpoints);
	strlist_clear(&o->headers);
	strlist_clear(&o->protocols);
	strlist_clear(&o->execute);
	strlist_clear(&o->files);
	strlist_clear(&o->origins);
	expect_free(o->expect);
	o->expect = NULL;
}

/* What a session makes of a message, and of a line that is being typed. */

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "endpoint/rpc.h"
#include "endpoint/suggest.h"
#include "fuzz.h"
#include "ui/fold.h"
#include "ui/image.h"
#include "ui/json.h"
#include "ui/json_open.h"
#include "ui/pretty.h"
#include "ui/show.h"
#include "ui/wrap.h"

static bool
is_json(struct span text, bool *laid_out)
{
	uint8_t *copy = fuzz_copy((const uint8_t *)text.p, text.n);
	struct json j;
	bool is;
	int kind;

	json_init(&j, copy, text.n);
	kind = json_peek(&j);
	*laid_out = kind == '{' || kind == '[';
	is = json_skip(&j) && json_end(&j);
	free(copy);
	return is;
}

/* JSON is open from its first bracket to its last, and nowhere else. */
static void
check_open(struct span text, size_t cut)
{
	const uint8_t *p = (const uint8_t *)text.p;
	size_t first = 0, last = text.n, from;
	bool laid_out;

	if (json_at_name(p, text.n, &from))
		MUST(from > 0 && from <= text.n && p[from - 1] == '"' && json_is_open(p, text.n));
	if (!is_json(text, &laid_out))
		return;
	MUST(!json_is_open(p, text.n));
	if (!laid_out)
		return;
	while (strchr(" \t\r\n", p[first]) != NULL)
		first++;
	while (strchr(" \t\r\n", p[last - 1]) != NULL)
		last--;
	cut %= text.n + 1;
	MUST(json_is_open(p, cut) == (cut > first && cut < last));
}

/* The beginning of a text has the rows that the whole has, but for the last, which may be cut. */
static void
check_start(struct span text, const struct buf *whole, size_t max)
{
	struct buf start;
	size_t rows;
	int r;

	buf_init(&start, &mem_libc, SIZE_MAX);
	r = pretty_json_start(&start, (const uint8_t *)text.p, text.n, max, 1 + max % FOLD_ROWS,
	    "< ", colours_for(true));
	rows = buf_len(&start);
	if (r == 1)
		MUST(rows == buf_len(whole));
	else
		MUST(r == 0 || r == PRETTY_CUT);
	while (r == PRETTY_CUT && rows > 0 && buf_data(&start)[rows - 1] != '\n')
		rows--;
	MUST(rows == 0 ||
	     (rows <= buf_len(whole) && memcmp(buf_data(&start), buf_data(whole), rows) == 0));
	MUST(fuzz_count(fuzz_span(&start), '\n') <= 1 + max % FOLD_ROWS);
	buf_clear(&start);
}

static void
check_fold(struct span text, size_t max)
{
	struct buf whole, cut;
	int r;

	buf_init(&whole, &mem_libc, SIZE_MAX);
	buf_init(&cut, &mem_libc, SIZE_MAX);
	r = pretty_json(&whole, (const uint8_t *)text.p, text.n, "< ", colours_for(true));
	if (r == 0)
		MUST(show_text(&whole, text.p, text.n, "< ") == 0);
	else
		check_start(text, &whole, max);
	MUST(buf_put(&cut, buf_data(&whole), buf_len(&whole)) == 0);
	MUST(fold_text(&cut, 0, max) == (buf_len(&cut) < buf_len(&whole)));
	MUST(buf_len(&cut) <= max || buf_len(&cut) == 0);
	MUST(buf_len(&cut) == 0 || memcmp(buf_data(&cut), buf_data(&whole), buf_len(&cut)) == 0);
	MUST(utf8_valid(buf_data(&cut), buf_len(&cut)));
	MUST(fuzz_count(fuzz_span(&cut), '\n') < FOLD_ROWS);
	buf_clear(&whole);
	buf_clear(&cut);
}

/* What is broken into rows is put together again without their marks. */
static void
check_wrap(struct span text, size_t columns)
{
	struct buf whole, rows;
	const uint8_t *p, *end, *eol;
	size_t at = 0;

	buf_init(&whole, &mem_libc, SIZE_MAX);
	buf_init(&rows, &mem_libc, SIZE_MAX);
	MUST(show_line(&whole, text.p, text.n) == 0);
	MUST(buf_put(&rows, buf_data(&whole), buf_len(&whole)) == 0);
	MUST(wrap_rows(&rows, 0, columns, "| ") == 0);
	if (text.n == 0)
		return;
	p = buf_data(&rows);
	end = p + buf_len(&rows);
	for (; p < end; p = eol + 3) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end;
		MUST(at + (size_t)(eol - p) <= buf_len(&whole));
		MUST(memcmp(buf_data(&whole) + at, p, (size_t)(eol - p)) == 0);
		at += (size_t)(eol - p);
		if (eol == end)
			break;
		MUST(eol + 3 <= end && memcmp(eol, "\n| ", 3) == 0);
	}
	MUST(at == buf_len(&whole));
	buf_clear(&whole);
	buf_clear(&rows);
}

/* The same text answers itself, unless it is a request. */
static void
check_rpc(struct span text)
{
	struct rpc rpc = { .n = 0 };
	uint64_t ns = 0;

	rpc_sent(&rpc, (const uint8_t *)text.p, text.n, 1);
	MUST(rpc.open <= 1);
	if (rpc_received(&rpc, (const uint8_t *)text.p, text.n, 3, &ns))
		MUST(ns == 2 && rpc.open == 0);
}

/* What is inserted are characters, if those typed are. */
static void
check_suggest(struct span seen, struct span typed)
{
	struct suggest s;
	struct buf to, listed;

	suggest_init(&s);
	buf_init(&to, &mem_libc, SIZE_MAX);
	buf_init(&listed, &mem_libc, SIZE_MAX);
	suggest_message(&s, (const uint8_t *)seen.p, seen.n);
	if (memchr(seen.p, '\0', seen.n) == NULL)
		suggest_line(&s, seen.p, seen.n);
	suggest_complete(&s, typed.p, typed.n, &to, &listed);
	MUST(buf_len(&to) == 0 || buf_len(&listed) == 0);
	if (utf8_valid((const uint8_t *)seen.p, seen.n) &&
	    utf8_valid((const uint8_t *)typed.p, typed.n))
		MUST(utf8_valid(buf_data(&to), buf_len(&to)) &&
		     utf8_valid(buf_data(&listed), buf_len(&listed)));
	buf_clear(&to);
	buf_clear(&listed);
	suggest_clear(&s);
}

/* Nothing of it can end what draws it early. */
static void
check_image(struct span image, enum image_protocol protocol)
{
	struct buf out;
	int r;

	buf_init(&out, &mem_libc, SIZE_MAX);
	r = image_put(&out, protocol, (const uint8_t *)image.p, image.n, 80);
	MUST(r == (buf_len(&out) > 0));
	if (protocol == IMAGE_ITERM2 && r == 1)
		MUST(fuzz_count(fuzz_span(&out), '\033') == 1 &&
		     fuzz_count(fuzz_span(&out), '\007') == 1);
	if (protocol == IMAGE_KITTY && r == 1)
		MUST(fuzz_count(fuzz_span(&out), '\033') == 2 * ((image.n + 3071) / 3072));
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	size_t cut = fuzz_number(&in, 4096), max = fuzz_number(&in, 4096);
	struct span typed = fuzz_take(&in, fuzz_byte(&in) % 64);
	struct span text = { fuzz_copy(in.p, in.n), in.n };

	check_open(text, cut);
	check_fold(text, max);
	check_wrap(text, max % 100);
	check_rpc(text);
	check_suggest(text, typed);
	check_image(text, IMAGE_KITTY);
	check_image(text, IMAGE_ITERM2);
	free((char *)text.p);
	return 0;
}

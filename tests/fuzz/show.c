/* What is shown of text from outside drives no terminal, and plain text is shown as it is. */

#include <stdlib.h>

#include "base/err.h"
#include "fuzz.h"
#include "ui/show.h"

static int
show(struct buf *out, uint8_t way, struct span in)
{
	if (way == 0)
		return show_text(out, in.p, in.n, "| ");
	return way == 1 ? show_line(out, in.p, in.n)
			: show_binary(out, (const uint8_t *)in.p, in.n);
}

/* Without room for all of it there is nothing of it. */
static void
check_limit(uint8_t way, struct span in, size_t max, size_t whole)
{
	struct buf out;

	buf_init(&out, &mem_libc, max + 1);
	MUST(buf_putc(&out, '>') == 0);
	MUST(show(&out, way, in) == (max < whole ? ERR_LIMIT : 0));
	MUST(buf_len(&out) == (max < whole ? 1 : 1 + whole));
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	uint8_t way = fuzz_byte(&in) % 3;
	size_t max = fuzz_byte(&in);
	struct span text = { fuzz_copy(in.p, in.n), in.n }, shown;
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	MUST(show(&out, way, text) == 0);
	shown = fuzz_span(&out);
	MUST(fuzz_is_tame(shown.p, shown.n));
	MUST(fuzz_count(shown, '\n') == (way == 0 ? fuzz_count(text, '\n') : 0));
	for (size_t i = 0; i < shown.n; i++) /* each row after the first has its mark */
		MUST(shown.p[i] != '\n' ||
		     (shown.n - i > 2 && shown.p[i + 1] == '|' && shown.p[i + 2] == ' '));
	if (way < 2)
		MUST(shown.n >= text.n && fuzz_count(shown, '\t') == fuzz_count(text, '\t'));
	if (way < 2 && fuzz_is_printable(text.p, text.n))
		MUST(span_eq(shown, text));
	if (way == 2)
		MUST(fuzz_count(shown, '\t') == 0 && shown.n < 128);
	check_limit(way, text, max, shown.n);
	buf_clear(&out);
	free((char *)text.p);
	return 0;
}

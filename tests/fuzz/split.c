/* The messages in a stream are the same whether it comes whole or in two parts. */

#include <string.h>

#include "fuzz.h"
#include "split_taker.h"

static struct split_config
config_of(struct fuzz_in *in)
{
	uint8_t kind = fuzz_byte(in), marks = fuzz_byte(in);

	return (struct split_config){
		.framing = (enum framing)(kind % (FRAMING_JSON + 1)),
		.type = (enum split_type)(marks % 3),
		.chunk = 4,
		.marks = {
			.separator = fuzz_byte(in),
			.text_prefix = marks & 4 ? "T" : NULL,
			.binary_prefix = marks & 8 ? "B:" : NULL,
			.base64 = marks & 16,
			.base64_text = marks & 32,
		},
	};
}

static void
take(const struct split_config *config, const uint8_t *p, size_t n, size_t cut, struct buf *out)
{
	struct split_taker t;

	split_taker_init(&t, config, out);
	split_taker_put(&t, p, cut);
	split_taker_put(&t, p + cut, n - cut);
	split_taker_end(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	const struct split_config config = config_of(&in);
	size_t cut = fuzz_number(&in, in.n < 1000 ? in.n : 1000);
	struct buf whole, parts;

	cut = cut < in.n ? cut : in.n;
	buf_init(&whole, &mem_libc, SIZE_MAX);
	buf_init(&parts, &mem_libc, SIZE_MAX);
	take(&config, in.p, in.n, 0, &whole);
	take(&config, in.p, in.n, cut, &parts);
	MUST(span_eq(fuzz_span(&whole), fuzz_span(&parts)));
	buf_clear(&whole);
	buf_clear(&parts);
	return 0;
}

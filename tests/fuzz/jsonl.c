/* Events as JSON lines: one line of valid JSON that drives no terminal, with the data in it. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "json_line.h"
#include "ui/jsonl.h"

/* The one of the functions that is chosen, and the key its data is under. */
static const char *
put(struct buf *out, uint8_t choice, struct span in, const char *text)
{
	struct jsonl_open open = { text, text, text, { (time_t)in.n * 86400, 999999999 },
		{ in.n, 1, 0, 2 } };
	const uint8_t *p = (const uint8_t *)in.p;

	switch (choice) {
	case 0:
	case 1:
		MUST(jsonl_message(out, choice == 0, p, in.n, NULL) == 0);
		return "data";
	case 2:
	case 3:
		MUST((choice == 2 ? jsonl_ping : jsonl_pong)(out, p, in.n, NULL) == 0);
		return "data";
	case 4:
		MUST(jsonl_error(out, text, (int)in.n, NULL) == 0);
		return "message";
	case 5:
		MUST(jsonl_close(out, (uint16_t)in.n, in.p, in.n, in.n & 1, NULL) == 0);
		return "reason";
	default:
		MUST(jsonl_open(out, &open, NULL) == 0);
		return "url";
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	uint8_t choice = fuzz_byte(&in) % 7;
	struct span data = fuzz_take(&in, in.n);
	char *text = calloc(1, data.n + 1);
	const char *key;
	struct buf out;

	MUST(text != NULL);
	memcpy(text, data.p, data.n);
	buf_init(&out, &mem_libc, SIZE_MAX);
	key = put(&out, choice, data, text);
	check_json_line(fuzz_span(&out), key, choice == 4 || choice == 6 ? span_str(text) : data);
	buf_clear(&out);
	free(text);
	return 0;
}

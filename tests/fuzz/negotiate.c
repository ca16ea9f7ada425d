/* permessage-deflate negotiated: an answer we give to an offer is one that its sender takes. */

#include "fuzz.h"
#include "proto/deflate.h"

static uint8_t
or_15(uint8_t bits)
{
	MUST(bits == 0 || (bits >= 8 && bits <= 15));
	return bits == 0 ? 15 : bits;
}

static void
check(const struct deflate_params *offer, struct params *e, const struct deflate_params *wanted)
{
	struct deflate_params answer, agreed;
	const char *why = NULL;
	struct span rest;
	struct buf b;

	if (!deflate_accept(wanted, e, &answer))
		return;
	MUST(or_15(answer.server_max_window_bits) > 8); /* zlib sends with no smaller window */
	buf_init(&b, &mem_libc, SIZE_MAX);
	MUST(deflate_put_answer(&b, &answer) == 0);
	rest = fuzz_span(&b);
	MUST(params_next(&rest, e) == 1 && rest.n == 0);
	MUST(deflate_check_answer(offer, e, &agreed, &why) && why == NULL);
	MUST(agreed.server_max_window_bits == or_15(answer.server_max_window_bits));
	MUST(agreed.client_max_window_bits == or_15(answer.client_max_window_bits));
	MUST(!wanted->server_no_context_takeover || agreed.server_no_context_takeover);
	MUST(!wanted->client_no_context_takeover || agreed.client_no_context_takeover);
	buf_clear(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	struct deflate_params wanted = fuzz_deflate_params(&in), offer = fuzz_deflate_params(&in);
	struct span rest;
	struct params e;
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	if (in.n > 0) { /* others' offers, as a client that asks for nothing sees the answer */
		offer = (struct deflate_params){ .client_max_window_bits = 15 };
		MUST(buf_put(&b, in.p, in.n) == 0);
	} else {
		MUST(deflate_put_offer(&b, &offer) == 0);
	}
	rest = fuzz_span(&b);
	while (params_next(&rest, &e) > 0)
		check(&offer, &e, &wanted);
	buf_clear(&b);
	return 0;
}

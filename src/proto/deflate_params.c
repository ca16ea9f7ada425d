/* The negotiation of permessage-deflate (RFC 7692 7.1). */

#include "base/num.h"
#include "proto/deflate.h"

/* Which parameters an element has, as written. */
struct written {
	struct deflate_params p;
	bool client_bits, server_bits; /* present, with or without a value */
	bool client_value;
};

static bool
read_bits(struct span value, uint8_t *bits)
{
	uint64_t v;

	/* no leading zero: "08" is not the number 8 of the grammar */
	if (value.n == 0 || value.p[0] == '0' || !num_parse_u64(value, DEFLATE_BITS_MAX, &v) ||
	    v < DEFLATE_BITS_MIN)
		return false;
	*bits = (uint8_t)v;
	return true;
}

static bool
read_flag(const struct param *param, bool *flag)
{
	if (*flag || param->value.p != NULL)
		return false;
	*flag = true;
	return true;
}

static bool
read_param(const struct param *param, struct written *w)
{
	if (span_eq(param->key, span_str("server_no_context_takeover")))
		return read_flag(param, &w->p.server_no_context_takeover);
	if (span_eq(param->key, span_str("client_no_context_takeover")))
		return read_flag(param, &w->p.client_no_context_takeover);
	if (span_eq(param->key, span_str("server_max_window_bits"))) {
		if (w->server_bits)
			return false;
		w->server_bits = true;
		return read_bits(param->value, &w->p.server_max_window_bits);
	}
	if (span_eq(param->key, span_str("client_max_window_bits"))) {
		if (w->client_bits)
			return false;
		w->client_bits = true;
		w->client_value = param->value.p != NULL;
		w->p.client_max_window_bits = DEFLATE_BITS_MAX;
		return !w->client_value || read_bits(param->value, &w->p.client_max_window_bits);
	}
	return false;
}

/* Reads the parameters of an element; false for one unknown, repeated or with a bad value. */
static bool
read_params(const struct params *element, struct written *w)
{
	*w = (struct written){ 0 };
	for (size_t i = 0; i < element->n; i++)
		if (!read_param(&element->list[i], w))
			return false;
	return true;
}

static int
put_common(struct buf *out, const struct deflate_params *p)
{
	int r;

	if ((r = buf_puts(out, DEFLATE_NAME)) < 0)
		return r;
	if (p->server_no_context_takeover &&
	    (r = buf_puts(out, "; server_no_context_takeover")) < 0)
		return r;
	if (p->client_no_context_takeover &&
	    (r = buf_puts(out, "; client_no_context_takeover")) < 0)
		return r;
	if (p->server_max_window_bits != 0)
		return buf_putf(out, "; server_max_window_bits=%u", p->server_max_window_bits);
	return 0;
}

int
deflate_put_offer(struct buf *out, const struct deflate_params *offer)
{
	int r;

	if ((r = put_common(out, offer)) < 0 || offer->client_max_window_bits == 0)
		return r;
	if (offer->client_max_window_bits == DEFLATE_BITS_MAX)
		return buf_puts(out, "; client_max_window_bits");
	return buf_putf(out, "; client_max_window_bits=%u", offer->client_max_window_bits);
}

int
deflate_put_answer(struct buf *out, const struct deflate_params *answer)
{
	int r;

	if ((r = put_common(out, answer)) < 0 || answer->client_max_window_bits == 0)
		return r;
	return buf_putf(out, "; client_max_window_bits=%u", answer->client_max_window_bits);
}

bool
deflate_check_answer(const struct deflate_params *offer, const struct params *answer,
    struct deflate_params *agreed, const char **why)
{
	struct written w;

	if (!read_params(answer, &w))
		*why = "the server's permessage-deflate has a parameter that is wrong";
	else if (w.client_bits && !w.client_value)
		*why = "the server's client_max_window_bits has no value";
	else if (w.client_bits && offer->client_max_window_bits == 0)
		*why = "the server set client_max_window_bits, which was not offered";
	else if (offer->server_no_context_takeover && !w.p.server_no_context_takeover)
		*why = "the server did not grant server_no_context_takeover";
	else if (offer->server_max_window_bits != 0 &&
		 (!w.server_bits || w.p.server_max_window_bits > offer->server_max_window_bits))
		*why = "the server did not grant server_max_window_bits";
	else {
		*agreed = w.p;
		if (!w.server_bits)
			agreed->server_max_window_bits = DEFLATE_BITS_MAX;
		if (!w.client_bits)
			agreed->client_max_window_bits = DEFLATE_BITS_MAX;
		return true;
	}
	return false;
}

static uint8_t
smaller(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

bool
deflate_accept(
    const struct deflate_params *wanted, const struct params *offer, struct deflate_params *answer)
{
	uint8_t server_bits = DEFLATE_BITS_MAX, client_bits = DEFLATE_BITS_MAX;
	struct written w;

	if (!span_eq(offer->name, span_str(DEFLATE_NAME)) || !read_params(offer, &w))
		return false;
	if (w.server_bits)
		server_bits = w.p.server_max_window_bits;
	if (wanted->server_max_window_bits != 0)
		server_bits = smaller(server_bits, wanted->server_max_window_bits);
	if (server_bits == DEFLATE_BITS_MIN) /* which zlib can not compress with */
		return false;
	if (w.client_bits)
		client_bits = w.p.client_max_window_bits;
	if (wanted->client_max_window_bits != 0)
		client_bits = smaller(client_bits, wanted->client_max_window_bits);
	*answer = (struct deflate_params){
		.server_no_context_takeover =
		    w.p.server_no_context_takeover || wanted->server_no_context_takeover,
		.client_no_context_takeover =
		    w.p.client_no_context_takeover || wanted->client_no_context_takeover,
	};
	if (w.server_bits || server_bits < DEFLATE_BITS_MAX)
		answer->server_max_window_bits = server_bits;
	if (w.client_bits && client_bits < DEFLATE_BITS_MAX)
		answer->client_max_window_bits = client_bits;
	return true;
}

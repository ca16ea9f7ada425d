/* A head that is taken: its parts are as they may be, and written again it has the same. */

#include <stdlib.h>

#include "fuzz.h"
#include "proto/http.h"

static void
put_again(enum http_kind kind, const struct http_head *h, struct buf *out)
{
	if (kind == HTTP_REQUEST)
		fuzz_put(out, "%.*s %.*s HTTP/1.%d\r\n", (int)h->method.n, h->method.p,
		    (int)h->target.n, h->target.p, h->minor);
	else
		fuzz_put(out, "HTTP/1.%d %d %.*s\r\n", h->minor, h->status, (int)h->reason.n,
		    h->reason.p);
	for (size_t i = 0; i < h->n_fields; i++) {
		struct span name = h->fields[i].name, value = h->fields[i].value;

		MUST(http_valid_name(name) && http_valid_value(value));
		fuzz_put(out, "%.*s:\t%.*s\r\n", (int)name.n, name.p, (int)value.n, value.p);
	}
	fuzz_put(out, "\r\n");
}

static void
check_same(const struct http_head *a, const struct http_head *b)
{
	MUST(a->n_fields == b->n_fields && span_eq(a->method, b->method));
	MUST(a->minor == b->minor && a->status == b->status && a->status < 600);
	MUST(span_eq(a->target, b->target) && span_eq(a->reason, b->reason));
	for (size_t i = 0; i < a->n_fields; i++)
		MUST(span_eq(a->fields[i].name, b->fields[i].name) &&
		     span_eq(a->fields[i].value, b->fields[i].value));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct http_head head, again;
	struct fuzz_in in = { p, n };
	enum http_kind kind = fuzz_byte(&in) & 1 ? HTTP_RESPONSE : HTTP_REQUEST;
	struct http_fault fault = { 0 };
	char *copy = fuzz_copy(in.p, in.n);
	struct buf out;

	buf_init(&out, &mem_libc, SIZE_MAX);
	if (http_parse(kind, copy, in.n, &head, &fault) == 0) {
		put_again(kind, &head, &out);
		MUST(http_parse(
			 kind, (char *)buf_mutable_data(&out), buf_len(&out), &again, &fault) == 0);
		check_same(&again, &head);
	} else {
		MUST(fault.status >= 400 && fault.status <= 505 && fault.why != NULL);
	}
	buf_clear(&out);
	free(copy);
	return 0;
}

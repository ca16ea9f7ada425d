#include "endpoint/rpc.h"

#include <string.h>

#include "base/mem.h"
#include "base/span.h"
#include "base/utf8.h"
#include "ui/json.h"

/* Of longer messages no more than this is looked at, so that a flood of them leaves time for keys. */
#define LOOK_MAX ((size_t)64 << 10)

struct seen {
	struct span id; /* with its quotation mark if it is a string; n 0: none */
	bool method; /* it is a request */
	bool answer; /* it is a reply: it has a result or an error */
};

/* One member of the message: false if that is no JSON. */
static bool
look_at(struct json *j, struct span name, struct seen *seen)
{
	int kind = json_peek(j);
	size_t from = j->at;

	seen->method |= span_eq(name, span_str("method"));
	seen->answer |= span_eq(name, span_str("result")) || span_eq(name, span_str("error"));
	if (seen->id.n > 0 && seen->answer) /* there is no need to read what it is */
		return true;
	if (!span_eq(name, span_str("id")))
		return json_skip(j);
	if (kind == '"') {
		if (!json_string(j, &seen->id))
			return false;
		seen->id = (struct span){ (const char *)j->p + from, seen->id.n + 1 };
		return true;
	}
	if (kind == '-' || (kind >= '0' && kind <= '9'))
		return json_number(j, &seen->id);
	return json_skip(j);
}

/* text is a copy, which strings are decoded in. A reply is known before its end. */
static bool
look(uint8_t *text, size_t n, struct seen *seen)
{
	struct span name;
	struct json j;
	bool first = true;

	*seen = (struct seen){ .method = false };
	json_init(&j, text, n);
	if (json_peek(&j) != '{')
		return false;
	while (json_member(&j, &first, &name)) {
		if (!look_at(&j, name, seen))
			return false;
		if (seen->id.n > 0 && seen->answer)
			return seen->id.n <= RPC_ID_MAX;
	}
	return j.why == NULL && json_end(&j) && seen->id.n > 0 && seen->id.n <= RPC_ID_MAX;
}

static bool
begins_as_object(const uint8_t *p, size_t n)
{
	while (n > 0 && json_is_blank(*p)) {
		p++;
		n--;
	}
	return n > 0 && *p == '{';
}

/* The copy that seen->id lies in, or NULL if there is no id to be seen. */
static uint8_t *
open_message(const uint8_t *p, size_t n, struct seen *seen)
{
	uint8_t *copy;

	if (n > LOOK_MAX)
		n = utf8_cut(p, LOOK_MAX);
	if (!begins_as_object(p, n) || (copy = mem_resize(&mem_libc, NULL, n)) == NULL)
		return NULL;
	memcpy(copy, p, n);
	if (look(copy, n, seen))
		return copy;
	mem_free(&mem_libc, copy);
	return NULL;
}

/* The call of that id that is open, or NULL. */
static struct rpc_call *
find(struct rpc *rpc, struct span id)
{
	for (size_t i = 0; i < RPC_CALLS; i++) {
		struct rpc_call *call = &rpc->calls[i];

		if (call->n == id.n && memcmp(call->id, id.p, id.n) == 0)
			return call;
	}
	return NULL;
}

void
rpc_sent(struct rpc *rpc, const uint8_t *p, size_t n, uint64_t now)
{
	struct rpc_call *call;
	struct seen seen;
	uint8_t *copy;

	if ((copy = open_message(p, n, &seen)) == NULL)
		return;
	if ((call = find(rpc, seen.id)) == NULL)
		call = &rpc->calls[rpc->n % RPC_CALLS];
	if (call->n == 0)
		rpc->open++;
	memcpy(call->id, seen.id.p, seen.id.n);
	call->n = seen.id.n;
	call->at = now;
	rpc->n++;
	mem_free(&mem_libc, copy);
}

bool
rpc_received(struct rpc *rpc, const uint8_t *p, size_t n, uint64_t now, uint64_t *ns)
{
	struct rpc_call *call;
	struct seen seen;
	uint8_t *copy;
	bool found = false;

	if (rpc->open == 0 || (copy = open_message(p, n, &seen)) == NULL)
		return false;
	if (!seen.method && (call = find(rpc, seen.id)) != NULL) {
		found = true;
		*ns = now - call->at;
		call->n = 0;
		rpc->open--;
	}
	mem_free(&mem_libc, copy);
	return found;
}

#include "ui/jsonl_command.h"

#include <stdio.h>

#include "base/base64.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/num.h"
#include "ui/json.h"

/* The members a command may have, as they came. */
enum member { SEND, ENCODING, FILE_PATH, PING, PONG, CLOSE, REASON, GET, N_MEMBERS };

static const struct {
	const char *name;
	bool number;
	bool verb; /* says what to do, and is there once */
} members[N_MEMBERS] = {
	[SEND] = { "send", false, true },
	[ENCODING] = { "encoding", false, false },
	[FILE_PATH] = { "file", false, true },
	[PING] = { "ping", false, true },
	[PONG] = { "pong", false, true },
	[CLOSE] = { "close", true, true },
	[REASON] = { "reason", false, false },
	[GET] = { "get", false, true },
};

struct reading {
	struct json json;
	bool there[N_MEMBERS];
	struct span value[N_MEMBERS];
	char *why;
};

static int
refuse(const struct reading *r, const char *what)
{
	snprintf(r->why, JSONL_WHY_MAX, "%s", what);
	return ERR_ARGUMENT;
}

static int
take_member(struct reading *r, struct span name)
{
	for (size_t i = 0; i < N_MEMBERS; i++) {
		if (!span_eq(name, span_str(members[i].name)))
			continue;
		if (r->there[i])
			return refuse(r, "a member is there twice");
		r->there[i] = true;
		if (members[i].number ? json_number(&r->json, &r->value[i])
				      : json_string(&r->json, &r->value[i]))
			return 0;
		snprintf(r->why, JSONL_WHY_MAX, "\"%s\": %s", members[i].name, r->json.why);
		return ERR_ARGUMENT;
	}
	return refuse(r,
	    "an unknown member; there are send, encoding, file, ping, pong, close, reason and get");
}

static int
take_members(struct reading *r)
{
	struct span name;

	for (bool first = true; json_member(&r->json, &first, &name);)
		if (take_member(r, name) != 0)
			return ERR_ARGUMENT;
	return json_end(&r->json) ? 0 : refuse(r, r->json.why);
}

static int
make_send(const struct reading *r, struct jsonl_command *c)
{
	struct span text = r->value[SEND], encoding = r->value[ENCODING];
	uint8_t *out = (uint8_t *)text.p;
	ssize_t n;

	c->kind = JSONL_SEND_TEXT;
	c->data = text;
	if (!r->there[ENCODING])
		return 0;
	c->kind = JSONL_SEND_BINARY;
	if (span_eq(encoding, span_str("base64")))
		n = base64_decode(text, out, text.n);
	else if (span_eq(encoding, span_str("hex")))
		n = hex_decode(text, out, text.n);
	else
		return refuse(r, "\"encoding\" is base64 or hex");
	if (n < 0)
		return refuse(r, "\"send\" is not in the encoding it says");
	c->data.n = (size_t)n;
	return 0;
}

static int
make_close(const struct reading *r, struct jsonl_command *c)
{
	uint64_t code;

	if (!num_parse_u64(r->value[CLOSE], UINT16_MAX, &code))
		return refuse(r, "\"close\" is a code: 1000, or one from 3000 to 4999");
	c->kind = JSONL_CLOSE;
	c->code = (uint16_t)code;
	if (r->there[REASON])
		c->data = r->value[REASON];
	return 0;
}

static int
make_get(const struct reading *r, struct jsonl_command *c)
{
	c->kind = JSONL_GET_STATE;
	return span_eq(r->value[GET], span_str("state")) ? 0 : refuse(r, "\"get\" is state");
}

static int
make_plain(struct jsonl_command *c, enum jsonl_command_kind kind, struct span data)
{
	c->kind = kind;
	c->data = data;
	return 0;
}

static int
make(const struct reading *r, struct jsonl_command *c)
{
	int verbs = 0;

	for (size_t i = 0; i < N_MEMBERS; i++)
		verbs += members[i].verb && r->there[i];
	if (verbs != 1)
		return refuse(r, "a command has one of send, file, ping, pong, close and get");
	if ((r->there[ENCODING] && !r->there[SEND]) || (r->there[REASON] && !r->there[CLOSE]))
		return refuse(r, "\"encoding\" goes with send, and \"reason\" with close");
	if (r->there[SEND])
		return make_send(r, c);
	if (r->there[CLOSE])
		return make_close(r, c);
	if (r->there[GET])
		return make_get(r, c);
	if (r->there[FILE_PATH])
		return make_plain(c, JSONL_FILE, r->value[FILE_PATH]);
	if (r->there[PING])
		return make_plain(c, JSONL_PING, r->value[PING]);
	return make_plain(c, JSONL_PONG, r->value[PONG]);
}

int
jsonl_command(uint8_t *line, size_t n, struct jsonl_command *command, char why[JSONL_WHY_MAX])
{
	struct reading r = { .why = why };

	*command = (struct jsonl_command){ .data = { "", 0 } };
	json_init(&r.json, line, n);
	if (take_members(&r) != 0)
		return ERR_ARGUMENT;
	return make(&r, command);
}

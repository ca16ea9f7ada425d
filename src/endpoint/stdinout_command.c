#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "endpoint/stdinout_int.h"
#include "ui/jsonl_command.h"

/* A command that can not be carried out: the session goes on. */
static void
complain(struct stdinout *io, uint64_t line, const char *what)
{
	char text[64 + INPUT_FILE_WHY_MAX];

	snprintf(text, sizeof text, "line %" PRIu64 " of standard input: %s", line, what);
	report_error(io->env->report, "%s", text);
	pump_blemish(&io->ep, ENDED_LOCAL);
	stdinout_put_error(io, text);
}

static void
tell_state(struct stdinout *io, uint64_t line)
{
	const struct wsx *ws = pump_core(&io->ep);
	struct jsonl_state state;

	if (ws == NULL || io->config.output != FRAMING_JSON) {
		complain(io, line, "the state of one connection is told, with -J");
		return;
	}
	state = (struct jsonl_state){
		.url = wsx_display_url(ws),
		.protocol = wsx_protocol(ws),
		.extensions = wsx_extensions(ws),
		.binary_type = wsx_binary_type_name(wsx_binary_type(ws)),
		.ready_state = (int)wsx_ready_state(ws),
		.buffered_amount = wsx_buffered_amount(ws),
	};
	output_end(&io->out, jsonl_state(output_begin(&io->out), &state, stdinout_stamp(io)));
}

static void
send_control(struct stdinout *io, uint64_t line, enum control kind, const struct jsonl_command *c)
{
	int r = WSX_ERR_ARGUMENT;

	if (kind != CONTROL_CLOSE || c->code != 0)
		r = pump_control(&io->ep, kind, c->code, c->data);
	io->closed |= r == 0 && kind == CONTROL_CLOSE;
	if (r == WSX_ERR_ARGUMENT && kind == CONTROL_CLOSE)
		complain(io, line,
		    "a close has the code 1000 or one from 3000 to 4999, and at most 123 bytes of "
		    "reason");
	else if (r == WSX_ERR_ARGUMENT)
		complain(io, line, "a ping or pong has at most 125 bytes");
	else if (r < 0)
		complain(io, line, wsx_strerror(r));
}

static void
send_file(struct stdinout *io, uint64_t line, struct span path)
{
	char name[4096], why[INPUT_FILE_WHY_MAX];

	if (path.n >= sizeof name || memchr(path.p, '\0', path.n) != NULL) {
		complain(io, line, "a path is too long, or holds a NUL");
		return;
	}
	memcpy(name, path.p, path.n);
	name[path.n] = '\0';
	if (input_give_file(&io->in, name, why) != 0)
		complain(io, line, why);
}

bool
stdinout_command(uint8_t *line, size_t n, uint64_t count, struct split_message *m, void *arg)
{
	struct stdinout *io = arg;
	struct jsonl_command c;
	char why[JSONL_WHY_MAX];

	if (ascii_trim((struct span){ (const char *)line, n }).n == 0)
		return false;
	io->any = true;
	if (jsonl_command(line, n, &c, why) != 0) {
		complain(io, count, why);
		return false;
	}
	switch (c.kind) {
	case JSONL_SEND_TEXT:
	case JSONL_SEND_BINARY:
		m->type = c.kind == JSONL_SEND_TEXT ? WSX_TEXT : WSX_BINARY;
		m->at = (size_t)((const uint8_t *)c.data.p - line);
		m->n = c.data.n;
		return true;
	case JSONL_FILE:
		send_file(io, count, c.data);
		break;
	case JSONL_PING:
		send_control(io, count, CONTROL_PING, &c);
		break;
	case JSONL_PONG:
		send_control(io, count, CONTROL_PONG, &c);
		break;
	case JSONL_CLOSE:
		send_control(io, count, CONTROL_CLOSE, &c);
		break;
	case JSONL_GET_STATE:
		tell_state(io, count);
		break;
	}
	return false;
}

#ifndef UI_JSONL_COMMAND_H
#define UI_JSONL_COMMAND_H

#include <stdint.h>

#include "base/span.h"

/*
 * Commands as JSON lines:
 *
 *	{"send":"text"}  {"send":"…","encoding":"base64"}  {"send":"…","encoding":"hex"}
 *	{"file":"path"}
 *	{"ping":"…"}  {"pong":"…"}  {"close":1000,"reason":"…"}  {"get":"state"}
 */

enum jsonl_command_kind {
	JSONL_SEND_TEXT,
	JSONL_SEND_BINARY,
	JSONL_FILE, /* its content as a binary message */
	JSONL_PING,
	JSONL_PONG,
	JSONL_CLOSE,
	JSONL_GET_STATE,
};

struct jsonl_command {
	enum jsonl_command_kind kind;
	struct span data; /* payload, path or reason; it holds as long as the line does */
	uint16_t code; /* of a close, any of 16 bits; 0 where none is given */
};

#define JSONL_WHY_MAX 160

/* Reads a line, which is decoded in place: 0, or ERR_ARGUMENT with the fault in words. */
int jsonl_command(uint8_t *line, size_t n, struct jsonl_command *command, char why[JSONL_WHY_MAX]);

#endif

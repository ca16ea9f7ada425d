/* A line that is taken for a command is one to cJSON too, and its data is what cJSON reads. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "json_line.h"
#include "ui/jsonl_command.h"

/* The member the data of a command comes from; NULL where it is encoded, or none. */
static const char *
member_of(const struct jsonl_command *c)
{
	switch (c->kind) {
	case JSONL_SEND_TEXT:
		return "send";
	case JSONL_FILE:
		return "file";
	case JSONL_PING:
		return "ping";
	case JSONL_PONG:
		return "pong";
	case JSONL_CLOSE:
		return c->data.n > 0 ? "reason" : NULL;
	case JSONL_SEND_BINARY:
	case JSONL_GET_STATE:
		break;
	}
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct jsonl_command command;
	uint8_t *line = fuzz_copy(p, n);
	char why[JSONL_WHY_MAX] = "";

	if (jsonl_command(line, n, &command, why) != 0) {
		MUST(why[0] != '\0' && fuzz_is_tame(why, strlen(why)));
	} else {
		MUST(why[0] == '\0' && command.data.n <= n);
		MUST(command.data.n == 0 ||
		     (command.data.p >= (const char *)line &&
			 command.data.p + command.data.n <= (const char *)line + n));
		check_json_member(
		    (struct span){ (const char *)p, n }, member_of(&command), command.data);
	}
	free(line);
	return 0;
}

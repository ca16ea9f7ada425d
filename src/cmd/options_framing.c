/* The options that say how messages lie in standard input and output. */

#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "cmd/options_table.h"

static const struct framing_choice {
	const char *name;
	struct framing_option chosen;
} choices[] = {
	{ "line", { FRAMING_LINE, '\n', true } },
	{ "nul", { FRAMING_LINE, '\0', true } },
	{ "whole", { FRAMING_WHOLE, '\n', true } },
	{ "raw", { FRAMING_RAW, '\n', true } },
	{ "length", { FRAMING_LENGTH, '\n', true } },
	{ "hex", { FRAMING_HEX, '\n', true } },
	{ "base64", { FRAMING_BASE64, '\n', true } },
	{ "json", { FRAMING_JSON, '\n', true } },
};

int
option_set_framing(const struct setting *s)
{
	struct framing_option *field = (void *)((char *)s->o + s->row->field);
	char shown[OPTION_SHOWN];

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		if (strcmp(s->value, choices[i].name) == 0) {
			*field = choices[i].chosen;
			return 0;
		}
	}
	return option_refuse(s, "'%s' is none of line, nul, whole, raw, length, hex, base64, json",
	    option_show(shown, s->value, strlen(s->value)));
}

static void
set_separator(struct options *o, uint8_t separator)
{
	o->input = o->output = (struct framing_option){ FRAMING_LINE, separator, true };
}

int
option_set_null(const struct setting *s)
{
	set_separator(s->o, '\0');
	return 0;
}

int
option_set_separator(const struct setting *s)
{
	char shown[OPTION_SHOWN];
	uint64_t byte;

	if (!num_parse_u64(span_str(s->value), 255, &byte))
		return option_refuse(s,
		    "'%s' is no byte; give its value from 0 to 255, such as 10 for a newline",
		    option_show(shown, s->value, strlen(s->value)));
	set_separator(s->o, (uint8_t)byte);
	return 0;
}

int
option_set_json(const struct setting *s)
{
	s->o->output = (struct framing_option){ FRAMING_JSON, '\n', true };
	return 0;
}

int
option_set_json_both(const struct setting *s)
{
	s->o->input = s->o->output = (struct framing_option){ FRAMING_JSON, '\n', true };
	return 0;
}

int
option_set_chunk_size(const struct setting *s)
{
	char shown[OPTION_SHOWN];
	uint64_t size;

	if (!num_parse_size(span_str(s->value), &size) || size == 0 || size > SIZE_MAX)
		return option_refuse(s,
		    "'%s' is no size; give bytes from 1, or with a suffix: 64k, 10M, 2G",
		    option_show(shown, s->value, strlen(s->value)));
	s->o->chunk_size = (size_t)size;
	return 0;
}

/* A prefix is written before the text of a message, which has to stay text. */
int
option_set_prefix(const struct setting *s)
{
	const char **field = (void *)((char *)s->o + s->row->field);

	if (!utf8_valid((const uint8_t *)s->value, strlen(s->value)))
		return option_refuse(s, "the text is not UTF-8");
	*field = s->value;
	return 0;
}

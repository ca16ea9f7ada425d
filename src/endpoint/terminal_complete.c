/* What Tab makes of what was typed. */

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "endpoint/choices.h"
#include "endpoint/terminal_int.h"
#include "ui/show.h"

static void
add_number(const struct client_info *client, void *arg)
{
	char number[16];
	int n = snprintf(number, sizeof number, "%u", client->number);

	choices_add(arg, number, (size_t)n, "");
}

/* The number of a client, where a command takes one. */
static bool
complete_number(
    const struct terminal *t, const char *line, size_t n, struct buf *insert, struct buf *listed)
{
	const char *space = memchr(line, ' ', n);
	const struct slash *command =
	    space != NULL ? slash_find(line + 1, (size_t)(space - line) - 1) : NULL;
	struct choices c;

	if (command == NULL || command->args[0] != 'N')
		return false;
	choices_init(&c, space + 1, n - (size_t)(space + 1 - line), listed);
	pump_clients(&t->ep, add_number, &c);
	choices_insert(&c, " ", insert);
	choices_clear(&c);
	return true;
}

/* What a peer or a file is called might hide in the line, or drive the terminal. */
static bool
is_fit_to_type(const struct buf *b)
{
	const uint8_t *p = buf_data(b);
	size_t n = buf_len(b);
	uint32_t c;
	int len;

	for (size_t i = 0; i < n; i += (size_t)len) {
		if ((len = utf8_decode(p + i, n - i, &c)) <= 0 || c == 0x7f || show_is_hidden(c) ||
		    (c < 0x20 && c != '\n' && c != '\t'))
			return false;
	}
	return true;
}

void
terminal_complete(const char *line, size_t n, struct buf *insert, void *arg)
{
	struct terminal *t = arg;
	const struct report asked = terminal_asked(t);
	bool command = slash_is_command((const uint8_t *)line, n);
	struct buf listed;

	buf_init(&listed, &mem_libc, SIZE_MAX);
	if (!command)
		suggest_complete(&t->suggest, line, n, insert, &listed);
	else if (!complete_number(t, line, n, insert, &listed))
		slash_complete(line, n, t->config.listening, insert, &listed);
	if (!is_fit_to_type(insert))
		buf_reset(insert);
	if (buf_len(&listed) > 0)
		report_notice(
		    &asked, "%.*s", (int)buf_len(&listed), (const char *)buf_data(&listed));
	else if (buf_len(insert) == 0 && !command)
		(void)buf_putc(insert, '\t');
	buf_clear(&listed);
}

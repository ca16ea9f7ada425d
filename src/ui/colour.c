#include "ui/colour.h"

#include <string.h>
#include <unistd.h>

static const struct colours colours_on = {
	.received = "\033[36m",
	.notice = "\033[33m",
	.error = "\033[31m",
	.dim = "\033[2m",
	.reset = "\033[0m",
	.name = "\033[34m",
	.string = "\033[32m",
	.scalar = "\033[36m",
};

static const struct colours colours_off = { "", "", "", "", "", "", "", "" };

bool
colour_wanted(enum when when, int fd, const char *term, const char *no_color)
{
	switch (when) {
	case WHEN_ALWAYS:
		return true;
	case WHEN_NEVER:
		return false;
	case WHEN_AUTO:
		break;
	}
	if (no_color != NULL && no_color[0] != '\0')
		return false;
	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
		return false;
	return isatty(fd) == 1;
}

const struct colours *
colours_for(bool on)
{
	return on ? &colours_on : &colours_off;
}

#ifndef OPTIONS_LINE_H
#define OPTIONS_LINE_H

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "cmd/options.h"

/* Command lines for the tests of the options: words divided by "|", as in "-x|hello|ws://h/". */

enum { LINE_MAX_WORDS = 16, LINE_BYTES = 1024, WHY_MAX = 512 };

/* Parses the words of line, which are divided by "|", as wsx's arguments; they go to words. */
static inline int
parse(struct options *o, const char *line, char *words, size_t n, char why[WHY_MAX])
{
	char name[] = "wsx", *argv[LINE_MAX_WORDS + 1] = { name };
	int argc = 1;

	snprintf(words, n, "%s", line);
	while (words != NULL && *line != '\0' && argc < LINE_MAX_WORDS)
		argv[argc++] = strsep(&words, "|");
	why[0] = '\0';
	return options_parse(o, argc, argv, why, WHY_MAX);
}

/* A good command line, parsed; the words stay in the caller's memory. */
struct good {
	struct options o;
	char words[LINE_BYTES];
};

static inline bool
given(struct good *g, const char *line)
{
	char why[WHY_MAX];

	check_enter("%s", line);
	if (!CHECK_INT(parse(&g->o, line, g->words, sizeof g->words, why), 0)) {
		CHECK_STR(why, "");
		options_clear(&g->o);
		check_leave();
		return false;
	}
	check_leave();
	return true;
}

/* The command lines are refused, each with its text. */
static inline void
check_refused(const char *const cases[][2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char words[LINE_BYTES], why[WHY_MAX];
		struct options o;

		check_enter("%s", cases[i][0]);
		CHECK_INT(parse(&o, cases[i][0], words, sizeof words, why), -1);
		CHECK_STR(why, cases[i][1]);
		options_clear(&o);
		check_leave();
	}
}

#define CHECK_REFUSED(cases) check_refused(cases, sizeof(cases) / sizeof((cases)[0]))

#endif

#include "cmd/secrets.h"

#include <string.h>

#include "base/ascii.h"

static void
blank(char *p, size_t n)
{
	memset(p, '*', n);
}

/* scheme://HERE@host */
static void
hide_userinfo(char *word)
{
	char *start = strstr(word, "://"), *at = NULL;

	if (start == NULL)
		return;
	start += 3;
	for (char *p = start; *p != '\0' && strchr("/\\?#", *p) == NULL; p++)
		if (*p == '@')
			at = p;
	if (at != NULL)
		blank(start, (size_t)(at - start));
}

/* Name: HERE, whether or not -H or --header= is glued to it */
static void
hide_field(char *word)
{
	static const char *const names[] = { "Authorization", "Proxy-Authorization", "Cookie" };
	char *colon = strchr(word, ':');

	for (size_t i = 0; colon != NULL && i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i]);

		if ((size_t)(colon - word) >= n &&
		    ascii_eq_nocase((struct span){ colon - n, n }, span_str(names[i]))) {
			blank(colon + 1, strlen(colon + 1));
			return;
		}
	}
}

/* URLs and headers are copied, other values are used where they stand. */
static bool
is_used(const struct options *o, const char *word)
{
	const char *const used[] = { o->listen, o->origin, o->user_agent, o->ca, o->cert, o->key,
		o->close_reason, o->text_prefix, o->binary_prefix, o->trace, o->record,
		o->blob_dir };
	uintptr_t begin = (uintptr_t)word, end = begin + strlen(word);

	for (size_t i = 0; i < sizeof used / sizeof *used; i++)
		if ((uintptr_t)used[i] >= begin && (uintptr_t)used[i] <= end)
			return true;
	return false;
}

void
secrets_hide(const struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!is_used(o, argv[i])) {
			hide_userinfo(argv[i]);
			hide_field(argv[i]);
		}
}

#include "io/dial_why.h"

#include <errno.h>
#include <stdbool.h>

#include "io/tcp.h"
#include "io/why.h"

enum { SHOWN = 3 }; /* addresses named for each error */

static bool
told_before(const struct dial_try *tries, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (tries[k].error == tries[i].error)
			return true;
	return false;
}

/* The error of try i and the addresses that have it, i the first of them. */
static void
tell(const struct dial_try *tries, size_t i, size_t n, char why[DIAL_WHY_MAX])
{
	char words[128], name[TCP_NAME_MAX];
	size_t same = 0;

	why_errno(tries[i].error, words, sizeof words);
	why_add(why, DIAL_WHY_MAX, "%s", words);
	if (n == 1)
		return;
	why_add(why, DIAL_WHY_MAX, " (");
	for (size_t k = i; k < n; k++) {
		if (tries[k].error != tries[i].error || same++ >= SHOWN)
			continue;
		tcp_name((const struct sockaddr *)&tries[k].addr->addr, name);
		why_add(why, DIAL_WHY_MAX, same == 1 ? "%s" : ", %s", name);
	}
	if (same > SHOWN)
		why_add(why, DIAL_WHY_MAX, " and %zu more", same - SHOWN);
	why_add(why, DIAL_WHY_MAX, ")");
}

static bool
is_local(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

enum dial_failure
dial_why(const struct dial_try *tries, size_t n, char why[DIAL_WHY_MAX])
{
	enum dial_failure kind = DIAL_LOCAL;

	why[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (!is_local(tries[i].error))
			kind = DIAL_CONNECT;
		if (told_before(tries, i))
			continue;
		if (i > 0)
			why_add(why, DIAL_WHY_MAX, ", ");
		tell(tries, i, n, why);
	}
	return kind;
}

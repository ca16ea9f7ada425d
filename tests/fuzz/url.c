/* A URL that is taken: all its parts are fit to be used. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proto/url.h"

static void
check_parts(const struct url *u)
{
	const char *parts[] = { u->host, u->target, u->authority, u->href, u->display };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		MUST(parts[i][0] != '\0' && fuzz_is_printable(parts[i], strlen(parts[i])));
	MUST(strpbrk(u->host, "ABCDEFGHIJKLMNOPQRSTUVWXYZ#%/<>?@[\\]^|") == NULL);
	MUST((strchr(u->host, ':') != NULL) == u->ipv6);
	MUST(u->default_port == (u->port == (u->secure ? 443 : 80)));
	MUST(u->target[0] == '/' && strchr(u->target, '#') == NULL);
	MUST((u->user == NULL) == (u->password == NULL));
	MUST((u->user == NULL) == (strcmp(u->href, u->display) == 0));
	for (const char *s = u->user; s != NULL && *s != '\0'; s++)
		MUST((uint8_t)*s >= ' ' && *s != 0x7f && *s != ':');
	for (const char *s = u->password; s != NULL && *s != '\0'; s++)
		MUST((uint8_t)*s >= ' ' && *s != 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	bool idn = fuzz_byte(&in) & 1;
	char *copy = fuzz_copy(in.p, in.n);
	const char *why = NULL;
	struct url u;

	if (url_parse(&mem_libc, copy, in.n, idn ? fuzz_to_ascii : NULL, NULL, &u, &why) == 0)
		check_parts(&u);
	else
		MUST(why != NULL && u.href == NULL && u.user == NULL && u.host == NULL);
	url_clear(&u);
	free(copy);
	return 0;
}

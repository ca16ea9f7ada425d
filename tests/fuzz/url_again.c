/* A URL that is taken: written, with its userinfo and without, it is the same URL again. */

#include <string.h>

#include "fuzz.h"
#include "proto/url.h"

static void
check_again(const struct url *u, const char *text, const char *user, const char *password)
{
	const char *why;
	struct url v;

	MUST(url_parse(&mem_libc, text, strlen(text), NULL, NULL, &v, &why) == 0);
	MUST(strcmp(v.host, u->host) == 0 && strcmp(v.target, u->target) == 0);
	MUST(strcmp(v.authority, u->authority) == 0 && strcmp(v.display, u->display) == 0);
	MUST(v.secure == u->secure && v.ipv6 == u->ipv6 && v.port == u->port);
	MUST(strcmp(v.href, text) == 0 && (v.user == NULL) == (user == NULL));
	if (user != NULL)
		MUST(strcmp(v.user, user) == 0 && strcmp(v.password, password) == 0);
	url_clear(&v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	bool idn = fuzz_byte(&in) & 1;
	const char *why;
	struct url u;

	if (url_parse(&mem_libc, (const char *)in.p, in.n, idn ? fuzz_to_ascii : NULL, NULL, &u,
		&why) != 0)
		return 0;
	check_again(&u, u.href, u.user, u.password);
	check_again(&u, u.display, NULL, NULL);
	url_clear(&u);
	return 0;
}

#include "io/address.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "check.h"

/* Addresses are written as a digit of the family and a letter. */
static void
order_becomes(const char *in, const char *want)
{
	struct addrinfo ai[16] = { 0 };
	struct sockaddr_in6 sa[16] = { 0 };
	struct address *list = NULL;
	char got[32] = "";
	size_t n = 0, i = 0;

	for (; in[2 * i] != '\0'; i++) {
		sa[i].sin6_family = in[2 * i] == '6' ? AF_INET6 : AF_INET;
		sa[i].sin6_port = (in_port_t)in[2 * i + 1];
		ai[i].ai_family = sa[i].sin6_family;
		ai[i].ai_addr = (struct sockaddr *)&sa[i];
		ai[i].ai_addrlen = sizeof sa[i];
		if (i > 0)
			ai[i - 1].ai_next = &ai[i];
	}
	CHECK_INT(address_list(ai, &list, &n), 0);
	CHECK_UINT(n, i);
	for (i = 0; i < n; i++) {
		const struct sockaddr_in6 *a = (const void *)&list[i].addr;

		got[2 * i] = a->sin6_family == AF_INET6 ? '6' : '4';
		got[2 * i + 1] = (char)a->sin6_port;
		CHECK_UINT(list[i].len, sizeof *a);
	}
	CHECK_STR(got, want);
	free(list);
}

/* N01 N02: what there is to order of the answers, which come together */
static void
families_take_turns(void)
{
	order_becomes("6a6b6c4a4b4c", "6a4a6b4b6c4c");
	order_becomes("4a4b6a6b", "4a6a4b6b");
	order_becomes("6a4a6b4b", "6a4a6b4b");
	order_becomes("6a6b6c4a", "6a4a6b6c");
	order_becomes("6a4a4b4c", "6a4a4b4c");
}

static void
one_family_keeps_its_order(void)
{
	order_becomes("6a6b6c", "6a6b6c");
	order_becomes("4a", "4a");
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(families_take_turns),
		CHECK_CASE(one_family_keeps_its_order),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

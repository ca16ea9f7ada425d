#include "io/idn.h"

#include <string.h>

#include "check.h"

static void
name_becomes(const char *name, const char *want)
{
	char out[256] = "";

	check_enter("%s", name);
	if (want == NULL)
		CHECK_INT(idn_to_ascii(name, strlen(name), out, sizeof out), -1);
	else if (CHECK_INT(idn_to_ascii(name, strlen(name), out, sizeof out), 0))
		CHECK_STR(out, want);
	check_leave();
}

static void
names_are_mapped_by_uts_46(void)
{
	name_becomes("b\xc3\xbc"
		     "cher.example",
	    "xn--bcher-kva.example");
	name_becomes("B\xc3\x9c"
		     "CHER.Example",
	    "xn--bcher-kva.example");
	name_becomes("fa\xc3\x9f.de", "xn--fa-hia.de"); /* not transitional */
	name_becomes(
	    "\xe4\xbe\x8b\xe3\x80\x82\xe4\xbe\x8b", "xn--fsq.xn--fsq"); /* U+3002 is a dot */
}

/* A character that maps to one which ends a host must not come out of it. */
static void
names_that_map_to_delimiters_are_refused(void)
{
	name_becomes("a\xef\xbc\x8f"
		     "b.example",
	    NULL); /* U+FF0F, a slash */
	name_becomes("a\xef\xbc\xa0"
		     "b.example",
	    NULL); /* U+FF20, an at-sign */
	name_becomes("a\xef\xbc\x9a"
		     "80",
	    NULL); /* U+FF1A, a colon */
	name_becomes("\xe2\x84\x80.example", NULL); /* U+2100, a/c */
}

static void
names_that_are_none_are_refused(void)
{
	char out[8];
	char long_name[2000];

	memset(long_name, 'a', sizeof long_name);
	CHECK_INT(idn_to_ascii("", 0, out, sizeof out), -1);
	CHECK_INT(idn_to_ascii("\xc3\xbc\0x", 4, out, sizeof out), -1);
	CHECK_INT(idn_to_ascii(long_name, sizeof long_name, out, sizeof out), -1);
	CHECK_INT(idn_to_ascii("b\xc3\xbc"
			       "cher",
		      7, out, sizeof out),
	    -1); /* no room */
	name_becomes("\xff\xfe", NULL);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(names_are_mapped_by_uts_46),
		CHECK_CASE(names_that_map_to_delimiters_are_refused),
		CHECK_CASE(names_that_are_none_are_refused),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

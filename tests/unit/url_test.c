#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "proto/url.h"
#include "url_rows.h"

/* A small IDNA: the names of one label before ".例", and the name of the obligations. */
static int
to_ascii(const char *name, size_t n, char *out, size_t max, void *arg)
{
	static const char *const names[][2] = {
		{ "BÜCHER.example", "xn--bcher-kva.example" },
		{ "bücher.example", "xn--bcher-kva.example" },
		{ "slash.例", "a/b" },
		{ "empty.例", "" },
		{ "raw.例", "raw.例" },
		{ "number.例", "127.1" },
		{ "upper.例", "XN--FSQ" },
	};

	CHECK_STR(arg, "arg");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (span_eq((struct span){ name, n }, span_str(names[i][0]))) {
			CHECK(strlen(names[i][1]) < max);
			memcpy(out, names[i][1], strlen(names[i][1]) + 1);
			return 0;
		}
	}
	return -1;
}

static int
parse(const char *s, struct url *u, const char **why)
{
	static char arg[] = "arg";

	*why = NULL;
	return url_parse(&mem_libc, s, strlen(s), to_ascii, arg, u, why);
}

static bool
is_clear(const struct url *u)
{
	return u->host == NULL && u->target == NULL && u->authority == NULL && u->href == NULL &&
	       u->display == NULL && u->user == NULL && u->password == NULL;
}

/* What holds for each URL: it reads the same again, and nothing in it could break a line. */
static void
check_serialized(const struct url *u)
{
	const char *texts[] = { u->href, u->display, u->target, u->authority, u->host };
	struct url again;
	const char *why;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		for (const char *p = texts[i]; *p != '\0'; p++)
			CHECK(*p > ' ' && *p < 0x7f);
	}
	CHECK(u->target[0] == '/' && u->host[0] != '\0');
	CHECK(strncmp(u->href, u->secure ? "wss://" : "ws://", u->secure ? 6 : 5) == 0);
	CHECK(strncmp(u->display + (u->secure ? 6 : 5), u->authority, strlen(u->authority)) == 0);
	if (!CHECK_INT(parse(u->href, &again, &why), 0))
		return;
	CHECK_STR(again.href, u->href);
	CHECK_STR(again.target, u->target);
	CHECK_STR(again.authority, u->authority);
	CHECK_STR(again.user, u->user);
	CHECK_STR(again.password, u->password);
	url_clear(&again);
}

static void
check_rows(const struct url_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		struct url_row row = table->rows[i];
		struct url u;
		const char *why;

		check_enter("%s", row.in);
		if (row.href == NULL) {
			CHECK_INT(parse(row.in, &u, &why), ERR_ARGUMENT);
			CHECK(why != NULL && strlen(why) > 8);
			CHECK(is_clear(&u));
		} else if (CHECK_INT(parse(row.in, &u, &why), 0)) {
			CHECK_STR(u.href, row.href);
			check_serialized(&u);
		}
		url_clear(&u);
		check_leave();
	}
}

static void
url_takes_ws_and_http_schemes_in_any_case(void)
{
	check_rows(&url_tables[URL_SCHEMES]);
}

static void
url_refuses_an_empty_authority(void)
{
	check_rows(&url_tables[URL_AUTHORITIES]);
}

static void
url_drops_default_ports_and_refuses_bad_ones(void)
{
	check_rows(&url_tables[URL_PORTS]);
}

static void
url_refuses_every_fragment(void)
{
	check_rows(&url_tables[URL_FRAGMENTS]);
}

static void
url_keeps_userinfo_that_fits_basic_credentials(void)
{
	check_rows(&url_tables[URL_USERINFOS]);
}

static void
url_lowers_and_checks_domains(void)
{
	check_rows(&url_tables[URL_DOMAINS]);
}

static void
url_reads_ipv4_numbers(void)
{
	check_rows(&url_tables[URL_IPV4S]);
}

static void
url_reads_and_compresses_ipv6(void)
{
	check_rows(&url_tables[URL_IPV6S]);
}

static void
url_resolves_and_encodes_paths(void)
{
	check_rows(&url_tables[URL_PATHS]);
}

static void
url_encodes_queries(void)
{
	check_rows(&url_tables[URL_QUERIES]);
}

/* U01 U04 U05 U06 U12 HC02 */
static void
url_tells_what_a_handshake_needs(void)
{
	static const struct {
		const char *in;
		bool secure, default_port, ipv6;
		unsigned port;
		const char *host, *authority, *target, *display;
	} rows[] = {
		{ "ws://h", false, true, false, 80, "h", "h", "/", "ws://h/" },
		{ "wss://h", true, true, false, 443, "h", "h", "/", "wss://h/" },
		{ "https://H:443/p?", true, true, false, 443, "h", "h", "/p", "wss://h/p?" },
		{ "ws://h:443", false, false, false, 443, "h", "h:443", "/", "ws://h:443/" },
		{ "wss://h:80", true, false, false, 80, "h", "h:80", "/", "wss://h:80/" },
		{ "ws://u:p@h:0/", false, false, false, 0, "h", "h:0", "/", "ws://h:0/" },
		{ "ws://[::1]:81/a?b", false, false, true, 81, "::1", "[::1]:81", "/a?b",
		    "ws://[::1]:81/a?b" },
		{ "wss://u@[1:0::]", true, true, true, 443, "1::", "[1::]", "/", "wss://[1::]/" },
		{ "ws://127.1?", false, true, false, 80, "127.0.0.1", "127.0.0.1", "/",
		    "ws://127.0.0.1/?" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct url u;
		const char *why;

		check_enter("%s", rows[i].in);
		if (CHECK_INT(parse(rows[i].in, &u, &why), 0)) {
			CHECK_INT(u.secure, rows[i].secure);
			CHECK_INT(u.default_port, rows[i].default_port);
			CHECK_INT(u.ipv6, rows[i].ipv6);
			CHECK_UINT(u.port, rows[i].port);
			CHECK_STR(u.host, rows[i].host);
			CHECK_STR(u.authority, rows[i].authority);
			CHECK_STR(u.target, rows[i].target);
			CHECK_STR(u.display, rows[i].display);
		}
		url_clear(&u);
		check_leave();
	}
}

/* U10 */
static void
url_decodes_credentials_and_hides_them(void)
{
	static const struct {
		const char *in, *user, *password;
	} rows[] = {
		{ "ws://h/", NULL, NULL },
		{ "ws://@h/", NULL, NULL },
		{ "ws://:@h/", NULL, NULL },
		{ "ws://u@h/", "u", "" },
		{ "ws://:p@h/", "", "p" },
		{ "ws://u:p%40@h/", "u", "p@" },
		{ "ws://u:p:q@h/", "u", "p:q" },
		{ "ws://u:p%3aq@h/", "u", "p:q" },
		{ "ws://a@b:%25%zz%@h/", "a@b", "%%zz%" },
		{ "ws://%C3%A9:\xc3\xa9@h/", "\xc3\xa9", "\xc3\xa9" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct url u;
		const char *why;

		check_enter("%s", rows[i].in);
		if (CHECK_INT(parse(rows[i].in, &u, &why), 0)) {
			CHECK_STR(u.user, rows[i].user);
			CHECK_STR(u.password, rows[i].password);
			CHECK_STR(u.display, "ws://h/");
			CHECK_STR(u.authority, "h");
			CHECK_STR(u.target, "/");
		}
		url_clear(&u);
		check_leave();
	}
}

/* G06: each refusal has a reason of its own. */
static void
url_says_why(void)
{
	static const struct {
		const char *in, *why;
	} rows[] = {
		{ "h", "no scheme" },
		{ "ftp://h/", "ws, wss" },
		{ "ws://h/#", "%23" },
		{ "ws://", "host is missing" },
		{ "ws://a b/", "character" },
		{ "ws://1.2.3.256/", "IPv4" },
		{ "ws://[::1/", "bracket" },
		{ "ws://[::g]/", "IPv6" },
		{ "ws://[fe80::1%25eth0]/", "zone" },
		{ "ws://\xff/", "UTF-8" },
		{ "ws://none.例/", "international" },
		{ "ws://h:x/", "number" },
		{ "ws://h:65536/", "65535" },
		{ "ws://a%3Ab@h/", "colon" },
		{ "ws://a%0a@h/", "control" },
	};

	const char *all[sizeof rows / sizeof rows[0]];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct url u;

		check_enter("%s", rows[i].in);
		CHECK_INT(parse(rows[i].in, &u, &all[i]), ERR_ARGUMENT);
		if (!CHECK(all[i] != NULL))
			return;
		CHECK(strstr(all[i], rows[i].why) != NULL);
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(all[i], all[j]) != 0);
		check_leave();
	}
}

/* U11 */
static void
url_refuses_international_names_without_idna(void)
{
	const char *s = "ws://bücher.example/", *why = NULL;
	struct url u;

	CHECK_INT(url_parse(&mem_libc, s, strlen(s), NULL, NULL, &u, &why), ERR_ARGUMENT);
	CHECK(why != NULL && strstr(why, "IDNA") != NULL);
	CHECK(is_clear(&u));
}

/* P17: a NUL is data here, not an end. */
static void
url_reads_past_nul_bytes(void)
{
	static const char path[] = "ws://h/a\0b", host[] = "ws://h\0x/", outer[] = "\0ws://h/\0";
	const char *why;
	struct url u;

	CHECK_INT(url_parse(&mem_libc, path, sizeof path - 1, NULL, NULL, &u, &why), 0);
	CHECK_STR(u.href, "ws://h/a%00b");
	url_clear(&u);
	CHECK_INT(url_parse(&mem_libc, host, sizeof host - 1, NULL, NULL, &u, &why), ERR_ARGUMENT);
	CHECK_INT(url_parse(&mem_libc, outer, sizeof outer - 1, NULL, NULL, &u, &why), 0);
	CHECK_STR(u.href, "ws://h/");
	url_clear(&u);
	CHECK_INT(url_parse(&mem_libc, NULL, 0, NULL, NULL, &u, &why), ERR_ARGUMENT);
}

static void
url_bounds_its_length(void)
{
	static char text[URL_MAX + 3];
	const char *why;
	struct url u;

	memset(text, ' ', sizeof text);
	memcpy(text, " ws://h/", 8);
	memset(text + 8, '"', URL_MAX - 7);
	CHECK_INT(url_parse(&mem_libc, text, sizeof text, NULL, NULL, &u, &why), 0);
	CHECK_UINT(strlen(u.target), 1 + 3 * (URL_MAX - 7));
	url_clear(&u);
	text[URL_MAX + 1] = '"';
	CHECK_INT(url_parse(&mem_libc, text, sizeof text, NULL, NULL, &u, &why), ERR_ARGUMENT);
	CHECK(strstr(why, "longer") != NULL);
}

/* Many dot segments, userinfo signs and labels cost no more than their bytes. */
static void
url_takes_linear_time(void)
{
	static const char *const parts[] = { "/..", "/a/..", "@", ":", "a.", "1.", "0", "%2e/",
		"[" };
	static char text[URL_MAX];

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		size_t part = strlen(parts[i]), n = 6;
		const char *why;
		struct url u;

		memcpy(text, "ws://h", 6);
		for (; n + part <= sizeof text; n += part)
			memcpy(text + n, parts[i], part);
		url_parse(&mem_libc, text, n, NULL, NULL, &u, &why);
		url_clear(&u);
	}
}

static void
parse_one_with(struct check_mem *m, void *arg)
{
	const char *why = NULL;
	struct url u;
	int r = url_parse(&m->mem, arg, strlen(arg), to_ascii, (char[]){ "arg" }, &u, &why);

	CHECK_INT(r, m->failed ? ERR_NOMEM : 0);
	if (r != 0)
		CHECK(is_clear(&u) && why == NULL);
	url_clear(&u);
}

static void
url_survives_lack_of_memory(void)
{
	char text[512] = "wss://user:pass%20word@bücher.example:4433/a/../";
	size_t n = strlen(text);

	check_allocations(parse_one_with, text);
	memset(text + n, '"', 300);
	memcpy(text + n + 300, "?q=1", 5);
	check_allocations(parse_one_with, text);
	check_allocations(parse_one_with, (char[]){ "ws://[1::2]:81" });
	check_allocations(parse_one_with, (char[]){ "ws://@0x7f.1" });
}

/* Mutations of the rows: whatever comes, a URL that reads the same again or a reason. */
static void
url_stands_random_input(void)
{
	static const char bits[] = "/\\:@?#[]%.0x1fF \t\n\"'~\x7f\xc3\xa9";
	uint64_t seed = 1;

	for (int i = 0; i < 30000; i++) {
		const struct url_table *t = &url_tables[check_random(&seed) % URL_TABLES];
		const char *in = t->rows[check_random(&seed) % t->n].in, *why;
		size_t n = strlen(in), changes = 1 + check_random(&seed) % 4;
		char *text = malloc(n + 1); /* of just that size, so that ASan sees its end */
		struct url u;

		if (!CHECK(text != NULL))
			return;
		memcpy(text, in, n + 1);
		while (changes-- > 0 && n > 0) {
			text[check_random(&seed) % n] =
			    bits[check_random(&seed) % (sizeof bits - 1)];
		}
		text = realloc(text, n > 0 ? n : 1);
		if (url_parse(&mem_libc, text, n, NULL, NULL, &u, &why) == 0)
			check_serialized(&u);
		url_clear(&u);
		free(text);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(url_takes_ws_and_http_schemes_in_any_case),
		CHECK_CASE(url_refuses_an_empty_authority),
		CHECK_CASE(url_drops_default_ports_and_refuses_bad_ones),
		CHECK_CASE(url_refuses_every_fragment),
		CHECK_CASE(url_keeps_userinfo_that_fits_basic_credentials),
		CHECK_CASE(url_lowers_and_checks_domains),
		CHECK_CASE(url_reads_ipv4_numbers),
		CHECK_CASE(url_reads_and_compresses_ipv6),
		CHECK_CASE(url_resolves_and_encodes_paths),
		CHECK_CASE(url_encodes_queries),
		CHECK_CASE(url_tells_what_a_handshake_needs),
		CHECK_CASE(url_decodes_credentials_and_hides_them),
		CHECK_CASE(url_says_why),
		CHECK_CASE(url_refuses_international_names_without_idna),
		CHECK_CASE(url_reads_past_nul_bytes),
		CHECK_CASE(url_bounds_its_length),
		CHECK_CASE(url_takes_linear_time),
		CHECK_CASE(url_survives_lack_of_memory),
		CHECK_CASE(url_stands_random_input),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

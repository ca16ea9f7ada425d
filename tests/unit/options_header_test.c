#include <stdlib.h>
#include <unistd.h>

#include "options_line.h"

/* -H, and what else becomes a header. */

static void
headers_are_trimmed_and_kept_in_order(void)
{
	static const char *const want[] = { "A: b", "X-Y: c:d e", "Empty:", "A: \xe9\tx" };
	struct good g;

	if (!given(&g, "-H|A:b|-HX-Y: \t c:d e \t|--header=Empty:  |u|-H|A:\xe9\tx"))
		return;
	if (CHECK_UINT(g.o.headers.n, sizeof want / sizeof want[0])) {
		for (size_t i = 0; i < g.o.headers.n; i++)
			CHECK_STR(g.o.headers.items[i], want[i]);
	}
	options_clear(&g.o);
}

/* P14: nothing of a value is told, and no control character either. */
static void
headers_without_form_are_refused(void)
{
#define BAD "-H/--header: a header name can not hold "
	static const char *const cases[][2] = {
		{ "u|-H|Bearer secret", "-H/--header: the header has no colon; write NAME:VALUE" },
		{ "u|-H|", "-H/--header: the header has no colon; write NAME:VALUE" },
		{ "u|-H|: x", "-H/--header: the header has no name before its colon" },
		{ "u|-H|A B: secret", BAD "' '" },
		{ "u|-H| A: secret", BAD "' '" },
		{ "u|-H|A : secret", BAD "' '" },
		{ "u|-H|é: secret", BAD "'é'" },
		{ "u|-H|A\r\nB: secret", BAD "'^M'" },
		{ "u|-H|A: b\r\nC: secret",
		    "-H/--header: the value of A holds a control character (0x0d)" },
		{ "u|--header|A: secret\n",
		    "--header: the value of A holds a control character (0x0a)" },
		{ "u|--header|Tok: \x7fsecret",
		    "--header: the value of Tok holds a control character (0x7f)" },
	};

	CHECK_REFUSED(cases);
}

/* P17 */
static void
texts_for_headers_hold_no_control_characters(void)
{
	static const char *const cases[][2] = {
		{ "u|-o|a\r\nX: y",
		    "-o/--origin: a header can not hold a control character (0x0d)" },
		{ "u|--ua|a\n", "--ua: a header can not hold a control character (0x0a)" },
	};

	CHECK_REFUSED(cases);
}

/* P16 */
static void
headers_of_the_handshake_are_refused(void)
{
#define OURS(name)                                                                                 \
	{                                                                                          \
		"u|-H|" name ": x",                                                                \
		    "-H/--header: " name " is written by wsx itself and can not be given"          \
	}
	static const char *const cases[][2] = {
		OURS("Upgrade"),
		OURS("connection"),
		OURS("Sec-WebSocket-Key"),
		OURS("sec-websocket-version"),
		OURS("Sec-WebSocket-Accept"),
		OURS("Sec-WebSocket-Extensions"),
		OURS("Sec-WebSocket-Anything"),
		OURS("CONTENT-LENGTH"),
		OURS("Transfer-Encoding"),
		{ "u|-H|Sec-WebSocket-Protocol: a",
		    "-H/--header: subprotocols are offered by -s NAME, not by a header" },
	};
	struct good g;

	CHECK_REFUSED(cases);
	if (given(&g, "u|-H|Host: v|-H|Origin: o|-H|Sec-WebSocketx: y|-H|X-Upgrade: z")) {
		CHECK_UINT(g.o.headers.n, 4);
		options_clear(&g.o);
	}
}

/* A file of so many bytes, named in path. */
static bool
make_file(char path[32], const void *p, size_t n)
{
	FILE *f;
	int fd;

	snprintf(path, 32, "/tmp/wsx-options-XXXXXX");
	if (!CHECK((fd = mkstemp(path)) != -1))
		return false;
	if (!CHECK((f = fdopen(fd, "w")) != NULL)) {
		close(fd);
		return false;
	}
	CHECK_UINT(fwrite(p, 1, n, f), n);
	CHECK_INT(fclose(f), 0);
	return true;
}

static void
headers_come_from_a_file(void)
{
	static const char text[] = "# who we are\nA: b\n\n  \t\nC:d\r\n#E: f\nG: h";
	char path[32], line[64];
	struct good g;

	if (!make_file(path, text, sizeof text - 1))
		return;
	snprintf(line, sizeof line, "u|-H|@%s|-H|I: j", path);
	if (given(&g, line)) {
		if (CHECK_UINT(g.o.headers.n, 4)) {
			CHECK_STR(g.o.headers.items[0], "A: b");
			CHECK_STR(g.o.headers.items[1], "C: d");
			CHECK_STR(g.o.headers.items[2], "G: h");
			CHECK_STR(g.o.headers.items[3], "I: j");
		}
		options_clear(&g.o);
	}
	unlink(path);
}

/* The file is refused, with such a text after its name. */
static void
check_bad_file(const void *p, size_t n, const char *before, const char *after)
{
	char path[32], line[64], want[256], words[128], why[WHY_MAX];
	struct options o;

	if (!make_file(path, p, n))
		return;
	snprintf(line, sizeof line, "u|-H|@%s", path);
	snprintf(want, sizeof want, "%s'%s'%s", before, path, after);
	CHECK_INT(parse(&o, line, words, sizeof words, why), -1);
	CHECK_STR(why, want);
	options_clear(&o);
	unlink(path);
}

static void
bad_header_files_are_told_with_their_line(void)
{
	static const char *const unreadable[][2] = {
		{ "u|-H|@/nonexistent/file",
		    "-H/--header: can not read '/nonexistent/file': No such file or directory" },
		{ "u|-H|@", "-H/--header: can not read '': No such file or directory" },
		{ "u|-H|@/", "-H/--header: can not read '/': Is a directory" },
		{ "u|-H|@/dev/zero",
		    "-H/--header: can not read '/dev/zero': it is longer than 64 KiB" },
	};
	static const char nul[] = "A: b\nB: c\0d\n";

	CHECK_REFUSED(unreadable);
	check_bad_file("A: b\nsecret\n", 12, "-H/--header, line 2 of ",
	    ": the header has no colon; write NAME:VALUE");
	check_bad_file(nul, sizeof nul - 1, "-H/--header, line 2 of ",
	    ": the value of B holds a control character (0x00)");
	check_bad_file(
	    "\n\n folded: x\n", 13, "-H/--header, line 3 of ", ": a header name can not hold ' '");
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(headers_are_trimmed_and_kept_in_order),
		CHECK_CASE(headers_without_form_are_refused),
		CHECK_CASE(texts_for_headers_hold_no_control_characters),
		CHECK_CASE(headers_of_the_handshake_are_refused),
		CHECK_CASE(headers_come_from_a_file),
		CHECK_CASE(bad_header_files_are_told_with_their_line),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

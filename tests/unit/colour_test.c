#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ui/colour.h"

/* A terminal nobody looks at. */
static int
open_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd != -1 && (grantpt(fd) != 0 || unlockpt(fd) != 0 || isatty(fd) != 1)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void
auto_colours_a_terminal(void)
{
	int fd = open_terminal();

	if (!CHECK(fd != -1))
		return;
	CHECK(colour_wanted(WHEN_AUTO, fd, "xterm", NULL));
	CHECK(colour_wanted(WHEN_AUTO, fd, "xterm", "")); /* no-color.org: not empty */
	CHECK(!colour_wanted(WHEN_AUTO, fd, "xterm", "1"));
	CHECK(!colour_wanted(WHEN_AUTO, fd, "xterm", "0"));
	CHECK(!colour_wanted(WHEN_AUTO, fd, "dumb", NULL));
	CHECK(!colour_wanted(WHEN_AUTO, fd, "", NULL));
	CHECK(!colour_wanted(WHEN_AUTO, fd, NULL, NULL));
	CHECK(!colour_wanted(WHEN_NEVER, fd, "xterm", NULL));
	close(fd);
}

static void
auto_leaves_a_pipe_plain(void) /* G18 */
{
	int fds[2];

	if (!CHECK(pipe(fds) == 0))
		return;
	CHECK(!colour_wanted(WHEN_AUTO, fds[1], "xterm", NULL));
	CHECK(!colour_wanted(WHEN_AUTO, -1, "xterm", NULL));
	close(fds[0]);
	close(fds[1]);
}

static void
what_is_told_goes_first(void)
{
	CHECK(colour_wanted(WHEN_ALWAYS, -1, NULL, "1"));
	CHECK(!colour_wanted(WHEN_NEVER, -1, NULL, NULL));
}

static void
no_colour_is_empty(void)
{
	const struct colours *c = colours_for(false);

	CHECK_STR(c->received, "");
	CHECK_STR(c->notice, "");
	CHECK_STR(c->error, "");
	CHECK_STR(c->dim, "");
	CHECK_STR(c->reset, "");
}

static void
colours_are_sgr_only(void)
{
	const struct colours *c = colours_for(true);
	const char *all[] = { c->received, c->notice, c->error, c->dim, c->reset };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		size_t n = span_str(all[i]).n;

		CHECK(n >= 4 && all[i][0] == '\033' && all[i][1] == '[' && all[i][n - 1] == 'm');
	}
	CHECK_STR(c->reset, "\033[0m");
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(auto_colours_a_terminal),
		CHECK_CASE(auto_leaves_a_pipe_plain),
		CHECK_CASE(what_is_told_goes_first),
		CHECK_CASE(no_colour_is_empty),
		CHECK_CASE(colours_are_sgr_only),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

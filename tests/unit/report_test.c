#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ui/report.h"

/* What was diverted, and in how many calls. */
struct caught {
	struct buf text;
	int calls;
};

static void
catch_line(const char *line, size_t n, void *arg)
{
	struct caught *c = arg;

	buf_put(&c->text, line, n);
	c->calls++;
}

static void
check_caught(struct caught *c, const char *want)
{
	CHECK_MEM(buf_data(&c->text), buf_len(&c->text), want, strlen(want));
	CHECK_INT(c->calls, want[0] != '\0');
	buf_reset(&c->text);
	c->calls = 0;
}

static void
lines_are_said_as_loud_as_wanted(void)
{
	struct caught c = { 0 };
	struct report r = { .divert = catch_line, .arg = &c };

	buf_init(&c.text, &mem_libc, SIZE_MAX);
	report_error(&r, "%s:%d: no", "h", 80);
	check_caught(&c, "wsx: h:80: no\n");
	report_notice(&r, "Connected to %s", "ws://h/");
	check_caught(&c, "Connected to ws://h/\n");
	report_detail(&r, 1, "detail");
	check_caught(&c, "");

	r.verbose = 1;
	report_detail(&r, 1, "> GET / HTTP/1.1");
	check_caught(&c, "> GET / HTTP/1.1\n");
	report_detail(&r, 2, "frame");
	check_caught(&c, "");

	r.quiet = true;
	report_notice(&r, "Connected");
	check_caught(&c, "");
	report_detail(&r, 1, "detail");
	check_caught(&c, "");
	report_error(&r, "still");
	check_caught(&c, "wsx: still\n");
	buf_clear(&c.text);
}

static void
a_terminal_is_not_driven(void) /* T12 */
{
	struct caught c = { 0 };
	struct report r = { .divert = catch_line, .arg = &c };

	buf_init(&c.text, &mem_libc, SIZE_MAX);
	report_error(&r, "status %s", "\033]0;x\007\nwsx: fake \xff");
	check_caught(&c, "wsx: status ^[]0;x^G^Jwsx: fake \\xff\n");
	buf_clear(&c.text);
}

static void
colour_goes_around_the_line(void)
{
	struct caught c = { 0 };
	struct report r = { .colour = true, .divert = catch_line, .arg = &c };

	buf_init(&c.text, &mem_libc, SIZE_MAX);
	report_error(&r, "a\033b");
	check_caught(&c, "\033[31mwsx: a^[b\033[0m\n");
	report_notice(&r, "b");
	check_caught(&c, "\033[33mb\033[0m\n");
	buf_clear(&c.text);
}

/* Runs the reports with standard error in a file; what came is in text, with a NUL. */
static bool
with_stderr_caught(void (*report)(const struct report *r), char *text, size_t max)
{
	static const struct report plain = { 0 };
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);
	size_t n;

	if (file == NULL || kept == -1)
		return false;
	dup2(fileno(file), STDERR_FILENO);
	report(&plain);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(file);
	n = fread(text, 1, max - 1, file);
	text[n] = '\0';
	fclose(file);
	return true;
}

static void
say_two(const struct report *r)
{
	report_error(r, "one");
	report_notice(r, "two");
}

static void
say_long(const struct report *r)
{
	report_notice(r, "%0100000d", 1);
}

static void
lines_go_to_standard_error(void)
{
	char *text = malloc(1 << 17);

	if (CHECK(text != NULL) && CHECK(with_stderr_caught(say_two, text, 1 << 17)))
		CHECK_STR(text, "wsx: one\ntwo\n");
	if (text != NULL && CHECK(with_stderr_caught(say_long, text, 1 << 17))) {
		CHECK_UINT(strlen(text), 100001);
		CHECK_STR(text + 99999, "1\n");
	}
	free(text);
}

/* Standard error shared with a program that made it non-blocking loses nothing. */
static void
a_full_pipe_is_waited_for(void)
{
	static const struct report plain = { 0 };
	int fds[2];
	char byte;
	size_t n = 0;
	pid_t pid;

	if (!CHECK(pipe2(fds, O_NONBLOCK) == 0) || !CHECK((pid = fork()) != -1))
		return;
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		report_notice(&plain, "%0200000d", 1);
		_exit(0);
	}
	close(fds[1]);
	fcntl(fds[0], F_SETFL, 0);
	while (read(fds[0], &byte, 1) == 1)
		n++;
	CHECK_UINT(n, 200001);
	close(fds[0]);
	CHECK(waitpid(pid, NULL, 0) == pid);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(lines_are_said_as_loud_as_wanted),
		CHECK_CASE(a_terminal_is_not_driven),
		CHECK_CASE(colour_goes_around_the_line),
		CHECK_CASE(lines_go_to_standard_error),
		CHECK_CASE(a_full_pipe_is_waited_for),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

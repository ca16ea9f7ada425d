#include "check.h"

#include <fcntl.h>
#include <sys/file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ui/history_file.h"

/* The file of lines typed: what is kept of them, by one session and by many at once. */

static char dir[] = "/tmp/wsx-history-XXXXXX";
static char path[sizeof dir + 16];

struct loaded {
	size_t n;
	char last[256];
};

static void
note(const char *line, size_t n, void *arg)
{
	struct loaded *l = arg;

	l->n++;
	CHECK_UINT(strlen(line), n);
	snprintf(l->last, sizeof l->last, "%s", line);
}

static struct loaded
load(const char *host)
{
	struct loaded l = { 0 };
	struct history_file f;

	history_file_init(&f, path, host);
	history_file_load(&f, note, &l);
	history_file_close(&f);
	return l;
}

static void
add(const char *host, const char *line)
{
	struct history_file f;

	history_file_init(&f, path, host);
	history_file_add(&f, line, strlen(line));
	history_file_close(&f);
}

static void
put(const char *text, size_t n)
{
	FILE *file = fopen(path, "a");

	if (CHECK(file != NULL)) {
		CHECK_UINT(fwrite(text, 1, n, file), n);
		CHECK_INT(fclose(file), 0);
	}
}

static void
lines_come_back_for_their_host(void)
{
	static const char odd[] = "a\\b\nc \\n d";
	struct stat st;

	CHECK_UINT(load("h").n, 0);
	add("h", "one");
	add("h:81", "two");
	add("h", odd);
	add("h", "");
	CHECK_UINT(load("h").n, 2);
	CHECK_STR(load("h").last, odd);
	CHECK_UINT(load("h:81").n, 1);
	CHECK_UINT(load("other").n, 0);
	if (CHECK_INT(stat(path, &st), 0))
		CHECK_INT(st.st_mode & 0777, 0600);
	unlink(path);
}

static void
secrets_are_not_kept(void)
{
	static const char *const secrets[] = { " x", "password=x", "{\"Token\":1}",
		"Authorization: Basic", "API_KEY", "a Bearer b", "{\"pwd\":1}", "pass x",
		"user_pass=x", "AUTH x", "{\"otp\":1}", "private_key",
		"-----BEGIN PRIVATE KEY-----", "sessionid",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "see wss://u:p@h/", "X-Auth: y" };
	static const char *const others[] = { "x", "passenger", "x ", "key", "author", "compass",
		"eyJ", "ws://h:80/@x", "mail u@h", "a:b@c", "{\"type\":\"session.update\"}" };

	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		add("h", secrets[i]);
	CHECK_UINT(load("h").n, 0);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		add("h", others[i]);
	CHECK_UINT(load("h").n, sizeof others / sizeof *others);
	unlink(path);
}

static void
a_file_of_others_is_made_private(void)
{
	struct stat st;

	put("h one\n", 6);
	CHECK_INT(chmod(path, 0666), 0);
	add("h", "two");
	if (CHECK_INT(stat(path, &st), 0))
		CHECK_INT(st.st_mode & 0777, 0600);
	unlink(path);
}

static void
no_file_is_no_fault(void)
{
	struct history_file none = { .path = NULL }, nowhere;
	struct loaded l = { 0 };

	history_file_init(&nowhere, "/no/such/folder/history", "h");
	history_file_add(&none, "x", 1);
	history_file_load(&none, note, &l);
	history_file_add(&nowhere, "x", 1);
	history_file_load(&nowhere, note, &l);
	history_file_close(&nowhere);
	CHECK_UINT(l.n, 0);
}

/* A link that somebody put there is not written through. */
static void
links_are_not_followed(void)
{
	char target[sizeof path + 8];

	snprintf(target, sizeof target, "%s.target", path);
	CHECK_INT(symlink(target, path), 0);
	add("h", "x");
	CHECK_INT(access(target, F_OK), -1);
	unlink(path);
}

enum { SESSIONS = 4, LINES = 200 };

static void
sessions_at_once_lose_nothing(void)
{
	char line[32];
	int status;

	for (int s = 0; s < SESSIONS; s++)
		if (fork() == 0) {
			for (int i = 0; i < LINES; i++) {
				snprintf(line, sizeof line, "session %d line %d", s, i);
				add("h", line);
			}
			_exit(0);
		}
	for (int s = 0; s < SESSIONS; s++)
		CHECK(wait(&status) > 0 && status == 0);
	CHECK_UINT(load("h").n, SESSIONS * LINES);
	unlink(path);
}

static void
a_long_file_loses_its_older_half(void)
{
	char line[1001];
	struct stat st;

	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	for (size_t i = 0; i < 1200; i++)
		add("h", line);
	add("h", "the newest");
	CHECK_STR(load("h").last, "the newest");
	if (CHECK_INT(stat(path, &st), 0)) {
		CHECK((size_t)st.st_size <= HISTORY_FILE_MAX);
		CHECK((size_t)st.st_size > HISTORY_FILE_MAX / 2);
	}
	unlink(path);
}

static void
a_line_that_was_cut_off_spoils_no_other(void)
{
	add("h", "one");
	put("h tw", 4);
	add("h", "three");
	CHECK_UINT(load("h").n, 3);
	CHECK_STR(load("h").last, "three");
	unlink(path);
}

static void
a_file_that_has_grown_much_too_long_is_of_use_again(void)
{
	static char line[1000];
	struct stat st;

	memset(line, 'x', sizeof line);
	memcpy(line, "h ", 2);
	line[sizeof line - 1] = '\n';
	for (int i = 0; i < 6000; i++)
		put(line, sizeof line);
	CHECK(load("h").n > 100);
	add("h", "new");
	CHECK_STR(load("h").last, "new");
	if (CHECK_INT(stat(path, &st), 0))
		CHECK((size_t)st.st_size <= HISTORY_FILE_MAX);
	unlink(path);
}

/* What is no plain file is let alone, and nobody waits for it. */
static void
a_pipe_is_no_history(void)
{
	CHECK_INT(mkfifo(path, 0600), 0);
	CHECK_UINT(load("h").n, 0);
	add("h", "x");
	unlink(path);
}

/* What is typed meanwhile is written once it can be, or at the end. */
static void
a_lock_that_stays_stops_nobody(void)
{
	struct history_file f;
	int fd;

	add("h", "one");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK_INT(flock(fd, LOCK_EX), 0);
	history_file_init(&f, path, "h");
	history_file_add(&f, "two", 3);
	history_file_add(&f, "three", 5);
	CHECK_UINT(load("h").n, 1);
	CHECK_INT(flock(fd, LOCK_UN), 0);
	history_file_add(&f, "four", 4);
	CHECK_UINT(load("h").n, 4);
	CHECK_INT(flock(fd, LOCK_EX), 0);
	history_file_add(&f, "five", 4);
	history_file_close(&f);
	CHECK_UINT(load("h").n, 5);
	close(fd);
	unlink(path);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(a_line_that_was_cut_off_spoils_no_other),
		CHECK_CASE(a_file_that_has_grown_much_too_long_is_of_use_again),
		CHECK_CASE(a_pipe_is_no_history),
		CHECK_CASE(a_lock_that_stays_stops_nobody),
		CHECK_CASE(lines_come_back_for_their_host),
		CHECK_CASE(secrets_are_not_kept),
		CHECK_CASE(a_file_of_others_is_made_private),
		CHECK_CASE(no_file_is_no_fault),
		CHECK_CASE(links_are_not_followed),
		CHECK_CASE(sessions_at_once_lose_nothing),
		CHECK_CASE(a_long_file_loses_its_older_half),
	};
	int r;

	if (mkdtemp(dir) == NULL)
		return 2;
	snprintf(path, sizeof path, "%s/history", dir);
	r = check_main(argc, argv, cases, sizeof cases / sizeof *cases);
	rmdir(dir);
	return r;
}

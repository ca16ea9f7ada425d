#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The harness itself: a check that could not fail would make all tests worthless. */

static void
holds(void)
{
	CHECK(true);
	CHECK_STR(NULL, NULL);
	CHECK_MEM(NULL, 0, NULL, 0);
}

static void
breaks(void)
{
	CHECK(false);
	check_enter("vector %d", 3);
	CHECK_INT(-1, 2);
	CHECK_UINT(SIZE_MAX - SIZE_MAX, 7U);
	check_leave();
	CHECK_STR("a\n", "a\x81");
	CHECK_STR(NULL, "");
	CHECK_SPAN(span_str("\""), "\\");
	CHECK_MEM("abc", 3, "abcd", 4);
}

static void
leak_one(struct check_mem *m, void *arg)
{
	void **p = arg;

	*p = mem_new(&m->mem, 8);
}

static void
leaks(void)
{
	void *p = NULL;
	struct check_mem m;

	check_mem_init(&m);
	check_allocations(leak_one, &p);
	m.live = 1;
	mem_free(&m.mem, p);
}

static void
tell_pieces(struct check_feed *feed, struct buf *transcript, void *arg)
{
	size_t n;

	(void)arg;
	while (check_feed_next(feed, &n) != NULL)
		buf_putf(transcript, "%zu,", n);
}

static void
depends_on_cuts(void)
{
	check_chunks((const uint8_t *)"abc", 3, "3,", tell_pieces, NULL);
}

/* The exit status of a program of these cases, and what it prints, run with that many arguments. */
static int
run_program(const char *name, int times, char *out, size_t max)
{
	char arg[32];
	char *argv[] = { arg, arg, arg, NULL };
	static const struct check_case cases[] = {
		CHECK_CASE(holds),
		CHECK_CASE(breaks),
		CHECK_CASE(leaks),
		CHECK_CASE(depends_on_cuts),
	};
	int fd[2], status;
	size_t n = 0;
	ssize_t r;
	pid_t pid;

	snprintf(arg, sizeof arg, "%s", name);
	fflush(stdout);
	if (pipe(fd) != 0 || (pid = fork()) == -1)
		abort();
	if (pid == 0) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		close(fd[1]);
		status = check_main(1 + times, argv, cases, sizeof cases / sizeof cases[0]);
		fflush(stdout);
		_exit(status);
	}
	close(fd[1]);
	while (n < max - 1 && (r = read(fd[0], out + n, max - 1 - n)) > 0)
		n += (size_t)r;
	out[n] = '\0';
	close(fd[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Takes the digits out of "check_test.c:12:". */
static void
drop_line_numbers(char *text)
{
	static const char file[] = ".c:";
	char *p = text;

	while ((p = strstr(p, file)) != NULL) {
		p += strlen(file);
		memmove(p, p + strspn(p, "0123456789"), strlen(p + strspn(p, "0123456789")) + 1);
	}
}

static void
check_main_reports_each_failure(void)
{
	static const char want[] = "1..1\n"
				   "# check_test.c:: false does not hold\n"
				   "# check_test.c:: [vector 3] -1 is -1, not 2\n"
				   "# check_test.c:: [vector 3] SIZE_MAX - SIZE_MAX is 0, not 7\n"
				   "# check_test.c:: \"a\\n\" differs at offset 1\n"
				   "#   got  2 bytes: \"a\\n\"\n"
				   "#   want 2 bytes: \"a\\x81\"\n"
				   "# check_test.c:: NULL is NULL\n"
				   "# check_test.c:: span_str(\"\\\"\") differs at offset 0\n"
				   "#   got  1 bytes: \"\\\"\"\n"
				   "#   want 1 bytes: \"\\\\\"\n"
				   "# check_test.c:: \"abc\" differs at offset 3\n"
				   "#   got  3 bytes: \"abc\"\n"
				   "#   want 4 bytes: \"abcd\"\n"
				   "not ok 1 - breaks\n";
	char out[4096];

	CHECK_INT(run_program("breaks", 1, out, sizeof out), 1);
	drop_line_numbers(out);
	CHECK_STR(out, want);
}

static void
check_main_runs_all_cases_or_those_named(void)
{
	char out[4096];

	CHECK_INT(run_program("holds", 2, out, sizeof out), 0);
	CHECK_STR(out, "1..2\nok 1 - holds\nok 2 - holds\n");
	CHECK_INT(run_program("holdz", 1, out, sizeof out), 2);
	CHECK(strstr(out, "Bail out!") != NULL);
	CHECK_INT(run_program("", 0, out, sizeof out), 1);
	CHECK(strncmp(out, "1..4\nok 1 - holds\n", 18) == 0);
	CHECK(strstr(out, "\nnot ok 2 - breaks\n") != NULL);
	CHECK(strstr(out, "\nnot ok 3 - leaks\n") != NULL);
	CHECK(strstr(out, "\nnot ok 4 - depends_on_cuts\n") != NULL);
}

static void
check_allocations_sees_a_block_left_over(void)
{
	char out[4096];

	CHECK_INT(run_program("leaks", 1, out, sizeof out), 1);
	CHECK(strstr(out, "[allocation 2 fails] m.live is 1, not 0\n") != NULL);
}

static void
check_chunks_sees_a_different_transcript(void)
{
	char out[4096];

	CHECK_INT(run_program("depends_on_cuts", 1, out, sizeof out), 1);
	CHECK(strstr(out, "[byte by byte]") != NULL);
	CHECK(strstr(out, "\"1,1,1,\"") != NULL);
}

static void
ask_three_times(struct check_mem *m, void *arg)
{
	struct buf *seen = arg;
	void *p[3];

	for (int i = 0; i < 3; i++) {
		p[i] = mem_new(&m->mem, 8);
		buf_putc(seen, p[i] != NULL ? 'y' : 'n');
	}
	buf_putc(seen, ' ');
	for (int i = 0; i < 3; i++)
		mem_free(&m->mem, p[i]);
}

static void
check_allocations_refuses_each_in_turn(void)
{
	struct buf seen;

	buf_init(&seen, &mem_libc, SIZE_MAX);
	check_allocations(ask_three_times, &seen);
	CHECK_INT(buf_putc(&seen, '\0'), 0);
	CHECK_STR((const char *)buf_data(&seen), "nyy nnn yny ynn yyn yyn yyy ");
	buf_clear(&seen);
}

static void
check_mem_keeps_content_and_count(void)
{
	struct check_mem m;
	char *p, *q;

	check_mem_init(&m);
	p = mem_dup(&m.mem, "0123456789", 10);
	m.fail_at = 2;
	CHECK(mem_resize(&m.mem, p, 20) == NULL);
	CHECK(m.failed);
	CHECK_STR(p, "0123456789");
	q = mem_resize(&m.mem, p, 5);
	if (CHECK(q != NULL))
		CHECK_MEM(q, 5, "01234", 5);
	CHECK_UINT(m.live, 1);
	CHECK_UINT(m.requests, 3);
	mem_free(&m.mem, q);
	CHECK(check_mem_resize(NULL, 0, &m) == NULL);
	CHECK_UINT(m.live, 0);
}

struct sizes {
	size_t replays, bytes;
	bool piece_seen[6];
};

static void
count_replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	struct sizes *s = arg;
	uint8_t *p;
	size_t n;

	s->replays++;
	while ((p = check_feed_next(feed, &n)) != NULL) {
		buf_put(transcript, p, n);
		memset(p, 0, n); /* it is ours to write to */
		s->bytes += n;
		s->piece_seen[n] = true;
	}
}

static void
check_chunks_cuts_at_every_offset(void)
{
	struct sizes s = { 0 };

	check_chunks((const uint8_t *)"Hello", 5, "Hello", count_replay, &s);
	CHECK_UINT(s.replays, 1 + 1 + 4);
	CHECK_UINT(s.bytes, s.replays * 5);
	for (size_t n = 1; n <= 5; n++)
		CHECK(s.piece_seen[n]);
	s = (struct sizes){ 0 };
	check_chunks(NULL, 0, "", count_replay, &s);
	CHECK_UINT(s.bytes, 0);
}

static void
check_hex_reads_digits_text_and_repetition(void)
{
	uint8_t out[16];

	CHECK_UINT(check_hex("", out, 0), 0);
	CHECK_UINT(check_hex("81 05 'Hello'", out, 7), 7);
	CHECK_MEM(out, 7, "\x81\x05Hello", 7);
	CHECK_UINT(check_hex(" 827E01 00*4\n'' ff*0 'a b'", out, sizeof out), 10);
	CHECK_MEM(out, 10, "\x82\x7e\x01\0\0\0\0a b", 10);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(check_main_reports_each_failure),
		CHECK_CASE(check_main_runs_all_cases_or_those_named),
		CHECK_CASE(check_allocations_sees_a_block_left_over),
		CHECK_CASE(check_allocations_refuses_each_in_turn),
		CHECK_CASE(check_mem_keeps_content_and_count),
		CHECK_CASE(check_chunks_sees_a_different_transcript),
		CHECK_CASE(check_chunks_cuts_at_every_offset),
		CHECK_CASE(check_hex_reads_digits_text_and_repetition),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

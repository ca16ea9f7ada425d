/*
 * measure HOW ... COMMAND...: runs a command with its standard input and output on pipes, checks
 * what it writes, and prints a line of JSON: "fault" (empty if all was well), what is asked for by
 * HOW, processor time ("user", "sys", seconds) and the peak of its resident memory ("kib").
 *
 *   copy IN OUT SECONDS COMMAND...    "wall": seconds from start to exit. IN is null, hold (nothing
 *       comes, until all is over), @FILE, or a flow to write; OUT the flow to expect, or none.
 *       A flow is KIND:SIZE:COUNT:FORM, as server.h has them.
 *   trips SIZE COUNT SECONDS COMMAND...   "p50" and "p99": microseconds from a line written to the
 *       same line read, over COUNT lines after some to get warm.
 *   start RUNS IN SECONDS TEXT COMMAND...   "times": milliseconds from start to exit of each run,
 *       which must print the line TEXT. IN as above, but no flow.
 *
 * The command is killed after SECONDS. It is spawned, not forked: a forked child's peak of memory
 * would be at least this program's.
 */
#include "sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { ROOM = 256 * 1024, WARM = 200, MOST_TRIPS = 1000000, MOST_RUNS = 1000 };

struct flow {
	struct sequence sequence;
	uint64_t left;
};

struct run {
	int in, out; /* our ends of its pipes, or -1 */
	double begin, wall;
	struct rusage usage;
	const char *fault;
};

static volatile sig_atomic_t late;
static volatile pid_t child;
static const uint8_t no_key[4];

static void
on_alarm(int number)
{
	(void)number;
	late = 1;
	kill(child, SIGKILL);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fail(struct run *r, const char *fault)
{
	if (r->fault == NULL)
		r->fault = fault;
}

static void
die(const char *why)
{
	fprintf(stderr, "measure: %s\n", why);
	exit(2);
}

/* Flow from its text; nothing of it for none, null and the like. */
static void
flow_make(struct flow *f, const char *text)
{
	char kind[16], form[16];
	uint64_t count;
	size_t size;
	bool lines;

	f->left = 0;
	f->sequence.bytes = NULL;
	if (strchr(text, ':') == NULL)
		return;
	if (sscanf(text, "%15[a-z]:%zu:%" SCNu64 ":%15[a-z]", kind, &size, &count, form) != 4)
		die("no such flow");
	lines = strcmp(form, "text") == 0;
	if (sequence_make(&f->sequence, kind, lines ? size : 0) != 0)
		die("no such sequence");
	f->left = (size + (lines ? 1 : 0)) * count;
}

/* The child's descriptor `fd` becomes one end of a new pipe; returns our end. */
static int
join(posix_spawn_file_actions_t *actions, int fd, int *theirs)
{
	int ends[2], writes = fd == STDOUT_FILENO;

	if (pipe2(ends, O_CLOEXEC) != 0)
		die("no pipe");
	posix_spawn_file_actions_adddup2(actions, ends[writes], fd);
	*theirs = ends[writes];
	return ends[!writes];
}

static int
spawn(char **argv, posix_spawn_file_actions_t *actions)
{
	posix_spawnattr_t attributes;
	sigset_t signals;
	pid_t pid;
	int r;

	sigemptyset(&signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	if ((r = posix_spawnp(&pid, argv[0], actions, &attributes, argv, environ)) == 0)
		child = pid;
	posix_spawnattr_destroy(&attributes);
	return r;
}

/* Starts the command; `input` as IN above. */
static void
begin(struct run *r, const char *input, char **argv)
{
	posix_spawn_file_actions_t actions;
	const char *file = input[0] == '@' ? input + 1 : "/dev/null";
	bool named = input[0] == '@' || strcmp(input, "null") == 0;
	int theirs[2] = { -1, -1 };

	*r = (struct run){ .in = -1 };
	posix_spawn_file_actions_init(&actions);
	r->out = join(&actions, STDOUT_FILENO, &theirs[1]);
	if (named)
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, file, O_RDONLY, 0);
	else
		r->in = join(&actions, STDIN_FILENO, &theirs[0]);
	r->begin = now();
	if (spawn(argv, &actions) != 0)
		die("the command can not be run");
	close(theirs[1]);
	if (!named)
		close(theirs[0]);
	posix_spawn_file_actions_destroy(&actions);
}

static void
close_input(struct run *r)
{
	if (r->in >= 0)
		close(r->in);
	r->in = -1;
}

/* Waits for its exit. */
static void
end(struct run *r)
{
	int status;

	close_input(r);
	close(r->out);
	while (wait4(child, &status, 0, &r->usage) < 0 && errno == EINTR)
		;
	r->wall = now() - r->begin;
	if (late)
		fail(r, "time ran out");
	if (status != 0)
		fail(r, "did not end with 0");
}

static void
feed(struct run *r, struct flow *f)
{
	const uint8_t *p;
	size_t at = f->sequence.at;
	size_t n = sequence_next(&f->sequence, f->left < ROOM ? (size_t)f->left : ROOM, &p);
	ssize_t sent = write(r->in, p, n);

	f->sequence.at = sent > 0 ? (at + (size_t)sent) % f->sequence.period : at;
	if (sent > 0)
		f->left -= (uint64_t)sent;
	else if (errno != EAGAIN && errno != EINTR) {
		fail(r, "did not read all its input");
		f->left = 0;
	}
	if (f->left == 0)
		close_input(r);
}

static void
collect(struct run *r, struct flow *f)
{
	static uint8_t bytes[ROOM];
	ssize_t got = read(r->out, bytes, sizeof bytes);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		close(r->out);
		r->out = -1;
		return;
	}
	if ((uint64_t)got > f->left)
		fail(r, "more output than there should be");
	else if (!sequence_comes(&f->sequence, bytes, (size_t)got, no_key))
		fail(r, "other output than there should be");
	f->left = r->fault == NULL ? f->left - (uint64_t)got : 0;
}

/* Feeds and collects until there is no more output. */
static void
pump(struct run *r, struct flow *in, struct flow *out)
{
	if (r->in >= 0)
		fcntl(r->in, F_SETFL, O_NONBLOCK);
	fcntl(r->out, F_SETFL, O_NONBLOCK);
	while (r->out >= 0) {
		struct pollfd fds[] = { { r->out, POLLIN, 0 },
			{ in->left > 0 ? r->in : -1, POLLOUT, 0 } };

		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[0].revents != 0)
			collect(r, out);
		if (fds[1].revents != 0)
			feed(r, in);
	}
	if (out->left > 0)
		fail(r, "less output than there should be");
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
print_rest(const struct run *r, long kib)
{
	printf("\"fault\": \"%s\", \"user\": %.6f, \"sys\": %.6f, \"kib\": %ld}\n",
	    r->fault != NULL ? r->fault : "", seconds(r->usage.ru_utime),
	    seconds(r->usage.ru_stime), kib);
}

static void
measure_copy(char **args)
{
	struct flow in, out;
	struct run r;

	flow_make(&in, args[0]);
	flow_make(&out, args[1]);
	begin(&r, args[0], args + 3);
	pump(&r, &in, &out);
	end(&r);
	printf("{\"wall\": %.6f, ", r.wall);
	print_rest(&r, r.usage.ru_maxrss);
	sequence_free(&in.sequence);
	sequence_free(&out.sequence);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool
trip(struct run *r, const uint8_t *line, size_t n)
{
	uint8_t back[4096];
	size_t have = 0;
	ssize_t got;

	if (write(r->in, line, n) != (ssize_t)n)
		return false;
	for (; have < n; have += (size_t)got)
		if ((got = read(r->out, back + have, sizeof back - have)) <= 0)
			return false;
	return have == n && memcmp(back, line, n) == 0;
}

static void
make_trips(struct run *r, struct flow *f, size_t size, double *times, size_t count)
{
	const uint8_t *line;
	double sent;

	for (size_t i = 0; i < WARM + count && r->fault == NULL; i++) {
		sequence_next(&f->sequence, size + 1, &line);
		sent = now();
		if (!trip(r, line, size + 1))
			fail(r, "the line did not come back");
		if (i >= WARM)
			times[i - WARM] = (now() - sent) * 1e6;
	}
}

static void
measure_trips(char **args)
{
	size_t size = strtoul(args[0], NULL, 10), count = strtoul(args[1], NULL, 10);
	double *times = NULL;
	struct flow f;
	struct run r;
	char text[64];

	snprintf(text, sizeof text, "noise:%zu:1:text", size);
	if (count == 0 || count > MOST_TRIPS || size == 0 || size > 4000 ||
	    (times = calloc(count, sizeof *times)) == NULL)
		die("no such trips");
	flow_make(&f, text);
	begin(&r, "pipe", args + 3);
	make_trips(&r, &f, size, times, count);
	end(&r);
	qsort(times, count, sizeof *times, by_value);
	printf("{\"p50\": %.3f, \"p99\": %.3f, ", times[count / 2], times[count * 99 / 100]);
	print_rest(&r, r.usage.ru_maxrss);
	free(times);
	sequence_free(&f.sequence);
}

static void
run_once(struct run *r, const char *input, const char *text, char **argv)
{
	char line[4096];
	size_t n = 0;
	ssize_t got;

	begin(r, input, argv);
	while (n < sizeof line && (got = read(r->out, line + n, sizeof line - n)) > 0)
		n += (size_t)got;
	if (n != strlen(text) + 1 || memcmp(line, text, n - 1) != 0 || line[n - 1] != '\n')
		fail(r, "did not print the line");
	end(r);
}

static void
measure_start(char **args)
{
	unsigned long runs = strtoul(args[0], NULL, 10);
	const char *comma = "";
	long kib = 0;
	struct run r;

	if (runs == 0 || runs > MOST_RUNS)
		die("no such number of runs");
	printf("{\"times\": [");
	for (unsigned long i = 0; i < runs; i++) {
		run_once(&r, args[1], args[3], args + 4);
		printf("%s%.4f", comma, r.wall * 1e3);
		comma = ", ";
		if (r.usage.ru_maxrss > kib)
			kib = r.usage.ru_maxrss;
		if (r.fault != NULL)
			break;
	}
	printf("], ");
	print_rest(&r, kib);
}

int
main(int argc, char **argv)
{
	if (argc < 6)
		die("usage: see the head of measure.c");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGALRM, on_alarm);
	alarm((unsigned)strtoul(argv[4], NULL, 10));
	if (strcmp(argv[1], "copy") == 0)
		measure_copy(argv + 2);
	else if (strcmp(argv[1], "trips") == 0)
		measure_trips(argv + 2);
	else if (strcmp(argv[1], "start") == 0 && argc > 6)
		measure_start(argv + 2);
	else
		die("usage: see the head of measure.c");
	return 0;
}

/*
 * spawn RUNS COMMAND...: runs the command so often, one after the other, its output thrown away,
 * and prints the median, least and greatest time from start to exit in milliseconds and the peak
 * of its resident memory in KiB. Ends with 1 if a run did not end with 0.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* One run: its time, or a negative number. */
static double
run_once(char **argv, posix_spawn_file_actions_t *actions, long *peak)
{
	double begin = now_ms();
	struct rusage usage;
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], actions, NULL, argv, environ) != 0 ||
	    wait4(pid, &status, 0, &usage) != pid || status != 0)
		return -1;
	if (usage.ru_maxrss > *peak)
		*peak = usage.ru_maxrss;
	return now_ms() - begin;
}

int
main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	long runs, peak = 0;
	double *times;

	if (argc < 3 || (runs = strtol(argv[1], NULL, 10)) < 1 || runs > 100000) {
		fprintf(stderr, "usage: spawn RUNS COMMAND...\n");
		return 2;
	}
	if ((times = calloc((size_t)runs, sizeof *times)) == NULL)
		return 1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (long i = 0; i < runs; i++)
		if ((times[i] = run_once(argv + 2, &actions, &peak)) < 0) {
			fprintf(stderr, "spawn: run %ld of %s failed\n", i + 1, argv[2]);
			return 1;
		}
	qsort(times, (size_t)runs, sizeof *times, by_value);
	printf("%.3f %.3f %.3f %ld\n", times[runs / 2], times[0], times[runs - 1], peak);
	free(times);
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}

/* replay FOLDER: gives every file in it to the target, and every beginning of it; prints TAP. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "fuzz.h"

#define MAX_SEED ((size_t)64 << 10)

/* Longer seeds are cut near their ends only. */
#define MAX_CUTS 512

static size_t
read_seed(const char *folder, const char *name, uint8_t *out)
{
	char path[4096];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if ((f = fopen(path, "rb")) == NULL) {
		printf("Bail out! %s can not be read\n", path);
		exit(2);
	}
	n = fread(out, 1, MAX_SEED, f);
	fclose(f);
	return n;
}

/* No input keeps the processor busy for a second: SIGVTALRM ends the program (B03). */
static void
set_watchdog(void)
{
	static const struct itimerval second = { .it_value = { .tv_sec = 1 } };

	setitimer(ITIMER_VIRTUAL, &second, NULL);
}

static void
run(const uint8_t *p, size_t n)
{
	void *copy = fuzz_copy(p, n);

	set_watchdog();
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void
run_seed(const uint8_t *p, size_t n)
{
	run(p, n);
	for (size_t cut = n > MAX_CUTS ? n - MAX_CUTS : 0; cut < n; cut++)
		run(p, cut);
}

static int
is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
	static uint8_t seed[MAX_SEED];
	struct dirent **names;
	int n = argc == 2 ? scandir(argv[1], &names, is_seed, alphasort) : -1;

	if (n <= 0) {
		printf("Bail out! no seeds\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* what came before a crash is seen */
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		run_seed(seed, read_seed(argv[1], names[i]->d_name, seed));
		printf("ok %d - %s\n", i + 1, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return 0;
}

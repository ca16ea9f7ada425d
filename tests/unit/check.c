#include "check.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	MAX_SHOWN = 10, /* failures printed of a case; the others are counted */
	MAX_DEPTH = 8, /* of check_enter() */
	SHOWN_BYTES = 96 /* of a text or memory that differs */
};

/* The case being run: checks are written without a handle to be short. */
static struct {
	size_t failures;
	size_t depth;
	char about[MAX_DEPTH][80];
} now;

/* Begins the report of a failure; false if enough of this case have been printed. */
static bool
report(const char *file, int line)
{
	const char *slash = strrchr(file, '/');

	if (++now.failures > MAX_SHOWN)
		return false;
	printf("# %s:%d: ", slash != NULL ? slash + 1 : file, line);
	for (size_t i = 0; i < now.depth; i++)
		printf("[%s] ", now.about[i]);
	return true;
}

/* As a C literal, so that it is one line whatever is in it; from before the first difference. */
static void
print_bytes(const char *label, const uint8_t *p, size_t n, size_t differs)
{
	size_t from = differs > SHOWN_BYTES / 2 ? differs - SHOWN_BYTES / 2 : 0;

	printf("#   %s %zu bytes: %s\"", label, n, from > 0 ? "... " : "");
	for (size_t i = from; i < n && i < from + SHOWN_BYTES; i++) {
		if (p[i] == '"' || p[i] == '\\')
			printf("\\%c", p[i]);
		else if (p[i] >= 0x20 && p[i] < 0x7f)
			putchar(p[i]);
		else if (p[i] == '\n')
			printf("\\n");
		else
			printf("\\x%02x", p[i]);
	}
	printf("\"%s\n", n > from + SHOWN_BYTES ? " ..." : "");
}

bool
check_true(const char *file, int line, const char *what, bool held)
{
	if (!held && report(file, line))
		printf("%s does not hold\n", what);
	return held;
}

bool
check_int(const char *file, int line, const char *what, intmax_t got, intmax_t want)
{
	if (got != want && report(file, line))
		printf("%s is %" PRIdMAX ", not %" PRIdMAX "\n", what, got, want);
	return got == want;
}

bool
check_uint(const char *file, int line, const char *what, uintmax_t got, uintmax_t want)
{
	if (got != want && report(file, line))
		printf("%s is %" PRIuMAX ", not %" PRIuMAX "\n", what, got, want);
	return got == want;
}

bool
check_str(const char *file, int line, const char *what, const char *got, const char *want)
{
	if (got != NULL && want != NULL)
		return check_bytes(file, line, what, got, strlen(got), want, strlen(want));
	if (got != want && report(file, line))
		printf("%s is %s\n", what, got == NULL ? "NULL" : "not NULL");
	return got == want;
}

bool
check_span(const char *file, int line, const char *what, struct span got, const char *want)
{
	return check_bytes(file, line, what, got.p, got.n, want, strlen(want));
}

bool
check_bytes(const char *file, int line, const char *what, const void *got, size_t got_n,
    const void *want, size_t want_n)
{
	const uint8_t *g = got, *w = want;
	size_t same = 0;

	while (same < got_n && same < want_n && g[same] == w[same])
		same++;
	if (same == got_n && same == want_n)
		return true;
	if (report(file, line)) {
		printf("%s differs at offset %zu\n", what, same);
		print_bytes("got ", g, got_n, same);
		print_bytes("want", w, want_n, same);
	}
	return false;
}

void
check_enter(const char *fmt, ...)
{
	va_list ap;

	assert(now.depth < MAX_DEPTH);
	va_start(ap, fmt);
	vsnprintf(now.about[now.depth++], sizeof now.about[0], fmt, ap);
	va_end(ap);
}

void
check_leave(void)
{
	assert(now.depth > 0);
	now.depth--;
}

size_t
check_failures(void)
{
	return now.failures;
}

uint64_t
check_random(uint64_t *state)
{
	/* splitmix64 */
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static bool
run_case(const struct check_case *c, size_t number)
{
	now.failures = 0;
	now.depth = 0;
	c->run();
	if (now.failures > MAX_SHOWN)
		printf("# and %zu more\n", now.failures - MAX_SHOWN);
	printf("%s %zu - %s\n", now.failures == 0 ? "ok" : "not ok", number, c->name);
	return now.failures == 0;
}

static const struct check_case *
find_case(const char *name, const struct check_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(cases[i].name, name) == 0)
			return &cases[i];
	return NULL;
}

static int
run_named(int argc, char **argv, const struct check_case *cases, size_t n)
{
	int status = 0;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		const struct check_case *c = find_case(argv[i], cases, n);

		if (c == NULL) {
			printf("Bail out! no case is named %s\n", argv[i]);
			return 2;
		}
		if (!run_case(c, (size_t)i))
			status = 1;
	}
	return status;
}

int
check_main(int argc, char **argv, const struct check_case *cases, size_t n)
{
	int status = 0;

	setvbuf(stdout, NULL, _IOLBF, 0); /* what came before a crash is seen */
	if (argc > 1)
		return run_named(argc, argv, cases, n);
	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++)
		if (!run_case(&cases[i], i + 1))
			status = 1;
	return status;
}

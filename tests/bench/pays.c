/*
 * pays [LEVEL]: when compressing a message pays. For messages of several kinds and sizes: how many
 * bytes they are on the wire for each hundred, after messages of the same kind (takeover) and by
 * themselves (alone); how long it takes; the speed of a link, in MB/s, below which sending fewer
 * bytes makes up for that time; and what deflate_worthwhile() says. README.md has the results.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/deflate.h"

enum { MOST = 65536, ROUNDS = 200, WORK = 4 << 20 };

static uint64_t state = 7;

static unsigned
number(unsigned below)
{
	state = state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(state >> 33) % below;
}

/* Trades as an exchange reports them, one after another. */
static void
fill_json(uint8_t *p, size_t n)
{
	static const char *const symbols[] = { "BTC-EUR", "ETH-EUR", "SOL-USD", "XRP-USD" };
	char text[160];
	int k;

	for (size_t at = 0; at < n; at += (size_t)k) {
		k = snprintf(text, sizeof text,
		    "{\"t\":\"trade\",\"s\":\"%s\",\"id\":%u,\"p\":%u.%02u,\"q\":0.%04u,"
		    "\"m\":%s,\"T\":17%08u}",
		    symbols[number(4)], number(1000000), 20000 + number(4000), number(100),
		    number(10000), number(2) ? "true" : "false", number(100000000));
		memcpy(p + at, text, (size_t)k < n - at ? (size_t)k : n - at);
	}
}

static void
fill_prose(uint8_t *p, size_t n)
{
	static const char *const words[] = { "the", "of", "and", "a", "to", "in", "is", "you",
		"that", "it", "he", "was", "for", "on", "are", "as", "with", "his", "they", "at",
		"server", "message", "connection", "between", "because", "another", "remember" };

	for (size_t at = 0; at < n;) {
		const char *word = words[number(sizeof words / sizeof *words)];
		size_t k = strlen(word);

		memcpy(p + at, word, k < n - at ? k : n - at);
		at += k;
		if (at < n)
			p[at++] = ' ';
	}
}

static void
fill_base64(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		    [number(64)];
}

static void
fill_random(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)number(256);
}

static const struct kind {
	const char *name;
	void (*fill)(uint8_t *p, size_t n);
} kinds[] = {
	{ "json", fill_json },
	{ "prose", fill_prose },
	{ "base64", fill_base64 },
	{ "random", fill_random },
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct cost {
	double share, time; /* bytes on the wire for each byte, seconds a message */
};

static struct cost
cost_of(const struct kind *kind, size_t n, int level, bool alone)
{
	static uint8_t messages[ROUNDS][MOST];
	size_t rounds = WORK / n < ROUNDS ? WORK / n : ROUNDS, wire = 0;
	struct deflate d;
	struct buf out;
	double begin;

	for (size_t i = 0; i < rounds; i++)
		kind->fill(messages[i], n);
	buf_init(&out, &mem_libc, SIZE_MAX);
	deflate_init(&d, &mem_libc, level, DEFLATE_BITS_MAX, alone, false);
	if (deflate_compress(&d, messages[0], n, true, &out) != 0) /* takes its memory */
		abort();
	begin = seconds();
	for (size_t i = 1; i < rounds; i++) {
		buf_reset(&out);
		if (deflate_compress(&d, messages[i], n, true, &out) != 0)
			abort();
		wire += buf_len(&out);
	}
	begin = seconds() - begin;
	deflate_clear(&d);
	buf_clear(&out);
	return (struct cost){ (double)wire / (double)(n * (rounds - 1)),
		begin / (double)(rounds - 1) };
}

static void
measure(const struct kind *kind, size_t n, int level)
{
	struct cost takeover = cost_of(kind, n, level, false);
	struct cost alone = cost_of(kind, n, level, true);
	double saved = (1 - takeover.share) * (double)n;
	static uint8_t sample[MOST];

	kind->fill(sample, n);
	printf("| %-6s | %5zu | %3.0f%% | %3.0f%% | %7.1f | %6.1f | %s |\n", kind->name, n,
	    100 * takeover.share, 100 * alone.share, takeover.time * 1e6,
	    saved > 0 ? saved / takeover.time / 1e6 : 0.0,
	    deflate_worthwhile(sample, n) ? "yes" : "no");
}

int
main(int argc, char **argv)
{
	static const size_t sizes[] = { 8, 16, 32, 64, 128, 256, 1024, 4096, 65536 };
	int level = argc > 1 ? atoi(argv[1]) : 6;

	printf("| kind | bytes | takeover | alone | µs | MB/s | sample |\n");
	printf("|---|---:|---:|---:|---:|---:|---|\n");
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			measure(&kinds[k], sizes[i], level);
	return 0;
}

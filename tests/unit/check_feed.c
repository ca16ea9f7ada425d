#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

struct hex {
	uint8_t *out;
	size_t n, max;
};

static _Noreturn void
bail(const char *text, const char *why)
{
	printf("Bail out! bytes \"%.60s\": %s\n", text, why);
	exit(2);
}

static void
hex_add(struct hex *h, uint8_t c, size_t times, const char *at)
{
	if (times > h->max - h->n)
		bail(at, "too many");
	if (times > 0)
		memset(h->out + h->n, c, times);
	h->n += times;
}

/* 'text' */
static const char *
hex_quoted(struct hex *h, const char *p)
{
	const char *end = strchr(p + 1, '\'');

	if (end == NULL)
		bail(p, "the quote does not end");
	while (++p < end)
		hex_add(h, (uint8_t)*p, 1, p);
	return end + 1;
}

/* A byte, and how often. */
static const char *
hex_pair(struct hex *h, const char *p)
{
	int high = ascii_hex_value(p[0]);
	int low = high >= 0 ? ascii_hex_value(p[1]) : -1;
	unsigned long times = 1;
	const char *at = p;

	if (low < 0)
		bail(at, "not a pair of hex digits");
	p += 2;
	if (*p == '*') {
		char *end;

		times = strtoul(p + 1, &end, 10);
		if (end == p + 1)
			bail(at, "no number after *");
		p = end;
	}
	hex_add(h, (uint8_t)(high << 4 | low), times, at);
	return p;
}

size_t
check_hex(const char *text, uint8_t *out, size_t max)
{
	struct hex h = { out, 0, max };
	const char *p = text;

	while (*p != '\0') {
		if (*p == ' ' || *p == '\t' || *p == '\n')
			p++;
		else if (*p == '\'')
			p = hex_quoted(&h, p);
		else
			p = hex_pair(&h, p);
	}
	return h.n;
}

uint8_t *
check_feed_next(struct check_feed *feed, size_t *n)
{
	size_t take = feed->first < feed->n ? feed->first : feed->n;

	free(feed->handed);
	feed->handed = NULL;
	if (take == 0)
		return NULL;
	if ((feed->handed = malloc(take)) == NULL)
		abort();
	memcpy(feed->handed, feed->p, take);
	feed->p += take;
	feed->n -= take;
	feed->first = feed->rest;
	*n = take;
	return feed->handed;
}

struct law {
	const uint8_t *p;
	size_t n;
	const char *want;
	check_replay *run;
	void *arg;
};

static void
replay_cut(const struct law *law, size_t first, size_t rest)
{
	struct check_feed feed = { law->p, law->n, first, rest, NULL };
	struct buf transcript;

	buf_init(&transcript, &mem_libc, SIZE_MAX);
	law->run(&feed, &transcript, law->arg);
	CHECK_MEM(buf_data(&transcript), buf_len(&transcript), law->want, strlen(law->want));
	buf_clear(&transcript);
	free(feed.handed);
}

void
check_chunks(const uint8_t *p, size_t n, const char *want, check_replay *run, void *arg)
{
	const struct law law = { p, n, want, run, arg };
	size_t before = check_failures();

	check_enter("whole");
	replay_cut(&law, n, n);
	check_leave();

	check_enter("byte by byte");
	replay_cut(&law, 1, 1);
	check_leave();

	/* The first cut that fails tells enough. */
	for (size_t at = 1; at < n && check_failures() == before; at++) {
		if (n > CHECK_CUTS && at == CHECK_CUTS / 2)
			at = n - CHECK_CUTS / 2;
		check_enter("cut at %zu", at);
		replay_cut(&law, at, n - at);
		check_leave();
	}
}

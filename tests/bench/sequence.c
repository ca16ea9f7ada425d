#include "sequence.h"

#include <stdlib.h>
#include <string.h>

/* A generator of its own: the same numbers on every system. */
static uint32_t
number(uint64_t *state)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(*state >> 33);
}

static void
fill_noise(uint8_t *p, size_t n)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint64_t state = 1;

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)letters[number(&state) % 64];
}

static void
fill_words(uint8_t *p, size_t n)
{
	static const char *const words[] = { "\"id\":", "\"name\":", "\"price\":", "\"side\":", "{",
		"}", "[", "]", ",", "\"buy\"", "\"sell\"", "true", "false", "null", "1", "20",
		"333", "4.25", "\"EUR\"", "\"USD\"", "\"open\"", "\"close\"",
		"\"time\":", "\"2026-01-01T00:00:00Z\"", "\"volume\":", "\"symbol\":", "\"a note\"",
		"9007" };
	uint64_t state = 2;

	while (n > 0) {
		const char *word = words[number(&state) % (sizeof words / sizeof words[0])];
		size_t length = strlen(word);

		if (length > n)
			length = n;
		memcpy(p, word, length);
		p += length;
		n -= length;
	}
}

/* Moves the lines at the end of the room to its front, each with its newline. */
static void
break_lines(struct sequence *s, size_t line)
{
	const uint8_t *from = s->bytes + s->period - SEQUENCE_PERIOD;
	uint8_t *to = s->bytes;

	for (; to < s->bytes + s->period; from += line) {
		memmove(to, from, line);
		to += line;
		*to++ = '\n';
	}
}

int
sequence_make(struct sequence *s, const char *kind, size_t line)
{
	bool noise = strcmp(kind, "noise") == 0;
	uint8_t *payload;

	*s = (struct sequence){ NULL, SEQUENCE_PERIOD, 0 };
	if ((!noise && strcmp(kind, "words") != 0) || (line > 0 && SEQUENCE_PERIOD % line != 0))
		return -1;
	if (line > 0)
		s->period += SEQUENCE_PERIOD / line;
	if ((s->bytes = malloc(s->period)) == NULL)
		return -1;
	payload = s->bytes + s->period - SEQUENCE_PERIOD;
	if (noise)
		fill_noise(payload, SEQUENCE_PERIOD);
	else
		fill_words(payload, SEQUENCE_PERIOD);
	if (line > 0)
		break_lines(s, line);
	return 0;
}

void
sequence_free(struct sequence *s)
{
	free(s->bytes);
	s->bytes = NULL;
}

size_t
sequence_next(struct sequence *s, size_t max, const uint8_t **p)
{
	size_t n = s->period - s->at;

	if (n > max)
		n = max;
	*p = s->bytes + s->at;
	s->at += n;
	if (s->at == s->period)
		s->at = 0;
	return n;
}

/* Whether p and q differ by more than the key. One pass without a branch, which compilers make a
 * vector one. */
static bool
differ(const uint8_t *p, const uint8_t *q, size_t n, const uint8_t key[4])
{
	uint64_t a, b, k, bad = 0;
	size_t i;

	memcpy(&k, key, 4);
	memcpy((uint8_t *)&k + 4, key, 4);
	for (i = 0; n - i >= sizeof a; i += sizeof a) {
		memcpy(&a, p + i, sizeof a);
		memcpy(&b, q + i, sizeof b);
		bad |= a ^ b ^ k;
	}
	for (; i < n; i++)
		bad |= (uint64_t)(p[i] ^ q[i] ^ key[i % 4]);
	return bad != 0;
}

bool
sequence_comes(struct sequence *s, const uint8_t *p, size_t n, const uint8_t key[4])
{
	uint8_t turned[4];
	const uint8_t *want;
	size_t run, done = 0;
	bool bad = false;

	while (done < n) {
		for (size_t i = 0; i < 4; i++)
			turned[i] = key[(i + done) % 4];
		run = sequence_next(s, n - done, &want);
		bad |= differ(p + done, want, run, turned);
		done += run;
	}
	return !bad;
}

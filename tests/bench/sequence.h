/*
 * The bytes that go both ways here: one sequence that repeats, made alike by every tool, so that
 * each can compare what it gets with what it should have got. All of it is printable ASCII.
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* After so many bytes of payload it repeats: the size of a line divides it. */
enum { SEQUENCE_PERIOD = 3 * 65536 };

struct sequence {
	uint8_t *bytes;
	size_t period;
	size_t at; /* how far in bytes its user is */
};

/*
 * The sequence `kind`: "noise" compresses to three quarters, "words" to about a fifth. With `line`,
 * a newline stands after every so many bytes. 0, or -1 for an unknown kind, a size that does not
 * divide SEQUENCE_PERIOD, or no memory. What it holds is freed by sequence_free().
 */
int sequence_make(struct sequence *s, const char *kind, size_t line);
void sequence_free(struct sequence *s);

/* The next bytes, at most `max` and at least one of them, at *p; returns how many and moves on. */
size_t sequence_next(struct sequence *s, size_t max, const uint8_t **p);

/* Whether the n bytes at p, unmasked with `key`, come next; moves on by n. */
bool sequence_comes(struct sequence *s, const uint8_t *p, size_t n, const uint8_t key[4]);

#endif

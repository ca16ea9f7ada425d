#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/span.h"

/*
 * The harness of the unit tests. A test program is a table of cases and prints TAP:
 *
 *	static void
 *	buf_refuses_more_than_its_maximum(void)
 *	{
 *		...
 *		CHECK_INT(buf_put(&b, "abc", 3), ERR_LIMIT);
 *	}
 *
 *	int
 *	main(int argc, char **argv)
 *	{
 *		static const struct check_case cases[] = {
 *			CHECK_CASE(buf_refuses_more_than_its_maximum),
 *		};
 *		return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
 *	}
 *
 * Named on the command line, only those cases run.
 */
struct check_case {
	const char *name;
	void (*run)(void);
};

/* clang-format off */
#define CHECK_CASE(f) { #f, f }
/* clang-format on */

/* Runs the cases and returns the exit status: 0, 1 if one failed, 2 for a name there is not. */
int check_main(int argc, char **argv, const struct check_case *cases, size_t n);

/*
 * The checks. What was got stands first, what was wanted second. A check that does not hold is
 * printed with its place and both values and fails the case, which goes on; the value is
 * whether it held, for where going on makes no sense: if (!CHECK(p != NULL)) return;
 * CHECK_STR takes strings or NULL, CHECK_SPAN a struct span and a string.
 */
#define CHECK(cond)           check_true(__FILE__, __LINE__, #cond, (cond))
#define CHECK_INT(got, want)  check_int(__FILE__, __LINE__, #got, (intmax_t)(got), (intmax_t)(want))
#define CHECK_UINT(got, want) check_uint(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_STR(got, want)  check_str(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_SPAN(got, want) check_span(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_MEM(p, n, q, m) check_bytes(__FILE__, __LINE__, #p, (p), (n), (q), (m))

bool check_true(const char *file, int line, const char *what, bool held);
bool check_int(const char *file, int line, const char *what, intmax_t got, intmax_t want);
bool check_uint(const char *file, int line, const char *what, uintmax_t got, uintmax_t want);
bool check_str(const char *file, int line, const char *what, const char *got, const char *want);
bool check_span(const char *file, int line, const char *what, struct span got, const char *want);
bool check_bytes(const char *file, int line, const char *what, const void *got, size_t got_n,
    const void *want, size_t want_n);

/*
 * What the checks up to check_leave() are about, in a few words ("split at 3"); printed with
 * those that fail. They nest. Only a case itself may return without leaving.
 */
void check_enter(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void check_leave(void);

/* Checks of the running case that failed so far. */
size_t check_failures(void);

/*
 * Bytes written as text, so that vectors can be read: pairs of hex digits, 'text' for its bytes,
 * and *N after a byte to have it N times; blanks between them as you like.
 *
 *	n = check_hex("81 05 'Hello'  82 7e 0100 00*256", bytes, sizeof bytes);
 *
 * Returns their number. A mistake in it, or more than max bytes, ends the program.
 */
size_t check_hex(const char *text, uint8_t *out, size_t max);

/* The next of a row of numbers, the same in every run; *state starts as any number. */
uint64_t check_random(uint64_t *state);

/*
 * Memory that counts and fails. Hand &m.mem to what takes a struct mem, or check_mem_resize as
 * wsx_config.resize with an arg that points at a struct check_mem or at a struct that begins
 * with one. Each resize moves the block, so that a stale pointer is seen by ASan or valgrind.
 */
struct check_mem {
	struct mem mem;
	size_t fail_at; /* the request for memory to be refused, from 1; 0 for none */
	bool fail_on; /* and all after it */
	size_t requests;
	size_t live; /* blocks not freed yet */
	bool failed; /* a request was refused: errors are to be expected from now on */
};

void check_mem_init(struct check_mem *m); /* refuses nothing */
void *check_mem_resize(void *p, size_t n, void *arg);

/*
 * The allocation law: runs the scenario with the first allocation refused, the second, and so on
 * until none was, each time alone and with all that follow. It begins afresh each time, takes
 * all memory from m and frees it whatever happens: a block left over is a failure. Its checks of
 * results hold always, or only where !m->failed.
 */
void check_allocations(void (*scenario)(struct check_mem *m, void *arg), void *arg);

/*
 * The chunk law: what is made of a stream does not depend on how it is cut. run is called with
 * the n bytes at p whole, byte by byte, and in two pieces cut at every offset (of more than
 * CHECK_CUTS bytes only at those near both ends). It begins afresh each time, takes the
 * pieces, writes down in transcript what came of them, in any form, and that must be want.
 *
 *	static void
 *	replay(struct check_feed *feed, struct buf *transcript, void *arg)
 *	{
 *		uint8_t *p;
 *		size_t n;
 *		...
 *		while ((p = check_feed_next(feed, &n)) != NULL)
 *			wsx_receive(ws, p, n);
 *		...
 *	}
 *
 *	check_chunks(bytes, n, "open\nmessage text Hello\n", replay, NULL);
 */
struct check_feed {
	const uint8_t *p;
	size_t n; /* not yet handed out */
	size_t first; /* length of the first piece */
	size_t rest; /* length of the others */
	uint8_t *handed; /* the piece last handed out */
};

#define CHECK_CUTS 4096

typedef void check_replay(struct check_feed *feed, struct buf *transcript, void *arg);

void check_chunks(const uint8_t *p, size_t n, const char *want, check_replay *run, void *arg);

/*
 * The next piece and its length, or NULL after the last. It is a copy of just that size which
 * may be written to and holds until the next call. Not all pieces need be taken.
 */
uint8_t *check_feed_next(struct check_feed *feed, size_t *n);

#endif

#include "io/random.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

/* What the system answers: it stands before the C library's function. */
static struct {
	size_t calls;
	size_t asked; /* bytes, by the last call */
	int interrupted; /* calls yet to fail with EINTR */
	bool fails, falls_short;
	const uint8_t *key; /* given instead of the system's if it is not NULL */
} system_random;

ssize_t
getrandom(void *p, size_t n, unsigned flags)
{
	system_random.calls++;
	system_random.asked = n;
	if (system_random.interrupted > 0 || system_random.fails) {
		errno = system_random.interrupted-- > 0 ? EINTR : ENOSYS;
		return -1;
	}
	if (system_random.key != NULL) {
		memcpy(p, system_random.key, n);
		return (ssize_t)n;
	}
	return syscall(SYS_getrandom, p, system_random.falls_short ? n - 1 : n, flags);
}

static void
begin(struct random *r)
{
	memset(&system_random, 0, sizeof system_random);
	memset(r, 0xa5, sizeof *r);
	random_init(r);
}

enum { GIVEN = sizeof((struct random *)0)->block - sizeof((struct random *)0)->key };

static void
bytes_given_are_wiped_and_never_repeat(void)
{
	static const uint8_t zero[sizeof((struct random *)0)->block];
	static uint8_t seen[2 * GIVEN / 16][16];
	struct random r;
	size_t given = 0;

	begin(&r);
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
		CHECK_INT(random_bytes(&r, seen[i], 16), 0);
		given = given % GIVEN + 16;
		for (size_t k = 0; k < i; k++)
			CHECK(memcmp(seen[i], seen[k], 16) != 0);
		CHECK_UINT(r.left, GIVEN - given);
		/* the next key was at the beginning of the block */
		CHECK_MEM(r.block, sizeof r.key + given, zero, sizeof r.key + given);
		CHECK(memcmp(r.key, zero, sizeof r.key) != 0);
	}
	CHECK_UINT(r.left, 0);
}

static int
compare_keys(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* F03 */
static void
mask_keys_do_not_repeat(void)
{
	enum { N = 100000 };
	static uint32_t keys[N];
	size_t again = 0;
	struct random r;

	begin(&r);
	for (size_t i = 0; i < N; i++)
		CHECK_INT(random_bytes(&r, &keys[i], sizeof keys[i]), 0);
	qsort(keys, N, sizeof *keys, compare_keys);
	for (size_t i = 1; i < N; i++)
		again += keys[i] == keys[i - 1];
	CHECK(again < 20); /* one is to be expected */
}

static void
more_than_a_block_is_given_at_once(void)
{
	struct random r;
	uint8_t big[10000] = { 0 };
	size_t zeros = 0;

	begin(&r);
	CHECK_INT(random_bytes(&r, big, 3), 0);
	CHECK_INT(random_bytes(&r, big, sizeof big), 0);
	for (size_t i = 0; i < sizeof big; i++)
		zeros += big[i] == 0;
	CHECK(zeros < 120); /* 39 are to be expected */
}

static void
none_asked_is_none_taken(void)
{
	struct random r;

	begin(&r);
	CHECK_INT(random_bytes(&r, NULL, 0), 0);
	CHECK_UINT(r.left, 0);
	CHECK_UINT(system_random.calls, 0);
}

static void
two_generators_differ(void)
{
	struct random r, s;
	uint8_t a[16], b[16];

	begin(&r);
	begin(&s);
	CHECK_INT(random_bytes(&r, a, sizeof a), 0);
	CHECK_INT(random_bytes(&s, b, sizeof b), 0);
	CHECK(memcmp(a, b, sizeof a) != 0);
}

/* Each filling is a key stream whose first bytes are the key of the next. */
static void
write_stream(uint8_t *out, size_t fillings, const uint8_t first[32])
{
	uint32_t block[RANDOM_GROUPS][CHACHA20_WORDS][CHACHA20_BLOCKS], key[8];
	static const uint32_t nonce[3];

	memcpy(key, first, sizeof key);
	for (; fillings > 0; fillings--, out += GIVEN) {
		for (uint32_t i = 0; i < RANDOM_GROUPS; i++)
			chacha20_blocks(block[i], key, i * CHACHA20_BLOCKS, nonce);
		memcpy(key, block, sizeof key);
		memcpy(out, (uint8_t *)block + sizeof key, GIVEN);
	}
}

static void
bytes_are_those_of_a_chain_of_keys_however_they_are_asked_for(void)
{
	enum { FILLINGS = 5 };
	static const uint8_t key[32] = { 1, 2, 3, [31] = 255 };
	static uint8_t want[FILLINGS * GIVEN], got[FILLINGS * GIVEN];
	uint64_t state = 11;
	struct random r;

	write_stream(want, FILLINGS, key);
	for (int round = 0; round < 50; round++) {
		size_t most = round % 2 ? 9 : 3000, n;

		begin(&r);
		system_random.key = key;
		for (size_t i = 0; i < sizeof got; i += n) {
			n = round == 0 ? 4 : check_random(&state) % most;
			n = n < sizeof got - i ? n : sizeof got - i;
			CHECK_INT(random_bytes(&r, got + i, n), 0);
		}
		CHECK(memcmp(got, want, sizeof got) == 0);
	}
}

static void
give_all_of_a_key(struct random *r)
{
	uint8_t *p = malloc(GIVEN);

	if (p == NULL)
		abort();
	for (int i = 0; i < RANDOM_FILLINGS; i++)
		CHECK_INT(random_bytes(r, p, GIVEN), 0);
	free(p);
	CHECK_UINT(r->left, 0);
}

static void
system_is_asked_at_the_first_use_and_each_mebibyte(void)
{
	struct random r;
	uint8_t p[4];

	begin(&r);
	give_all_of_a_key(&r);
	CHECK_UINT(system_random.calls, 1);
	CHECK_UINT(system_random.asked, 32);
	CHECK_INT(random_bytes(&r, p, sizeof p), 0);
	CHECK_UINT(system_random.calls, 2);
	CHECK(RANDOM_FILLINGS * sizeof r.block == 1 << 20);
}

static void
check_refused(struct random *r)
{
	uint8_t p[64];

	memset(p, 0x77, sizeof p);
	CHECK_INT(random_bytes(r, p, 4), -1);
	CHECK_INT(random_bytes(r, p, sizeof p), -1);
	for (size_t i = 0; i < sizeof p; i++)
		CHECK_UINT(p[i], 0x77);
}

/* F04: no bytes of an old key when there is no new one */
static void
failure_of_the_system_gives_no_bytes(void)
{
	struct random r;
	uint8_t p[4];

	for (int late = 0; late < 2; late++)
		for (int is_short = 0; is_short < 2; is_short++) {
			begin(&r);
			if (late)
				give_all_of_a_key(&r);
			system_random.fails = !is_short;
			system_random.falls_short = is_short;
			check_refused(&r);
			check_refused(&r);
			system_random.fails = system_random.falls_short = false;
			CHECK_INT(random_bytes(&r, p, sizeof p), 0);
		}
}

static void
interrupted_call_is_made_again(void)
{
	struct random r;
	uint8_t p[4];

	begin(&r);
	system_random.interrupted = 3;
	CHECK_INT(random_bytes(&r, p, sizeof p), 0);
	CHECK_UINT(system_random.calls, 4);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(bytes_given_are_wiped_and_never_repeat),
		CHECK_CASE(mask_keys_do_not_repeat),
		CHECK_CASE(more_than_a_block_is_given_at_once),
		CHECK_CASE(none_asked_is_none_taken),
		CHECK_CASE(two_generators_differ),
		CHECK_CASE(bytes_are_those_of_a_chain_of_keys_however_they_are_asked_for),
		CHECK_CASE(system_is_asked_at_the_first_use_and_each_mebibyte),
		CHECK_CASE(failure_of_the_system_gives_no_bytes),
		CHECK_CASE(interrupted_call_is_made_again),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

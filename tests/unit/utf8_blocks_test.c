#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8_blocks.h"

#define MAX_TEXT 4096

/* Where texts are put: what follows the last byte of one can not be read. */
static uint8_t *end_of_memory;

static void
make_memory(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (MAX_TEXT + page - 1) / page * page;
	uint8_t *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (p == MAP_FAILED || mprotect(p + room, page, PROT_NONE) != 0)
		abort();
	end_of_memory = p + room;
}

struct verdict {
	size_t good;
	struct utf8 u;
};

/* In that way, or in the one that utf8_check() takes if there is none. */
static size_t
check_in(const struct utf8_way *way, struct utf8 *u, const uint8_t *p, size_t n)
{
	return way != NULL ? utf8_check_in(way, u, p, n) : utf8_check(u, p, n);
}

/* The n bytes at p, cut in two. */
static struct verdict
judge(const struct utf8_way *way, const uint8_t *p, size_t n, size_t cut)
{
	struct verdict v = { 0, UTF8_INIT };
	uint8_t *at = memcpy(end_of_memory - cut, p, cut);

	v.good = check_in(way, &v.u, at, cut);
	if (v.good < cut)
		return v;
	at = memcpy(end_of_memory - (n - cut), p + cut, n - cut);
	v.good += check_in(way, &v.u, at, n - cut);
	return v;
}

static const struct utf8_way *
scalar(void)
{
	size_t i = 0;

	while (utf8_way(i + 1) != NULL)
		i++;
	return utf8_way(i);
}

static bool
is_equal(struct verdict a, struct verdict b, size_t n)
{
	if (a.good != b.good || a.good < n)
		return a.good == b.good;
	if (a.u.left != b.u.left || a.u.left == 0)
		return a.u.left == b.u.left;
	return a.u.min == b.u.min && a.u.max == b.u.max;
}

/* All ways say the same of a text cut at one place; false, after a report, if they do not. */
static bool
agree(const uint8_t *p, size_t n, size_t cut)
{
	struct verdict want = judge(scalar(), p, n, cut);
	const struct utf8_way *way;
	size_t i = 0;

	do {
		struct verdict got = judge(way = utf8_way(i++), p, n, cut);

		if (is_equal(got, want, n))
			continue;
		check_enter(
		    "%s, %zu bytes cut at %zu", way != NULL ? way->name : "utf8_check", n, cut);
		CHECK_UINT(got.good, want.good);
		CHECK_UINT(got.u.left, want.u.left);
		CHECK_MEM(p, n, "", 0);
		check_leave();
		return false;
	} while (way != NULL);
	return true;
}

static void
the_last_way_is_the_scalar_one(void)
{
	printf("# ways:");
	for (size_t i = 0; utf8_way(i) != NULL; i++)
		printf(" %s", utf8_way(i)->name);
	printf("\n");
	CHECK_STR(scalar()->name, "scalar");
	CHECK(scalar()->pass == NULL);
	for (size_t i = 0; utf8_way(i) != scalar(); i++)
		CHECK(utf8_way(i)->pass != NULL);
}

/* Good and bad ones of each kind, with the ends of their ranges (RFC 3629 4). */
static const char *const sequences[] = { "00", "7f", "c280", "dfbf", "e0a080", "e0bfbf", "e18080",
	"ecbfbf", "ed8080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f0bfbfbf", "f1808080",
	"f3bfbfbf", "f4808080", "f48fbfbf", "80", "bf", "8080", "c080", "c1bf", "c1", "c241",
	"c2c2", "c2e0a0", "c3a9a9", "e08080", "e09fbf", "e0c0", "e141", "e18041", "e180c2",
	"e180e1", "e282acac", "eda080", "edbfbf", "f0808080", "f08fbfbf", "f141", "f18041",
	"f1808041", "f18080c2", "f18080f1", "f09f988080", "f4908080", "f4bfbfbf", "f5808080",
	"f5908080", "f6a08080", "f7bfbfbf", "f888808080", "f990", "fa", "fb80", "fc8480808080",
	"fda0", "fdb0", "fe", "fe80", "ff", "ffff", "ff80", "fec280" };

/* Each at each place of more than two blocks, after ASCII and after others, and with it the end. */
static void
ways_agree_on_each_sequence_at_each_place(void)
{
	static const char *const fill[] = { "61", "d0b6", "e697a5", "f09f9880",
		"61d0b6e697a5f09f9880" };
	uint8_t text[3 * UTF8_BLOCK], sequence[8], unit[16];

	for (size_t s = 0; s < sizeof sequences / sizeof *sequences; s++)
		for (size_t f = 0; f < sizeof fill / sizeof *fill; f++) {
			size_t len = check_hex(sequences[s], sequence, sizeof sequence);
			size_t step = check_hex(fill[f], unit, sizeof unit);

			for (size_t at = 0; at + len + 40 < sizeof text; at++) {
				/* the fill ends where the sequence begins, and begins after it */
				memset(text, 'x', at % step);
				for (size_t i = at % step; i < at; i++)
					text[i] = unit[(i - at % step) % step];
				for (size_t i = at + len; i < sizeof text; i++)
					text[i] = unit[(i - at - len) % step];
				memcpy(text + at, sequence, len);
				if (!agree(text, sizeof text, 0) || !agree(text, at + len, 0) ||
				    !agree(text, at + 1, 0))
					return;
			}
		}
}

/* All bytes at which a rule of RFC 3629 begins or ends, four in a row over a border. */
static void
ways_agree_on_the_edges_of_four_bytes(void)
{
	static const uint8_t edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0,
		0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5,
		0xf8, 0xff };
	const size_t n = sizeof edges;
	uint8_t text[UTF8_BLOCK + 20];

	memset(text, ' ', sizeof text);
	for (size_t i = 0; i < n * n * n * n; i++) {
		uint8_t *p = text + UTF8_BLOCK - 1 - i % 3;

		p[0] = edges[i / (n * n * n)];
		p[1] = edges[i / (n * n) % n];
		p[2] = edges[i / n % n];
		p[3] = edges[i % n];
		if (!agree(text, sizeof text, 0))
			return;
		memset(p, ' ', 4);
	}
}

/* The tables of a way are of pairs. */
static void
ways_agree_on_all_pairs(void)
{
	uint8_t text[UTF8_BLOCK];

	memset(text, ' ', sizeof text);
	for (unsigned v = 0; v < 1U << 16; v++) {
		text[15] = text[47] = (uint8_t)(v >> 8);
		text[16] = text[48] = (uint8_t)(v & 0xff);
		if (!agree(text, sizeof text, 0))
			return;
	}
}

/* Characters of one to four bytes until n are full; the last may be cut off. */
static void
write_text(uint8_t *p, size_t n, uint64_t *state)
{
	static const uint32_t ranges[][2] = { { 0x20, 0x5f }, { 0x80, 0x77f }, { 0x800, 0xcfff },
		{ 0xe000, 0x2000 }, { 0x10000, 0xfffff } };
	uint32_t kinds = (uint32_t)check_random(state) % 5 + 1;

	while (n > 0) {
		const uint32_t *range = ranges[check_random(state) % kinds];
		uint8_t c[4];
		size_t len = utf8_encode(range[0] + (uint32_t)check_random(state) % range[1], c);

		if (check_random(state) % 16 == 0) {
			len = check_random(state) % 100;
			len = len < n ? len : n;
			memset(p, 'a', len);
		} else {
			len = len < n ? len : n;
			memcpy(p, c, len);
		}
		p += len;
		n -= len;
	}
}

/* Short texts, which take a way of their own where they are ASCII. */
static void
ways_agree_on_ascii_of_all_lengths(void)
{
	uint8_t text[3 * UTF8_BLOCK];

	for (size_t n = 0; n <= sizeof text; n++) {
		memset(text, 'a', n);
		if (!agree(text, n, 0) || !agree(text, n, n / 2))
			return;
		for (size_t at = 0; at < n; at++) {
			text[at] = 0x80;
			if (!agree(text, n, 0))
				return;
			text[at] = 0xc3;
			if (!agree(text, n, at + 1))
				return;
			text[at] = 'a';
		}
	}
}

/* A pass that stops at good text would be made up for, byte by byte: it must not. */
static void
passes_are_of_all_whole_blocks_of_good_text(void)
{
	uint8_t text[6 * UTF8_BLOCK];
	uint64_t state = 5;

	for (int round = 0; round < 2000; round++) {
		size_t n = check_random(&state) % sizeof text;

		write_text(text, n, &state);
		for (size_t i = 0; utf8_way(i) != scalar(); i++)
			if (!CHECK_UINT(utf8_way(i)->pass(text, n), n / UTF8_BLOCK * UTF8_BLOCK))
				return;
	}
}

static void
ways_agree_at_all_cuts(void)
{
	uint8_t text[4 * UTF8_BLOCK + 9];
	uint64_t state = 3;

	for (int round = 0; round < 20; round++) {
		write_text(text, sizeof text, &state);
		if (round % 2 != 0)
			text[check_random(&state) % sizeof text] ^= 0x80;
		for (size_t cut = 0; cut <= sizeof text; cut++)
			if (!agree(text, sizeof text, cut))
				return;
	}
}

static void
ways_agree_on_random_texts_with_random_faults(void)
{
	uint8_t text[700];
	uint64_t state = 7;
	size_t bad = 0, good = 0;

	for (int round = 0; round < 100000; round++) {
		size_t n = check_random(&state) % sizeof text;
		unsigned faults = (unsigned)check_random(&state) % 3;
		size_t cut = check_random(&state) % 2 ? 0 : check_random(&state) % (n + 1);

		write_text(text, n, &state);
		for (; n > 0 && faults > 0; faults--)
			text[check_random(&state) % n] = (uint8_t)check_random(&state);
		if (!agree(text, n, cut))
			return;
		if (judge(NULL, text, n, cut).good < n)
			bad++;
		else
			good++;
	}
	CHECK(bad > 20000 && good > 20000);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(the_last_way_is_the_scalar_one),
		CHECK_CASE(ways_agree_on_each_sequence_at_each_place),
		CHECK_CASE(ways_agree_on_the_edges_of_four_bytes),
		CHECK_CASE(ways_agree_on_all_pairs),
		CHECK_CASE(ways_agree_on_ascii_of_all_lengths),
		CHECK_CASE(passes_are_of_all_whole_blocks_of_good_text),
		CHECK_CASE(ways_agree_at_all_cuts),
		CHECK_CASE(ways_agree_on_random_texts_with_random_faults),
	};

	make_memory();
	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

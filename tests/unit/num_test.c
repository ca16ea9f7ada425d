#include "check.h"

#include "base/num.h"

static void
load_be_reads_every_width(void)
{
	static const uint8_t p[] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
	uint64_t want = 0;

	for (size_t n = 0; n <= 8; n++) {
		CHECK_UINT(load_be(p, n), want);
		if (n < 8)
			want = want << 8 | p[n];
	}
	CHECK_UINT(load_be(p, 8), UINT64_C(0x0123456789abcdef));
}

static void
store_be_writes_its_width_only(void)
{
	for (size_t n = 0; n <= 8; n++) {
		uint8_t p[10];

		for (size_t i = 0; i < sizeof p; i++)
			p[i] = 0xee;
		store_be(p + 1, UINT64_C(0xf1e2d3c4b5a69788), n);
		CHECK_UINT(p[0], 0xee);
		CHECK_UINT(p[n + 1], 0xee);
		for (size_t i = 0; i < n; i++)
			CHECK_UINT(p[n - i], UINT64_C(0xf1e2d3c4b5a69788) >> (8 * i) & 0xff);
	}
}

static void
size_mul_refuses_to_wrap(void)
{
	size_t v = 7;

	CHECK(size_mul(6, 7, &v) && v == 42);
	CHECK(size_mul(0, SIZE_MAX, &v) && v == 0);
	CHECK(size_mul(SIZE_MAX, 0, &v) && v == 0);
	CHECK(size_mul(SIZE_MAX, 1, &v) && v == SIZE_MAX);
	CHECK(size_mul(SIZE_MAX / 2, 2, &v) && v == SIZE_MAX - 1);
	CHECK(!size_mul(SIZE_MAX / 2 + 1, 2, &v));
	CHECK(!size_mul(SIZE_MAX, SIZE_MAX, &v));
	CHECK_UINT(v, SIZE_MAX - 1);
}

/* What no reader of numbers takes. */
static const char *const never[] = { "", " ", "+1", "-1", "-0", " 1", "1 ", "1\n", "0x10", "1e3",
	"1_000", "1,0", "\xd9\xa1", "one", "k", ".", "1.", "..5", "1..5", "1.2.3", "1.-5", "1. 5",
	"18446744073709551616", "99999999999999999999999999" };

enum { UNSET = 4711 };

struct number_case {
	const char *text;
	uint64_t want;
};

static void
num_parse_u64_takes_digits_in_range(void)
{
	static const struct {
		const char *text;
		uint64_t max, want;
	} good[] = {
		{ "0", 0, 0 },
		{ "0", 9, 0 },
		{ "9", 9, 9 },
		{ "007", 9, 7 },
		{ "65535", 65535, 65535 },
		{ "18446744073709551615", UINT64_MAX, UINT64_MAX },
		{ "00000000000000000000000000000001", 1, 1 },
	};
	uint64_t v;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		check_enter("%s", good[i].text);
		v = UNSET;
		CHECK(num_parse_u64(span_str(good[i].text), good[i].max, &v));
		CHECK_UINT(v, good[i].want);
		check_leave();
	}
}

static void
num_parse_u64_refuses_all_else(void)
{
	static const struct {
		const char *text;
		uint64_t max;
	} bad[] = { { "1", 0 }, { "10", 9 }, { "65536", 65535 }, { "100000", 65535 }, { "2k", 9 },
		{ "1.0", 9 }, { "18446744073709551615", UINT64_MAX - 1 } };
	uint64_t v = UNSET;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		check_enter("%s", bad[i].text);
		CHECK(!num_parse_u64(span_str(bad[i].text), bad[i].max, &v));
		check_leave();
	}
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		check_enter("%s", never[i]);
		CHECK(!num_parse_u64(span_str(never[i]), UINT64_MAX, &v));
		check_leave();
	}
	CHECK(!num_parse_u64((struct span){ NULL, 0 }, UINT64_MAX, &v));
	CHECK(!num_parse_u64((struct span){ "1\0", 2 }, UINT64_MAX, &v));
	CHECK_UINT(v, UNSET);
}

/* Only the span is read: a number may end where other digits follow. */
static void
num_parse_u64_stops_at_the_end_of_the_span(void)
{
	uint64_t v = UNSET;

	CHECK(num_parse_u64((struct span){ "12345", 2 }, 99, &v));
	CHECK_UINT(v, 12);
}

static void
check_reader(bool (*parse)(struct span, uint64_t *), const struct number_case *good, size_t n_good,
    const char *const *bad, size_t n_bad)
{
	uint64_t v;

	for (size_t i = 0; i < n_good; i++) {
		check_enter("%s", good[i].text);
		v = UNSET;
		CHECK(parse(span_str(good[i].text), &v));
		CHECK_UINT(v, good[i].want);
		check_leave();
	}
	v = UNSET;
	for (size_t i = 0; i < n_bad; i++) {
		check_enter("%s", bad[i]);
		CHECK(!parse(span_str(bad[i]), &v));
		check_leave();
	}
	CHECK(!parse((struct span){ NULL, 0 }, &v));
	CHECK_UINT(v, UNSET);
}

static void
num_parse_size_knows_suffixes(void)
{
	static const struct number_case good[] = {
		{ "0", 0 },
		{ "512", 512 },
		{ "4k", 4096 },
		{ "4K", 4096 },
		{ "64m", 64 << 20 },
		{ "64M", 64 << 20 },
		{ "3g", UINT64_C(3) << 30 },
		{ "0G", 0 },
		{ "18446744073709551615", UINT64_MAX },
		{ "17179869183G", UINT64_C(17179869183) << 30 },
	};
	static const char *const bad[] = { "k", "1kk", "1 k", "1kb", "1KiB", "1.5k", "1t", "-1k",
		"17179869184G", "18014398509481984k", "18446744073709551615k" };

	check_reader(
	    num_parse_size, good, sizeof good / sizeof good[0], bad, sizeof bad / sizeof bad[0]);
	check_reader(num_parse_size, NULL, 0, never, sizeof never / sizeof never[0]);
}

static void
num_parse_seconds_gives_milliseconds(void)
{
	static const struct number_case good[] = {
		{ "0", 0 },
		{ "2", 2000 },
		{ "0.25", 250 },
		{ "0.5", 500 },
		{ ".5", 500 },
		{ ".025", 25 },
		{ "0.001", 1 },
		{ "1.010", 1010 },
		{ "0.000", 0 },
		{ "007.5", 7500 },
		{ "1000000000", UINT64_C(1000000000000) },
		{ "1000000000.000", UINT64_C(1000000000000) },
		{ "999999999.999", UINT64_C(999999999999) },
	};
	static const char *const bad[] = { "0.0001", "1.0000", "1000000000.001", "1000000001",
		"10000000000000000000", "1s", "1k", "1.k", "1.5s", "1,5", "inf", "nan" };

	check_reader(
	    num_parse_seconds, good, sizeof good / sizeof good[0], bad, sizeof bad / sizeof bad[0]);
	check_reader(num_parse_seconds, NULL, 0, never, sizeof never / sizeof never[0]);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(load_be_reads_every_width),
		CHECK_CASE(store_be_writes_its_width_only),
		CHECK_CASE(size_mul_refuses_to_wrap),
		CHECK_CASE(num_parse_u64_takes_digits_in_range),
		CHECK_CASE(num_parse_u64_refuses_all_else),
		CHECK_CASE(num_parse_u64_stops_at_the_end_of_the_span),
		CHECK_CASE(num_parse_size_knows_suffixes),
		CHECK_CASE(num_parse_seconds_gives_milliseconds),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

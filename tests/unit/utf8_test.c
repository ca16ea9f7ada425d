#include "check.h"

#include <string.h>

#include "base/utf8.h"

/*
 * A slow reference: which characters can a sequence become that begins with these n >= 1 bytes?
 * RFC 3629 3 in numbers; written without the table of its section 4 that the module follows.
 * Returns the length of the sequence, 0 if there is none.
 */
static size_t
reference_sequence(const uint8_t *p, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t low, high;
	size_t len = 0;

	while (len < 8 && (p[0] & (0x80U >> len)) != 0)
		len++;
	if (len == 0)
		return 1;
	if (len == 1 || len > 4)
		return 0;
	low = high = p[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (i < n && (p[i] & 0xc0) != 0x80)
			return 0;
		low = low << 6 | (i < n ? p[i] & 0x3fU : 0);
		high = high << 6 | (i < n ? p[i] & 0x3fU : 0x3f);
	}
	if (high < least[len] || low > 0x10ffff || (low >= 0xd800 && high <= 0xdfff))
		return 0;
	return len;
}

/* What utf8_check() should return for the n bytes at p, and whether they end complete. */
static size_t
reference_check(const uint8_t *p, size_t n, bool *complete)
{
	size_t start = 0;

	*complete = true;
	for (size_t i = 0; i < n; i++) {
		size_t len = reference_sequence(p + start, i + 1 - start);

		if (len == 0)
			return i;
		*complete = i + 1 - start == len;
		if (*complete)
			start = i + 1;
	}
	return n;
}

/* Compares the module with the reference; false, after a report, where they differ. */
static bool
agrees(const uint8_t *p, size_t n)
{
	struct utf8 u = UTF8_INIT;
	bool complete;
	size_t want = reference_check(p, n, &complete);
	size_t got = utf8_check(&u, p, n);

	if (got == want && (got < n || utf8_complete(&u) == complete))
		return true;
	check_enter("%02x %02x %02x %02x, %zu of them", p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0,
	    n > 3 ? p[3] : 0, n);
	CHECK_UINT(got, want);
	CHECK(got < n || utf8_complete(&u) == complete);
	check_leave();
	return false;
}

/* The same cut in two at every offset. */
static bool
agrees_cut(const uint8_t *p, size_t n)
{
	bool complete;
	size_t want = reference_check(p, n, &complete);

	for (size_t cut = 0; cut <= n; cut++) {
		struct utf8 u = UTF8_INIT;
		size_t got = utf8_check(&u, p, cut);

		if (got == cut)
			got += utf8_check(&u, p + cut, n - cut);
		if (!CHECK_UINT(got, want) || !CHECK(got < n || utf8_complete(&u) == complete))
			return false;
	}
	return true;
}

static void
utf8_check_agrees_on_all_of_up_to_three_bytes(void)
{
	uint8_t p[3];

	for (uint32_t v = 0; v < 1U << 24; v++) {
		p[0] = (uint8_t)(v >> 16);
		p[1] = (uint8_t)(v >> 8 & 0xff);
		p[2] = (uint8_t)(v & 0xff);
		if ((v & 0xffff) == 0 && !agrees(p, 1))
			return;
		if ((v & 0xff) == 0 && (!agrees(p, 2) || !agrees_cut(p, 2)))
			return;
		if (!agrees(p, 3))
			return;
	}
}

/* All bytes at which a rule of RFC 3629 begins or ends. */
static const uint8_t edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1,
	0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff };

static void
utf8_check_agrees_on_the_edges_of_four_bytes(void)
{
	const size_t n = sizeof edges;

	for (size_t i = 0; i < n * n * n * n; i++) {
		const uint8_t p[] = { edges[i / (n * n * n)], edges[i / (n * n) % n],
			edges[i / n % n], edges[i % n] };

		if (!agrees(p, 4) || !agrees_cut(p, 4))
			return;
	}
}

/* Words of ASCII are skipped at once: a bad byte at each place in and around them. */
static void
utf8_check_finds_the_byte_in_long_ascii(void)
{
	uint8_t text[64];

	for (size_t n = 1; n <= sizeof text; n++) {
		for (size_t at = 0; at < n; at++) {
			struct utf8 u = UTF8_INIT;

			memset(text, 'a', sizeof text);
			text[at] = 0x80;
			CHECK_UINT(utf8_check(&u, text + sizeof text - n, n),
			    at >= sizeof text - n ? at - (sizeof text - n) : n);
			u = UTF8_INIT;
			CHECK_UINT(utf8_check(&u, text, n), at);
			text[at] = 0x7f;
			CHECK_UINT(utf8_check(&u, text, n), n);
		}
	}
}

struct vector {
	const char *text; /* for check_hex() */
	const char *want; /* the line written by write_verdict() */
};

static void
write_verdict(struct check_feed *feed, struct buf *transcript, void *arg)
{
	struct utf8 u = UTF8_INIT;
	size_t before = 0, n;
	const uint8_t *p;

	(void)arg;
	while ((p = check_feed_next(feed, &n)) != NULL) {
		size_t good = utf8_check(&u, p, n);

		if (good < n) {
			buf_putf(transcript, "bad at %zu", before + good);
			return;
		}
		before += n;
	}
	buf_puts(transcript, utf8_complete(&u) ? "good" : "unfinished");
}

static void
check_vectors(const struct vector *v, size_t count)
{
	uint8_t bytes[256];

	for (; count > 0; v++, count--) {
		size_t n = check_hex(v->text, bytes, sizeof bytes);

		check_enter("%s", v->text);
		check_chunks(bytes, n, v->want, write_verdict, NULL);
		CHECK_INT(utf8_valid(bytes, n), strcmp(v->want, "good") == 0);
		check_leave();
	}
}

/* T01 */
static void
utf8_check_fails_at_the_first_impossible_byte(void)
{
	static const struct vector vectors[] = {
		{ "c0 80", "bad at 0" },
		{ "c1 bf", "bad at 0" },
		{ "e0 80 80", "bad at 1" },
		{ "e0 9f bf", "bad at 1" },
		{ "f0 80 80 80", "bad at 1" },
		{ "f0 8f bf bf", "bad at 1" },
		{ "ed a0 80", "bad at 1" },
		{ "ed bf bf", "bad at 1" },
		{ "ed a0 bd ed b8 80", "bad at 1" }, /* CESU-8 */
		{ "f4 90 80 80", "bad at 1" },
		{ "f5 80 80 80", "bad at 0" },
		{ "f8 88 80 80 80", "bad at 0" },
		{ "fc 84 80 80 80 80", "bad at 0" },
		{ "fe", "bad at 0" },
		{ "ff", "bad at 0" },
		{ "80", "bad at 0" },
		{ "'Hello' bf", "bad at 5" },
		{ "c3 'a'", "bad at 1" },
		{ "e2 82 'a'", "bad at 2" },
		{ "f0 9f 98 c3 a9", "bad at 3" },
		{ "c3 a9 a9", "bad at 2" },
		{ "'The quick brown fox' e2 28 a1 'jumps'", "bad at 20" },
		/* Autobahn 6.3: the Greek word, then a surrogate */
		{ "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 'edited'", "bad at 12" },
	};

	check_vectors(vectors, sizeof vectors / sizeof vectors[0]);
}

/* T01: a text that ends inside a character is no text. */
static void
utf8_check_knows_an_unfinished_character(void)
{
	static const struct vector vectors[] = {
		{ "c2", "unfinished" },
		{ "e2 82", "unfinished" },
		{ "e0", "unfinished" },
		{ "f0 9f", "unfinished" },
		{ "f4 8f bf", "unfinished" },
		{ "'a long line of ASCII ' e2", "unfinished" },
	};

	check_vectors(vectors, sizeof vectors / sizeof vectors[0]);
}

/* T02 */
static void
utf8_check_passes_boundary_values(void)
{
	static const struct vector vectors[] = {
		{ "", "good" },
		{ "00", "good" },
		{ "7f", "good" },
		{ "c2 80", "good" },
		{ "df bf", "good" },
		{ "e0 a0 80", "good" },
		{ "ed 9f bf", "good" },
		{ "ee 80 80", "good" },
		{ "ef bf bd", "good" },
		{ "ef bf be", "good" },
		{ "ef bf bf", "good" },
		{ "f0 90 80 80", "good" },
		{ "f4 8f bf bf", "good" },
		{ "ef bb bf 'text'", "good" },
		{ "00 7f c2 80 e0 a0 80 f0 90 80 80 61*40 f4 8f bf bf 'b'", "good" },
	};

	check_vectors(vectors, sizeof vectors / sizeof vectors[0]);
}

static void
utf8_encode_and_decode_agree_on_every_character(void)
{
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		uint8_t p[4] = { 0 };
		uint32_t back = 0;
		size_t n;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = utf8_encode(c, p);
		if (utf8_valid(p, n) && utf8_decode(p, 4, &back) == (int)n && back == c &&
		    utf8_decode(p, n, &back) == (int)n && utf8_decode(p, n - 1, &back) == 0)
			continue;
		check_enter("U+%04X", c);
		CHECK(false);
		check_leave();
	}
}

static void
utf8_decode_tells_unfinished_from_bad(void)
{
	static const struct {
		const char *text;
		int want;
		uint32_t c;
	} vectors[] = {
		{ "", 0, 7 },
		{ "'a' ff", 1, 'a' },
		{ "00", 1, 0 },
		{ "c3 a9 ff", 2, 0xe9 },
		{ "e2 82 ac", 3, 0x20ac },
		{ "f0 9f 98 80", 4, 0x1f600 },
		{ "c3", 0, 7 },
		{ "e2 82", 0, 7 },
		{ "f0 9f 98", 0, 7 },
		{ "80", -1, 7 },
		{ "c0 80", -1, 7 },
		{ "c3 28", -1, 7 },
		{ "e0 80", -1, 7 },
		{ "ed a0", -1, 7 },
		{ "e2 82 28", -1, 7 },
		{ "f4 90", -1, 7 },
		{ "f0 9f 98 28", -1, 7 },
	};

	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		uint8_t p[8];
		size_t n = check_hex(vectors[i].text, p, sizeof p);
		uint32_t c = 7;

		check_enter("%s", vectors[i].text);
		CHECK_INT(utf8_decode(p, n, &c), vectors[i].want);
		CHECK_UINT(c, vectors[i].c);
		check_leave();
	}
}

static void
utf8_cut_splits_no_character(void)
{
	uint8_t p[64];
	size_t n = check_hex("'a' c3a9 'b' e282ac 'c' f09f9880 f09f9880 e282ac c3a9", p, sizeof p);
	size_t whole = 0;

	for (size_t i = 0; i <= n; i++) {
		if (utf8_valid(p, i))
			whole = i;
		CHECK_UINT(utf8_cut(p, i), whole);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(utf8_check_agrees_on_all_of_up_to_three_bytes),
		CHECK_CASE(utf8_check_agrees_on_the_edges_of_four_bytes),
		CHECK_CASE(utf8_check_finds_the_byte_in_long_ascii),
		CHECK_CASE(utf8_check_fails_at_the_first_impossible_byte),
		CHECK_CASE(utf8_check_knows_an_unfinished_character),
		CHECK_CASE(utf8_check_passes_boundary_values),
		CHECK_CASE(utf8_encode_and_decode_agree_on_every_character),
		CHECK_CASE(utf8_decode_tells_unfinished_from_bad),
		CHECK_CASE(utf8_cut_splits_no_character),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

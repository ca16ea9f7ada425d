#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "ui/prompt_keys.h"

#define BEGIN "\033[200~"
#define END   "\033[201~"

static void
put_char(struct buf *b, wchar_t c)
{
	uint8_t bytes[4];

	buf_put(b, bytes, utf8_encode((uint32_t)c, bytes));
}

/* Writes down what comes of the keys so far: characters, and pastes in brackets. */
static void
drain(struct prompt_keys *k, struct buf *transcript)
{
	for (;;) {
		wchar_t part[3];
		wchar_t c;
		size_t n;

		switch (prompt_keys_next(k, &c)) {
		case PROMPT_KEY_NONE:
			return;
		case PROMPT_KEY_CHAR:
			put_char(transcript, c);
			break;
		case PROMPT_KEY_PASTE:
			buf_puts(transcript, "{");
			while ((n = prompt_keys_paste(k, part, 3)) > 0) {
				for (size_t i = 0; i < n; i++)
					put_char(transcript, part[i]);
			}
			buf_puts(transcript, "}");
			break;
		}
	}
}

static void
replay(struct check_feed *feed, struct buf *transcript, void *arg)
{
	struct prompt_keys k;
	uint8_t *p;
	size_t n;

	(void)arg;
	prompt_keys_init(&k, &mem_libc);
	while ((p = check_feed_next(feed, &n)) != NULL) {
		CHECK_INT(prompt_keys_feed(&k, p, n), 0);
		drain(&k, transcript);
	}
	prompt_keys_clear(&k);
}

static void
check_keys(const char *in, const char *want)
{
	check_chunks((const uint8_t *)in, strlen(in), want, replay, NULL);
}

static void
keys_are_decoded_however_they_are_cut(void)
{
	check_keys("abc\r\n\t", "abc\r\n\t");
	check_keys("é日👍", "é日👍");
	check_keys("\033[A\033OB\033x", "\033[A\033OB\033x");
	check_keys("\x7f\x01\x04", "\x7f\x01\x04");
}

static void
check_whole(const char *in, size_t n, const char *want)
{
	struct prompt_keys k;
	struct buf transcript;

	prompt_keys_init(&k, &mem_libc);
	buf_init(&transcript, &mem_libc, SIZE_MAX);
	prompt_keys_feed(&k, (const uint8_t *)in, n);
	drain(&k, &transcript);
	CHECK_MEM(buf_data(&transcript), buf_len(&transcript), want, strlen(want));
	buf_clear(&transcript);
	prompt_keys_clear(&k);
}

/* Whole, as terminals send them: an escape by itself is a key. */
static void
what_is_no_key_here_is_dropped(void)
{
	static const char *const none[] = { "\033[<35;1;1M", "\033[M abc", "\033[24;80R",
		"\033[?62;c", "\033[0n", "\033[97;5u", "\033[200;5u", "\033[27;5;13~", "\033[[A",
		"\033O5C", "\033[1;10A", "\033[I", "\033[O", "\033[7$", "\033[7^", "\033[?2026;1$y",
		"\033[4;2$y", "\033[Z", "\033[E", "\033[99~", "\033]11;rgb:0000/0000/0000\a",
		"\033]4;1;rgb:00/00/00\033\\", "\033P1+r544e=78\033\\", "\033_Gi=1;OK\033\\",
		"\033[1;2;3;4;5m" };
	static const char *const keys[] = { "\033[A", "\033[1;5C", "\033[5~", "\033[15;2~",
		"\033[13;2u", "\033[27;3;13~", "\033OA", "\033OP", "\033b", "\033\r", "\033]",
		"\033P", "\033_", "\033\033[A", "\033]abc" };
	char text[64];

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		snprintf(text, sizeof text, "a%sb", none[i]);
		if (strcmp(none[i], "\033[M abc") == 0)
			check_whole(text, strlen(text), "acb");
		else
			check_whole(text, strlen(text), "ab");
	}
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		check_whole(keys[i], strlen(keys[i]), keys[i]);
}

/* What has no end must not keep what is typed behind it for ever. */
static void
what_breaks_off_hides_no_keys(void)
{
	check_whole("\033[12\rx", 6, "\rx");
	check_whole("\033]11;rgb\rx", 10, "\033]11;rgb\rx");
	check_whole("\033]11;rgb\033[Ax", 12, "\033[Ax");
}

static void
bad_bytes_are_dropped_and_no_more(void)
{
	check_keys("a\xff"
		   "b",
	    "ab");
	check_keys("\xe2\x82x", "x");
	check_keys("\xe2\x82\xe2\x82\xac", "€");
	check_keys("\xc0\x80"
		   "a\x80"
		   "b\xed\xa0\x80"
		   "c",
	    "abc");
	check_keys("\xf0\x9f\x91\033[A", "\033[A");
	check_keys("a\xc2\x9b"
		   "b\xc2\x80\xc2\x9f",
	    "ab"); /* C1 */
	check_keys("\xc2\xa0\xc3\xbf", "\xc2\xa0\xc3\xbf");
}

/* Whole, and cut in two anywhere but behind the first byte of a mark: a lone ESC is a key. */
static void
check_paste(const char *in, const char *want)
{
	size_t n = strlen(in);

	for (size_t cut = 0; cut <= n; cut++) {
		struct prompt_keys k;
		struct buf transcript;

		if (cut > 0 && strncmp(in + cut - 1, BEGIN, 6) == 0)
			continue;
		check_enter("cut at %zu", cut);
		prompt_keys_init(&k, &mem_libc);
		buf_init(&transcript, &mem_libc, SIZE_MAX);
		CHECK_INT(prompt_keys_feed(&k, (const uint8_t *)in, cut), 0);
		drain(&k, &transcript);
		CHECK_INT(prompt_keys_feed(&k, (const uint8_t *)in + cut, n - cut), 0);
		drain(&k, &transcript);
		CHECK_MEM(buf_data(&transcript), buf_len(&transcript), want, strlen(want));
		buf_clear(&transcript);
		prompt_keys_clear(&k);
		check_leave();
	}
}

static void
a_paste_comes_as_one_piece(void)
{
	check_paste("a" BEGIN "one\ntwo\n" END "b", "a{one\ntwo\n}b");
	check_paste(BEGIN END, "{}");
	check_paste(BEGIN "1" END BEGIN "2" END "\n", "{1}{2}\n");
	check_paste(BEGIN "é\xff日\xe2\x82" END "x", "{é日}x");
	check_paste(BEGIN "\033[A\003\xc2\x9b" END, "{\033[A\003\xc2\x9b}");
	check_paste(BEGIN "\033[20\033[20" END, "{\033[20\033[20}");
	check_paste(BEGIN "begin " BEGIN " inside" END, "{begin  inside}");
	check_paste("\033[2~\033[20~" BEGIN "x" END, "\033[2~\033[20~{x}");
}

static void
a_mark_that_ends_nothing_is_dropped(void)
{
	struct prompt_keys k;
	struct buf transcript;

	prompt_keys_init(&k, &mem_libc);
	buf_init(&transcript, &mem_libc, SIZE_MAX);
	prompt_keys_feed(&k, (const uint8_t *)"a" END "b", 8);
	drain(&k, &transcript);
	CHECK_MEM(buf_data(&transcript), buf_len(&transcript), "ab", 2);
	buf_clear(&transcript);
	prompt_keys_clear(&k);
}

/* Text that brings an end mark along does not get to type. */
static void
an_end_mark_inside_a_paste_is_stripped(void)
{
	static const char evil[] = BEGIN "good" END "\nrm -rf ~\n" END "x";
	static const char twice[] = BEGIN "1" END "2" END "3" END BEGIN "4" END;
	static const char nul[] = BEGIN "a\0b" END;

	check_whole(evil, sizeof evil - 1, "{good\nrm -rf ~\n}x");
	check_whole(twice, sizeof twice - 1, "{123}{4}");
	check_whole(nul, sizeof nul - 1, "{ab}");
}

static void
a_mark_cut_behind_its_first_byte_can_be_told(void)
{
	struct prompt_keys k;
	struct buf transcript;
	wchar_t c;

	prompt_keys_init(&k, &mem_libc);
	buf_init(&transcript, &mem_libc, SIZE_MAX);
	prompt_keys_feed(&k, (const uint8_t *)"\033", 1);
	CHECK_INT(prompt_keys_next(&k, &c), PROMPT_KEY_CHAR);
	prompt_keys_feed(&k, (const uint8_t *)"[200~a\nb" END, 14);
	for (int i = 0; i < 5; i++)
		CHECK_INT(prompt_keys_next(&k, &c), PROMPT_KEY_CHAR);
	prompt_keys_begin_paste(&k); /* as libedit's key map would */
	drain(&k, &transcript);
	CHECK_MEM(buf_data(&transcript), buf_len(&transcript), "{a\nb}", 5);
	buf_clear(&transcript);
	prompt_keys_clear(&k);
}

static void
a_large_paste_is_whole_and_quick(void) /* G19 */
{
	enum { N = 1 << 20 };
	struct prompt_keys k;
	wchar_t part[256];
	uint8_t letters[64];
	wchar_t c;
	size_t n, all = 0;

	memset(letters, 'x', sizeof letters);
	prompt_keys_init(&k, &mem_libc);
	prompt_keys_feed(&k, (const uint8_t *)BEGIN, 6);
	for (int i = 0; i < N / 64; i++) {
		prompt_keys_feed(&k, letters, sizeof letters);
		CHECK_INT(prompt_keys_next(&k, &c), PROMPT_KEY_NONE);
	}
	prompt_keys_feed(&k, (const uint8_t *)END, 6);
	CHECK_INT(prompt_keys_next(&k, &c), PROMPT_KEY_PASTE);
	while ((n = prompt_keys_paste(&k, part, 256)) > 0)
		all += n;
	CHECK_UINT(all, N);
	CHECK_INT(prompt_keys_next(&k, &c), PROMPT_KEY_NONE);
	prompt_keys_clear(&k);
}

static void
what_is_dropped_is_gone(void)
{
	struct prompt_keys k;
	wchar_t c;

	prompt_keys_init(&k, &mem_libc);
	prompt_keys_feed(&k, (const uint8_t *)BEGIN "half", 10);
	CHECK_INT(prompt_keys_next(&k, &c), PROMPT_KEY_NONE);
	prompt_keys_drop(&k);
	prompt_keys_feed(&k, (const uint8_t *)"x", 1);
	CHECK_INT(prompt_keys_next(&k, &c), PROMPT_KEY_CHAR);
	CHECK_INT(c, 'x');
	prompt_keys_clear(&k);
}

static void
refused_memory(struct check_mem *m, void *arg)
{
	struct prompt_keys k;

	(void)arg;
	prompt_keys_init(&k, &m->mem);
	for (int i = 0; i < 100; i++) {
		int r = prompt_keys_feed(&k, (const uint8_t *)BEGIN "many bytes", 16);

		CHECK(r == 0 || (r == ERR_NOMEM && m->failed));
	}
	prompt_keys_clear(&k);
}

static void
failed_allocations_are_told(void)
{
	check_allocations(refused_memory, NULL);
}

static void
newlines_of_a_paste_are_lf(void)
{
	check_paste(BEGIN "a\nb\n" END, "{a\nb\n}");
	check_paste(BEGIN "a\rb\r" END, "{a\nb\n}");
	check_paste(BEGIN "a\r\nb\r\n" END, "{a\nb\n}");
	check_paste(BEGIN "\n\n\r\r\r\n\r\n\n\r" END, "{\n\n\n\n\n\n\n\n}");
	check_paste(BEGIN "a\r" END BEGIN "\nb" END, "{a\n}{\nb}");
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(newlines_of_a_paste_are_lf),
		CHECK_CASE(keys_are_decoded_however_they_are_cut),
		CHECK_CASE(what_is_no_key_here_is_dropped),
		CHECK_CASE(what_breaks_off_hides_no_keys),
		CHECK_CASE(bad_bytes_are_dropped_and_no_more),
		CHECK_CASE(a_paste_comes_as_one_piece),
		CHECK_CASE(a_mark_that_ends_nothing_is_dropped),
		CHECK_CASE(an_end_mark_inside_a_paste_is_stripped),
		CHECK_CASE(a_mark_cut_behind_its_first_byte_can_be_told),
		CHECK_CASE(a_large_paste_is_whole_and_quick),
		CHECK_CASE(what_is_dropped_is_gone),
		CHECK_CASE(failed_allocations_are_told),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

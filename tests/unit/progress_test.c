#include "check.h"

#include <string.h>

#include "ui/magic.h"
#include "ui/progress.h"
#include "ui/stamp.h"

/* What people are told of times, sizes and kinds of files. */

static void
progress_is_a_line_of_what_is_known(void)
{
	static const struct {
		struct progress p;
		const char *want;
	} rows[] = {
		{ { "sent", 0, 0, 0 }, "sent 0 bytes" },
		{ { "sent", 1023, 0, 0 }, "sent 1023 bytes" },
		{ { "received", 1536, 0, 1024 }, "received 1.5 KiB, 1.0 KiB/s" },
		{ { "sent", 50 << 20, 100 << 20, 10 << 20 },
		    "sent 50.0 MiB of 100.0 MiB (50%), 10.0 MiB/s, 0:05 left" },
		{ { "sent", 0, 100 << 20, 1 << 20 },
		    "sent 0 bytes of 100.0 MiB (0%), 1.0 MiB/s, 1:40 left" },
		{ { "sent", 0, (uint64_t)4 << 30, 1 << 20 },
		    "sent 0 bytes of 4.0 GiB (0%), 1.0 MiB/s, 1:08:16 left" },
		{ { "sent", 1, (uint64_t)1 << 40, 1 }, "sent 1 bytes of 1.0 TiB (0%), 1 bytes/s" },
		{ { "sent", 7, 5, 1 }, "sent 7 bytes of 5 bytes (100%), 1 bytes/s" },
		{ { "sent", UINT64_MAX, UINT64_MAX, 1e300 }, NULL },
	};
	char out[PROGRESS_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		progress_format(out, &rows[i].p);
		CHECK(strlen(out) < PROGRESS_MAX);
		if (rows[i].want != NULL)
			CHECK_STR(out, rows[i].want);
	}
}

static void
stamps_are_utc_with_milliseconds(void)
{
	static const struct {
		struct timespec t;
		const char *want;
	} rows[] = {
		{ { 0, 0 }, "1970-01-01T00:00:00.000Z" },
		{ { 951782400, 999999999 }, "2000-02-29T00:00:00.999Z" },
		{ { 1769903999, 1000000 }, "2026-01-31T23:59:59.001Z" },
		{ { 253402300799, 0 }, "9999-12-31T23:59:59.000Z" },
	};
	char out[STAMP_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		CHECK_UINT(stamp_format(out, &rows[i].t), strlen(rows[i].want));
		CHECK_STR(out, rows[i].want);
	}
	CHECK_UINT(stamp_now(out), 24);
}

static void
files_are_known_by_how_they_begin(void)
{
	static const struct {
		const char *bytes; /* as check_hex() */
		const char *suffix;
	} rows[] = {
		{ "", "bin" },
		{ "89", "bin" },
		{ "89 'PNG' 0d 0a 1a", "bin" },
		{ "89 'PNG' 0d 0a 1a 0a", "png" },
		{ "ff d8 ff", "jpg" },
		{ "'GIF87a'", "gif" },
		{ "'GIF88a'", "bin" },
		{ "'RIFF' 00*4 'WEBP'", "webp" },
		{ "'RIFF' 00*4 'WAVE'", "wav" },
		{ "'RIFF' 00*4 'WEB'", "bin" },
		{ "00*4 'ftypavif'", "avif" },
		{ "00*4 'ftypisom'", "mp4" },
		{ "'BM' 01*4 00*4", "bmp" },
		{ "'BM' 01*8", "bin" },
		{ "fd '7zXZ' 00", "xz" },
		{ "7f 'ELF'", "elf" },
		{ "00*257 'ustar'", "tar" },
		{ "'SQLite format 3' 00", "sqlite" },
	};
	uint8_t bytes[512];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = check_hex(rows[i].bytes, bytes, sizeof bytes);

		check_enter("row %zu", i);
		CHECK_STR(magic_of(bytes, n)->suffix, rows[i].suffix);
		CHECK(magic_of(bytes, n)->name[0] != '\0');
		check_leave();
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(progress_is_a_line_of_what_is_known),
		CHECK_CASE(stamps_are_utc_with_milliseconds),
		CHECK_CASE(files_are_known_by_how_they_begin),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof *cases);
}

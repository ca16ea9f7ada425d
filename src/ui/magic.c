#include "ui/magic.h"

#include <stdbool.h>
#include <string.h>

/* Bytes at a place; of containers also what is at a second one. */
static const struct row {
	struct magic magic;
	size_t at, n;
	const char *bytes;
	size_t also_at, also_n;
	const char *also;
} rows[] = {
	{ { "png", "PNG image" }, 0, 8, "\x89PNG\r\n\x1a\n", 0, 0, "" },
	{ { "jpg", "JPEG image" }, 0, 3, "\xff\xd8\xff", 0, 0, "" },
	{ { "gif", "GIF image" }, 0, 6, "GIF87a", 0, 0, "" },
	{ { "gif", "GIF image" }, 0, 6, "GIF89a", 0, 0, "" },
	{ { "webp", "WebP image" }, 0, 4, "RIFF", 8, 4, "WEBP" },
	{ { "wav", "WAV audio" }, 0, 4, "RIFF", 8, 4, "WAVE" },
	{ { "avi", "AVI video" }, 0, 4, "RIFF", 8, 4, "AVI " },
	{ { "avif", "AVIF image" }, 4, 8, "ftypavif", 0, 0, "" },
	{ { "heic", "HEIC image" }, 4, 8, "ftypheic", 0, 0, "" },
	{ { "mov", "QuickTime video" }, 4, 8, "ftypqt  ", 0, 0, "" },
	{ { "mp4", "MP4 video" }, 4, 4, "ftyp", 0, 0, "" },
	{ { "webm", "WebM video" }, 0, 4, "\x1a\x45\xdf\xa3", 0, 0, "" },
	{ { "bmp", "BMP image" }, 0, 2, "BM", 6, 4, "\0\0\0\0" },
	{ { "tiff", "TIFF image" }, 0, 4, "II*\0", 0, 0, "" },
	{ { "tiff", "TIFF image" }, 0, 4, "MM\0*", 0, 0, "" },
	{ { "ico", "icon" }, 0, 4, "\0\0\1\0", 0, 0, "" },
	{ { "ogg", "Ogg media" }, 0, 4, "OggS", 0, 0, "" },
	{ { "flac", "FLAC audio" }, 0, 4, "fLaC", 0, 0, "" },
	{ { "mp3", "MP3 audio" }, 0, 3, "ID3", 0, 0, "" },
	{ { "mid", "MIDI music" }, 0, 4, "MThd", 0, 0, "" },
	{ { "pdf", "PDF document" }, 0, 5, "%PDF-", 0, 0, "" },
	{ { "zip", "ZIP archive" }, 0, 4, "PK\3\4", 0, 0, "" },
	{ { "gz", "gzip data" }, 0, 3, "\x1f\x8b\x08", 0, 0, "" },
	{ { "bz2", "bzip2 data" }, 0, 3, "BZh", 0, 0, "" },
	{ { "xz", "XZ data" }, 0, 6,
	    "\xfd"
	    "7zXZ\0",
	    0, 0, "" },
	{ { "zst", "Zstandard data" }, 0, 4, "\x28\xb5\x2f\xfd", 0, 0, "" },
	{ { "7z", "7-Zip archive" }, 0, 6, "7z\xbc\xaf\x27\x1c", 0, 0, "" },
	{ { "tar", "tar archive" }, 257, 5, "ustar", 0, 0, "" },
	{ { "wasm", "WebAssembly module" }, 0, 4, "\0asm", 0, 0, "" },
	{ { "elf", "ELF program" }, 0, 4,
	    "\x7f"
	    "ELF",
	    0, 0, "" },
	{ { "sqlite", "SQLite database" }, 0, 16, "SQLite format 3\0", 0, 0, "" },
	{ { "woff", "WOFF font" }, 0, 4, "wOFF", 0, 0, "" },
	{ { "woff2", "WOFF2 font" }, 0, 4, "wOF2", 0, 0, "" },
};

static bool
has(const uint8_t *p, size_t n, size_t at, size_t k, const char *bytes)
{
	return k == 0 || (n >= at + k && memcmp(p + at, bytes, k) == 0);
}

const struct magic *
magic_of(const uint8_t *p, size_t n)
{
	static const struct magic unknown = { "bin", "binary data" };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];

		if (has(p, n, r->at, r->n, r->bytes) && has(p, n, r->also_at, r->also_n, r->also))
			return &r->magic;
	}
	return &unknown;
}

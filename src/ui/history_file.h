#ifndef UI_HISTORY_FILE_H
#define UI_HISTORY_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * The lines typed in sessions, kept in a file over all of them: one a line, behind the host it was
 * typed for. Sessions that run at once add to the same file and lose nothing; when it has grown
 * long its older half goes, under a lock, by renaming a new one in its place. Only its owner may
 * read it. Faults are silent: a history is a convenience.
 */
struct history_file {
	const char *path; /* borrowed; NULL: nothing is kept */
	const char *host; /* borrowed; without blanks; NULL only if path is */
	struct buf
	    waiting; /* lines that are not in the file yet, as another session has locked it */
};

/* The path and host are borrowed for its life. */
void history_file_init(struct history_file *f, const char *path, const char *host);

/* Frees, after what waits was written; a lock is waited for no longer than a second. */
void history_file_close(struct history_file *f);

/* Lines longer than this are not kept. */
#define HISTORY_LINE_MAX ((size_t)64 << 10)
/* A file that is longer is halved. */
#define HISTORY_FILE_MAX ((size_t)1 << 20)

/* Gives each line of this host, oldest first. line is borrowed for the call, a NUL follows it. */
void history_file_load(
    const struct history_file *f, void (*give)(const char *line, size_t n, void *arg), void *arg);

/* Adds a line of n bytes of UTF-8, unless it is a secret or too long. It waits for next to nothing. */
void history_file_add(struct history_file *f, const char *line, size_t n);

/* True for a line that begins with a space or names a secret (ui/secret.h). */
bool history_is_secret(const char *line, size_t n);

#endif

#ifndef ENDPOINT_SIDE_FILE_H
#define ENDPOINT_SIDE_FILE_H

#include "endpoint/endpoint.h"
#include "endpoint/output.h"

/*
 * A file written beside a session, to tell what went on in it. What is put in one turn of the loop
 * is written at its end. Its failure is said once and does not end the session.
 */
struct side_file {
	const struct report *report;
	const char *path; /* borrowed for life */
	struct output out;
	bool open;
	bool begun; /* side_file_start() was called */
	bool failed; /* not all that was put is in it */
};

/*
 * Opens it, for its owner alone if it was not there. 0, ERR_NOMEM, or ERR_ARGUMENT with errno set
 * where it can not be opened. What was in it stays until it is started, which is for when nothing
 * else can keep the session from beginning; if it never is, nothing is written.
 */
int side_file_open(struct side_file *f, const struct env *env, const char *path);
void side_file_start(struct side_file *f); /* also if not open */

/* Append to the buffer this gives, and say so. */
struct buf *side_file_begin(struct side_file *f);
void side_file_end(struct side_file *f, int error); /* what the appending function returned */

/* Writes what still waits. True if all is in the file that was ever put. Also if not open. */
bool side_file_close(struct side_file *f);

#endif

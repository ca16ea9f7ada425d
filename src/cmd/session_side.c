/* Files that are written beside a session. */

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "cmd/session_int.h"
#include "endpoint/blobs.h"
#include "endpoint/record.h"
#include "endpoint/trace.h"

int
session_make_blobs(struct session *s)
{
	const char *dir = s->o->blob_dir != NULL ? s->o->blob_dir : ".";
	int r = blobs_new(dir, &s->blobs);

	if (r == 0)
		return ENDED_OK;
	report_error(&s->report, "--blob-dir %s: %s", dir,
	    r == ERR_NOMEM ? "out of memory" : strerror(errno));
	return r == ERR_NOMEM ? ENDED_LOCAL : ENDED_USAGE;
}

/* Two names of one file; devices and pipes may be written to from anywhere. */
static bool
is_same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && S_ISREG(first.st_mode) &&
	       first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

/* What is written must be nothing that is read, or written otherwise. */
static int
check_side_file(struct session *s, const char *option, const char *path)
{
	const struct options *o = s->o;

	for (size_t i = 0; i < o->files.n && path != NULL; i++) {
		if (!is_same_file(path, o->files.items[i]))
			continue;
		report_error(&s->report, "%s %s: it is to be sent, too (-f)", option, path);
		return ENDED_USAGE;
	}
	return ENDED_OK;
}

static int
check_side_files(struct session *s)
{
	const struct options *o = s->o;
	int r = check_side_file(s, "--trace", o->trace);

	if (r == ENDED_OK)
		r = check_side_file(s, "--record", o->record);
	if (r != ENDED_OK || o->trace == NULL || o->record == NULL ||
	    !is_same_file(o->trace, o->record))
		return r;
	report_error(&s->report, "--record %s: the trace is written there (--trace)", o->record);
	return ENDED_USAGE;
}

/* What is written beside the session. */
int
session_make_side_files(struct session *s)
{
	const struct options *o = s->o;
	const char *path = o->trace;
	int r = 0;

	if (o->trace != NULL || o->verbose > 0)
		r = trace_new(&s->env, o->trace, o->trace_hex, &s->env.trace);
	if (r == 0 && o->record != NULL) {
		path = o->record;
		r = record_new(&s->env, path, &s->env.record);
	}
	if (r == 0)
		return check_side_files(s);
	report_error(&s->report, "cannot write %s: %s", path != NULL ? path : "a trace",
	    r == ERR_NOMEM ? "out of memory" : strerror(errno));
	return ENDED_LOCAL;
}

#include "endpoint/side_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

/* So much is kept for a reader, as of a named pipe, that does not keep up. */
#define WAITING_MAX ((size_t)64 << 20)
/* How long it is waited for at the end. */
#define PATIENCE_MS 2000

static void
on_drained(void *arg)
{
	(void)arg;
}

static void
on_failed(int error, void *arg)
{
	struct side_file *f = arg;

	f->failed = true;
	report_error(f->report, "cannot write to %s: %s", f->path, strerror(error));
}

int
side_file_open(struct side_file *f, const struct env *env, const char *path)
{
	int fd, r;

	*f = (struct side_file){ .report = env->report, .path = path };
	/* without waiting, as for a named pipe that nobody reads */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
	if (fd == -1)
		return ERR_ARGUMENT;
	if ((r = output_init(&f->out, env->loop, fd, on_drained, on_failed, f)) < 0) {
		close(fd);
		return r;
	}
	f->open = true;
	return 0;
}

void
side_file_start(struct side_file *f)
{
	if (!f->open || f->begun)
		return;
	f->begun = true;
	if (ftruncate(f->out.given_fd, 0) != 0 && errno != EINVAL) /* a pipe has no length */
		on_failed(errno, f);
}

struct buf *
side_file_begin(struct side_file *f)
{
	return output_begin(&f->out);
}

void
side_file_end(struct side_file *f, int error)
{
	output_end(&f->out, error); /* which writes what is much */
	if (!f->failed && output_waiting(&f->out) > WAITING_MAX)
		output_end(&f->out, ERR_LIMIT);
}

bool
side_file_close(struct side_file *f)
{
	if (!f->open)
		return !f->failed;
	f->open = false;
	if (f->begun && !output_finish(&f->out, PATIENCE_MS) && !f->failed)
		on_failed(EAGAIN, f);
	output_clear(&f->out);
	if (close(f->out.given_fd) != 0 && !f->failed)
		on_failed(errno, f);
	return !f->failed;
}

#include "ui/prompt_out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

/* A buffer of this size makes one write of much output. */
#define STREAM_SIZE ((size_t)32 << 10)
/* No more memory than this is kept after it was needed. */
#define KEEP ((size_t)64 << 10)

/*
 * The terminal opened anew, where it can be: O_NONBLOCK on a descriptor that is shared with the shell
 * would be the shell's, too.
 */
static int
open_anew(void)
{
	char name[256];
	struct stat ours, anew;
	int fd;

	if (ttyname_r(STDOUT_FILENO, name, sizeof name) != 0 ||
	    (fd = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) == -1)
		return -1;
	if (fstat(STDOUT_FILENO, &ours) == 0 && fstat(fd, &anew) == 0 &&
	    ours.st_rdev == anew.st_rdev)
		return fd;
	close(fd);
	return -1;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for room until then. */
static bool
has_room(const struct prompt_out *o, int64_t until)
{
	struct pollfd fd = { .fd = o->fd, .events = POLLOUT };
	int64_t left;
	int r;

	do {
		left = until - now_ms();
		r = poll(&fd, 1, left > 0 ? (int)left : 0);
	} while (r == -1 && errno == EINTR);
	return r == 1;
}

/* How much of it the terminal takes. One that is gone takes all. */
static size_t
write_now(int fd, const char *p, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t w = write(fd, p + done, n - done);

		if (w >= 0)
			done += (size_t)w;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			return n;
	}
	return done;
}

/* Others that share the descriptor find it as it was, but for that moment. */
static size_t
write_some(const struct prompt_out *o, const char *p, size_t n)
{
	int flags;
	size_t done;

	if (!o->shared || (flags = fcntl(o->fd, F_GETFL)) == -1)
		return write_now(o->fd, p, n);
	if (fcntl(o->fd, F_SETFL, flags | O_NONBLOCK) == -1)
		return n;
	done = write_now(o->fd, p, n);
	(void)fcntl(o->fd, F_SETFL, flags);
	return done;
}

/* The stream's writer. */
static ssize_t
take(void *cookie, const char *p, size_t n)
{
	struct prompt_out *o = cookie;
	size_t done = prompt_out_drain(o) ? write_some(o, p, n) : 0;

	/* without memory there is nobody to tell */
	if (buf_put(&o->waiting, p + done, n - done) != 0)
		return 0;
	return (ssize_t)n;
}

int
prompt_out_open(struct prompt_out *o)
{
	const cookie_io_functions_t functions = { .write = take };

	*o = (struct prompt_out){ .fd = open_anew() };
	buf_init(&o->waiting, &mem_libc, SIZE_MAX);
	o->shared = o->fd == -1;
	if (o->shared)
		o->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (o->fd == -1)
		return ERR_NOMEM;
	if ((o->stream = fopencookie(o, "w", functions)) == NULL) {
		close(o->fd);
		return ERR_NOMEM;
	}
	setvbuf(o->stream, NULL, _IOFBF, STREAM_SIZE);
	return 0;
}

void
prompt_out_close(struct prompt_out *o)
{
	if (o->stream == NULL)
		return;
	fclose(o->stream);
	close(o->fd);
	buf_clear(&o->waiting);
	o->stream = NULL;
}

bool
prompt_out_drain(struct prompt_out *o)
{
	size_t n = buf_len(&o->waiting);

	if (n == 0)
		return true;
	buf_consume(&o->waiting, write_some(o, (const char *)buf_data(&o->waiting), n));
	buf_shrink(&o->waiting, KEEP);
	return buf_len(&o->waiting) == 0;
}

bool
prompt_out_finish(struct prompt_out *o, int patience_ms, int most_ms)
{
	int64_t end = now_ms() + most_ms, until;

	fflush(o->stream);
	while (!prompt_out_drain(o)) {
		until = now_ms() + patience_ms;
		if (!has_room(o, until < end ? until : end))
			return false;
	}
	return true;
}

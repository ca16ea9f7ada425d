#include "endpoint/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Waiting bytes above which the producer is asked to stop, and those worth a write of their own. */
#define HIGH_MARK   ((size_t)64 << 10)
#define DIRECT_MARK ((size_t)16 << 10)
/*
 * What is waited for while there is nothing to write: an event that no pipe or terminal has, so
 * that poll(2) still tells when the reader is gone.
 */
#define QUIET_EVENTS POLLPRI
/* A buffer that grew for one large message goes back to this. */
#define KEEP ((size_t)256 << 10)

/*
 * O_NONBLOCK on the descriptor we were given would change it for everybody who shares it, the
 * shell included. A second open of the same pipe or terminal has flags of its own.
 */
static int
reopen(int fd)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

static void
choose_kind(struct output *o)
{
	struct stat st;
	int fd;

	o->fd = o->given_fd;
	o->kind = OUTPUT_PLAIN;
	if (fstat(o->fd, &st) < 0)
		return;
	if (S_ISSOCK(st.st_mode)) {
		o->kind = OUTPUT_SOCKET;
	} else if (S_ISFIFO(st.st_mode) || isatty(o->fd)) {
		o->kind = OUTPUT_POLLED;
		if ((fd = reopen(o->fd)) != -1) {
			o->fd = fd;
			o->kind = OUTPUT_NONBLOCK;
		}
	}
}

static ssize_t
write_some(struct output *o, const uint8_t *p, size_t n)
{
	struct pollfd pfd = { .fd = o->fd, .events = POLLOUT };

	switch (o->kind) {
	case OUTPUT_SOCKET:
		return send(o->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	case OUTPUT_POLLED:
		if (poll(&pfd, 1, 0) == 0) {
			errno = EAGAIN;
			return -1;
		}
		return write(o->fd, p, n < PIPE_BUF ? n : PIPE_BUF);
	case OUTPUT_PLAIN:
	case OUTPUT_NONBLOCK:
		break;
	}
	return write(o->fd, p, n);
}

static void
die(struct output *o, int error)
{
	o->dead = true;
	buf_reset(&o->buf);
	watch_remove(&o->watch);
	o->failed(error, o->arg);
}

/* Writes what it can of p: how much; less only if the rest must wait, or the output died. */
static size_t
write_now(struct output *o, const uint8_t *p, size_t n)
{
	size_t done = 0;
	ssize_t k;

	while (done < n) {
		if ((k = write_some(o, p + done, n - done)) >= 0) {
			done += (size_t)k;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			break;
		} else if (errno != EINTR) {
			die(o, errno);
			break;
		}
	}
	return done;
}

static void
flush(struct output *o)
{
	size_t done;

	if (o->dead)
		return;
	done = write_now(o, buf_data(&o->buf), buf_len(&o->buf));
	if (o->dead)
		return;
	buf_consume(&o->buf, done);
	buf_shrink(&o->buf, KEEP);
	watch_set(&o->watch, buf_len(&o->buf) > 0 ? POLLOUT : QUIET_EVENTS);
	if (output_ready(o))
		o->drained(o->arg);
}

static void
on_idle(struct idle *i)
{
	flush(i->arg);
}

static void
on_ready(struct watch *w, short revents)
{
	struct output *o = w->arg;

	if ((revents & (POLLERR | POLLHUP)) && buf_len(&o->buf) == 0)
		die(o, EPIPE);
	else
		flush(o);
}

int
output_init(struct output *o, struct loop *loop, int fd, void (*drained)(void *arg),
    void (*failed)(int error, void *arg), void *arg)
{
	*o = (struct output){
		.loop = loop, .given_fd = fd, .drained = drained, .failed = failed, .arg = arg
	};
	buf_init(&o->buf, &mem_libc, SIZE_MAX);
	choose_kind(o);
	o->flush = (struct idle){ .run = on_idle, .arg = o };
	o->watch = (struct watch){ .fd = o->fd,
		.ready = on_ready,
		.arg = o,
		.events = o->kind == OUTPUT_PLAIN ? 0 : QUIET_EVENTS };
	return watch_add(loop, &o->watch);
}

void
output_clear(struct output *o)
{
	idle_cancel(&o->flush);
	watch_remove(&o->watch);
	buf_clear(&o->buf);
	if (o->fd != o->given_fd)
		close(o->fd);
}

struct buf *
output_begin(struct output *o)
{
	return &o->buf;
}

void
output_end(struct output *o, int error)
{
	if (o->dead)
		buf_reset(&o->buf);
	else if (error < 0)
		die(o, ENOMEM);
	else if (buf_len(&o->buf) >= HIGH_MARK)
		flush(o);
	else
		idle_queue(o->loop, &o->flush);
}

void
output_put(struct output *o, const void *p, size_t n)
{
	const uint8_t *bytes = p;
	size_t done;

	if (o->dead)
		return;
	if (n >= DIRECT_MARK) {
		if (buf_len(&o->buf) > 0)
			flush(o);
		if (!o->dead && buf_len(&o->buf) == 0) {
			done = write_now(o, bytes, n);
			bytes += done;
			n -= done;
		}
		if (o->dead || n == 0)
			return;
	}
	output_end(o, buf_put(&o->buf, bytes, n));
}

bool
output_ready(const struct output *o)
{
	return buf_len(&o->buf) < HIGH_MARK;
}

bool
output_empty(const struct output *o)
{
	return buf_len(&o->buf) == 0;
}

#include "endpoint/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/err.h"

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

/* Bytes to write: the buffer's and those of spans. */
struct load {
	struct iovec v[1 + OUTPUT_SPANS];
	size_t n;
};

static void
load_add(struct load *load, const void *p, size_t n)
{
	if (n > 0)
		load->v[load->n++] = (struct iovec){ (void *)p, n };
}

static size_t
load_len(const struct load *load)
{
	size_t n = 0;

	for (size_t i = 0; i < load->n; i++)
		n += load->v[i].iov_len;
	return n;
}

static void
load_consume(struct load *load, size_t k)
{
	struct load rest = { .n = 0 };
	size_t here;

	for (size_t i = 0; i < load->n; i++, k -= here) {
		here = k < load->v[i].iov_len ? k : load->v[i].iov_len;
		load_add(&rest, (uint8_t *)load->v[i].iov_base + here, load->v[i].iov_len - here);
	}
	*load = rest;
}

static ssize_t
write_some(struct output *o, struct load *load)
{
	struct msghdr msg = { .msg_iov = load->v, .msg_iovlen = load->n };
	struct pollfd pfd = { .fd = o->fd, .events = POLLOUT };
	const struct iovec *first = load->v;

	switch (o->kind) {
	case OUTPUT_SOCKET:
		return sendmsg(o->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	case OUTPUT_POLLED:
		if (poll(&pfd, 1, 0) == 0) {
			errno = EAGAIN;
			return -1;
		}
		return write(
		    o->fd, first->iov_base, first->iov_len < PIPE_BUF ? first->iov_len : PIPE_BUF);
	case OUTPUT_PLAIN:
	case OUTPUT_NONBLOCK:
		break;
	}
	return writev(o->fd, load->v, (int)load->n);
}

static void
die(struct output *o, int error)
{
	o->dead = true;
	buf_reset(&o->buf);
	watch_remove(&o->watch);
	o->failed(error, o->arg);
}

/* Writes what it can; what is left must wait, or the output died. */
static void
write_now(struct output *o, struct load *load)
{
	ssize_t k;

	while (load->n > 0) {
		if ((k = write_some(o, load)) >= 0) {
			load_consume(load, (size_t)k);
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			break;
		} else if (errno != EINTR) {
			die(o, errno);
			break;
		}
	}
}

static void
flush(struct output *o)
{
	struct load load = { .n = 0 };

	if (o->dead)
		return;
	load_add(&load, buf_data(&o->buf), buf_len(&o->buf));
	write_now(o, &load);
	if (o->dead)
		return;
	buf_consume(&o->buf, buf_len(&o->buf) - load_len(&load));
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
		die(o, error == ERR_LIMIT ? ENOBUFS : ENOMEM);
	else if (buf_len(&o->buf) >= HIGH_MARK)
		flush(o);
	else
		idle_queue(o->loop, &o->flush);
}

/* What is long is written from where it lies, after what waits; only what is left is queued. */
static void
put_direct(struct output *o, const struct span *spans, size_t n)
{
	struct load load = { .n = 0 };
	size_t waiting = buf_len(&o->buf), done, skip;
	int r = 0;

	load_add(&load, buf_data(&o->buf), waiting);
	for (size_t i = 0; i < n; i++)
		load_add(&load, spans[i].p, spans[i].n);
	done = load_len(&load);
	write_now(o, &load);
	if (o->dead)
		return;
	done -= load_len(&load);
	skip = done < waiting ? done : waiting;
	buf_consume(&o->buf, skip);
	for (size_t i = 0; i < n && r == 0; i++) {
		done -= skip;
		skip = done < spans[i].n ? done : spans[i].n;
		r = buf_put(&o->buf, spans[i].p + skip, spans[i].n - skip);
	}
	output_end(o, r);
}

void
output_put(struct output *o, const struct span *spans, size_t n)
{
	size_t total = 0;
	int r = 0;

	if (o->dead)
		return;
	for (size_t i = 0; i < n; i++)
		total += spans[i].n;
	if (total >= DIRECT_MARK) {
		put_direct(o, spans, n);
		return;
	}
	for (size_t i = 0; i < n && r == 0; i++)
		r = buf_put(&o->buf, spans[i].p, spans[i].n);
	output_end(o, r);
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

size_t
output_waiting(const struct output *o)
{
	return buf_len(&o->buf);
}

bool
output_finish(struct output *o, int patience_ms)
{
	struct pollfd pfd = { .fd = o->fd, .events = POLLOUT };
	int r;

	do {
		flush(o);
		r = o->dead || output_empty(o) ? 0 : poll(&pfd, 1, patience_ms);
	} while (r > 0 || (r < 0 && errno == EINTR));
	return !o->dead && output_empty(o);
}

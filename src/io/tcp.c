#include "io/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "io/why.h"

static void
close_keeping_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

static int
new_socket(int family)
{
	return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* A latency worse than it could be is no reason to fail. */
static void
set_no_delay(int fd)
{
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
}

int
tcp_connect(const struct sockaddr *addr, socklen_t len)
{
	int fd = new_socket(addr->sa_family);

	if (fd == -1)
		return -1;
	set_no_delay(fd);
	/* An interrupted connect goes on by itself, like one in progress. */
	if (connect(fd, addr, len) != 0 && errno != EINPROGRESS && errno != EINTR) {
		close_keeping_errno(fd);
		return -1;
	}
	return fd;
}

int
tcp_connect_result(int fd)
{
	int error = 0;
	socklen_t len = sizeof error;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		return errno;
	return error;
}

static int
listen_on(const struct addrinfo *ai)
{
	int fd = new_socket(ai->ai_family);

	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) != 0 ||
	    bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0) {
		close_keeping_errno(fd);
		return -1;
	}
	return fd;
}

int
tcp_listen(const char *addr, uint16_t port, char *why, size_t n)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *ai;
	char service[6];
	int fd, r;

	snprintf(service, sizeof service, "%u", (unsigned)port);
	if ((r = getaddrinfo(addr, service, &hints, &ai)) != 0) {
		if (r == EAI_NONAME)
			snprintf(why, n, "not a numeric address");
		else
			why_name(r, why, n);
		return -1;
	}
	if ((fd = listen_on(ai)) == -1)
		why_errno(errno, why, n);
	freeaddrinfo(ai);
	return fd;
}

int
tcp_accept(int fd)
{
	int c;

	do
		c = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	while (c == -1 && (errno == EINTR || errno == ECONNABORTED));
	if (c != -1)
		set_no_delay(c);
	return c;
}

static void
put_name(const char *host, in_port_t port, bool brackets, char out[TCP_NAME_MAX])
{
	snprintf(out, TCP_NAME_MAX, brackets ? "[%s]:%u" : "%s:%u", host, (unsigned)ntohs(port));
}

static void
put_name_in6(const struct sockaddr_in6 *a, char out[TCP_NAME_MAX])
{
	char host[INET6_ADDRSTRLEN + IF_NAMESIZE];

	if (getnameinfo((const struct sockaddr *)a, sizeof *a, host, sizeof host, NULL, 0,
		NI_NUMERICHOST) != 0)
		snprintf(host, sizeof host, "?");
	put_name(host, a->sin6_port, true, out);
}

void
tcp_name(const struct sockaddr *addr, char out[TCP_NAME_MAX])
{
	const struct sockaddr_in *in = (const void *)addr;
	char host[INET_ADDRSTRLEN];

	if (addr->sa_family == AF_INET6) {
		put_name_in6((const void *)addr, out);
	} else if (addr->sa_family == AF_INET) {
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
		put_name(host, in->sin_port, false, out);
	} else {
		snprintf(out, TCP_NAME_MAX, "%s", addr->sa_family == AF_UNIX ? "unix" : "?");
	}
}

void
tcp_local_name(int fd, char out[TCP_NAME_MAX])
{
	struct sockaddr_storage addr = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof addr;

	(void)getsockname(fd, (struct sockaddr *)&addr, &len); /* without it there is no name */
	tcp_name((const struct sockaddr *)&addr, out);
}

void
tcp_peer_name(int fd, char out[TCP_NAME_MAX])
{
	struct sockaddr_storage addr = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof addr;

	(void)getpeername(fd, (struct sockaddr *)&addr, &len);
	tcp_name((const struct sockaddr *)&addr, out);
}

static ssize_t
fault(struct stream *s)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return STREAM_AGAIN;
	why_errno(errno, s->error, sizeof s->error);
	return STREAM_LOST;
}

static ssize_t
tcp_read(struct stream *s, uint8_t *p, size_t n)
{
	ssize_t r;

	do
		r = recv(s->fd, p, n, 0);
	while (r < 0 && errno == EINTR);
	return r >= 0 ? r : fault(s);
}

static ssize_t
tcp_write(struct stream *s, const uint8_t *p, size_t n)
{
	ssize_t r;

	do
		r = send(s->fd, p, n, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r >= 0 ? r : fault(s);
}

static int
tcp_shutdown(struct stream *s)
{
	return shutdown(s->fd, SHUT_WR) == 0 ? 0 : (int)fault(s);
}

static short
tcp_events(const struct stream *s, bool want_read, bool want_write)
{
	(void)s;
	return (short)((want_read ? POLLIN : 0) | (want_write ? POLLOUT : 0));
}

static bool
tcp_pending(const struct stream *s)
{
	(void)s;
	return false;
}

static void
tcp_free(struct stream *s)
{
	close(s->fd);
	free(s);
}

static const struct stream_ops tcp_ops = {
	.read = tcp_read,
	.write = tcp_write,
	.shutdown = tcp_shutdown,
	.events = tcp_events,
	.pending = tcp_pending,
	.free = tcp_free,
};

int
tcp_stream_new(int fd, struct stream **s)
{
	struct stream *t = calloc(1, sizeof *t);

	if (t == NULL) {
		close(fd);
		return ERR_NOMEM;
	}
	t->ops = &tcp_ops;
	t->fd = fd;
	*s = t;
	return 0;
}

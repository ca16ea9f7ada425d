#include "link.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static ssize_t
read_plain(struct link *l, void *p, size_t n)
{
	ssize_t got;

	do {
		got = read(l->fd, p, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

static int
write_plain(struct link *l, const void *p, size_t n)
{
	const uint8_t *from = p;
	ssize_t sent;

	while (n > 0) {
		sent = write(l->fd, from, n);
		if (sent < 0 && errno != EINTR)
			return -1;
		if (sent > 0) {
			from += sent;
			n -= (size_t)sent;
		}
	}
	return 0;
}

static bool
holds_plain(struct link *l)
{
	(void)l;
	return false;
}

static void
finish_plain(struct link *l)
{
	shutdown(l->fd, SHUT_WR);
}

static void
close_plain(struct link *l)
{
	close(l->fd);
}

void
link_plain(struct link *l, int fd)
{
	int one = 1;

	*l = (struct link){ fd, NULL, read_plain, write_plain, holds_plain, finish_plain,
		close_plain };
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static struct sockaddr_in
loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

int
link_listen(uint16_t *port)
{
	struct sockaddr_in a = loopback(0);
	socklen_t size = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &size) != 0)
		return -1;
	*port = ntohs(a.sin_port);
	return fd;
}

int
link_dial(struct link *l, uint16_t port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof a) != 0)
		return -1;
	link_plain(l, fd);
	return 0;
}

void
link_drain(struct link *l)
{
	char rest[4096];
	ssize_t got;

	do {
		got = l->read(l, rest, sizeof rest);
	} while (got > 0 || got == LINK_AGAIN);
}

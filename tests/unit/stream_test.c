#include "io/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "check.h"
#include "io/tcp.h"

static uint16_t
port_of(int fd)
{
	struct sockaddr_in in = { 0 };
	socklen_t n = sizeof in;

	CHECK_INT(getsockname(fd, (struct sockaddr *)&in, &n), 0);
	return ntohs(in.sin_port);
}

static void
wait_for(int fd, short events)
{
	CHECK_INT(poll(&(struct pollfd){ .fd = fd, .events = events }, 1, 2000), 1);
}

/* Both ends of a connection over loopback. */
static void
connect_pair(struct stream *ends[2])
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	char why[64] = "";
	int listener = tcp_listen("127.0.0.1", 0, why, sizeof why);
	int client, server;

	CHECK_STR(why, "");
	in.sin_port = htons(port_of(listener));
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client = tcp_connect((struct sockaddr *)&in, sizeof in);
	wait_for(client, POLLOUT);
	CHECK_INT(tcp_connect_result(client), 0);
	wait_for(listener, POLLIN);
	server = tcp_accept(listener);
	CHECK_INT(tcp_accept(listener), -1);
	CHECK_INT(errno, EAGAIN);
	close(listener);
	CHECK_INT(tcp_stream_new(client, &ends[0]), 0);
	CHECK_INT(tcp_stream_new(server, &ends[1]), 0);
}

static void
tcp_carries_bytes_and_tells_the_end(void)
{
	struct stream *s[2];
	uint8_t p[8];

	connect_pair(s);
	CHECK_INT(stream_read(s[1], p, sizeof p), STREAM_AGAIN);
	CHECK_INT(stream_write(s[0], (const uint8_t *)"hello", 5), 5);
	wait_for(s[1]->fd, POLLIN);
	CHECK_INT(stream_read(s[1], p, sizeof p), 5);
	CHECK_MEM(p, 5, "hello", 5);
	CHECK(!stream_pending(s[1]));

	/* One way ends, the other goes on. */
	CHECK_INT(stream_shutdown(s[0]), 0);
	wait_for(s[1]->fd, POLLIN);
	CHECK_INT(stream_read(s[1], p, sizeof p), 0);
	CHECK_INT(stream_write(s[1], (const uint8_t *)"bye", 3), 3);
	wait_for(s[0]->fd, POLLIN);
	CHECK_INT(stream_read(s[0], p, sizeof p), 3);
	CHECK_STR(stream_error(s[0]), "");
	stream_free(s[0]);
	stream_free(s[1]);
}

static void
tcp_sockets_are_as_they_should_be(void)
{
	struct stream *s[2];

	connect_pair(s);
	for (int i = 0; i < 2; i++) {
		int nodelay = 0;
		socklen_t n = sizeof nodelay;

		CHECK_INT(getsockopt(s[i]->fd, IPPROTO_TCP, TCP_NODELAY, &nodelay, &n), 0);
		CHECK(nodelay != 0); /* N19 */
		CHECK((fcntl(s[i]->fd, F_GETFD) & FD_CLOEXEC) != 0);
		CHECK((fcntl(s[i]->fd, F_GETFL) & O_NONBLOCK) != 0);
		stream_free(s[i]);
	}
}

static void
tcp_events_are_what_is_wanted(void)
{
	struct stream *s[2];

	connect_pair(s);
	CHECK_INT(stream_events(s[0], false, false), 0);
	CHECK_INT(stream_events(s[0], true, false), POLLIN);
	CHECK_INT(stream_events(s[0], false, true), POLLOUT);
	CHECK_INT(stream_events(s[0], true, true), POLLIN | POLLOUT);
	stream_free(s[0]);
	stream_free(s[1]);
}

/* SIGPIPE has its default disposition here: it would end the test. */
static void
write_to_a_peer_that_is_gone_is_lost(void)
{
	struct stream *s[2];
	ssize_t r = 0;

	connect_pair(s);
	stream_free(s[1]);
	for (int i = 0; i < 100 && r >= 0; i++) {
		r = stream_write(s[0], (const uint8_t *)"x", 1);
		usleep(1000);
	}
	CHECK_INT(r, STREAM_LOST);
	CHECK(strcmp(stream_error(s[0]), "broken pipe") == 0 ||
	      strcmp(stream_error(s[0]), "connection reset by peer") == 0);
	stream_free(s[0]);
}

static void
reset_is_lost(void)
{
	const struct linger now = { .l_onoff = 1 };
	struct stream *s[2];
	uint8_t p[1];

	connect_pair(s);
	CHECK_INT(setsockopt(s[1]->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	stream_free(s[1]);
	wait_for(s[0]->fd, POLLIN);
	CHECK_INT(stream_read(s[0], p, 1), STREAM_LOST);
	CHECK_STR(stream_error(s[0]), "connection reset by peer");
	stream_free(s[0]);
}

static void
write_to_a_full_socket_says_again(void)
{
	static const uint8_t block[65536];
	struct stream *s[2];
	size_t sent = 0, got = 0;
	uint8_t p[4096];
	ssize_t r;

	connect_pair(s);
	while ((r = stream_write(s[0], block, sizeof block)) > 0)
		sent += (size_t)r;
	CHECK_INT(r, STREAM_AGAIN);
	while (got < sent) {
		wait_for(s[1]->fd, POLLIN);
		while ((r = stream_read(s[1], p, sizeof p)) > 0)
			got += (size_t)r;
		if (!CHECK_INT(r, STREAM_AGAIN))
			break;
	}
	CHECK_UINT(got, sent);
	stream_free(s[0]);
	stream_free(s[1]);
}

static void
listen_says_what_is_wrong(void)
{
	char why[64] = "";
	int fd = tcp_listen("127.0.0.1", 0, why, sizeof why);

	CHECK_INT(tcp_listen("127.0.0.1", port_of(fd), why, sizeof why), -1);
	CHECK_STR(why, "address already in use");
	CHECK_INT(tcp_listen("192.0.2.77", 0, why, sizeof why), -1);
	CHECK_STR(why, "cannot assign requested address");
	CHECK_INT(tcp_listen("h.example", 0, why, sizeof why), -1);
	CHECK_STR(why, "not a numeric address");
	close(fd);
}

static void
listen_accepts_again_after_a_restart(void)
{
	struct stream *s[2];
	char why[64] = "";
	uint16_t port;
	int fd;

	/* The side that closes first keeps the port busy for a minute, but for SO_REUSEADDR. */
	connect_pair(s);
	port = port_of(s[1]->fd);
	stream_free(s[1]);
	stream_free(s[0]);
	fd = tcp_listen("127.0.0.1", port, why, sizeof why);
	CHECK_STR(why, "");
	CHECK(fd >= 0);
	close(fd);
}

static void
names_of_addresses_have_brackets_where_needed(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(80) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(65535) };
	char name[TCP_NAME_MAX];
	int fds[2];

	in.sin_addr.s_addr = htonl(0x7f000001);
	tcp_name((struct sockaddr *)&in, name);
	CHECK_STR(name, "127.0.0.1:80");
	in6.sin6_addr = in6addr_loopback;
	tcp_name((struct sockaddr *)&in6, name);
	CHECK_STR(name, "[::1]:65535");
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	tcp_peer_name(fds[0], name);
	CHECK_STR(name, "unix");
	tcp_local_name(-1, name);
	CHECK_STR(name, "?");
	close(fds[0]);
	close(fds[1]);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(tcp_carries_bytes_and_tells_the_end),
		CHECK_CASE(tcp_sockets_are_as_they_should_be),
		CHECK_CASE(tcp_events_are_what_is_wanted),
		CHECK_CASE(write_to_a_peer_that_is_gone_is_lost),
		CHECK_CASE(reset_is_lost),
		CHECK_CASE(write_to_a_full_socket_says_again),
		CHECK_CASE(listen_says_what_is_wrong),
		CHECK_CASE(listen_accepts_again_after_a_restart),
		CHECK_CASE(names_of_addresses_have_brackets_where_needed),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

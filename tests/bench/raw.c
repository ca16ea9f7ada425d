/*
 * raw PORT PATH [TEXT]: what wsx is held against. Connects to 127.0.0.1 and asks for PATH with a
 * handshake of one fixed request. Without TEXT it copies bytes, standard input to the connection
 * and the connection to standard output. With TEXT it is the least WebSocket client there is:
 * sends TEXT, prints the reply, closes. raw-tls is the same by TLS.
 */
#include "frames.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 65536 };

static int
shake_hands(struct link *l, struct frames *in, const char *path)
{
	char text[1024];
	int n = snprintf(text, sizeof text,
	    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
	    path);

	if (n < 0 || (size_t)n >= sizeof text || l->write(l, text, (size_t)n) != 0 ||
	    frames_http(in, text, sizeof text) != 0)
		return -1;
	return strncmp(text, "HTTP/1.1 101 ", 13) == 0 ? 0 : -1;
}

static int
send_short(struct link *l, uint8_t first, const char *p, size_t n)
{
	static const uint8_t key[4] = { 1, 2, 3, 4 };
	uint8_t frame[6 + 125] = { first, (uint8_t)(0x80 | n), 1, 2, 3, 4 };

	if (n > 125)
		return -1;
	for (size_t i = 0; i < n; i++)
		frame[6 + i] = (uint8_t)p[i] ^ key[i % 4];
	return l->write(l, frame, 6 + n);
}

/* One message there, one back, and a Close each way. */
static int
ask(struct link *l, struct frames *in, const char *text)
{
	uint8_t reply[126];
	struct frame f;
	size_t n;

	if (send_short(l, 0x81, text, strlen(text)) != 0 || !frames_head(in, &f) || f.left > 125)
		return -1;
	n = frames_payload(in, &f, reply, sizeof reply);
	reply[n++] = '\n';
	if (write(STDOUT_FILENO, reply, n) != (ssize_t)n || send_short(l, 0x88, "\x03\xe8", 2) != 0)
		return -1;
	return frames_head(in, &f) && f.opcode == FRAME_CLOSE ? 0 : -1;
}

static int
write_all(const uint8_t *p, size_t n)
{
	ssize_t done;

	for (; n > 0; p += done, n -= (size_t)done)
		if ((done = write(STDOUT_FILENO, p, n)) < 0)
			return -1;
	return 0;
}

/* From standard input to the link; at its end nothing more is polled there. */
static int
copy_out(struct link *l, struct pollfd *input, uint8_t *room)
{
	ssize_t got = read(input->fd, room, ROOM);

	if (got > 0)
		return l->write(l, room, (size_t)got);
	input->fd = -1;
	l->finish(l);
	return got < 0 ? -1 : 0;
}

/* From the link to standard output: 1, or 0 at its end, or -1. */
static int
copy_in(struct link *l, uint8_t *room)
{
	ssize_t got;

	do {
		if ((got = l->read(l, room, ROOM)) == 0)
			return 0;
		if (got != LINK_AGAIN && (got < 0 || write_all(room, (size_t)got) != 0))
			return -1;
	} while (l->holds(l));
	return 1;
}

/* Both ways until the connection ends. */
static int
copy(struct link *l, uint8_t *room)
{
	struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { l->fd, POLLIN, 0 } };
	int r = 1;

	while (r == 1) {
		if (poll(fds, 2, -1) < 0)
			return -1;
		if (fds[0].revents != 0 && copy_out(l, &fds[0], room) != 0)
			return -1;
		if (fds[1].revents != 0)
			r = copy_in(l, room);
	}
	return r;
}

int
main(int argc, char **argv)
{
	static struct frames in;
	struct link l;
	int r;

	if (argc < 3 || argc > 4)
		return 2;
	in.link = &l;
	if (link_dial(&l, (uint16_t)strtoul(argv[1], NULL, 10)) != 0)
		return 1;
#ifdef RAW_TLS
	if (link_tls_connect(&l) != 0)
		return 1;
#endif
	if (shake_hands(&l, &in, argv[2]) != 0)
		return 1;
	if (argc == 4)
		r = ask(&l, &in, argv[3]);
	else if ((r = write_all(in.bytes + in.at, in.end - in.at)) == 0)
		r = copy(&l, in.bytes);
	l.close(&l);
	return r == 0 ? 0 : 1;
}

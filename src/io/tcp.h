#ifndef IO_TCP_H
#define IO_TCP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "io/stream.h"

/* TCP sockets: close-on-exec, non-blocking, without Nagle's delay, never raising SIGPIPE. */

/* A socket that began to connect to addr: the descriptor, or -1 with errno. */
int tcp_connect(const struct sockaddr *addr, socklen_t len);

/* How a connect that became writable ended: 0, or its errno. */
int tcp_connect_result(int fd);

/*
 * A socket that listens on the numeric address and port; port 0 takes a free one.
 * The descriptor, or -1 with what is wrong, in words, in why: "address already in use".
 */
int tcp_listen(const char *addr, uint16_t port, char *why, size_t n);

/* A connection of the listening fd: the descriptor, or -1 with errno (EAGAIN: none waits). */
int tcp_accept(int fd);

/* The stream on a connected socket, which it owns from now on, also on failure. 0 or ERR_NOMEM. */
int tcp_stream_new(int fd, struct stream **s);

/* An address as ADDR:PORT or [ADDR]:PORT, NUL-terminated. */
#define TCP_NAME_MAX 80
void tcp_name(const struct sockaddr *addr, char out[TCP_NAME_MAX]);
void tcp_local_name(int fd, char out[TCP_NAME_MAX]);
void tcp_peer_name(int fd, char out[TCP_NAME_MAX]);

#endif

#ifndef ENDPOINT_ENDING_H
#define ENDPOINT_ENDING_H

/*
 * Every way for wsx to end. The numbers are its exit codes and never change once released; the
 * texts are the table of the man page, which a test compares with this one.
 */
#define ENDINGS(X)                                                                                 \
	X(OK, 0, "closed normally (1000, 1001 or no code), or done as asked")                      \
	X(LOCAL, 1, "local failure: input or output error, no memory, address in use")             \
	X(USAGE, 2, "usage: bad option, URL or file; nothing was sent")                            \
	X(NAME, 3, "name not resolved")                                                            \
	X(CONNECT, 4, "not connected: refused, unreachable")                                       \
	X(TLS, 5, "TLS: certificate, name, protocol")                                              \
	X(HANDSHAKE, 6, "handshake refused: status, accept key, protocol or extension")            \
	X(PROTOCOL, 7, "protocol error by the peer, or a limit passed")                            \
	X(LOST, 8, "connection lost: ended without a Close (1006)")                                \
	X(CLOSED, 9, "closed by the peer with another code (1002 and up)")                         \
	X(EXPECTATION, 10, "expectation not met: --expect and its like")                           \
	X(TIME, 11, "time ran out: connecting, --max-time, silence")                               \
	X(INTERRUPTED, 130, "interrupted (SIGINT), after a Close 1001 was tried")                  \
	X(TERMINATED, 143, "terminated (SIGTERM), after a Close 1001 was tried")

#define X(name, code, meaning) ENDED_##name = code,
enum ending { ENDINGS(X) };
#undef X

#endif

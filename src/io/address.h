#ifndef IO_ADDRESS_H
#define IO_ADDRESS_H

#include <netdb.h>
#include <stddef.h>
#include <sys/socket.h>

struct address {
	struct sockaddr_storage addr;
	socklen_t len;
};

/*
 * The addresses of getaddrinfo(3) in the order to try them: the family of the first takes turns
 * with the others, each in the order it came (RFC 8305 4). An array of *n, to be freed with
 * free(3). 0 or ERR_NOMEM.
 */
int address_list(const struct addrinfo *ai, struct address **list, size_t *n);

#endif

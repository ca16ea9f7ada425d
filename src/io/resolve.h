#ifndef IO_RESOLVE_H
#define IO_RESOLVE_H

#include <stdint.h>

#include "io/address.h"
#include "io/loop.h"

/*
 * getaddrinfo(3) without blocking the loop: it runs on a helper thread and reports by a pipe.
 * Address literals and localhost (RFC 6761 6.3: ::1, then 127.0.0.1) need no thread; their answer
 * comes from the loop all the same.
 */
struct resolve;

/*
 * Called once from the loop. On success error is 0 and list holds n > 0 addresses in the order to
 * try: as the system sorted them (RFC 6724), families interleaved (RFC 8305 4); otherwise error
 * is a code for gai_strerror(3). The list is borrowed until resolve_free().
 */
typedef void resolve_fn(int error, const struct address *list, size_t n, void *arg);

/* Begins: 0 or ERR_NOMEM. */
int resolve_start(struct loop *loop, const char *host, uint16_t port, resolve_fn *done, void *arg,
    struct resolve **r);

/* Frees, before or after the answer; a thread that still runs cleans up by itself.
 * Allowed from within done(). NULL is allowed. */
void resolve_free(struct resolve *r);

#endif

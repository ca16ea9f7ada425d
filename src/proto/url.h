#ifndef PROTO_URL_H
#define PROTO_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/*
 * ws and wss URLs as the WHATWG URL parser reads them (special schemes), reduced to what the
 * WebSocket constructor lets through: http and https stand for ws and wss, a fragment is an
 * error, other schemes are errors, and so is a third slash before the host, which browsers skip.
 * Texts are NUL-terminated and owned.
 */

/* The most bytes of a URL, after what the parser drops from it. */
#define URL_MAX ((size_t)128 << 10)

struct url {
	bool secure;
	char *host; /* ASCII, lower case; IPv4 dotted; IPv6 without brackets, compressed */
	bool ipv6;
	uint16_t port; /* the scheme's default if none was given */
	bool default_port; /* whether it is that one; it is then in no serialization */
	char *target; /* path and non-empty query, percent-encoded: the request target */
	char *authority; /* host and port as in a Host field: [::1]:81 */
	char *href; /* the whole serialized, userinfo included */
	char *display; /* the whole without the userinfo */
	char *user; /* percent-decoded, NULL if there was no userinfo */
	char *password; /* percent-decoded, "" if none */
	const struct mem *mem;
};

/* See wsx_config.to_ascii. */
typedef int url_to_ascii_fn(const char *name, size_t n, char *out, size_t max, void *arg);

/*
 * Parse the n bytes at p. 0; ERR_ARGUMENT with a static text in *why ("port is over 65535");
 * ERR_NOMEM. u is then as after url_clear(). to_ascii may be NULL.
 * A userinfo whose decoded form holds a control character, or a colon in the user, is refused:
 * it could not be Basic credentials (RFC 7617 2).
 */
int url_parse(const struct mem *mem, const char *p, size_t n, url_to_ascii_fn *to_ascii, void *arg,
    struct url *u, const char **why);

void url_clear(struct url *u);

#endif

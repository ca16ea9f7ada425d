#ifndef PROTO_URL_HOST_H
#define PROTO_URL_HOST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "proto/url.h"

/*
 * The host of a ws URL as the WHATWG host parser reads it: a domain, an IPv4 address in any of
 * its numeric forms, or an IPv6 address in brackets. Appends its serialization to the empty out,
 * without brackets. 0; ERR_ARGUMENT with a static text in *why; ERR_NOMEM.
 */
int url_host_parse(struct span s, url_to_ascii_fn *to_ascii, void *arg, struct buf *out, bool *ipv6,
    const char **why);

/* Appends s to out with its %XX escapes decoded; other percent signs stay as they are. */
int url_put_decoded(struct buf *out, struct span s);

#endif

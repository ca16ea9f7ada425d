/* What both roles check of what the host wants to say in the opening handshake. */

#include <string.h>

#include "base/ascii.h"
#include "proto/conn_int.h"

bool
wsx_header_is_reserved(const char *p, size_t n)
{
	struct span name = { p, n };
	static const char *const reserved[] = { "Upgrade", "Connection", "Content-Length",
		"Transfer-Encoding", "TE", "Expect" };
	static const char prefix[] = "Sec-WebSocket-";

	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (ascii_eq_nocase(name, span_str(reserved[i])))
			return true;
	return name.n >= sizeof prefix - 1 &&
	       ascii_eq_nocase((struct span){ name.p, sizeof prefix - 1 }, span_str(prefix));
}

static int
check_headers(const struct wsx_config *config, const char **why)
{
	size_t hosts = 0;

	for (size_t i = 0; i < config->n_headers; i++) {
		struct span name = span_str(config->headers[i].name);

		if (!http_valid_name(name))
			*why = "a header's name is not a token";
		else if (!http_valid_value(span_str(config->headers[i].value)))
			*why = "a header's value holds a control character";
		else if (wsx_header_is_reserved(name.p, name.n))
			*why = "a header that belongs to the handshake itself";
		else if (ascii_eq_nocase(name, span_str("Host")) && hosts++ > 0)
			*why = "more than one Host";
		else
			continue;
		return WSX_ERR_ARGUMENT;
	}
	return WSX_OK;
}

static int
check_protocols(const struct strlist *protocols, const char **why)
{
	for (size_t i = 0; i < protocols->n; i++) {
		if (!ascii_is_token(span_str(protocols->items[i]))) {
			*why = "a subprotocol's name is not a token";
			return WSX_ERR_ARGUMENT;
		}
		for (size_t j = 0; j < i; j++)
			if (strcmp(protocols->items[i], protocols->items[j]) == 0) {
				*why = "a subprotocol is named twice";
				return WSX_ERR_ARGUMENT;
			}
	}
	return WSX_OK;
}

/* A path that no request's target could equal would be served to nobody. */
static int
check_path(const struct wsx_config *config, const char **why)
{
	const char *p = config->path;

	if (p == NULL)
		return WSX_OK;
	if (*p == '/')
		while (*p > 0x20 && *p < 0x7f && strchr("?#\\\"<>`{}", *p) == NULL)
			p++;
	if (*p == '\0' && p != config->path)
		return WSX_OK;
	*why = "the path to serve is not as a request has it: begin with /, write %20 for a blank";
	return WSX_ERR_ARGUMENT;
}

int
handshake_check(const struct wsx *ws, const struct wsx_config *config, const char **why)
{
	int r = check_protocols(&ws->protocols, why);

	if (r == WSX_OK)
		r = check_headers(config, why);
	return r < 0 ? r : check_path(config, why);
}

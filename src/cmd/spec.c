#include "cmd/spec.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/num.h"

static const struct prefix {
	const char *text;
	enum spec_kind kind;
	bool secure;
} prefixes[] = {
	{ "ws://", SPEC_WS, false },
	{ "wss://", SPEC_WS, true },
	{ "http://", SPEC_WS, false },
	{ "https://", SPEC_WS, true },
	{ "ws-listen:", SPEC_LISTEN, false },
	{ "ws-l:", SPEC_LISTEN, false },
	{ "l-ws:", SPEC_LISTEN, false },
	{ "listen-ws:", SPEC_LISTEN, false },
	{ "wss-listen:", SPEC_LISTEN, true },
	{ "wss-l:", SPEC_LISTEN, true },
	{ "l-wss:", SPEC_LISTEN, true },
	{ "listen-wss:", SPEC_LISTEN, true },
	{ "stdio:", SPEC_STDIO, false },
	{ "mirror:", SPEC_MIRROR, false },
	{ "echo:", SPEC_MIRROR, false },
	{ "null:", SPEC_NULL, false },
};

static const struct prefix *
find_prefix(const char *text)
{
	struct span s = span_str(text);

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct span p = span_str(prefixes[i].text);

		if (s.n >= p.n && ascii_eq_nocase((struct span){ s.p, p.n }, p))
			return &prefixes[i];
	}
	return NULL;
}

static char *
copy(const char *p, size_t n)
{
	return mem_dup(&mem_libc, p, n);
}

/* Splits [ADDR:]PORT; an IPv6 address is in brackets. */
static bool
split_address(struct span s, struct span *addr, struct span *port)
{
	const char *close;

	*addr = (struct span){ NULL, 0 };
	*port = s;
	if (s.n > 0 && s.p[0] == '[') {
		close = memchr(s.p, ']', s.n);
		if (close == NULL || close + 1 == s.p + s.n || close[1] != ':')
			return false;
		*addr = (struct span){ s.p + 1, (size_t)(close - s.p - 1) };
		*port = (struct span){ close + 2, s.n - (size_t)(close + 2 - s.p) };
		return addr->n > 0;
	}
	close = memchr(s.p, ':', s.n);
	if (close == NULL)
		return true;
	*addr = (struct span){ s.p, (size_t)(close - s.p) };
	*port = (struct span){ close + 1, s.n - addr->n - 1 };
	return addr->n > 0;
}

static bool
is_numeric(const char *addr)
{
	struct in6_addr any;

	return inet_pton(AF_INET, addr, &any) == 1 || inet_pton(AF_INET6, addr, &any) == 1;
}

static bool
set_address(struct spec *spec, struct span addr)
{
	if (addr.n == 0)
		return true;
	if (span_eq(addr, span_str("*")))
		addr = span_str("::");
	else if (ascii_eq_nocase(addr, span_str("localhost")))
		addr = span_str("127.0.0.1");
	spec->addr = copy(addr.p, addr.n);
	return spec->addr != NULL;
}

int
spec_parse_listen(struct spec *spec, const char *text, bool secure, char *why, size_t n)
{
	size_t end = strcspn(text, "/");
	struct span addr, port;
	uint64_t number;

	*spec = (struct spec){ .kind = SPEC_LISTEN, .secure = secure };
	if (!split_address((struct span){ text, end }, &addr, &port) ||
	    !num_parse_u64(port, UINT16_MAX, &number)) {
		snprintf(why, n,
		    "%s: listen on [ADDR:]PORT[/PATH], with a PORT from 0 (any) to 65535", text);
		return -1;
	}
	spec->port = (uint16_t)number;
	if (!set_address(spec, addr) ||
	    (text[end] == '/' && (spec->path = copy(text + end, strlen(text + end))) == NULL)) {
		snprintf(why, n, "out of memory");
		return -1;
	}
	if (spec->addr != NULL && !is_numeric(spec->addr)) {
		snprintf(
		    why, n, "%s: the address to listen on is numeric, localhost or *", spec->addr);
		return -1;
	}
	return 0;
}

/* Names that a host would shadow: endpoints that other versions or tools have. */
static bool
is_other_endpoint(struct span name)
{
	static const char *const names[] = { "fd", "exec", "sh", "cmd", "sh-c", "file", "readfile",
		"writefile", "appendfile", "tcp", "tcp-l", "tcp-listen", "udp", "unix", "unix-l",
		"unix-listen", "broadcast", "literal", "literalreply", "autoreconnect" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (ascii_eq_nocase(name, span_str(names[i])))
			return true;
	return false;
}

/* "h", "h:80", "h/x", "[::1]:80": a host that a person left the scheme off. */
static bool
is_bare_host(const char *text)
{
	const char *end = text + strcspn(text, "/?#"), *colon;

	if (end == text || strstr(text, "://") != NULL ||
	    memchr(text, ' ', (size_t)(end - text)) != NULL)
		return false;
	if (text[0] == '[')
		return true;
	colon = memchr(text, ':', (size_t)(end - text));
	if (colon == NULL)
		return true;
	if (is_other_endpoint((struct span){ text, (size_t)(colon - text) }))
		return false;
	for (colon++; colon < end; colon++)
		if (!ascii_is_digit(*colon))
			return false;
	return true;
}

/* What other tools put before an endpoint is an option here: which. NULL if it is none of it. */
static const char *
hint_of(const char *text)
{
	static const struct hint {
		const char *before, *hint;
	} hints[] = {
		{ "lengthprefixed:", "--input length --output length" },
		{ "base64:", "--base64, or --input base64 --output base64" },
		{ "autoreconnect:", "--reconnect" },
		{ "waitfordata:", "it is not needed, input waits for the connection" },
		{ "timestamp:", "-T" },
		{ "log:", "--trace FILE or -vv" },
		{ "jsonrpc:", "-x or -J" },
		{ "lines:", "--input line, the default" },
		{ "chunks:", "--input raw --chunk-size N" },
	};

	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strncmp(text, hints[i].before, strlen(hints[i].before)) == 0 &&
		    !ascii_is_digit(text[strlen(hints[i].before)])) /* it may be a host's port */
			return hints[i].hint;
	return NULL;
}

static int
parse_bare(struct spec *spec, const char *text, char *why, size_t n)
{
	static const char scheme[] = "ws://";
	size_t len = sizeof scheme + strlen(text);

	if (strspn(text, "0123456789") == strlen(text)) {
		snprintf(why, n, "%s is no host; say -l %s to listen, or localhost:%s", text, text,
		    text);
		return -1;
	}
	if (hint_of(text) != NULL) {
		snprintf(why, n, "%.*s: before an endpoint is an option here: %s",
		    (int)strcspn(text, ":"), text, hint_of(text));
		return -1;
	}
	if (!is_bare_host(text)) {
		/* never the text itself: it may hold a password */
		snprintf(why, n,
		    "not an endpoint this version knows: it takes ws:// and wss:// URLs, "
		    "ws-listen:, wss-listen:, mirror:, null: and -");
		return -1;
	}
	if ((spec->url = mem_resize(&mem_libc, NULL, len)) == NULL) {
		snprintf(why, n, "out of memory");
		return -1;
	}
	snprintf(spec->url, len, "%s%s", scheme, text);
	return 0;
}

int
spec_parse(struct spec *spec, const char *text, char *why, size_t n)
{
	const struct prefix *prefix;

	text += strspn(text, " \t\r\n"); /* as the URL parser would */
	*spec = (struct spec){ .kind = SPEC_WS };
	if (strcmp(text, "-") == 0) {
		spec->kind = SPEC_STDIO;
		return 0;
	}
	if ((prefix = find_prefix(text)) == NULL)
		return parse_bare(spec, text, why, n);
	if (prefix->kind == SPEC_LISTEN)
		return spec_parse_listen(spec, text + strlen(prefix->text), prefix->secure, why, n);
	spec->kind = prefix->kind;
	spec->secure = prefix->secure;
	if (spec->kind != SPEC_WS && text[strlen(prefix->text)] != '\0') {
		snprintf(why, n, "%s takes nothing after the colon", prefix->text);
		return -1;
	}
	if (spec->kind == SPEC_WS && (spec->url = copy(text, strlen(text))) == NULL) {
		snprintf(why, n, "out of memory");
		return -1;
	}
	return 0;
}

void
spec_clear(struct spec *spec)
{
	mem_free(&mem_libc, spec->url);
	mem_free(&mem_libc, spec->addr);
	mem_free(&mem_libc, spec->path);
	*spec = (struct spec){ 0 };
}

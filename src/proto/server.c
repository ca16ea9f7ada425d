/* The opening handshake of a server, RFC 6455 4.2. */

#include <assert.h>
#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "proto/conn_int.h"
#include "proto/params.h"

int
server_start(struct wsx *ws, const struct wsx_config *config, const char **why)
{
	int r;

	for (size_t i = 0; i < config->n_origins; i++)
		if ((r = strlist_add(&ws->origins, config->origins[i])) < 0)
			return r;
	if (config->path != NULL &&
	    (ws->path = mem_dup(&ws->mem, config->path, strlen(config->path))) == NULL)
		return WSX_ERR_NOMEM;
	for (size_t i = 0; i < config->n_headers; i++) {
		r = buf_putf(
		    &ws->fields, "%s: %s\r\n", config->headers[i].name, config->headers[i].value);
		if (r == WSX_ERR_LIMIT) {
			*why = "the headers are too long";
			return WSX_ERR_ARGUMENT;
		}
		if (r < 0)
			return r;
	}
	return WSX_OK;
}

/* Refusals. */

static const char *
phrase(int status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 414:
		return "URI Too Long";
	case 426:
		return "Upgrade Required";
	case 431:
		return "Request Header Fields Too Large";
	case 501:
		return "Not Implemented";
	case 505:
		return "HTTP Version Not Supported";
	default:
		assert(0 && "a status without a phrase");
		return "";
	}
}

static int
put_refusal(struct wsx *ws, int status, const char *why)
{
	struct buf *out = &ws->tx.out;
	char date[WSX_DATE_LEN + 1];
	int r;

	if ((r = buf_putf(out, "HTTP/1.1 %d %s\r\n", status, phrase(status))) < 0)
		return r;
	if (ws->date != NULL) {
		ws->date(date, ws->arg);
		if ((r = buf_putf(out, "Date: %s\r\n", date)) < 0)
			return r;
	}
	if (status == 405 && (r = buf_puts(out, "Allow: GET\r\n")) < 0)
		return r;
	if (status == 426)
		r = buf_puts(out, "Upgrade: websocket\r\nConnection: Upgrade, close\r\n"
				  "Sec-WebSocket-Version: 13\r\n");
	else
		r = buf_puts(out, "Connection: close\r\n");
	if (r < 0)
		return r;
	return buf_putf(out, "Content-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s\n",
	    strlen(why) + 1, why);
}

/* Answers with a status of 400 and up; the WebSocket fails. why holds nothing of the request. */
static void
refuse(struct wsx *ws, int status, const char *why)
{
	size_t before = buf_len(&ws->tx.out);

	if (put_refusal(ws, status, why) < 0)
		buf_truncate(&ws->tx.out, buf_len(&ws->tx.out) - before);
	else if (ws->handlers.head != NULL)
		ws->handlers.head(ws, WSX_SENT, (const char *)buf_data(&ws->tx.out),
		    buf_len(&ws->tx.out), ws->arg);
	conn_fail(ws, WSX_FAIL_HANDSHAKE, 0, "refused with %d: %s", status, why);
}

void
server_fault(struct wsx *ws, const struct http_fault *fault)
{
	refuse(ws, fault->status, fault->why);
}

/* Checks. Each refuses and returns false if it does not hold. */

static bool
check_method(struct wsx *ws, const struct http_head *h)
{
	static const char *const known[] = { "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
		"TRACE", "PATCH" };

	if (span_eq(h->method, span_str("GET")))
		return true;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (span_eq(h->method, span_str(known[i]))) {
			refuse(ws, 405, "only GET can open a WebSocket");
			return false;
		}
	refuse(ws, 501, "an unknown method");
	return false;
}

static bool
check_body(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *length = http_find(h, "Content-Length");

	if (http_find(h, "Transfer-Encoding") == NULL &&
	    (length == NULL ||
		(http_count(h, "Content-Length") == 1 && span_eq(length->value, span_str("0")))))
		return true;
	refuse(ws, 400, "an upgrade has no body");
	return false;
}

/* What would not end up in the host or port of a URL has no place in a Host. */
static bool
is_authority(struct span s)
{
	static const char delimiters[] = { '/', '\\', '?', '#', '@', ' ', '\t' };

	for (size_t i = 0; i < s.n; i++)
		if (memchr(delimiters, s.p[i], sizeof delimiters) != NULL)
			return false;
	return s.n > 0;
}

/* Host and target make the URL; an absolute target brings its own host (RFC 9112 3.2.2). */
static bool
check_url(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *host = http_find(h, "Host");
	const char *why;
	struct buf text;
	int r;

	if (host == NULL || http_count(h, "Host") != 1 || !is_authority(host->value)) {
		refuse(ws, 400, "a request has exactly one Host");
		return false;
	}
	buf_init(&text, &ws->mem, HTTP_MAX_HEAD);
	if (h->target.p[0] == '/')
		r = buf_putf(&text, "%s://%.*s%.*s", ws->secure ? "wss" : "ws", (int)host->value.n,
		    host->value.p, (int)h->target.n, h->target.p);
	else
		r = buf_put(&text, h->target.p, h->target.n);
	if (r == 0)
		r = url_parse(&ws->mem, (const char *)buf_data(&text), buf_len(&text), NULL, NULL,
		    &ws->url, &why);
	buf_clear(&text);
	if (r == WSX_ERR_NOMEM)
		conn_fail_memory(ws);
	else if (r < 0)
		refuse(ws, 400, "the Host or the target is malformed");
	return r == 0;
}

static bool
check_upgrade(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *version = http_find(h, "Sec-WebSocket-Version");

	if (h->minor < 1)
		refuse(ws, 426, "HTTP/1.0 can not upgrade");
	else if (!http_has_token(h, "Upgrade", "websocket") ||
		 !http_has_token(h, "Connection", "upgrade"))
		refuse(
		    ws, 426, "this is a WebSocket server: the request does not ask for an upgrade");
	else if (version == NULL || http_count(h, "Sec-WebSocket-Version") != 1 ||
		 !span_eq(version->value, span_str("13")))
		refuse(ws, 426, "only WebSocket version 13 is spoken here");
	else
		return true;
	return false;
}

static bool
check_key(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *key = http_find(h, "Sec-WebSocket-Key");
	uint8_t nonce[16];

	if (key != NULL && http_count(h, "Sec-WebSocket-Key") == 1 &&
	    key->value.n == DIGEST_KEY_LEN &&
	    base64_decode(key->value, nonce, sizeof nonce) == sizeof nonce)
		return true;
	refuse(ws, 400, "a request has exactly one Sec-WebSocket-Key of 16 bytes");
	return false;
}

static bool
check_policy(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *origin = http_find(h, "Origin");
	size_t path = strcspn(ws->url.target, "?");

	if (ws->path != NULL &&
	    !span_eq(span_str(ws->path), (struct span){ ws->url.target, path })) {
		refuse(ws, 404, "nothing is served at this path");
		return false;
	}
	if (origin == NULL)
		return true;
	for (size_t i = 0; i < ws->origins.n; i++)
		if (strcmp(ws->origins.items[i], "*") == 0 ||
		    (http_count(h, "Origin") == 1 &&
			ascii_eq_nocase(origin->value, span_str(ws->origins.items[i]))))
			return true;
	refuse(ws, 403, "this Origin is not allowed");
	return false;
}

/* The first of our subprotocols that is offered anywhere; none is no fault (HS10). */
static bool
choose_protocol(struct wsx *ws, const struct http_head *h)
{
	size_t best = ws->protocols.n;
	struct span rest, token;
	bool any;
	int r;

	for (size_t i = 0; i < h->n_fields; i++) {
		if (!ascii_eq_nocase(h->fields[i].name, span_str("Sec-WebSocket-Protocol")))
			continue;
		rest = h->fields[i].value;
		for (any = false; (r = params_next_token(&rest, &token)) > 0; any = true)
			for (size_t j = 0; j < best; j++)
				if (span_eq(token, span_str(ws->protocols.items[j])))
					best = j;
		if (r < 0 || !any) {
			refuse(ws, 400, "a malformed Sec-WebSocket-Protocol");
			return false;
		}
	}
	if (best == ws->protocols.n)
		return true;
	ws->protocol =
	    mem_dup(&ws->mem, ws->protocols.items[best], strlen(ws->protocols.items[best]));
	if (ws->protocol == NULL)
		conn_fail_memory(ws);
	return ws->protocol != NULL;
}

/* Takes the first offer of permessage-deflate that suits; others are declined by silence. */
static bool
take_offer(struct wsx *ws, const struct params *offer)
{
	struct deflate_params answer;
	struct buf text;
	bool good;

	if (!ws->deflate_config.enabled || ws->deflate_agreed ||
	    !deflate_accept(&ws->deflate_params, offer, &answer))
		return true;
	buf_init(&text, &ws->mem, HTTP_MAX_LINE);
	good = deflate_put_answer(&text, &answer) == 0 &&
	       (ws->extensions = mem_dup(&ws->mem, buf_data(&text), buf_len(&text))) != NULL;
	buf_clear(&text);
	if (good)
		conn_deflate(ws, &answer);
	else
		conn_fail_memory(ws);
	return good;
}

static bool
choose_extensions(struct wsx *ws, const struct http_head *h)
{
	struct params e;
	struct span rest;
	bool any;
	int r;

	for (size_t i = 0; i < h->n_fields; i++) {
		if (!ascii_eq_nocase(h->fields[i].name, span_str("Sec-WebSocket-Extensions")))
			continue;
		rest = h->fields[i].value;
		for (any = false; (r = params_next(&rest, &e)) > 0; any = true)
			if (!take_offer(ws, &e))
				return false;
		if (r < 0 || !any) {
			refuse(ws, 400, "a malformed Sec-WebSocket-Extensions");
			return false;
		}
	}
	return true;
}

static int
put_answer(struct wsx *ws, const struct http_head *h)
{
	char accept[DIGEST_ACCEPT_LEN + 1];
	struct buf *out = &ws->tx.out;
	int r;

	digest_accept(http_find(h, "Sec-WebSocket-Key")->value, accept);
	if ((r = buf_putf(out,
		 "HTTP/1.1 101 Switching Protocols\r\n"
		 "Upgrade: websocket\r\n"
		 "Connection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: %s\r\n",
		 accept)) < 0)
		return r;
	if (ws->protocol != NULL &&
	    (r = buf_putf(out, "Sec-WebSocket-Protocol: %s\r\n", ws->protocol)) < 0)
		return r;
	if (ws->extensions != NULL &&
	    (r = buf_putf(out, "Sec-WebSocket-Extensions: %s\r\n", ws->extensions)) < 0)
		return r;
	if ((r = buf_put(out, buf_data(&ws->fields), buf_len(&ws->fields))) < 0)
		return r;
	return buf_puts(out, "\r\n");
}

void
server_answer(struct wsx *ws, char *p, size_t n)
{
	struct http_fault fault;
	struct http_head h;

	if (ws->handlers.head != NULL)
		ws->handlers.head(ws, WSX_RECEIVED, p, n, ws->arg);
	if (ws->failed) /* the handler closed */
		return;
	if (http_parse(HTTP_REQUEST, p, n, &h, &fault) < 0) {
		server_fault(ws, &fault);
		return;
	}
	if (!check_method(ws, &h) || !check_body(ws, &h) || !check_url(ws, &h) ||
	    !check_upgrade(ws, &h) || !check_key(ws, &h) || !check_policy(ws, &h) ||
	    !choose_protocol(ws, &h) || !choose_extensions(ws, &h))
		return;
	if (put_answer(ws, &h) < 0) {
		buf_reset(&ws->tx.out); /* a whole answer or none */
		conn_fail_memory(ws);
		return;
	}
	if (ws->handlers.head != NULL)
		ws->handlers.head(ws, WSX_SENT, (const char *)buf_data(&ws->tx.out),
		    buf_len(&ws->tx.out), ws->arg);
	if (!ws->failed) /* the handler may have closed */
		conn_open(ws);
}

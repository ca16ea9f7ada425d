/* The opening handshake of a client, RFC 6455 4.1. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "proto/conn_int.h"
#include "proto/params.h"

/* Interim answers (1xx) taken before one that counts must come. */
#define MAX_INTERIM 16

/* The request. */

static bool
has_header(const struct wsx_config *config, const char *name)
{
	for (size_t i = 0; i < config->n_headers; i++)
		if (ascii_eq_nocase(span_str(config->headers[i].name), span_str(name)))
			return true;
	return false;
}

/* The userinfo of the URL as Basic credentials (RFC 7617). */
static int
put_credentials(struct wsx *ws, const struct wsx_config *config, struct buf *out)
{
	struct buf pair;
	int r;

	if (ws->url.user == NULL || has_header(config, "Authorization"))
		return 0;
	buf_init(&pair, &ws->mem, SIZE_MAX);
	if ((r = buf_putf(&pair, "%s:%s", ws->url.user, ws->url.password)) < 0 ||
	    (r = buf_puts(out, "Authorization: Basic ")) < 0 ||
	    (r = base64_put(out, buf_data(&pair), buf_len(&pair))) < 0 ||
	    (r = buf_puts(out, "\r\n")) < 0)
		goto out;
	r = 0;
out:
	buf_clear(&pair);
	return r;
}

static int
put_protocols(const struct strlist *protocols, struct buf *out)
{
	int r;

	for (size_t i = 0; i < protocols->n; i++)
		if ((r = buf_putf(out, "%s%s", i == 0 ? "Sec-WebSocket-Protocol: " : ", ",
			 protocols->items[i])) < 0)
			return r;
	return protocols->n > 0 ? buf_puts(out, "\r\n") : 0;
}

static int
put_extensions(struct wsx *ws, struct buf *out)
{
	int r;

	if (!ws->deflate_config.enabled)
		return 0;
	if ((r = buf_puts(out, "Sec-WebSocket-Extensions: ")) < 0 ||
	    (r = deflate_put_offer(out, &ws->deflate_params)) < 0)
		return r;
	return buf_puts(out, "\r\n");
}

/* Host goes first, whoever set it (RFC 9110 7.2). */
static int
put_host(struct wsx *ws, const struct wsx_config *config, struct buf *out)
{
	int r;

	if (!has_header(config, "Host"))
		return buf_putf(out, "Host: %s\r\n", ws->url.authority);
	for (size_t i = 0; i < config->n_headers; i++)
		if (ascii_eq_nocase(span_str(config->headers[i].name), span_str("Host")) &&
		    (r = buf_putf(out, "Host: %s\r\n", config->headers[i].value)) < 0)
			return r;
	return 0;
}

static int
put_headers(const struct wsx_config *config, struct buf *out)
{
	int r;

	for (size_t i = 0; i < config->n_headers; i++) {
		const struct wsx_header *h = &config->headers[i];

		if (ascii_eq_nocase(span_str(h->name), span_str("Host")))
			continue;
		if ((r = buf_putf(out, "%s: %s\r\n", h->name, h->value)) < 0)
			return r;
	}
	return buf_puts(out, "\r\n");
}

static int
put_request(struct wsx *ws, const struct wsx_config *config)
{
	struct buf *out = &ws->tx.out;
	int r;

	if ((r = buf_putf(out, "GET %s HTTP/1.1\r\n", ws->url.target)) < 0 ||
	    (r = put_host(ws, config, out)) < 0 ||
	    (r = buf_putf(out,
		 "Upgrade: websocket\r\n"
		 "Connection: Upgrade\r\n"
		 "Sec-WebSocket-Key: %s\r\n"
		 "Sec-WebSocket-Version: 13\r\n",
		 ws->key)) < 0 ||
	    (r = put_protocols(&ws->protocols, out)) < 0 || (r = put_extensions(ws, out)) < 0 ||
	    (r = put_credentials(ws, config, out)) < 0 || (r = put_headers(config, out)) < 0)
		return r;
	return 0;
}

int
client_start(struct wsx *ws, const struct wsx_config *config, const char **why)
{
	uint8_t nonce[16];
	int r;

	if (config->url == NULL) {
		*why = "no URL";
		return WSX_ERR_ARGUMENT;
	}
	if ((r = url_parse(&ws->mem, config->url, strlen(config->url), config->to_ascii, ws->arg,
		 &ws->url, why)) < 0)
		return r;
	if (ws->random(nonce, sizeof nonce, ws->arg) != 0) {
		*why = "no random bytes";
		return WSX_ERR_RANDOM;
	}
	base64_encode(ws->key, nonce, sizeof nonce);
	r = put_request(ws, config);
	if (r == WSX_ERR_LIMIT) {
		*why = "the request is too long";
		return WSX_ERR_ARGUMENT;
	}
	return r;
}

/* The answer. Each check fails the WebSocket and returns false if it does not hold. */

static void
refuse(struct wsx *ws, const char *why)
{
	conn_fail(ws, WSX_FAIL_HANDSHAKE, 0, "%s", why);
}

/* A field that explains a refusal, for the message: ", NAME: VALUE" or "". */
static void
explain(const struct http_head *h, const char *name, char *out, size_t n)
{
	const struct http_field *f = http_find(h, name);

	out[0] = '\0';
	if (f != NULL)
		snprintf(out, n, ", %s: %.*s", name, f->value.n > 200 ? 200 : (int)f->value.n,
		    f->value.p);
}

/* What the answer says besides its status is kept for whoever wants to know why. */
static void
await_body(struct wsx *ws, const struct http_head *h)
{
	ws->rx.body = http_body_of(h);
	if (ws->rx.body.state == BODY_DONE)
		return;
	ws->rx.state = RX_BODY;
	ws->tx.end = false; /* to some servers the end of our stream is the end of all */
}

static bool
check_status(struct wsx *ws, const struct http_head *h)
{
	char more[256] = "";

	ws->status = h->status;
	if (h->status == 101 && h->minor >= 1)
		return true;
	if (h->status == 101) {
		refuse(ws, "the server switched protocols in HTTP/1.0");
		return false;
	}
	if (h->status / 100 == 3)
		explain(h, "Location", more, sizeof more);
	else if (h->status == 401)
		explain(h, "WWW-Authenticate", more, sizeof more);
	else
		explain(h, "Sec-WebSocket-Version", more, sizeof more);
	conn_fail(ws, WSX_FAIL_HANDSHAKE, 0, "the server answered %d%s%.*s%s", h->status,
	    h->reason.n > 0 ? " " : "", h->reason.n > 100 ? 100 : (int)h->reason.n, h->reason.p,
	    more);
	await_body(ws, h);
	return false;
}

static bool
check_upgrade(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *upgrade = http_find(h, "Upgrade");

	if (upgrade == NULL || http_count(h, "Upgrade") > 1 ||
	    !ascii_eq_nocase(upgrade->value, span_str("websocket")))
		refuse(ws, "the 101 does not upgrade to websocket");
	else if (!http_has_token(h, "Connection", "upgrade"))
		refuse(ws, "the 101 has no Connection: Upgrade");
	else
		return true;
	return false;
}

static bool
check_accept(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *accept = http_find(h, "Sec-WebSocket-Accept");
	char expected[DIGEST_ACCEPT_LEN + 1];

	digest_accept(span_str(ws->key), expected);
	if (accept == NULL)
		refuse(ws, "the 101 has no Sec-WebSocket-Accept");
	else if (http_count(h, "Sec-WebSocket-Accept") > 1)
		refuse(ws, "the 101 has more than one Sec-WebSocket-Accept");
	else if (!span_eq(accept->value, span_str(expected)))
		refuse(ws, "the Sec-WebSocket-Accept of the 101 is not the answer to our key");
	else
		return true;
	return false;
}

static bool
check_protocol(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *f = http_find(h, "Sec-WebSocket-Protocol");

	if (f == NULL && ws->protocols.n == 0)
		return true;
	if (f == NULL || f->value.n == 0) {
		refuse(ws, ws->protocols.n > 0 ? "the server took none of the subprotocols offered"
					       : "the server named an empty subprotocol");
		return false;
	}
	if (http_count(h, "Sec-WebSocket-Protocol") > 1) {
		refuse(ws, "the 101 has more than one Sec-WebSocket-Protocol");
		return false;
	}
	for (size_t i = 0; i < ws->protocols.n; i++)
		if (span_eq(f->value, span_str(ws->protocols.items[i]))) {
			ws->protocol = mem_dup(&ws->mem, f->value.p, f->value.n);
			if (ws->protocol == NULL)
				conn_fail_memory(ws);
			return ws->protocol != NULL;
		}
	conn_fail(ws, WSX_FAIL_HANDSHAKE, 0, "the server chose a subprotocol not offered: %.*s",
	    f->value.n > 100 ? 100 : (int)f->value.n, f->value.p);
	return false;
}

/* An element of the answer: only what was offered, and that once. */
static bool
check_extension(struct wsx *ws, const struct params *e)
{
	struct deflate_params agreed;
	const char *why;

	if (!ws->deflate_config.enabled || !span_eq(e->name, span_str(DEFLATE_NAME)))
		conn_fail(ws, WSX_FAIL_HANDSHAKE, 0,
		    "the server chose an extension not offered: %.*s",
		    e->name.n > 100 ? 100 : (int)e->name.n, e->name.p);
	else if (ws->deflate_agreed)
		refuse(ws, "the server chose permessage-deflate twice");
	else if (!deflate_check_answer(&ws->deflate_params, e, &agreed, &why))
		refuse(ws, why);
	else {
		conn_deflate(ws, &agreed);
		return true;
	}
	return false;
}

static bool
check_extensions(struct wsx *ws, const struct http_head *h)
{
	const struct http_field *f = http_find(h, "Sec-WebSocket-Extensions");
	struct params e;
	struct span rest;
	int r;

	if (f == NULL)
		return true;
	if (http_count(h, "Sec-WebSocket-Extensions") > 1) {
		refuse(ws, "the 101 has more than one Sec-WebSocket-Extensions");
		return false;
	}
	if ((ws->extensions = mem_dup(&ws->mem, f->value.p, f->value.n)) == NULL) {
		conn_fail_memory(ws);
		return false;
	}
	rest = f->value;
	while ((r = params_next(&rest, &e)) > 0)
		if (!check_extension(ws, &e))
			return false;
	if (r < 0 || !ws->deflate_agreed)
		refuse(ws, "the Sec-WebSocket-Extensions of the 101 is malformed");
	return r == 0 && ws->deflate_agreed;
}

void
client_answer(struct wsx *ws, char *p, size_t n)
{
	struct http_fault fault;
	struct http_head h;

	if (ws->handlers.head != NULL)
		ws->handlers.head(ws, WSX_RECEIVED, p, n, ws->arg);
	if (ws->failed) /* the handler closed */
		return;
	if (http_parse(HTTP_RESPONSE, p, n, &h, &fault) < 0) {
		client_fault(ws, &fault);
		return;
	}
	if (h.status / 100 == 1 && h.status != 101) {
		if (++ws->rx.interim > MAX_INTERIM)
			refuse(ws, "too many interim answers");
		return;
	}
	if (check_status(ws, &h) && check_upgrade(ws, &h) && check_accept(ws, &h) &&
	    check_protocol(ws, &h) && check_extensions(ws, &h))
		conn_open(ws);
}

void
client_fault(struct wsx *ws, const struct http_fault *fault)
{
	refuse(ws, fault->why);
}

#include "proto/url.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/err.h"
#include "proto/take.h"
#include "proto/url_host.h"

/* What is percent-encoded besides controls, the space and bytes over 0x7e, in special URLs. */
#define QUERY_SET    "\"#<>'"
#define PATH_SET     "\"#<>?^`{}"
#define USERINFO_SET PATH_SET "/:;=@[\\]|"

struct parser {
	struct span rest; /* what is left of the text */
	struct buf text; /* the input without what is dropped from it */
	struct buf host; /* serialized, without brackets */
	struct buf creds; /* userinfo, percent-encoded */
	struct buf target; /* path and query, percent-encoded */
	bool empty_query; /* there is one, but it is not in target */
	struct url *u;
	const char *why;
};

static int
fail(struct parser *ps, const char *why)
{
	ps->why = why;
	return ERR_ARGUMENT;
}

static bool
is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* The input without outer controls and spaces, and without tabs and line ends in it. */
static int
clean(struct parser *ps, const char *p, size_t n)
{
	int r = 0;

	while (n > 0 && (unsigned char)p[n - 1] <= ' ')
		n--;
	while (n > 0 && (unsigned char)*p <= ' ') {
		p++;
		n--;
	}
	for (size_t i = 0; i < n && r == 0; i++) {
		if (p[i] != '\t' && p[i] != '\n' && p[i] != '\r')
			r = buf_putc(&ps->text, (uint8_t)p[i]);
	}
	ps->rest = (struct span){ (const char *)buf_data(&ps->text), buf_len(&ps->text) };
	return r;
}

static bool
is_scheme(struct span s)
{
	if (s.n == 0 || !ascii_is_alpha(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];

		if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '+' && c != '-' && c != '.')
			return false;
	}
	return true;
}

static int
parse_scheme(struct parser *ps)
{
	struct span scheme = take_to(&ps->rest, ':');

	if (ps->rest.n == 0 || !is_scheme(scheme))
		return fail(ps, "no scheme, such as ws:// or wss://");
	take_n(&ps->rest, 1);
	if (ascii_eq_nocase(scheme, span_str("wss")) || ascii_eq_nocase(scheme, span_str("https")))
		ps->u->secure = true;
	else if (!ascii_eq_nocase(scheme, span_str("ws")) &&
		 !ascii_eq_nocase(scheme, span_str("http")))
		return fail(ps, "scheme is none of ws, wss, http and https");
	if (ps->rest.n > 0 && memchr(ps->rest.p, '#', ps->rest.n) != NULL)
		return fail(ps, "a WebSocket URL has no fragment; a # that is data is written %23");
	return 0;
}

static int
put_encoded(struct buf *b, struct span s, const char *set)
{
	static const char hex[] = "0123456789ABCDEF";
	int r = 0;

	for (size_t i = 0; i < s.n && r == 0; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c > ' ' && c < 0x7f && strchr(set, c) == NULL) {
			r = buf_putc(b, c);
		} else {
			uint8_t escape[3] = { '%', (uint8_t)hex[c >> 4], (uint8_t)hex[c & 15] };

			r = buf_put(b, escape, sizeof escape);
		}
	}
	return r;
}

/* What is in b as a string of its own. */
static int
give(struct buf *b, char **s)
{
	*s = mem_dup(b->mem, buf_data(b), buf_len(b));
	return *s == NULL ? ERR_NOMEM : 0;
}

/* A user or password as Basic credentials carry it. */
static int
decode_credential(struct parser *ps, struct span s, char **out)
{
	struct buf b;
	int r;

	buf_init(&b, ps->u->mem, URL_MAX);
	if ((r = url_put_decoded(&b, s)) != 0)
		goto out;
	for (size_t i = 0; i < buf_len(&b); i++) {
		if (ascii_is_control((char)buf_data(&b)[i])) {
			r = fail(ps, "user or password holds a control character");
			goto out;
		}
	}
	r = give(&b, out);
out:
	buf_clear(&b);
	return r;
}

static int
parse_userinfo(struct parser *ps, struct span userinfo)
{
	struct span user = take_to(&userinfo, ':');
	struct span password = userinfo;
	int r;

	if (password.n > 0)
		take_n(&password, 1);
	if (user.n == 0 && password.n == 0)
		return 0;
	if ((r = put_encoded(&ps->creds, user, USERINFO_SET)) != 0)
		return r;
	if (password.n > 0 && ((r = buf_putc(&ps->creds, ':')) != 0 ||
				  (r = put_encoded(&ps->creds, password, USERINFO_SET)) != 0))
		return r;
	if ((r = decode_credential(ps, user, &ps->u->user)) != 0 ||
	    (r = decode_credential(ps, password, &ps->u->password)) != 0)
		return r;
	if (strchr(ps->u->user, ':') != NULL)
		return fail(ps, "user holds a colon, which Basic authentication can not carry");
	return 0;
}

static int
parse_port(struct parser *ps, struct span s)
{
	uint16_t scheme_port = ps->u->secure ? 443 : 80;
	uint32_t port = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return fail(ps, "port is not a number");
		if (port <= UINT16_MAX)
			port = port * 10 + (uint32_t)(s.p[i] - '0');
	}
	if (port > UINT16_MAX)
		return fail(ps, "port is over 65535");
	ps->u->port = s.n == 0 ? scheme_port : (uint16_t)port;
	ps->u->default_port = ps->u->port == scheme_port;
	return 0;
}

/* The offset of the colon before the port, or the length of s. */
static size_t
port_offset(struct span s)
{
	bool in_brackets = false;
	size_t i;

	for (i = 0; i < s.n && (s.p[i] != ':' || in_brackets); i++) {
		if (s.p[i] == '[')
			in_brackets = true;
		else if (s.p[i] == ']')
			in_brackets = false;
	}
	return i;
}

/*
 * The slashes before it may be backslashes or missing, but more than two are refused, other than
 * by WHATWG: ws:///x has rather lost its host than got x for one.
 */
static int
parse_authority(struct parser *ps, url_to_ascii_fn *to_ascii, void *arg)
{
	struct span authority, host;
	size_t n = 0;
	int r;

	for (int i = 0; i < 2 && ps->rest.n > 0 && is_slash(ps->rest.p[0]); i++)
		take_n(&ps->rest, 1);
	while (n < ps->rest.n && !is_slash(ps->rest.p[n]) && ps->rest.p[n] != '?')
		n++;
	authority = take_n(&ps->rest, n);

	while (n > 0 && authority.p[n - 1] != '@')
		n--;
	if (n > 0) {
		struct span userinfo = take_n(&authority, n);

		userinfo.n--;
		if ((r = parse_userinfo(ps, userinfo)) != 0)
			return r;
	}
	host = take_n(&authority, port_offset(authority));
	if (authority.n > 0)
		take_n(&authority, 1);
	if (host.n == 0)
		return fail(ps, "host is missing");
	r = url_host_parse(host, to_ascii, arg, &ps->host, &ps->u->ipv6, &ps->why);
	return r != 0 ? r : parse_port(ps, authority);
}

/* How many dots s is, each also written %2e; 0 if it is anything else. */
static int
count_dots(struct span s)
{
	int dots = 0;

	while (s.n > 0) {
		if (s.p[0] == '.')
			take_n(&s, 1);
		else if (s.n >= 3 && ascii_eq_nocase((struct span){ s.p, 3 }, span_str("%2e")))
			take_n(&s, 3);
		else
			return 0;
		if (++dots > 2)
			return 0;
	}
	return dots;
}

static void
drop_last_segment(struct buf *path)
{
	size_t n = buf_len(path);

	while (n > 0 && buf_data(path)[n - 1] != '/')
		n--;
	buf_truncate(path, buf_len(path) - (n > 0 ? n - 1 : 0));
}

static int
parse_path(struct parser *ps)
{
	struct span path = take_to(&ps->rest, '?');
	struct buf *out = &ps->target;
	bool last;
	int r = 0;

	if (path.n > 0)
		take_n(&path, 1); /* the slash that ended the authority */
	do {
		struct span segment;
		size_t n = 0;
		int dots;

		while (n < path.n && !is_slash(path.p[n]))
			n++;
		segment = take_n(&path, n);
		last = path.n == 0;
		dots = count_dots(segment);
		if (dots == 2)
			drop_last_segment(out);
		if (dots == 0 || last)
			r = buf_putc(out, '/');
		if (r == 0 && dots == 0)
			r = put_encoded(out, segment, PATH_SET);
		if (!last)
			take_n(&path, 1);
	} while (!last && r == 0);
	return r;
}

static int
parse_query(struct parser *ps)
{
	int r;

	if (ps->rest.n <= 1) {
		ps->empty_query = ps->rest.n == 1;
		return 0;
	}
	take_n(&ps->rest, 1);
	if ((r = buf_putc(&ps->target, '?')) != 0)
		return r;
	return put_encoded(&ps->target, ps->rest, QUERY_SET);
}

/* A whole URL, with a userinfo if creds is not NULL. */
static int
serialize(const struct parser *ps, const struct buf *creds, char **out)
{
	const struct url *u = ps->u;
	struct buf b;
	int r;

	buf_init(&b, u->mem, SIZE_MAX);
	if ((r = buf_puts(&b, u->secure ? "wss://" : "ws://")) != 0)
		goto out;
	if (creds != NULL && buf_len(creds) > 0 &&
	    ((r = buf_put(&b, buf_data(creds), buf_len(creds))) != 0 ||
		(r = buf_putc(&b, '@')) != 0))
		goto out;
	if ((r = buf_puts(&b, u->authority)) != 0 || (r = buf_puts(&b, u->target)) != 0 ||
	    (ps->empty_query && (r = buf_putc(&b, '?')) != 0))
		goto out;
	r = give(&b, out);
out:
	buf_clear(&b);
	return r;
}

static int
give_authority(const struct url *u, char **out)
{
	struct buf b;
	int r;

	buf_init(&b, u->mem, SIZE_MAX);
	r = buf_putf(&b, u->ipv6 ? "[%s]" : "%s", u->host);
	if (r == 0 && !u->default_port)
		r = buf_putf(&b, ":%u", (unsigned)u->port);
	if (r == 0)
		r = give(&b, out);
	buf_clear(&b);
	return r;
}

static int
parse(struct parser *ps, url_to_ascii_fn *to_ascii, void *arg)
{
	struct url *u = ps->u;
	int r;

	if ((r = parse_scheme(ps)) != 0 || (r = parse_authority(ps, to_ascii, arg)) != 0 ||
	    (r = parse_path(ps)) != 0 || (r = parse_query(ps)) != 0)
		return r;
	if ((r = give(&ps->host, &u->host)) != 0 || (r = give(&ps->target, &u->target)) != 0 ||
	    (r = give_authority(u, &u->authority)) != 0 ||
	    (r = serialize(ps, &ps->creds, &u->href)) != 0)
		return r;
	return serialize(ps, NULL, &u->display);
}

int
url_parse(const struct mem *mem, const char *p, size_t n, url_to_ascii_fn *to_ascii, void *arg,
    struct url *u, const char **why)
{
	struct parser ps = { .u = u };
	int r;

	*u = (struct url){ .mem = mem };
	buf_init(&ps.text, mem, URL_MAX);
	buf_init(&ps.host, mem, SIZE_MAX);
	buf_init(&ps.creds, mem, SIZE_MAX);
	buf_init(&ps.target, mem, SIZE_MAX);
	r = clean(&ps, p, n);
	if (r == 0)
		r = parse(&ps, to_ascii, arg);
	else if (r == ERR_LIMIT)
		r = fail(&ps, "longer than 131072 bytes");
	buf_clear(&ps.text);
	buf_clear(&ps.host);
	buf_clear(&ps.creds);
	buf_clear(&ps.target);
	if (r != 0)
		url_clear(u);
	if (r == ERR_ARGUMENT)
		*why = ps.why;
	return r;
}

void
url_clear(struct url *u)
{
	char *owned[] = { u->host, u->target, u->authority, u->href, u->display, u->user,
		u->password };

	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
		mem_free(u->mem, owned[i]);
	*u = (struct url){ .mem = u->mem };
}

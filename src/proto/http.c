#include "proto/http.h"

#include <string.h>

#include "base/ascii.h"
#include "proto/take.h"

static const char response_start[] = "HTTP/";

static int
fail(struct http_fault *fault, int status, const char *why)
{
	*fault = (struct http_fault){ status, why };
	return -1;
}

/*
 * Other protocols are known by their first bytes, before a line of theirs has come: 0 while the
 * first n bytes, the last of them new, may begin a head.
 */
static int
check_start(enum http_kind kind, const char *p, size_t n, struct http_fault *fault)
{
	char tls = kind == HTTP_RESPONSE ? 0x15 : 0x16; /* an alert, a ClientHello */

	if (n == 1 && p[0] == tls)
		return 0;
	if (n == 2 && p[0] == tls && p[1] == 3)
		return fail(fault, 400,
		    kind == HTTP_RESPONSE ? "the server speaks TLS here: use wss://"
					  : "the client speaks TLS here");
	if (n == 2 && p[0] == tls)
		n = 1;
	if (kind == HTTP_RESPONSE && n < sizeof response_start && p[n - 1] != response_start[n - 1])
		return fail(fault, 400, "the answer is not HTTP");
	if (kind == HTTP_REQUEST && n == 1 && !ascii_is_tchar(p[0]))
		return fail(fault, 400, "the request does not begin with a method");
	return 0;
}

/* The limits of the line the byte at s->at is in, and of the head, with that byte. */
static int
check_limits(const struct http_scan *s, enum http_kind kind, char c, struct http_fault *fault)
{
	size_t length = s->at - s->line;

	if (c != '\r' && c != '\n') {
		if (s->lines == 0 && length >= HTTP_MAX_LINE)
			return kind == HTTP_REQUEST
				   ? fail(fault, 414, "the request line is over 8192 bytes")
				   : fail(fault, 431, "the status line is over 8192 bytes");
		if (length >= HTTP_MAX_FIELD)
			return fail(fault, 431, "a header line is over 16384 bytes");
		if (length == 0 && s->lines > HTTP_MAX_FIELDS)
			return fail(fault, 431, "the head has over 128 header lines");
	}
	if (s->at >= HTTP_MAX_HEAD)
		return fail(fault, 431, "the head is over 65536 bytes");
	return 0;
}

ptrdiff_t
http_scan(
    struct http_scan *s, enum http_kind kind, const char *p, size_t n, struct http_fault *fault)
{
	for (; s->at < n; s->at++) {
		char c = p[s->at];
		bool after_cr = s->at > s->line && p[s->at - 1] == '\r';

		if (s->at < sizeof response_start && check_start(kind, p, s->at + 1, fault) != 0)
			return -1;
		if (check_limits(s, kind, c, fault) != 0)
			return -1;
		if (after_cr && c != '\n')
			return fail(fault, 400, "a CR stands alone in the head");
		if (c != '\n')
			continue;
		if (!after_cr)
			return fail(fault, 400, "a line of the head ends without CR");
		if (s->at - s->line == 1)
			return (ptrdiff_t)++s->at;
		s->line = s->at + 1;
		s->lines++;
	}
	return 0;
}

size_t
http_skip(const char *p, size_t n)
{
	if (n == 0 || p[0] != '\r')
		return 0;
	if (n == 1)
		return 1;
	return p[1] == '\n' ? 2 : 0;
}

/* Takes what is before the next c, and c. Where there is none it takes all and returns false. */
static bool
take_until(struct span *s, char c, struct span *head)
{
	*head = take_to(s, c);
	if (s->n == 0)
		return false;
	take_n(s, 1);
	return true;
}

/* Takes a line; its end is left out of it. */
static int
take_line(struct span *rest, struct span *line, struct http_fault *fault)
{
	if (!take_until(rest, '\n', line))
		return fail(fault, 400, "the head has no end");
	if (line->n == 0 || line->p[line->n - 1] != '\r')
		return fail(fault, 400, "a line of the head ends without CR");
	line->n--;
	if (memchr(line->p, '\r', line->n) != NULL)
		return fail(fault, 400, "a CR stands alone in the head");
	return 0;
}

/* "HTTP/" DIGIT "." DIGIT, of which the first has to be 1. */
static int
parse_version(struct span s, int *minor, struct http_fault *fault)
{
	if (s.n != 8 || memcmp(s.p, response_start, 5) != 0 || !ascii_is_digit(s.p[5]) ||
	    s.p[6] != '.' || !ascii_is_digit(s.p[7]))
		return fail(fault, 400, "the HTTP version is malformed");
	if (s.p[5] != '1')
		return fail(fault, 505, "the HTTP version is not 1.1");
	*minor = s.p[7] - '0';
	return 0;
}

static int
parse_request_line(struct span line, struct http_head *h, struct http_fault *fault)
{
	if (!take_until(&line, ' ', &h->method) || !take_until(&line, ' ', &h->target))
		return fail(fault, 400, "the request line is malformed");
	if (!ascii_is_token(h->method))
		return fail(fault, 400, "the method is malformed");
	for (size_t i = 0; i < h->target.n; i++) {
		if (h->target.p[i] <= ' ' || h->target.p[i] >= 0x7f)
			return fail(fault, 400, "the request target is malformed");
	}
	if (h->target.n == 0)
		return fail(fault, 400, "the request target is malformed");
	return parse_version(line, &h->minor, fault);
}

static int
parse_status_line(struct span line, struct http_head *h, struct http_fault *fault)
{
	struct span version;
	int status = 0;

	if (!take_until(&line, ' ', &version))
		return fail(fault, 400, "the status line is malformed");
	if (parse_version(version, &h->minor, fault) != 0)
		return -1;
	for (int i = 0; i < 3; i++) {
		if (line.n == 0 || !ascii_is_digit(line.p[0]))
			return fail(fault, 400, "the status is not three digits");
		status = status * 10 + (line.p[0] - '0');
		take_n(&line, 1);
	}
	if (line.n > 0 && line.p[0] != ' ')
		return fail(fault, 400, "the status is not three digits");
	if (status < 100 || status > 599)
		return fail(fault, 400, "the status is not of 100 to 599");
	h->status = status;
	if (line.n > 0)
		take_n(&line, 1);
	if (!http_valid_value(line))
		return fail(fault, 400, "a control character stands in the status line");
	h->reason = line;
	return 0;
}

/* Makes one line of folded ones by writing spaces over what separates them. */
static void
unfold(char *p, size_t n)
{
	for (size_t i = 0; n - i > 2; i++) {
		if (p[i] == '\r' && p[i + 1] == '\n' && ascii_is_blank(p[i + 2]))
			memset(p + i, ' ', 3);
	}
}

static int
parse_field(struct span line, struct http_head *h, struct http_fault *fault)
{
	struct http_field f;

	if (ascii_is_blank(line.p[0]))
		return fail(fault, 400, "a header line begins with a space");
	if (!take_until(&line, ':', &f.name))
		return fail(fault, 400, "a header line has no colon");
	if (!http_valid_name(f.name))
		return fail(fault, 400, "a header name is not a token");
	f.value = ascii_trim(line);
	if (!http_valid_value(f.value))
		return fail(fault, 400, "a control character stands in a header");
	if (h->n_fields == HTTP_MAX_FIELDS)
		return fail(fault, 431, "the head has over 128 header lines");
	h->fields[h->n_fields++] = f;
	return 0;
}

int
http_parse(enum http_kind kind, char *p, size_t n, struct http_head *h, struct http_fault *fault)
{
	struct span rest = { p, n }, line;
	int r;

	memset(h, 0, sizeof *h);
	if (take_line(&rest, &line, fault) != 0)
		return -1;
	r = kind == HTTP_REQUEST ? parse_request_line(line, h, fault)
				 : parse_status_line(line, h, fault);
	if (r != 0)
		return -1;
	/* A space right after the start line has no field to belong to. */
	if (kind == HTTP_RESPONSE && rest.n > 0 && !ascii_is_blank(rest.p[0]))
		unfold(p + (n - rest.n), rest.n);
	for (;;) {
		if (take_line(&rest, &line, fault) != 0)
			return -1;
		if (line.n == 0)
			break;
		if (parse_field(line, h, fault) != 0)
			return -1;
	}
	return rest.n == 0 ? 0 : fail(fault, 400, "the head goes on after its end");
}

const struct http_field *
http_find(const struct http_head *h, const char *name)
{
	for (size_t i = 0; i < h->n_fields; i++) {
		if (ascii_eq_nocase(h->fields[i].name, span_str(name)))
			return &h->fields[i];
	}
	return NULL;
}

size_t
http_count(const struct http_head *h, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < h->n_fields; i++) {
		if (ascii_eq_nocase(h->fields[i].name, span_str(name)))
			count++;
	}
	return count;
}

static bool
value_has_token(struct span value, struct span token)
{
	struct span element;

	while (value.n > 0) {
		take_until(&value, ',', &element);
		if (ascii_eq_nocase(ascii_trim(element), token))
			return true;
	}
	return false;
}

bool
http_has_token(const struct http_head *h, const char *name, const char *token)
{
	for (size_t i = 0; i < h->n_fields; i++) {
		if (ascii_eq_nocase(h->fields[i].name, span_str(name)) &&
		    value_has_token(h->fields[i].value, span_str(token)))
			return true;
	}
	return false;
}

bool
http_valid_name(struct span name)
{
	return ascii_is_token(name);
}

bool
http_valid_value(struct span value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (ascii_is_control(value.p[i]) && value.p[i] != '\t')
			return false;
	}
	return true;
}

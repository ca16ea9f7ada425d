#include "cmd/options_table.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/num.h"
#include "base/span.h"
#include "base/utf8.h"
#include "endpoint/input_file.h"
#include "wsx.h"

/* What a setter shared by several rows writes to. */
static void *
field(const struct setting *s)
{
	return (char *)s->o + s->row->field;
}

static int
set_flag(const struct setting *s)
{
	*(bool *)field(s) = true;
	return 0;
}

static int
set_string(const struct setting *s)
{
	*(const char **)field(s) = s->value;
	return 0;
}

/* A file to be written; opened only once all of the command line is known to be good. */
static int
set_file_name(const struct setting *s)
{
	if (s->value[0] == '\0' || strcmp(s->value, "-") == 0)
		return option_refuse(s, "give the name of a file");
	return set_string(s);
}

/* A string that becomes the value of a header field: nothing may break out of its line. */
static int
set_field_value(const struct setting *s)
{
	for (const char *p = s->value; *p != '\0'; p++) {
		if (ascii_is_control(*p) && *p != '\t')
			return option_refuse(
			    s, "a header can not hold a control character (0x%02x)", *p);
	}
	return set_string(s);
}

static int
add_string(const struct setting *s)
{
	if (strlist_add(field(s), s->value) != 0)
		return option_refuse(s, "no memory");
	return 0;
}

static int
add_file(const struct setting *s)
{
	char why[INPUT_FILE_WHY_MAX];
	struct input_file file;

	if (input_file_open(&file, s->value, why) != 0)
		return option_refuse(s, "%s", why);
	input_file_close(&file);
	return add_string(s);
}

static int
set_seconds(const struct setting *s)
{
	char shown[OPTION_SHOWN];

	if (!num_parse_seconds(span_str(s->value), field(s)))
		return option_refuse(s,
		    "'%s' is no time; give seconds from 0 to 1000000000, such as 2 or 0.25",
		    option_show(shown, s->value, strlen(s->value)));
	return 0;
}

/* wscat's way to say that nothing is to be closed. */
static int
set_wait(const struct setting *s)
{
	if (strcmp(s->value, "-1") == 0)
		return option_refuse(s, "-1 is no time; to keep the connection open say -n");
	return set_seconds(s);
}

static int
set_text(const struct setting *s)
{
	s->o->text = true;
	s->o->binary = false;
	return 0;
}

static int
set_binary(const struct setting *s)
{
	s->o->binary = true;
	s->o->text = false;
	return 0;
}

static int
set_binary_type(const struct setting *s)
{
	char shown[OPTION_SHOWN];

	s->o->blob = strcmp(s->value, "blob") == 0;
	if (s->o->blob || strcmp(s->value, "arraybuffer") == 0)
		return 0;
	return option_refuse(s, "'%s' is neither arraybuffer nor blob",
	    option_show(shown, s->value, strlen(s->value)));
}

static int
set_blob_dir(const struct setting *s)
{
	s->o->blob = true;
	s->o->blob_dir = s->value;
	return 0;
}

static int
set_one(const struct setting *s)
{
	s->o->count = 1;
	return 0;
}

static int
add_connect(const struct setting *s)
{
	s->o->connect = true;
	return add_string(s);
}

static int
set_count(const struct setting *s)
{
	char shown[OPTION_SHOWN];
	uint64_t count;

	if (!num_parse_u64(span_str(s->value), UINT64_MAX, &count) || count == 0)
		return option_refuse(s, "'%s' is no count; give a whole number from 1 to %" PRIu64,
		    option_show(shown, s->value, strlen(s->value)), UINT64_MAX);
	s->o->count = count;
	return 0;
}

static int
set_max_message(const struct setting *s)
{
	char shown[OPTION_SHOWN];

	if (!num_parse_size(span_str(s->value), &s->o->max_message))
		return option_refuse(s,
		    "'%s' is no size; give bytes from 0 (no limit) to %" PRIu64
		    ", or with a suffix: 64k, 10M, 2G",
		    option_show(shown, s->value, strlen(s->value)), UINT64_MAX);
	s->o->max_message_given = true;
	return 0;
}

static int
set_from_to(const struct setting *s, unsigned least, unsigned most)
{
	char shown[OPTION_SHOWN];
	uint64_t n;

	if (!num_parse_u64(span_str(s->value), most, &n) || n < least)
		return option_refuse(s, "'%s' is no number from %u to %u",
		    option_show(shown, s->value, strlen(s->value)), least, most);
	*(int *)field(s) = (int)n;
	return 0;
}

static int
set_level(const struct setting *s)
{
	return set_from_to(s, 1, 9);
}

static int
set_window_bits(const struct setting *s)
{
	return set_from_to(s, 8, 15);
}

static int
set_when(const struct setting *s)
{
	static const char *const words[] = {
		[WHEN_AUTO] = "auto",
		[WHEN_ALWAYS] = "always",
		[WHEN_NEVER] = "never",
	};
	char shown[OPTION_SHOWN];

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(s->value, words[i]) == 0) {
			*(enum when *)field(s) = (enum when)i;
			return 0;
		}
	return option_refuse(s, "'%s' is none of auto, always, never",
	    option_show(shown, s->value, strlen(s->value)));
}

static int
set_no_color(const struct setting *s)
{
	s->o->colour = WHEN_NEVER;
	return 0;
}

/* -n and -E say opposite things of the end of input: the last one counts. */
static int
set_no_close(const struct setting *s)
{
	s->o->no_close = true;
	s->o->exit_on_eof = false;
	return 0;
}

static int
set_exit_on_eof(const struct setting *s)
{
	s->o->exit_on_eof = true;
	s->o->no_close = false;
	return 0;
}

/* The codes close() of the WebSocket interface takes. */
static int
set_close_code(const struct setting *s)
{
	char shown[OPTION_SHOWN];
	uint64_t code;

	if (!num_parse_u64(span_str(s->value), 4999, &code) || (code < 3000 && code != 1000))
		return option_refuse(s,
		    "'%s' is no code to close with; give 1000 or one from 3000 to 4999",
		    option_show(shown, s->value, strlen(s->value)));
	s->o->close_code = (uint16_t)code;
	return 0;
}

static int
set_close_reason(const struct setting *s)
{
	size_t n = strlen(s->value);

	if (!utf8_valid((const uint8_t *)s->value, n))
		return option_refuse(s, "the text is not UTF-8");
	if (n > WSX_MAX_REASON)
		return option_refuse(
		    s, "the text has %zu bytes; a Close has room for %d", n, WSX_MAX_REASON);
	s->o->close_reason = s->value;
	return 0;
}

static int
set_reconnect(const struct setting *s)
{
	char shown[OPTION_SHOWN];

	s->o->reconnect = UINT64_MAX;
	if (s->value != NULL && (!num_parse_u64(span_str(s->value), UINT64_MAX, &s->o->reconnect) ||
				    s->o->reconnect == 0))
		return option_refuse(s, "'%s' is no number of attempts; give 1 or more, or none",
		    option_show(shown, s->value, strlen(s->value)));
	return 0;
}

static int
set_verbose(const struct setting *s)
{
	if (s->o->verbose < INT_MAX)
		s->o->verbose++;
	return 0;
}

const char *const option_group_names[N_GROUPS] = {
	[GROUP_REQUEST] = "Request",
	[GROUP_TLS] = "TLS",
	[GROUP_NETWORK] = "Network",
	[GROUP_SENDING] = "Sending",
	[GROUP_RECEIVING] = "Receiving",
	[GROUP_ENDING] = "Ending",
	[GROUP_LIFE] = "Life",
	[GROUP_EXPECTING] = "Expecting",
	[GROUP_SEEING] = "Reporting",
	[GROUP_LISTENING] = "Listening",
};

#define AT(name) offsetof(struct options, name)

#define LAST  OPTION_LAST
#define ADDS  OPTION_ADDS
#define VALUE OPTION_VALUE

/* clang-format off */
const struct option_row option_rows[] = {
	{ 'H', "header", "NAME:VALUE", GROUP_REQUEST, ADDS, option_set_header, 0, { NULL },
	  "add a header; @FILE reads them from a file, one a line; repeatable" },
	{ 's', "subprotocol", "NAME", GROUP_REQUEST, ADDS, add_string, AT(protocols), { "protocol" },
	  "offer a subprotocol (listening: serve it); repeatable" },
	{ 'o', "origin", "ORIGIN", GROUP_REQUEST, LAST, set_field_value, AT(origin), { NULL },
	  "send this Origin" },
	{ 'A', "user-agent", "TEXT", GROUP_REQUEST, LAST, set_field_value, AT(user_agent), { "ua" },
	  "send this User-Agent" },
	{ 'c', "connect", "URL", GROUP_REQUEST, ADDS, add_connect, AT(endpoints), { NULL },
	  "connect to URL; the same as the URL alone" },
	{ 0, "no-compress", NULL, GROUP_REQUEST, LAST, set_flag, AT(no_compress), { NULL },
	  "neither offer nor accept compression" },
	{ 0, "compress-level", "N", GROUP_REQUEST, LAST, set_level, AT(compress_level), { NULL },
	  "compress from 1, the fastest, to 9, the smallest (6)" },
	{ 0, "compress-always", NULL, GROUP_REQUEST, LAST, set_flag, AT(compress_always), { NULL },
	  "compress also what is short or would not shrink" },
	{ 0, "window-bits", "N", GROUP_REQUEST, LAST, set_window_bits, AT(window_bits), { NULL },
	  "limit both sides' compression window to 2^N bytes, 8 to 15 (15)" },
	{ 0, "no-context-takeover", NULL, GROUP_REQUEST, LAST, set_flag, AT(no_context_takeover), { NULL },
	  "compress each message by itself" },

	{ 'k', "insecure", NULL, GROUP_TLS, LAST, set_flag, AT(insecure), { "no-check" },
	  "do not verify the server's certificate" },
	{ 0, "ca", "FILE", GROUP_TLS, LAST, set_string, AT(ca), { "cacert" },
	  "trust the CA certificates in FILE (PEM) instead of the system's" },
	{ 0, "cert", "FILE", GROUP_TLS, LAST, set_string, AT(cert), { NULL },
	  "present the certificate in FILE (PEM)" },
	{ 0, "key", "FILE", GROUP_TLS, LAST, set_string, AT(key), { NULL },
	  "its private key (PEM), if --cert does not hold it" },

	{ 0, "connect-timeout", "S", GROUP_NETWORK, LAST, set_seconds, AT(connect_timeout_ms), { NULL },
	  "give up if not open after S seconds, 0: never (30)" },
	{ 'm', "max-time", "S", GROUP_NETWORK, LAST, set_seconds, AT(max_time_ms), { "timeout" },
	  "end after S seconds in all, 0: never" },

	{ 't', "text", NULL, GROUP_SENDING, LAST, set_text, 0, { NULL },
	  "send lines of input as text messages (default)" },
	{ 'b', "binary", NULL, GROUP_SENDING, LAST, set_binary, 0, { NULL },
	  "send input as binary messages, as it comes unless --input says how" },
	{ 0, "input", "FRAMING", GROUP_SENDING, LAST, option_set_framing, AT(input), { NULL },
	  "how messages lie in standard input: line, nul, whole, raw, length, hex, base64, json (line)" },
	{ '0', "null", NULL, GROUP_SENDING, LAST, option_set_null, 0, { "null-terminated" },
	  "end lines with NUL instead of a newline, in input and output" },
	{ 0, "separator", "BYTE", GROUP_SENDING, LAST, option_set_separator, 0, { NULL },
	  "end lines with the byte of this value instead, 0 to 255" },
	{ 0, "chunk-size", "SIZE", GROUP_SENDING, LAST, option_set_chunk_size, 0, { NULL },
	  "make a message of each SIZE bytes of raw input" },
	{ 0, "text-prefix", "TEXT", GROUP_SENDING, LAST, option_set_prefix, AT(text_prefix), { NULL },
	  "send lines that begin so as text, without it; print it before text messages" },
	{ 0, "binary-prefix", "TEXT", GROUP_SENDING, LAST, option_set_prefix, AT(binary_prefix), { NULL },
	  "the same for binary messages, which become lines" },
	{ 'x', "execute", "MSG", GROUP_SENDING, ADDS, add_string, AT(execute), { NULL },
	  "send MSG instead of standard input; repeatable" },
	{ 'f', "file", "FILE", GROUP_SENDING, ADDS, add_file, AT(files), { NULL },
	  "send FILE as one binary message, after those; repeatable" },

	{ 0, "output", "FRAMING", GROUP_RECEIVING, LAST, option_set_framing, AT(output), { NULL },
	  "how messages lie in standard output: the same (line)" },
	{ 0, "base64", NULL, GROUP_RECEIVING, LAST, set_flag, AT(base64), { NULL },
	  "binary messages are lines of Base64; of input, those with --binary-prefix" },
	{ 0, "base64-text", NULL, GROUP_RECEIVING, LAST, set_flag, AT(base64_text), { NULL },
	  "text messages are lines of Base64, in input too" },
	{ 'j', "json", NULL, GROUP_RECEIVING, LAST, option_set_json, 0, { NULL },
	  "print events as JSON, one a line" },
	{ 'J', "json-both", NULL, GROUP_RECEIVING, LAST, option_set_json_both, 0, { NULL },
	  "the same, and read commands as JSON from standard input" },
	{ 0, "binary-type", "arraybuffer|blob", GROUP_RECEIVING, LAST, set_binary_type, 0, { NULL },
	  "print binary messages, or save each as a file and print its name (arraybuffer)" },
	{ 0, "blob-dir", "DIR", GROUP_RECEIVING, LAST, set_blob_dir, 0, { NULL },
	  "save them in DIR instead of the current directory" },
	{ '1', "one", NULL, GROUP_RECEIVING, LAST, set_one, 0, { "one-message" },
	  "end after one message, as --count 1" },
	{ 0, "count", "N", GROUP_RECEIVING, LAST, set_count, 0, { NULL },
	  "end after N messages" },
	{ 0, "max-message", "SIZE", GROUP_RECEIVING, LAST, set_max_message, 0, { "max-ws-message-length" },
	  "longest message accepted, 0 for any (64M on a terminal and with -j)" },
	{ 'P', "show-ping-pong", NULL, GROUP_RECEIVING, LAST, set_flag, AT(show_ping_pong), { NULL },
	  "show the pings and pongs that arrive" },
	{ 0, "pretty", NULL, GROUP_RECEIVING, LAST, set_flag, AT(pretty), { NULL },
	  "lay out JSON in a session on a terminal" },
	{ 0, "raw", NULL, GROUP_RECEIVING, LAST, set_flag, AT(raw), { NULL },
	  "show text on a terminal as it came, whatever it does there" },
	{ 0, "images", "auto|always|never", GROUP_RECEIVING, LAST, set_when, AT(images), { NULL },
	  "draw images that come, where the terminal is known to (auto)" },
	{ 0, "color", "auto|always|never", GROUP_RECEIVING, LAST, set_when, AT(colour), { NULL },
	  "colour what goes to a terminal (auto)" },
	{ 0, "no-color", NULL, GROUP_RECEIVING, LAST, set_no_color, 0, { NULL },
	  "as --color never" },

	{ 'w', "wait", "S", GROUP_ENDING, LAST, set_wait, AT(wait_ms), { NULL },
	  "after the end of input, close once S seconds pass without a message (1)" },
	{ 'n', "no-close", NULL, GROUP_ENDING, LAST, set_no_close, 0, { NULL },
	  "the end of input closes nothing" },
	{ 'E', "exit-on-eof", NULL, GROUP_ENDING, LAST, set_exit_on_eof, 0, { NULL },
	  "close at once at the end of input" },
	{ 0, "close-code", "N", GROUP_ENDING, LAST, set_close_code, 0, { "close-status-code" },
	  "close with 1000 or a code from 3000 to 4999 (1000)" },
	{ 0, "close-reason", "TEXT", GROUP_ENDING, LAST, set_close_reason, 0, { NULL },
	  "give a reason with it, 123 bytes at most" },

	{ 0, "ping-interval", "S", GROUP_LIFE, LAST, set_seconds, AT(ping_interval_ms), { NULL },
	  "send a ping every S seconds" },
	{ 0, "ping-timeout", "S", GROUP_LIFE, LAST, set_seconds, AT(ping_timeout_ms), { NULL },
	  "end if nothing comes for S seconds after one" },
	{ 0, "no-pong", NULL, GROUP_LIFE, LAST, set_flag, AT(no_pong), { NULL },
	  "do not answer the pings that arrive" },
	{ 0, "reconnect", NULL, GROUP_LIFE, VALUE, set_reconnect, 0, { NULL },
	  "connect again when the connection is lost; =N: after N failures in a row no more" },
	{ 0, "reconnect-delay", "S", GROUP_LIFE, LAST, set_seconds, AT(reconnect_delay_ms), { NULL },
	  "wait S seconds before that, then twice as long each time up to a minute (1)" },
	{ 0, "wait-ready", "S", GROUP_LIFE, LAST, set_seconds, AT(wait_ready_ms), { NULL },
	  "try for S seconds until the server is up" },
	{ 0, "idle-timeout", "S", GROUP_LIFE, LAST, set_seconds, AT(idle_timeout_ms), { NULL },
	  "end if no message comes or goes for S seconds, or with --reconnect connect again" },

	{ 0, "expect", "TEXT", GROUP_EXPECTING, ADDS, option_set_expect, EXPECT_TEXT, { NULL },
	  "end with 0 once this message came, with 10 if it does not within -m; all of these repeat, in order" },
	{ 0, "expect-match", "ERE", GROUP_EXPECTING, ADDS, option_set_expect, EXPECT_MATCH, { NULL },
	  "likewise a message in which this extended regular expression matches" },
	{ 0, "expect-json", "JSON", GROUP_EXPECTING, ADDS, option_set_expect, EXPECT_JSON, { NULL },
	  "likewise one that is equal as JSON" },
	{ 0, "expect-pointer", "/PLACE[=VALUE]", GROUP_EXPECTING, ADDS, option_set_expect, EXPECT_POINTER, { NULL },
	  "likewise one with a value at this JSON Pointer" },
	{ 0, "expect-close", "CODE", GROUP_EXPECTING, ADDS, option_set_expect, EXPECT_CLOSE, { NULL },
	  "the server closes with this code" },
	{ 0, "expect-refused", "STATUS", GROUP_EXPECTING, ADDS, option_set_expect, EXPECT_REFUSED, { NULL },
	  "the server refuses the handshake with this status" },

	{ 'v', "verbose", NULL, GROUP_SEEING, ADDS, set_verbose, 0, { NULL },
	  "show the handshake and timings; -vv: every frame, too" },
	{ 0, "trace", "FILE", GROUP_SEEING, LAST, set_file_name, AT(trace), { NULL },
	  "write the handshake and every frame to FILE, with their times" },
	{ 0, "trace-hex", NULL, GROUP_SEEING, LAST, set_flag, AT(trace_hex), { NULL },
	  "show what is in frames as bytes there and with -vv" },
	{ 0, "record", "FILE", GROUP_SEEING, LAST, set_file_name, AT(record), { NULL },
	  "write what is said both ways to FILE: .har, .wst, else JSON lines" },
	{ 'T', "timestamps", NULL, GROUP_SEEING, LAST, set_flag, AT(timestamps), { NULL },
	  "tell when each message came, at the start of its line or in its event" },
	{ 'q', "quiet", NULL, GROUP_SEEING, LAST, set_flag, AT(quiet), { NULL },
	  "say nothing but errors" },
	{ 'h', "help", NULL, GROUP_SEEING, LAST, set_flag, AT(help), { NULL },
	  "print this help" },
	{ 'V', "version", NULL, GROUP_SEEING, LAST, set_flag, AT(version), { NULL },
	  "print the version" },

	{ 'l', "listen", "[ADDR:]PORT", GROUP_LISTENING, LAST, set_string, AT(listen), { NULL },
	  "accept connections, on loopback unless ADDR is given; port 0 takes a free one" },
	{ 0, "echo", NULL, GROUP_LISTENING, LAST, set_flag, AT(echo), { NULL },
	  "send every message back to its sender" },
	{ 0, "allow-origin", "ORIGIN", GROUP_LISTENING, ADDS, add_string, AT(origins), { NULL },
	  "let in web pages of this Origin, \"*\" of any; repeatable" },
	{ 0, "announce", NULL, GROUP_LISTENING, LAST, set_flag, AT(announce),
	  { "stdout-announce-listening-ports" },
	  "print the address listened on to standard output" },

	{ 0, NULL, NULL, N_GROUPS, LAST, NULL, 0, { NULL }, NULL },
};
/* clang-format on */

const struct endpoint_form endpoint_forms[] = {
	{ "ws://", "HOST[:PORT][/PATH]", "a server (also http://, or HOST alone)" },
	{ "wss://", "HOST[:PORT][/PATH]", "a server, by TLS (also https://)" },
	{ "ws-listen:", "[ADDR:]PORT[/PATH]", "clients that connect here (also -l)" },
	{ "wss-listen:", "[ADDR:]PORT[/PATH]", "the same by TLS, with --cert" },
	{ "mirror:", "", "an echo: sends back what it is sent" },
	{ "null:", "", "nothing: sends no message, drops what it is sent" },
	{ "-", "", "standard input and output" },
	{ NULL, NULL, NULL },
};

const char *
option_long_name(const struct option_row *row, size_t i)
{
	const size_t max = sizeof row->aliases / sizeof row->aliases[0];

	if (i == 0)
		return row->name;
	return i <= max ? row->aliases[i - 1] : NULL;
}

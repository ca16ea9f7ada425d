#ifndef WSX_H
#define WSX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A WebSocket (RFC 6455) with the interface of the browser's WebSocket object, and no I/O in it:
 * bytes from the peer go in, bytes for the peer come out, events are told to handlers. The host
 * owns the socket, the clock, the random source and the memory.
 *
 * A host in full:
 *   readable: read, wsx_receive();  at the end of the stream wsx_receive_eof()
 *   writable: wsx_pending(), write, wsx_sent();  on WSX_END shut down writing
 *   WSX_CLOSING: give the peer a few seconds, then wsx_receive_eof()
 *   wsx_ready_state() == WSX_CLOSED: close the socket, wsx_free()
 *
 * Functions returning int give WSX_OK (0) or more for success and a negative enum wsx_err
 * otherwise; the state is then as before the call. Text is UTF-8, sizes are bytes.
 */
struct wsx;

enum wsx_err {
	WSX_OK = 0,
	WSX_ERR_NOMEM = -1,
	WSX_ERR_STATE = -2, /* not allowed in this readyState (InvalidStateError) */
	WSX_ERR_ARGUMENT = -3, /* an argument has no valid form (SyntaxError, InvalidAccessError) */
	WSX_ERR_LIMIT = -4, /* a configured maximum would be passed */
	WSX_ERR_PROTOCOL = -5, /* the peer broke RFC 6455; it has been told, the events say how */
	WSX_ERR_RANDOM = -6, /* no random bytes for a mask key: nothing was sent, all has ended */
};

/* A few words for an enum wsx_err, never NULL. */
const char *wsx_strerror(int err);

enum wsx_role { WSX_CLIENT, WSX_SERVER };

/* readyState; it never goes back. */
enum wsx_ready_state { WSX_CONNECTING = 0, WSX_OPEN = 1, WSX_CLOSING = 2, WSX_CLOSED = 3 };

/* Its name as in the standard: "CONNECTING" and so on. */
const char *wsx_ready_state_name(enum wsx_ready_state state);

/* binaryType: a note kept for the host, which decides in what form it hands binary data on. */
enum wsx_binary_type { WSX_BLOB, WSX_ARRAYBUFFER };

/* Its name as in the standard: "blob" or "arraybuffer". */
const char *wsx_binary_type_name(enum wsx_binary_type type);

/* The kinds of message; the values are the opcodes of RFC 6455 5.2. */
enum wsx_type { WSX_TEXT = 1, WSX_BINARY = 2 };

/*
 * A message or a piece of one; it has at least one piece. A whole message is first and last at
 * once. Pieces say nothing of frames, may be empty, and may end inside a character of a text.
 * data is borrowed for the call.
 */
struct wsx_piece {
	enum wsx_type type; /* the same in all pieces of a message */
	bool first, last;
	const uint8_t *data;
	size_t n;
};

/* The most pieces a message event has, for a host that asks for batches. */
#define WSX_BATCH 64

/* Why a WebSocket failed; finer than the error event of the standard, which tells nothing. */
enum wsx_failure {
	WSX_FAIL_HANDSHAKE, /* the opening handshake was refused or wrong */
	WSX_FAIL_PROTOCOL, /* the peer broke the protocol, or text was not UTF-8 */
	WSX_FAIL_LIMIT, /* the peer passed a limit of ours */
	WSX_FAIL_LOCAL, /* no memory, no randomness */
};

struct wsx_close_event {
	uint16_t code; /* as received (RFC 6455 7.1.5); 1005 if it had none, 1006 if none came */
	const char *reason; /* UTF-8, borrowed, not NUL-terminated, peer's bytes: never print raw */
	size_t reason_n; /* at most 123 */
	bool was_clean; /* both Closes were exchanged before the connection ended */
};

enum wsx_direction { WSX_SENT, WSX_RECEIVED };

/*
 * A frame as it goes over the wire (RFC 6455 5.2), and the start of its payload, unmasked; that of
 * a compressed message is as compressed.
 */
struct wsx_frame {
	uint8_t opcode;
	bool fin;
	bool rsv1; /* the first frame of a compressed message */
	bool masked;
	uint64_t length;
	const uint8_t *data; /* borrowed for the call */
	size_t n; /* WSX_FRAME_START at most */
};

#define WSX_FRAME_START 64

/*
 * The four events and, beyond the standard, four that a diagnostic tool wants. Any may be NULL.
 * They are called only from inside the functions of the I/O half, in order; close comes exactly
 * once and last. A handler may send, ping and close; it must not call the I/O half or free.
 */
struct wsx_handlers {
	void (*open)(struct wsx *ws, void *arg);
	/* n is 1, with wsx_config.batch up to WSX_BATCH */
	void (*message)(struct wsx *ws, const struct wsx_piece *pieces, size_t n, void *arg);
	/* why is one line without its end; it may hold the peer's bytes: never print raw */
	void (*error)(struct wsx *ws, enum wsx_failure kind, const char *why, void *arg);
	void (*close)(struct wsx *ws, const struct wsx_close_event *event, void *arg);

	void (*ping)(struct wsx *ws, const uint8_t *data, size_t n, void *arg); /* answered by us */
	void (*pong)(struct wsx *ws, const uint8_t *data, size_t n, void *arg);
	/* a head of the opening handshake, with its last empty line; it may hold secrets */
	void (*head)(struct wsx *ws, enum wsx_direction dir, const char *p, size_t n, void *arg);
	/*
	 * A frame was queued, or the start of one came: before anything is told of what is in it.
	 * A Close sent on a failure is told too. Messages are handled one by one then.
	 */
	void (*frame)(
	    struct wsx *ws, enum wsx_direction dir, const struct wsx_frame *frame, void *arg);
};

/*
 * True for the name, of n bytes, of a field that belongs to the opening handshake itself or would
 * give the request a body: it can not be added.
 */
bool wsx_header_is_reserved(const char *name, size_t n);

/* A header field to add. A client's replaces the field of that name the core would have sent. */
struct wsx_header {
	const char *name;
	const char *value;
};

/*
 * permessage-deflate (RFC 7692). Zeroed it is neither offered nor accepted. Messages for which it
 * does not pay, by their size or a sample, are sent uncompressed. What wsx_receive() delivers is
 * then up to 1032 times the bytes it was given: wsx_pause() bounds it.
 */
struct wsx_deflate {
	bool enabled;
	int level; /* 1, the fastest, to 9; 0 for the usual 6 */
	int window_bits; /* 8 to 15, the most either side is to use; 0 for 15 */
	bool no_context_takeover; /* neither side is to refer to earlier messages */
	bool always; /* send every message compressed */
};

#define WSX_HOLD       ((size_t)64 << 10)
#define WSX_MAX_OUTPUT ((size_t)1 << 20)
#define WSX_DATE_LEN   29 /* "Sun, 06 Nov 1994 08:49:37 GMT" */

/*
 * Everything is borrowed until wsx_new() returns, except arg and what the functions need.
 * A zeroed one with url, random and the handlers set is a client as browsers are.
 */
struct wsx_config {
	enum wsx_role role;

	/* Client: where to. http and https stand for ws and wss; userinfo becomes Basic credentials. */
	const char *url;

	/* Client: subprotocols offered. Server: those served, the first that is offered wins. */
	const char *const *protocols;
	size_t n_protocols;

	/* Client: fields of the request. Server: fields of the 101. */
	const struct wsx_header *headers;
	size_t n_headers;

	struct wsx_deflate deflate;

	/* Server: the one path served, NULL for any; others get 404. */
	const char *path;

	/*
	 * Server: the Origins allowed, "*" for any. A request without Origin is no browser's and
	 * is allowed; one whose Origin is not listed gets 403 (RFC 6455 10.2).
	 */
	const char *const *origins;
	size_t n_origins;

	/* Server: the connection came by TLS, so the url is wss. */
	bool secure;

	/*
	 * Deliver each message whole, in one piece. Otherwise a message comes in pieces as it
	 * arrives once it is longer than WSX_HOLD bytes; shorter ones come whole either way, so
	 * that nothing is delivered of a short message that turns out invalid.
	 */
	bool whole;

	/*
	 * Tell messages that came together by one event, of pieces in order. What a handler does
	 * at one of them, a close or a pause, does not hold back those that are told with it.
	 */
	bool batch;

	/* The longest message accepted, 0 for no limit. Passing it fails with 1009. */
	uint64_t max_message;

	/* The most bytes queued for the peer, 0 for WSX_MAX_OUTPUT. */
	size_t max_output;

	/* Leave Pings unanswered, which the protocol does not allow: to see what the peer does then. */
	bool no_pong;

	/*
	 * The one difference from the standard: deliver messages that arrive after our own Close,
	 * up to the peer's. Browsers drop them; a tool would lose data.
	 */
	bool receive_while_closing;

	struct wsx_handlers handlers;
	void *arg; /* passed to the handlers and to the functions below */

	/* Fills p with n unpredictable bytes (RFC 6455 10.3): 0, or anything else on failure. */
	int (*random)(void *p, size_t n, void *arg);

	/* Memory in the manner of realloc(3): NULL p allocates, n == 0 frees. NULL: the C library's. */
	void *(*resize)(void *p, size_t n, void *arg);

	/*
	 * Server: writes the current time as an HTTP date (RFC 9110 5.6.7) to out, for the answers
	 * that refuse a request. NULL where the host has no clock.
	 */
	void (*date)(char out[WSX_DATE_LEN + 1], void *arg);

	/*
	 * Turns a host name that is not ASCII, n bytes of UTF-8, into its A-label form (UTS 46)
	 * in out, with a NUL. 0, or anything else where it has none. NULL: such names are refused.
	 */
	int (*to_ascii)(const char *name, size_t n, char *out, size_t max, void *arg);
};

/* Lifecycle. */

/*
 * A WebSocket in CONNECTING; a client's request is pending at once. WSX_ERR_ARGUMENT for a URL,
 * subprotocol or header that has no valid form; *why then names it, a static text.
 */
int wsx_new(const struct wsx_config *config, struct wsx **ws, const char **why);

/* Frees it in any state; NULL is allowed. No event is told. */
void wsx_free(struct wsx *ws);

/* The attributes of the standard. Text is borrowed and valid until wsx_free(). */

const char *wsx_url(const struct wsx *ws); /* serialized; "" for a server before the request */
const char *wsx_protocol(const struct wsx *ws); /* as selected; "" if none or before open */
const char *wsx_extensions(const struct wsx *ws); /* as negotiated; "" if none or before open */
enum wsx_ready_state wsx_ready_state(const struct wsx *ws);
uint64_t wsx_buffered_amount(const struct wsx *ws); /* payload bytes sent but not yet taken */
enum wsx_binary_type wsx_binary_type(const struct wsx *ws);
void wsx_set_binary_type(struct wsx *ws, enum wsx_binary_type type);

/* The URL without its userinfo: the one to show to people and write to files. */
const char *wsx_display_url(const struct wsx *ws);

/* Where a client's host is to connect. The name is without brackets, in ASCII, lower case. */
const char *wsx_host(const struct wsx *ws);
uint16_t wsx_port(const struct wsx *ws);
bool wsx_secure(const struct wsx *ws); /* over TLS */

/* What messages took so far, one way. Heads of frames and control frames do not count. */
struct wsx_traffic {
	uint64_t messages; /* complete ones */
	uint64_t payload; /* bytes of them, and of one under way, as they were sent or delivered */
	uint64_t wire; /* the same as they went over the wire: fewer if they were compressed */
};

struct wsx_traffic wsx_traffic(const struct wsx *ws, enum wsx_direction dir);

/* The status of the answer to a client's request, 0 before one came. */
int wsx_http_status(const struct wsx *ws);

/*
 * Client: the start, WSX_BODY_MAX bytes at most, of the body of an answer that refused the upgrade,
 * as far as it came. Valid until wsx_free(), complete once wsx_body_expected() is not true any more.
 */
#define WSX_BODY_MAX 4096
void wsx_body(const struct wsx *ws, const uint8_t **p, size_t *n);

/* True while more of it is to come: a host that wants it goes on reading, for a moment. */
bool wsx_body_expected(const struct wsx *ws);

/* The methods of the standard, and what goes with them. */

/*
 * Queue a whole message. WSX_ERR_STATE in CONNECTING; in CLOSING and CLOSED it is counted in
 * bufferedAmount and otherwise ignored. WSX_ERR_ARGUMENT for text that is not UTF-8.
 * WSX_ERR_LIMIT if it does not fit the output now: send pieces, or drain first.
 */
int wsx_send_text(struct wsx *ws, const void *data, size_t n);
int wsx_send_binary(struct wsx *ws, const void *data, size_t n);

/*
 * Queue n pieces of messages, each as one frame: all of them, or none on an error. Pieces of one
 * message follow each other; what they join to must be valid text if that is its type, which is
 * for the caller to have checked. Errors as above; WSX_ERR_ARGUMENT for a piece out of turn, a
 * whole message amid the pieces of another too.
 */
int wsx_send(struct wsx *ws, const struct wsx_piece *pieces, size_t n);

/*
 * Queue a Ping or an unsolicited Pong, 125 bytes at most (WSX_ERR_ARGUMENT). Only when OPEN.
 * WSX_ERR_LIMIT if it does not fit the output now.
 */
int wsx_ping(struct wsx *ws, const void *data, size_t n);
int wsx_pong(struct wsx *ws, const void *data, size_t n);

/*
 * close(): code 1000 or 3000-4999, or 0 for none; reason at most 123 bytes of UTF-8, and only
 * with a code: WSX_ERR_ARGUMENT otherwise. No effect in CLOSING and CLOSED. In CONNECTING the
 * WebSocket fails: the events come with wsx_receive_eof().
 */
int wsx_close(struct wsx *ws, uint16_t code, const char *reason, size_t n);

/*
 * The same for a host that goes away (1001) or was refused by something of its own: any code
 * that may stand on the wire.
 */
int wsx_close_for(struct wsx *ws, uint16_t code, const char *reason, size_t n);

/* The longest reason of a Close and payload of a Ping. */
#define WSX_MAX_REASON  123
#define WSX_MAX_CONTROL 125

/* The I/O half. */

/*
 * Bytes from the peer, all of them taken. They are scratch: a server unmasks them in place.
 * WSX_ERR_PROTOCOL or WSX_ERR_NOMEM once the WebSocket has failed; further bytes are ignored.
 */
int wsx_receive(struct wsx *ws, uint8_t *p, size_t n);

/*
 * Deliver nothing more, from a message handler or from outside: for a host that can not take it
 * now. What was received and not looked at is kept until wsx_resume(), which goes on with it and
 * may find itself paused again; a host stops reading meanwhile. The message at hand may still
 * give one piece of at most WSX_HOLD bytes. All else that was received waits too, Pings for one.
 */
void wsx_pause(struct wsx *ws);
int wsx_resume(struct wsx *ws); /* returns what wsx_receive() does */
bool wsx_is_paused(const struct wsx *ws);

/*
 * The stream from the peer ended or the host gave it up: the last call; tells close. What a
 * pause holds back is lost.
 */
void wsx_receive_eof(struct wsx *ws);

/*
 * Bytes for the peer: sets *p and *n and returns 1, 0 if there are none now, or WSX_END if all
 * have gone and none will follow: the host shuts down writing (RFC 6455 7.1.1). *p holds until
 * the next call that takes a non-const ws.
 */
int wsx_pending(struct wsx *ws, const uint8_t **p, size_t *n);
#define WSX_END 2

/* The first n pending bytes were taken by the transport. Tells head() of a client's request. */
void wsx_sent(struct wsx *ws, size_t n);

/*
 * True once nothing the peer sends counts any more and only the end of the stream is awaited:
 * give it a few seconds. (In CLOSING before that, messages may still come, and the peer's Close.)
 */
bool wsx_close_expected(const struct wsx *ws);

/* Room left in the output: a piece of n bytes fits for sure if WSX_PIECE_ROOM(n) is not more. */
size_t wsx_output_room(const struct wsx *ws);
#define WSX_PIECE_ROOM(n) ((n) + (n) / 8 + (n) / 128 + 78)

/* Codes of RFC 6455 7.4.1 and the IANA registry. */
enum wsx_close_code {
	WSX_CLOSE_NORMAL = 1000,
	WSX_CLOSE_GOING_AWAY = 1001,
	WSX_CLOSE_PROTOCOL_ERROR = 1002,
	WSX_CLOSE_UNSUPPORTED_DATA = 1003,
	WSX_CLOSE_NO_STATUS = 1005, /* never on the wire */
	WSX_CLOSE_ABNORMAL = 1006, /* never on the wire */
	WSX_CLOSE_INVALID_DATA = 1007,
	WSX_CLOSE_POLICY = 1008,
	WSX_CLOSE_TOO_BIG = 1009,
	WSX_CLOSE_INTERNAL_ERROR = 1011,
};

/* The name of a close code in words ("going away"), "" for one without. */
const char *wsx_close_name(uint16_t code);

#endif

/*
 * server [CERT KEY]: the server wsx and its peers are measured with, by TLS if it is given a
 * certificate. Prints the port it listens on, and a line of JSON about each connection that has
 * ended. One thread for each client. server.h says what it does.
 */
#include "server.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

static const struct {
	const char *name;
	void (*serve)(struct session *s);
} roles[] = {
	{ "sink", serve_sink },
	{ "raw-sink", serve_raw_sink },
	{ "source", serve_source },
	{ "raw-source", serve_raw_source },
	{ "bomb", serve_bomb },
	{ "echo", serve_echo },
	{ "raw-echo", serve_raw_echo },
};

struct client {
	int fd;
	struct ssl_ctx_st *tls;
};

int
session_close(struct session *s)
{
	static const uint8_t normal[] = { 0x88, 2, 1000 >> 8, 1000 & 255 }, bare[] = { 0x88, 0 };

	if (strcmp(s->order.extra, "bare") == 0)
		return s->link.write(&s->link, bare, sizeof bare);
	return s->link.write(&s->link, normal, sizeof normal);
}

void
session_closed(struct session *s, struct frame *f)
{
	uint8_t body[2];

	s->code = 1005;
	if (frames_payload(&s->in, f, body, sizeof body) == sizeof body)
		s->code = (unsigned)body[0] << 8 | body[1];
}

/* The accept value for the key in `head`, which is 28 characters and a NUL; false without a key. */
static bool
accept_value(const char *head, unsigned char value[29])
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char digest[SHA_DIGEST_LENGTH];
	char text[24 + sizeof guid];
	const char *key = strcasestr(head, "\r\nSec-WebSocket-Key:");

	if (key == NULL || sscanf(key, "%*[^:]: %24s", text) != 1)
		return false;
	strcat(text, guid);
	SHA1((const unsigned char *)text, strlen(text), digest);
	EVP_EncodeBlock(value, digest, sizeof digest);
	return true;
}

static bool
read_order(struct order *o, const char *head)
{
	return sscanf(head, "GET /%15[a-z-]/%15[a-z]/%zu/%" SCNu64 "/%15[a-z]/%15[a-z]", o->role,
		   o->kind, &o->size, &o->count, o->form, o->extra) >= 5;
}

/* The opening handshake: 0, or -1. */
static int
shake_hands(struct session *s)
{
	char head[8192], answer[512];
	unsigned char value[29] = "";
	int n;

	if (frames_http(&s->in, head, sizeof head) != 0 || !read_order(&s->order, head))
		return -1;
	if (!accept_value(head, value) && strncmp(s->order.role, "raw-", 4) != 0)
		return -1;
	s->text = strcmp(s->order.form, "text") == 0;
	s->newline = strcmp(s->order.extra, "newline") == 0;
	s->deflate = strcmp(s->order.extra, "deflate") == 0 &&
		     strcasestr(head, "permessage-deflate") != NULL;
	n = snprintf(answer, sizeof answer,
	    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: %s\r\n%s\r\n",
	    (const char *)value,
	    s->deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "");
	return s->link.write(&s->link, answer, (size_t)n);
}

/* The processor time of this thread. */
static double
busy(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
report(const struct session *s)
{
	printf("{\"role\": \"%s\", \"fault\": \"%s\", \"deflate\": %s, \"messages\": %" PRIu64
	       ", \"payload\": %" PRIu64 ", \"wire\": %" PRIu64 ", \"code\": %u, \"cpu\": %.6f}\n",
	    s->order.role, s->fault != NULL ? s->fault : "", s->deflate ? "true" : "false",
	    s->messages, s->payload, s->in.taken, s->code, busy());
	fflush(stdout);
}

static void
serve(struct session *s)
{
	if (shake_hands(s) != 0) {
		s->fault = "no handshake";
		return;
	}
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (strcmp(s->order.role, roles[i].name) == 0) {
			roles[i].serve(s);
			return;
		}
	s->fault = "no such role";
}

static void *
run(void *argument)
{
	struct client client = *(struct client *)argument;
	struct session *s = calloc(1, sizeof *s);

	free(argument);
	if (s == NULL)
		abort();
	link_plain(&s->link, client.fd);
	s->in.link = &s->link;
	if (client.tls != NULL && link_tls_accept(&s->link, client.tls) != 0)
		s->fault = "no TLS";
	else
		serve(s);
	if (s->fault == NULL) {
		s->link.finish(&s->link);
		link_drain(&s->link);
	}
	s->link.close(&s->link);
	report(s);
	free(s);
	return NULL;
}

static void
start(int fd, struct ssl_ctx_st *tls)
{
	struct client *client = malloc(sizeof *client);
	pthread_t thread;

	if (client == NULL)
		abort();
	*client = (struct client){ fd, tls };
	if (pthread_create(&thread, NULL, run, client) != 0)
		abort();
	pthread_detach(thread);
}

int
main(int argc, char **argv)
{
	struct ssl_ctx_st *tls = NULL;
	uint16_t port;
	int listener, fd;

	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (argc == 3 && (tls = link_tls_server(argv[1], argv[2])) == NULL)
		return 1;
	if ((argc != 1 && argc != 3) || (listener = link_listen(&port)) < 0)
		return 2;
	printf("%u\n", port);
	fflush(stdout);
	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		start(fd, tls);
	return 1;
}

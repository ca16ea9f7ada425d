#ifndef CMD_SPEC_H
#define CMD_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An endpoint as it is named on the command line: "wss://h/", "ws-listen:8080/chat", "-". */

enum spec_kind { SPEC_WS, SPEC_LISTEN, SPEC_STDIO, SPEC_MIRROR, SPEC_NULL };

struct spec {
	enum spec_kind kind;
	bool secure; /* ws, listen: over TLS */
	char *url; /* ws: the URL, a scheme added if there was none */
	char *addr; /* listen: numeric address, NULL for loopback */
	uint16_t port;
	char *path; /* listen: the one path to serve, NULL for any */
};

/* Reads an endpoint. 0, or -1 with one line in why. spec_clear() in both cases. */
int spec_parse(struct spec *spec, const char *text, char *why, size_t n);

/* The same for what -l takes: [ADDR:]PORT[/PATH]. */
int spec_parse_listen(struct spec *spec, const char *text, bool secure, char *why, size_t n);

void spec_clear(struct spec *spec);

#endif

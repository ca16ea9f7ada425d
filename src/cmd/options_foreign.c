/* What wscat, websocat and curl have under other names: the hint in the error for it. */

#include <string.h>

#include "cmd/options_table.h"

static const struct foreign {
	const char *name; /* one letter, or a long name */
	const char *hint;
} foreign[] = {
	{ "slash", "commands need no option here: /help lists them" },
	{ "auth", "credentials go into the URL: ws://USER:PASSWORD@HOST/" },
	{ "basic-auth", "credentials go into the URL: ws://USER:PASSWORD@HOST/" },
	{ "user", "credentials go into the URL: ws://USER:PASSWORD@HOST/" },
	{ "u", "credentials go into the URL: ws://USER:PASSWORD@HOST/" },
	{ "host", "say -H 'Host: NAME'" },
	{ "proxy", "proxies are not supported by this version" },
	{ "L", "redirects are not followed: give the URL that they lead to" },
	{ "location", "redirects are not followed: give the URL that they lead to" },
	{ "max-redirects", "redirects are not followed: give the URL that they lead to" },
	{ "passphrase", "the key must not be encrypted: openssl pkey -in KEY -out PLAIN" },
	{ "p", "the version of the protocol is 13; a subprotocol is -s NAME" },
	{ "websocket-version", "the version of the protocol is 13" },
	{ "B", "there is no buffer to size: messages of any length pass" },
	{ "buffer-size", "there is no buffer to size: messages of any length pass" },
	{ "U", "to print what comes and send nothing, say </dev/null" },
	{ "unidirectional", "to print what comes and send nothing, say </dev/null" },
	{ "u-reverse", "to send and print nothing, say >/dev/null" },
	{ "unidirectional-reverse", "to send and print nothing, say >/dev/null" },
	{ "S", "a message is never split or merged" },
	{ "strict", "a message is never split or merged" },
	{ "jsonrpc", "give the request as it is: -x '{\"jsonrpc\":\"2.0\",...}'" },
	{ "linemode-strip-newlines", "newlines are stripped without it" },
	{ "async-stdio", "it is not needed: nothing here blocks" },
	{ "no-async-stdio", "it is not needed: nothing here blocks" },
	{ "no-line", "say --input raw --output raw" },
	{ "no-fixups", "endpoints are taken as they are" },
	{ "compress-deflate", "compression is on; --no-compress turns it off" },
	{ "print-ping-rtts", "-v -P shows Pongs, --trace when each came" },
	{ "autoreconnect", "say --reconnect" },
	{ "autoreconnect-delay-millis", "say --reconnect-delay S" },
	{ "inhibit-pongs", "say --no-pong" },
	{ "data", "say -x MSG" },
	{ "d", "say -x MSG" },
};

const char *
option_foreign_hint(struct span name)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (span_eq(name, span_str(foreign[i].name)))
			return foreign[i].hint;
	return NULL;
}

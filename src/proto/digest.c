#include "proto/digest.h"

#include <assert.h>
#include <string.h>

#include "base/base64.h"
#include "base/sha1.h"

static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455 1.3 */

void
digest_accept(struct span key, char out[DIGEST_ACCEPT_LEN + 1])
{
	char text[DIGEST_KEY_LEN + sizeof guid - 1];
	uint8_t digest[SHA1_LEN];

	assert(key.n == DIGEST_KEY_LEN);
	memcpy(text, key.p, DIGEST_KEY_LEN);
	memcpy(text + DIGEST_KEY_LEN, guid, sizeof guid - 1);
	sha1(text, sizeof text, digest);
	base64_encode(out, digest, sizeof digest);
}

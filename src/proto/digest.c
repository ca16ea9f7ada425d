/*
 * The digest is asked of the low-level functions on purpose: SHA-1 proves nothing here, it only
 * shows that the peer read the key, and EVP would load the providers, a third of what a short
 * run takes in time and memory, and refuse where policy forbids SHA-1 for signatures.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "proto/digest.h"

#include <openssl/sha.h>

#include "base/base64.h"

static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455 1.3 */

void
digest_accept(struct span key, char out[DIGEST_ACCEPT_LEN + 1])
{
	uint8_t md[SHA_DIGEST_LENGTH];
	SHA_CTX ctx;

	SHA1_Init(&ctx);
	SHA1_Update(&ctx, key.p, key.n);
	SHA1_Update(&ctx, guid, sizeof guid - 1);
	SHA1_Final(md, &ctx);
	base64_encode(out, md, sizeof md);
}

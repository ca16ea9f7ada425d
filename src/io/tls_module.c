#include "io/tls_module.h"

#include <openssl/crypto.h>

#include "io/tls_int.h"

static const char *
library(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}

const struct tls_module wsx_tls_module = {
	.version = WSX_VERSION,
	.library = library,
	.ctx_new = openssl_ctx_new,
	.ctx_free = openssl_ctx_free,
	.stream_new = openssl_stream_new,
	.handshake = openssl_handshake,
	.summary = openssl_summary,
	.certificate = openssl_certificate,
	.distrusts = openssl_distrusts,
	.refused_us = openssl_refused_us,
};

#include "io/tls.h"

#include <assert.h>

#include "io/tls_module.h"

const char *
tls_library(const struct tls_module *module)
{
	return module->library();
}

int
tls_ctx_new(const struct tls_module *module, const struct tls_config *config, struct tls_ctx **ctx,
    char *why, size_t n)
{
	return module->ctx_new(config, ctx, why, n);
}

void
tls_ctx_free(struct tls_ctx *ctx)
{
	if (ctx != NULL)
		ctx->module->ctx_free(ctx);
}

int
tls_stream_new(struct tls_ctx *ctx, int fd, const char *name, struct stream **s)
{
	return ctx->module->stream_new(ctx, fd, name, s);
}

static const struct tls_module *
module_of(const struct stream *s)
{
	assert(tls_is_stream(s));
	return s->ops->tls;
}

int
tls_handshake(struct stream *s)
{
	return module_of(s)->handshake(s);
}

const char *
tls_summary(const struct stream *s)
{
	return module_of(s)->summary(s);
}

const char *
tls_certificate(const struct stream *s, char out[TLS_CERTIFICATE_MAX])
{
	out[0] = '\0';
	module_of(s)->certificate(s, out, TLS_CERTIFICATE_MAX);
	return out;
}

bool
tls_distrusts(const struct stream *s)
{
	return module_of(s)->distrusts(s);
}

bool
tls_refused_us(const struct stream *s)
{
	return tls_is_stream(s) && module_of(s)->refused_us(s);
}

bool
tls_is_stream(const struct stream *s)
{
	return s->ops->tls != NULL;
}

#ifndef IO_TLS_MODULE_H
#define IO_TLS_MODULE_H

#include "io/tls.h"

/*
 * What does the work of tls.h. It is a table, so that OpenSSL is loaded by the runs alone that
 * need it: linked into the program or a shared object of its own, which exports the one symbol
 * wsx_tls_module.
 */
struct tls_module {
	const char *version; /* WSX_VERSION: both sides of this table are of one build */
	const char *(*library)(void);
	int (*ctx_new)(const struct tls_config *config, struct tls_ctx **ctx, char *why, size_t n);
	void (*ctx_free)(struct tls_ctx *ctx);
	int (*stream_new)(struct tls_ctx *ctx, int fd, const char *name, struct stream **s);

	/* On its own streams only. */
	int (*handshake)(struct stream *s);
	const char *(*summary)(const struct stream *s);
	void (*certificate)(const struct stream *s, char *out, size_t n);
	bool (*distrusts)(const struct stream *s);
	bool (*refused_us)(const struct stream *s);
};

extern const struct tls_module wsx_tls_module;

/* The module's own struct begins with this. */
struct tls_ctx {
	const struct tls_module *module;
};

#endif

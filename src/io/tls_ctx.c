#include "io/tls_int.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "base/ascii.h"

/* Where to say what is wrong. */
struct sink {
	char *why;
	size_t n;
};

static int
say(const struct sink *s, const char *words)
{
	snprintf(s->why, s->n, "%s", words);
	return -1;
}

static int
say_nomem(const struct sink *s)
{
	return say(s, "out of memory");
}

/* The errno in OpenSSL's queue, 0 if there is none: a file that is not there, for one. */
static int
queued_errno(void)
{
	unsigned long e;

	while ((e = ERR_get_error()) != 0)
		if (ERR_SYSTEM_ERROR(e))
			return ERR_GET_REASON(e);
	return 0;
}

/* OpenSSL reads a directory as an empty file. */
static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* OpenSSL could not use the file, in which something was wanted. */
static int
say_file(const struct sink *s, const char *file, const char *wanted)
{
	unsigned long e = ERR_peek_error();
	int lib = ERR_GET_LIB(e), error;
	char words[128];

	tls_why_code(e, words, sizeof words);
	if ((error = queued_errno()) == 0 && is_directory(file))
		error = EISDIR;
	if (error != 0) {
		snprintf(s->why, s->n, "cannot read %s: %s", file, strerror(error));
	} else if (lib == ERR_LIB_SSL) {
		/* well formed, but refused by the system's policy: a key that is too small */
		snprintf(s->why, s->n, "cannot use %s: %s", file, words);
	} else {
		snprintf(s->why, s->n, "%s holds no %s in PEM form", file, wanted);
	}
	return -1;
}

/* The default would ask on the terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static int
load_key(SSL_CTX *ssl, const char *cert, const char *key, const struct sink *s)
{
	bool asked = false;
	int r;

	SSL_CTX_set_default_passwd_cb(ssl, no_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(ssl, &asked);
	r = SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM);
	SSL_CTX_set_default_passwd_cb_userdata(ssl, NULL);
	if (r == 1 && SSL_CTX_check_private_key(ssl) == 1)
		return 0;
	if (asked) {
		snprintf(s->why, s->n, "the key %s is protected by a passphrase", key);
		return -1;
	}
	if (r == 1 || ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509) {
		snprintf(s->why, s->n, "key %s does not belong to the certificate %s", key, cert);
		return -1;
	}
	return say_file(s, key, "private key");
}

static int
load_certificate(SSL_CTX *ssl, const struct tls_config *c, const struct sink *s)
{
	if (c->cert == NULL)
		return c->server ? say(s, "a TLS server needs a certificate") : 0;
	if (SSL_CTX_use_certificate_chain_file(ssl, c->cert) != 1)
		return say_file(s, c->cert, "certificate");
	return load_key(ssl, c->cert, c->key != NULL ? c->key : c->cert, s);
}

/* True for the names by which certificates are found in a directory: "8d33f237.0". */
static bool
is_hashed_name(const char *name)
{
	int i = 0;

	while (i < 8 && ascii_hex_value(name[i]) >= 0)
		i++;
	return i == 8 && name[8] == '.' && ascii_is_digit(name[9]);
}

static bool
has_hashed_names(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	bool found = false;

	if (dir == NULL)
		return false;
	while (!found && (e = readdir(dir)) != NULL)
		found = is_hashed_name(e->d_name);
	closedir(dir);
	return found;
}

/* The value of an environment variable OpenSSL gives a name to; NULL for none or an empty one. */
static const char *
from_env(const char *name)
{
	const char *value = secure_getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/*
 * The certificates of the system, by the variables and default places of OpenSSL. A directory
 * is read only as certificates are looked for, in no time; the file with all of them takes
 * tens of milliseconds, and so is left alone where the directory is there in its stead.
 */
static int
trust_system(X509_STORE *store, const struct sink *s)
{
	const char *file = from_env(X509_get_default_cert_file_env());
	const char *dir = from_env(X509_get_default_cert_dir_env());
	bool hashed = dir != NULL;

	/* what a user names is instead of the system's, not beside it */
	if (dir == NULL && file == NULL) {
		dir = X509_get_default_cert_dir();
		hashed = has_hashed_names(dir);
	}
	if (hashed && X509_STORE_load_path(store, dir) != 1)
		return say_nomem(s);
	if (file != NULL)
		return X509_STORE_load_file(store, file) == 1 ? 0
							      : say_file(s, file, "certificate");
	/* A system without any is told of by each certificate not being trusted. */
	if (!hashed && X509_STORE_load_file(store, X509_get_default_cert_file()) != 1)
		ERR_clear_error();
	return 0;
}

static int
set_trust(SSL_CTX *ssl, const struct tls_config *c, const struct sink *s)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ssl);

	if (c->server || c->insecure) {
		SSL_CTX_set_verify(ssl, SSL_VERIFY_NONE, NULL);
		return 0;
	}
	if (c->ca == NULL)
		return trust_system(store, s);
	/* What the user names is trusted as it is, though it be not the chain's root. */
	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	if (X509_STORE_load_file(store, c->ca) != 1)
		return say_file(s, c->ca, "certificate");
	return 0;
}

/* The one protocol we offer and serve, as on the wire (RFC 7301). */
static const unsigned char alpn[] = "\x08http/1.1";
enum { ALPN_N = sizeof alpn - 1 };

/* RFC 7301 3.2: without a protocol in common the server says so and ends. */
static int
select_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
    unsigned int n, void *arg)
{
	unsigned int i = 0;

	(void)ssl;
	(void)arg;
	while (i < n && in[i] < n - i) {
		if (in[i] == alpn[0] && memcmp(in + i, alpn, ALPN_N) == 0) {
			*out = in + i + 1;
			*out_n = in[i];
			return SSL_TLSEXT_ERR_OK;
		}
		i += in[i] + 1u;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static int
set_alpn(SSL_CTX *ssl, bool server)
{
	if (server) {
		SSL_CTX_set_alpn_select_cb(ssl, select_alpn, NULL);
		return 0;
	}
	return SSL_CTX_set_alpn_protos(ssl, alpn, ALPN_N); /* 0 on success */
}

/* Four records as long as TLS 1.3 has them, with a header and a tag each. */
enum { READ_ROOM = 4 * (5 + SSL3_RT_MAX_PLAIN_LENGTH + 1 + 16) };

static int
set_up(SSL_CTX *ssl, const struct tls_config *c, const struct sink *s)
{
	/* The system's policy may ask for more than we do. */
	if (SSL_CTX_get_min_proto_version(ssl) < TLS1_2_VERSION &&
	    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) != 1)
		return say(s, "this OpenSSL has no TLS 1.2");
	SSL_CTX_clear_options(ssl, SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_options(ssl, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
	if (c->server) /* has many, and most are idle */
		SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
	/* One system call for many records, not two for each. */
	SSL_CTX_set_read_ahead(ssl, 1);
	SSL_CTX_set_default_read_buffer_len(ssl, READ_ROOM);
	/*
	 * Nothing here resumes sessions. Tickets a client leaves unread would reset the
	 * connection as it closes, and what it had sent would be lost.
	 */
	SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(ssl, 0);
	if (set_alpn(ssl, c->server) != 0)
		return say_nomem(s);
	if (load_certificate(ssl, c, s) != 0)
		return -1;
	return set_trust(ssl, c, s);
}

int
openssl_ctx_new(const struct tls_config *config, struct tls_ctx **ctx, char *why, size_t n)
{
	const struct sink sink = { why, n };
	struct openssl_ctx *c = calloc(1, sizeof *c);

	if (c == NULL)
		return say_nomem(&sink);
	c->ctx.module = &wsx_tls_module;
	c->holders = 1;
	c->server = config->server;
	c->insecure = config->insecure;
	ERR_clear_error();
	c->ssl = SSL_CTX_new(config->server ? TLS_server_method() : TLS_client_method());
	c->socket = tls_socket_method();
	if (c->ssl == NULL || c->socket == NULL) {
		say(&sink, "OpenSSL can not be used");
		openssl_ctx_release(c);
		return -1;
	}
	if (set_up(c->ssl, config, &sink) != 0) {
		openssl_ctx_release(c);
		return -1;
	}
	*ctx = &c->ctx;
	return 0;
}

void
openssl_ctx_release(struct openssl_ctx *ctx)
{
	assert(ctx->holders > 0);
	if (--ctx->holders > 0)
		return;
	SSL_CTX_free(ctx->ssl);
	BIO_meth_free(ctx->socket);
	free(ctx);
}

void
openssl_ctx_free(struct tls_ctx *ctx)
{
	openssl_ctx_release((struct openssl_ctx *)ctx);
}

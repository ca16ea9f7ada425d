#include "certs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static void
must(int held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "certs: %s failed\n", what);
	abort();
}

static FILE *
open_file(const struct certs *c, const char *name, char path[96])
{
	FILE *f;

	must(snprintf(path, 96, "%s/%s", c->dir, name) < 96, "a path");
	f = fopen(path, "w");
	must(f != NULL, path);
	return f;
}

static void
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(e != NULL && X509_add_ext(cert, e, -1) == 1, value);
	X509_EXTENSION_free(e);
}

/* Without an issuer it is signed by its own key. */
static X509 *
make(const struct cert_spec *spec, bool ca, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	static int serial = 1;
	const char *cn = spec->cn != NULL ? spec->cn : "test";
	X509 *cert = X509_new();
	X509_NAME *name;

	must(cert != NULL, "X509_new");
	name = X509_get_subject_name(cert);
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
	X509_time_adj_ex(
	    X509_getm_notBefore(cert), spec->from_day != 0 ? spec->from_day : -1, 0, NULL);
	X509_time_adj_ex(X509_getm_notAfter(cert), spec->to_day != 0 ? spec->to_day : 30, 0, NULL);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	X509_set_issuer_name(cert, issuer != NULL ? X509_get_subject_name(issuer) : name);
	X509_set_pubkey(cert, key);
	add_extension(cert, issuer != NULL ? issuer : cert, NID_basic_constraints,
	    ca ? "critical,CA:TRUE" : "CA:FALSE");
	if (spec->san != NULL)
		add_extension(cert, cert, NID_subject_alt_name, spec->san);
	must(X509_sign(cert, issuer != NULL ? issuer_key : key, EVP_sha256()) > 0, "X509_sign");
	return cert;
}

void
certs_init(struct certs *c)
{
	static const struct cert_spec ca = { .cn = "Test Authority" };
	FILE *f;

	snprintf(c->dir, sizeof c->dir, "/tmp/wsx-certs-XXXXXX");
	must(mkdtemp(c->dir) != NULL, "mkdtemp");
	c->issuer_key = EVP_EC_gen("P-256");
	must(c->issuer_key != NULL, "EVP_EC_gen");
	c->issuer = make(&ca, true, c->issuer_key, NULL, NULL);
	f = open_file(c, "ca.pem", c->ca);
	PEM_write_X509(f, c->issuer);
	fclose(f);
}

void
certs_clear(struct certs *c)
{
	DIR *dir = opendir(c->dir);
	const struct dirent *e;

	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	rmdir(c->dir);
	X509_free(c->issuer);
	EVP_PKEY_free(c->issuer_key);
}

void
certs_make(struct certs *c, const char *name, const struct cert_spec *spec, char path[96])
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *issuer = spec->signer == BY_CA ? c->issuer : NULL;
	X509 *cert = make(spec, false, key, issuer, c->issuer_key);
	FILE *f = open_file(c, name, path);

	PEM_write_X509(f, cert);
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	X509_free(cert);
	EVP_PKEY_free(key);
}

void
certs_key(struct certs *c, const char *name, const char *passphrase, char path[96])
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	FILE *f = open_file(c, name, path);

	PEM_write_PKCS8PrivateKey(f, key, passphrase != NULL ? EVP_aes_128_cbc() : NULL, passphrase,
	    passphrase != NULL ? (int)strlen(passphrase) : 0, NULL, NULL);
	fclose(f);
	EVP_PKEY_free(key);
}

void
certs_text(struct certs *c, const char *name, const char *text, char path[96])
{
	FILE *f = open_file(c, name, path);

	fputs(text, f);
	fclose(f);
}

void
certs_hash(struct certs *c)
{
	char path[96];

	snprintf(path, sizeof path, "%s/%08lx.0", c->dir, X509_subject_name_hash(c->issuer));
	must(symlink(c->ca, path) == 0, "symlink");
}

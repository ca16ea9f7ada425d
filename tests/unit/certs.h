#ifndef CERTS_H
#define CERTS_H

#include <stdbool.h>

#include <openssl/x509.h>

/* Certificates for tests, made on the spot, as PEM files in a folder of their own. */
struct certs {
	char dir[64];
	char ca[96]; /* the authority's certificate */
	X509 *issuer;
	EVP_PKEY *issuer_key;
};

struct cert_spec {
	const char *san; /* as in "DNS:h.example,IP:127.0.0.1"; NULL for none */
	const char *cn; /* NULL: "test" */
	int from_day, to_day; /* from today, 0: -1 and 30 */
	enum { BY_CA, BY_ITSELF } signer;
};

void certs_init(struct certs *c);
void certs_clear(struct certs *c); /* deletes the files */

/* Writes NAME.pem, the certificate and its key, and gives its path, which holds as long as c. */
void certs_make(struct certs *c, const char *name, const struct cert_spec *spec, char path[96]);

/* Writes NAME.pem with another key, protected by a passphrase if there is one. */
void certs_key(struct certs *c, const char *name, const char *passphrase, char path[96]);

/* Writes text as NAME. */
void certs_text(struct certs *c, const char *name, const char *text, char path[96]);

/* Makes the authority's certificate one that OpenSSL finds in the folder. */
void certs_hash(struct certs *c);

#endif

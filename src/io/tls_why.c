#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "io/tls_int.h"
#include "io/why.h"

enum { NAMES_SHOWN = 3, WORDS = 128 };

static void __attribute__((format(printf, 2, 3))) say(struct tls *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->stream.error, sizeof t->stream.error, fmt, ap);
	va_end(ap);
}

void
tls_why_code(unsigned long code, char *out, size_t n)
{
	const char *reason = ERR_reason_error_string(code);

	why_words(reason != NULL ? reason : "unknown error", out, n);
}

/* Certificates. */

static void
put_date(const ASN1_TIME *time, char *out, size_t n)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1 || strftime(out, n, "%Y-%m-%d", &tm) == 0)
		snprintf(out, n, "no date");
}

static void
say_date(struct tls *t, const char *what, const ASN1_TIME *time)
{
	char date[32];

	put_date(time, date, sizeof date);
	say(t, "%s (%s)", what, date);
}

/* The name of whoever signed the certificate; nothing if it tells none. */
static void
add_issuer(const char *before, const X509 *cert, const char *after, char *out, size_t max)
{
	const X509_NAME *issuer = X509_get_issuer_name(cert);
	int i = X509_NAME_get_index_by_NID(issuer, NID_commonName, -1);
	unsigned char *utf8;
	int n;

	if (i < 0)
		return;
	n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(issuer, i)));
	if (n < 0)
		return;
	why_add(out, max, "%s%.*s%s", before, n < 64 ? n : 64, (const char *)utf8, after);
	OPENSSL_free(utf8);
}

/* True if it names a host or address; then it has been added. */
static bool
add_san(const GENERAL_NAME *name, const char *before, char *out, size_t max)
{
	char address[INET6_ADDRSTRLEN];
	int type, n;
	const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);

	if (type == GEN_DNS) {
		n = ASN1_STRING_length(value);
		why_add(out, max, "%sDNS:%.*s", before, n < 64 ? n : 64,
		    (const char *)ASN1_STRING_get0_data(value));
		return true;
	}
	if (type != GEN_IPADD)
		return false;
	n = ASN1_STRING_length(value);
	if ((n != 4 && n != 16) ||
	    inet_ntop(n == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(value), address,
		sizeof address) == NULL)
		return false;
	why_add(out, max, "%sIP:%s", before, address);
	return true;
}

/* The hosts and addresses a certificate is for: false if there are none. */
static bool
add_names(const X509 *cert, char *out, size_t max)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	int n = names != NULL ? sk_GENERAL_NAME_num(names) : 0;
	int shown = 0, i = 0;

	for (; i < n && shown < NAMES_SHOWN; i++)
		if (add_san(sk_GENERAL_NAME_value(names, i), shown > 0 ? ", " : "", out, max))
			shown++;
	if (shown > 0 && i < n)
		why_add(out, max, " and %d more", n - i);
	GENERAL_NAMES_free(names);
	return shown > 0;
}

static void
say_names(struct tls *t, const X509 *cert)
{
	say(t, "certificate is for ");
	if (add_names(cert, t->stream.error, sizeof t->stream.error))
		why_add(t->stream.error, sizeof t->stream.error, ", not %s", t->name);
	else
		say(t, "certificate has no subjectAltName, so it is not for %s", t->name);
}

void
tls_why_describe(const X509 *cert, char *out, size_t n)
{
	char date[32];

	snprintf(out, n, "for ");
	if (!add_names(cert, out, n))
		why_add(out, n, "no name");
	add_issuer(", by ", cert, "", out, n);
	put_date(X509_get0_notAfter(cert), date, sizeof date);
	why_add(out, n, ", valid until %s", date);
}

void
tls_why_certificate(struct tls *t, X509_STORE_CTX *store)
{
	int error = X509_STORE_CTX_get_error(store);
	const X509 *cert = X509_STORE_CTX_get_current_cert(store);
	bool leaf = X509_STORE_CTX_get_error_depth(store) == 0;
	char words[WORDS];

	if (t->stream.error[0] != '\0')
		return;
	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		say_date(t,
		    leaf ? "certificate has expired" : "the issuer's certificate has expired",
		    X509_get0_notAfter(cert));
		return;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		say_date(t,
		    leaf ? "certificate is not yet valid"
			 : "the issuer's certificate is not yet valid",
		    X509_get0_notBefore(cert));
		return;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		say(t, "self-signed certificate");
		return;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		say(t, "the issuer of the certificate is not trusted");
		add_issuer(" (", cert, ")", t->stream.error, sizeof t->stream.error);
		return;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		say(t, "unable to find the issuer's certificate");
		add_issuer(" (", cert, ")", t->stream.error, sizeof t->stream.error);
		return;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		say_names(t, cert);
		return;
	case X509_V_ERR_INVALID_PURPOSE:
		say(t, "certificate is not meant for a server");
		return;
	default:
		why_words(X509_verify_cert_error_string(error), words, sizeof words);
		say(t, "certificate is not valid: %s", words);
	}
}

/* The rest. */

/* The alert a reason of OpenSSL stands for, or -1. */
static int
alert_of(int reason)
{
	int alert = reason - SSL_AD_REASON_OFFSET;

	return alert >= 0 && alert < 256 ? alert : -1;
}

static void
say_alert(struct tls *t, int alert)
{
	t->alerted = true;
	/* OpenSSL has no words for those that TLS 1.3 added. */
	if (alert == TLS13_AD_CERTIFICATE_REQUIRED)
		say(t, "alert: certificate required");
	else if (alert == TLS13_AD_MISSING_EXTENSION)
		say(t, "alert: missing extension");
	else if (alert == TLS1_AD_NO_APPLICATION_PROTOCOL)
		say(t, "alert: no application protocol");
	else
		say(t, "alert: %s", SSL_alert_desc_string_long(alert));
}

/* Why a peer's first bytes were no TLS that we speak. */
static bool
say_handshake(struct tls *t, int reason)
{
	const char *peer = t->ctx->server ? "client" : "server";

	switch (reason) {
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_HTTPS_PROXY_REQUEST:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
	case SSL_R_UNEXPECTED_MESSAGE:
	case SSL_R_BAD_RECORD_TYPE:
		say(t, "the %s does not speak TLS here", peer);
		return true;
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_NO_PROTOCOLS_AVAILABLE:
	case SSL_R_VERSION_TOO_LOW:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
		say(t, "no TLS version in common");
		return true;
	case SSL_R_NO_APPLICATION_PROTOCOL:
		say(t, "no application protocol in common");
		return true;
	case SSL_R_NO_SHARED_CIPHER:
		say(t, "no cipher in common");
		return true;
	default:
		return false;
	}
}

void
tls_why(struct tls *t)
{
	unsigned long code = ERR_peek_error();
	int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
	char words[WORDS];

	if (t->stream.error[0] != '\0')
		return;
	if (t->fault != 0)
		why_errno(t->fault, t->stream.error, sizeof t->stream.error);
	else if (t->ended)
		say(t, t->open ? "connection ended without a close_notify of TLS"
			       : "connection ended during the TLS handshake");
	else if (!t->open && say_handshake(t, reason))
		return;
	else if (alert_of(reason) != -1)
		say_alert(t, alert_of(reason));
	else {
		tls_why_code(code, words, sizeof words);
		say(t, "TLS fault: %s", words);
	}
}

/* Who a peer by TLS is and what is agreed with it: certificates, the hello, files. */

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "check.h"
#include "tls_link.h"

/* Certificates (S12, S13). */

static void
client_opens(const struct cert_spec *spec, const char *name)
{
	struct link l;

	check_enter("%s for %s", spec->san != NULL ? spec->san : "no SAN", name);
	link_init(&l, spec, name, false);
	if (!CHECK_INT(link_shake_hands(&l), 0))
		CHECK_STR(stream_error(l.client), "");
	link_clear(&l);
	check_leave();
}

static void
client_refuses(const struct cert_spec *spec, const char *name, const char *why)
{
	struct link l;

	check_enter("%s for %s", spec->san != NULL ? spec->san : "no SAN", name);
	link_init(&l, spec, name, false);
	CHECK_INT(link_shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), why);
	CHECK_INT(tls_handshake(l.client), STREAM_LOST);
	CHECK_INT(tls_handshake(l.server), STREAM_LOST);
	link_clear(&l);

	link_init(&l, spec, name, true);
	CHECK_INT(link_shake_hands(&l), 0);
	link_clear(&l);
	check_leave();
}

static void
certificate_for_the_name_is_accepted(void)
{
	client_opens(&link_good, LINK_HOST);
	client_opens(&link_good, LINK_HOST "."); /* N08 */
	client_opens(&link_good, "H.EXAMPLE");
	client_opens(&(struct cert_spec){ .san = "DNS:*.example.com" }, "a.example.com");
	client_opens(
	    &(struct cert_spec){ .san = "DNS:x,DNS:" LINK_HOST ",IP:10.0.0.1" }, LINK_HOST);
}

static void
certificate_for_the_address_is_accepted(void)
{
	client_opens(&(struct cert_spec){ .san = "IP:127.0.0.1" }, "127.0.0.1");
	client_opens(&(struct cert_spec){ .san = "IP:::1" }, "::1");
	client_opens(&(struct cert_spec){ .san = "IP:fe80::1" }, "fe80::1%lo");
}

static void
certificate_for_another_name_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .san = "DNS:other.example" }, "h",
	    "certificate is for DNS:other.example, not h");
	client_refuses(&(struct cert_spec){ .san = "DNS:a,DNS:b,IP:::1,DNS:c,DNS:d" }, "h",
	    "certificate is for DNS:a, DNS:b, IP:::1 and 2 more, not h");
	client_refuses(&(struct cert_spec){ .san = "DNS:*.com" }, "example.com",
	    "certificate is for DNS:*.com, not example.com");
	client_refuses(&(struct cert_spec){ .san = "DNS:f*.example.com" }, "foo.example.com",
	    "certificate is for DNS:f*.example.com, not foo.example.com");
	client_refuses(&(struct cert_spec){ .san = "DNS:*.example.com" }, "a.b.example.com",
	    "certificate is for DNS:*.example.com, not a.b.example.com");
}

static void
certificate_with_the_name_in_its_cn_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .cn = LINK_HOST }, LINK_HOST,
	    "certificate has no subjectAltName, so it is not for " LINK_HOST);
}

static void
address_as_a_dns_name_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .san = "DNS:127.0.0.1" }, "127.0.0.1",
	    "certificate is for DNS:127.0.0.1, not 127.0.0.1");
	client_refuses(&(struct cert_spec){ .san = "IP:127.0.0.2" }, "127.0.0.1",
	    "certificate is for IP:127.0.0.2, not 127.0.0.1");
}

static void
certificate_out_of_its_time_is_refused(void)
{
	char want[64], date[16];
	struct tm tm;
	time_t t = time(NULL) - 86400;

	strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&t, &tm));
	snprintf(want, sizeof want, "certificate has expired (%s)", date);
	client_refuses(
	    &(struct cert_spec){ .san = "DNS:h", .from_day = -9, .to_day = -1 }, "h", want);
	t += 3 * 86400;
	strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&t, &tm));
	snprintf(want, sizeof want, "certificate is not yet valid (%s)", date);
	client_refuses(&(struct cert_spec){ .san = "DNS:h", .from_day = 2 }, "h", want);
}

static void
certificate_signed_by_itself_is_refused(void)
{
	client_refuses(&(struct cert_spec){ .san = "DNS:h", .signer = BY_ITSELF }, "h",
	    "self-signed certificate");
}

static void
certificate_of_an_unknown_authority_is_refused(void)
{
	struct link l;
	struct certs other;
	struct tls_ctx *ctx;
	int fds[2];

	certs_init(&other);
	link_init(&l, &link_good, LINK_HOST, false);
	ctx = link_ctx(&(struct tls_config){ .ca = other.ca });
	stream_free(l.client);
	stream_free(l.server);
	link_sockets(fds);
	CHECK_INT(tls_stream_new(ctx, fds[0], LINK_HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	CHECK_INT(link_shake_hands(&l), STREAM_LOST);
	CHECK(strncmp(stream_error(l.client), "certificate is not valid: ", 26) == 0 ||
	      strcmp(stream_error(l.client),
		  "unable to find the issuer's certificate (Test Authority)") == 0);
	tls_ctx_free(ctx);
	link_clear(&l);
	certs_clear(&other);
}

static void
certificate_named_itself_is_trusted(void)
{
	const struct cert_spec spec = { .san = "DNS:" LINK_HOST, .signer = BY_ITSELF };
	struct certs certs;
	struct link l;
	char path[96];
	int fds[2];

	certs_init(&certs);
	certs_make(&certs, "self.pem", &spec, path);
	l = (struct link){ .certs = certs };
	l.client_ctx = link_ctx(&(struct tls_config){ .ca = path });
	l.server_ctx = link_ctx(&(struct tls_config){ .server = true, .cert = path });
	link_sockets(fds);
	CHECK_INT(tls_stream_new(l.client_ctx, fds[0], LINK_HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	CHECK_INT(link_shake_hands(&l), 0);
	link_clear(&l);
}

/* The system's certificates, as the environment has them (N15). */
static int
shake_hands_trusting_system(const char *file_env, const char *dir_env)
{
	struct link l;
	int fds[2], r;

	link_init(&l, &link_good, LINK_HOST, false);
	certs_hash(&l.certs);
	setenv("SSL_CERT_FILE", file_env != NULL ? file_env : l.certs.ca, 1);
	setenv("SSL_CERT_DIR", dir_env != NULL ? dir_env : l.certs.dir, 1);
	tls_ctx_free(l.client_ctx);
	l.client_ctx = link_ctx(&(struct tls_config){ 0 });
	stream_free(l.client);
	stream_free(l.server);
	link_sockets(fds);
	CHECK_INT(tls_stream_new(l.client_ctx, fds[0], LINK_HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	r = link_shake_hands(&l);
	link_clear(&l);
	unsetenv("SSL_CERT_FILE");
	unsetenv("SSL_CERT_DIR");
	return r;
}

static void
system_store_is_where_the_environment_says(void)
{
	CHECK_INT(shake_hands_trusting_system(NULL, "/nonexistent"), 0);
	CHECK_INT(shake_hands_trusting_system("", NULL), 0);
	CHECK_INT(shake_hands_trusting_system("", "/nonexistent"), STREAM_LOST);
	CHECK_INT(shake_hands_trusting_system("", ""), STREAM_LOST);
}

/* The hello (N08, N09, N11 to N13, S14). */

static void
client_sends_the_name_but_no_address(void)
{
	static const char *const names[][2] = {
		{ LINK_HOST, LINK_HOST },
		{ "H.Example.", LINK_HOST },
		{ "127.0.0.1", NULL },
		{ "::1", NULL },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct link l;

		check_enter("%s", names[i][0]);
		link_init(&l, &link_good, names[i][0], true);
		CHECK_INT(link_shake_hands(&l), 0);
		CHECK_STR(
		    SSL_get_servername(link_ssl(l.server), TLSEXT_NAMETYPE_host_name), names[i][1]);
		link_clear(&l);
		check_leave();
	}
}

static void
name_that_can_be_none_is_refused(void)
{
	struct link l;
	char name[400];

	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	link_init(&l, &link_good, name, false);
	CHECK_INT(tls_handshake(l.client), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "no certificate can be for this name");
	link_clear(&l);
}

static void
alpn_is_agreed_on(void)
{
	const unsigned char *p;
	unsigned int n;
	struct link l;

	link_open(&l);
	SSL_get0_alpn_selected(link_ssl(l.server), &p, &n);
	CHECK_MEM(p, n, "http/1.1", 8);
	link_clear(&l);
}

static void
server_without_alpn_is_fine(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	SSL_CTX_set_alpn_select_cb(link_ctx_ssl(l.server_ctx), NULL, NULL);
	CHECK_INT(link_shake_hands(&l), 0);
	link_clear(&l);
}

static void
client_without_alpn_is_served(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	SSL_set_alpn_protos(link_ssl(l.client), NULL, 0);
	CHECK_INT(link_shake_hands(&l), 0);
	link_clear(&l);
}

static void
client_of_other_protocols_gets_the_alert(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	SSL_set_alpn_protos(link_ssl(l.client), (const unsigned char *)"\x02h2\x08http/1.0", 12);
	CHECK_INT(link_shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "alert: no application protocol");
	CHECK_STR(stream_error(l.server), "no application protocol in common");
	link_clear(&l);
}

/* N12 */
static int
choose_h2(SSL *ssl, const unsigned char **out, unsigned char *n, const unsigned char *in,
    unsigned int in_n, void *arg)
{
	(void)ssl;
	(void)in;
	(void)in_n;
	(void)arg;
	*out = (const unsigned char *)"h2";
	*n = 2;
	return SSL_TLSEXT_ERR_OK;
}

static void
server_that_chooses_what_was_not_offered_is_refused(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	SSL_CTX_set_alpn_select_cb(link_ctx_ssl(l.server_ctx), choose_h2, NULL);
	CHECK_INT(link_shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "TLS fault: bad extension");
	link_clear(&l);
}

static void
versions_below_1_2_are_refused(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	CHECK_INT(SSL_get_min_proto_version(link_ssl(l.client)), TLS1_2_VERSION);
	CHECK_INT(SSL_get_min_proto_version(link_ssl(l.server)), TLS1_2_VERSION);
	SSL_set_security_level(link_ssl(l.client), 0);
	SSL_set_min_proto_version(link_ssl(l.client), TLS1_1_VERSION);
	SSL_set_max_proto_version(link_ssl(l.client), TLS1_1_VERSION);
	CHECK_INT(link_shake_hands(&l), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "no TLS version in common");
	CHECK_STR(stream_error(l.server), "no TLS version in common");
	link_clear(&l);
}

static void
summary_names_version_and_cipher(void)
{
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	CHECK_STR(tls_summary(l.client), "");
	CHECK_INT(link_shake_hands(&l), 0);
	CHECK_STR(tls_summary(l.client), "TLSv1.3, TLS_AES_256_GCM_SHA384");
	CHECK(tls_is_stream(l.client));
	link_clear(&l);
}

/* Peers that speak no TLS. */

static void
client_meets(const char *bytes, bool ends, const char *why)
{
	struct certs certs;
	struct tls_ctx *ctx;
	struct stream *s;
	int fds[2];

	certs_init(&certs);
	ctx = link_ctx(&(struct tls_config){ .ca = certs.ca });
	link_sockets(fds);
	CHECK_INT(tls_stream_new(ctx, fds[0], LINK_HOST, &s), 0);
	CHECK_INT(tls_handshake(s), STREAM_AGAIN);
	CHECK_INT(stream_events(s, false, false), POLLIN);
	CHECK_INT(write(fds[1], bytes, strlen(bytes)), (int)strlen(bytes));
	if (ends)
		shutdown(fds[1], SHUT_WR);
	CHECK_INT(tls_handshake(s), STREAM_LOST);
	CHECK_STR(stream_error(s), why);
	close(fds[1]);
	stream_free(s);
	tls_ctx_free(ctx);
	certs_clear(&certs);
}

static void
server_without_tls_is_told(void)
{
	client_meets(
	    "HTTP/1.1 400 Bad Request\r\n\r\n", false, "the server does not speak TLS here");
	client_meets("SSH-2.0-OpenSSH_9.2\r\n", true, "the server does not speak TLS here");
	client_meets("", true, "connection ended during the TLS handshake"); /* N14 */
	client_meets("\x16\x03\x03", true, "connection ended during the TLS handshake");
}

static void
client_without_tls_is_told(void)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	CHECK_INT(write(l.client->fd, request, sizeof request - 1), sizeof request - 1);
	CHECK_INT(tls_handshake(l.server), STREAM_LOST);
	CHECK_STR(stream_error(l.server), "the client does not speak TLS here");
	link_clear(&l);
}

static void
client_certificate_is_sent(void)
{
	struct link l;
	char path[96];
	int fds[2];
	X509 *cert;

	link_init(&l, &link_good, LINK_HOST, false);
	certs_make(&l.certs, "client.pem", &link_good, path);
	tls_ctx_free(l.client_ctx);
	l.client_ctx = link_ctx(&(struct tls_config){ .ca = l.certs.ca, .cert = path });
	stream_free(l.client);
	stream_free(l.server);
	link_sockets(fds);
	CHECK_INT(tls_stream_new(l.client_ctx, fds[0], LINK_HOST, &l.client), 0);
	CHECK_INT(tls_stream_new(l.server_ctx, fds[1], NULL, &l.server), 0);
	SSL_CTX_load_verify_file(link_ctx_ssl(l.server_ctx), l.certs.ca);
	SSL_set_verify(link_ssl(l.server), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_set1_verify_cert_store(
	    link_ssl(l.server), SSL_CTX_get_cert_store(link_ctx_ssl(l.server_ctx)));
	CHECK_INT(link_shake_hands(&l), 0);
	CHECK_INT(tls_handshake(l.server), 0);
	cert = SSL_get1_peer_certificate(link_ssl(l.server));
	CHECK(cert != NULL);
	X509_free(cert);
	link_clear(&l);
}

static void
client_certificate_that_is_missing_is_told(void)
{
	uint8_t p[4];
	struct link l;

	link_init(&l, &link_good, LINK_HOST, false);
	SSL_set_verify(link_ssl(l.server), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	CHECK_INT(
	    link_shake_hands(&l), 0); /* TLS 1.3: the client is done before the server looks */
	CHECK_INT(stream_read(l.client, p, sizeof p), STREAM_LOST);
	CHECK_STR(stream_error(l.client), "alert: certificate required");
	link_clear(&l);
}

/* Files. */

static void
config_fails(const struct tls_config *config, const char *why_want)
{
	struct tls_ctx *ctx = NULL;
	char why[256] = "";

	CHECK_INT(tls_ctx_new(&wsx_tls_module, config, &ctx, why, sizeof why), -1);
	CHECK_STR(why, why_want);
}

static void
files_that_do_not_fit_are_told(void)
{
	const struct cert_spec spec = { .san = "DNS:h" };
	struct certs c;
	char good_path[96], key[96], locked[96], text[96], want[256];
	EVP_PKEY *rsa;
	FILE *f;

	certs_init(&c);
	certs_make(&c, "good.pem", &spec, good_path);
	certs_key(&c, "key.pem", NULL, key);
	certs_key(&c, "locked.pem", "secret", locked);
	certs_text(&c, "text.pem", "no certificate\n", text);

	config_fails(&(struct tls_config){ .ca = "/nonexistent/ca.pem" },
	    "cannot read /nonexistent/ca.pem: No such file or directory");
	config_fails(&(struct tls_config){ .cert = "/nonexistent/c.pem" },
	    "cannot read /nonexistent/c.pem: No such file or directory");
	config_fails(&(struct tls_config){ .cert = good_path, .key = "/nonexistent/k.pem" },
	    "cannot read /nonexistent/k.pem: No such file or directory");
	config_fails(&(struct tls_config){ .ca = "/tmp" }, "cannot read /tmp: Is a directory");
	config_fails(&(struct tls_config){ .server = true }, "a TLS server needs a certificate");

	snprintf(want, sizeof want, "key %s does not belong to the certificate %s", key, good_path);
	config_fails(&(struct tls_config){ .cert = good_path, .key = key }, want);
	rsa = EVP_RSA_gen(2048);
	f = fopen(key, "w");
	PEM_write_PrivateKey(f, rsa, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	EVP_PKEY_free(rsa);
	config_fails(&(struct tls_config){ .cert = good_path, .key = key }, want);

	snprintf(want, sizeof want, "the key %s is protected by a passphrase", locked);
	config_fails(&(struct tls_config){ .cert = good_path, .key = locked }, want);
	snprintf(want, sizeof want, "%s holds no certificate in PEM form", text);
	config_fails(&(struct tls_config){ .cert = text }, want);
	config_fails(&(struct tls_config){ .ca = text }, want);
	snprintf(want, sizeof want, "%s holds no private key in PEM form", text);
	config_fails(&(struct tls_config){ .cert = good_path, .key = text }, want);
	certs_clear(&c);
}
int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(certificate_for_the_name_is_accepted),
		CHECK_CASE(certificate_for_the_address_is_accepted),
		CHECK_CASE(certificate_for_another_name_is_refused),
		CHECK_CASE(certificate_with_the_name_in_its_cn_is_refused),
		CHECK_CASE(address_as_a_dns_name_is_refused),
		CHECK_CASE(certificate_out_of_its_time_is_refused),
		CHECK_CASE(certificate_signed_by_itself_is_refused),
		CHECK_CASE(certificate_of_an_unknown_authority_is_refused),
		CHECK_CASE(certificate_named_itself_is_trusted),
		CHECK_CASE(system_store_is_where_the_environment_says),
		CHECK_CASE(client_sends_the_name_but_no_address),
		CHECK_CASE(name_that_can_be_none_is_refused),
		CHECK_CASE(alpn_is_agreed_on),
		CHECK_CASE(server_without_alpn_is_fine),
		CHECK_CASE(client_without_alpn_is_served),
		CHECK_CASE(client_of_other_protocols_gets_the_alert),
		CHECK_CASE(server_that_chooses_what_was_not_offered_is_refused),
		CHECK_CASE(versions_below_1_2_are_refused),
		CHECK_CASE(summary_names_version_and_cipher),
		CHECK_CASE(server_without_tls_is_told),
		CHECK_CASE(client_without_tls_is_told),
		CHECK_CASE(client_certificate_is_sent),
		CHECK_CASE(client_certificate_that_is_missing_is_told),
		CHECK_CASE(files_that_do_not_fit_are_told),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

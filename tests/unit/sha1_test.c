#include "base/sha1.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static void
check(const void *p, size_t n, const char *want)
{
	uint8_t out[SHA1_LEN];
	char hex[2 * SHA1_LEN + 1];

	sha1(p, n, out);
	for (size_t i = 0; i < SHA1_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", out[i]);
	CHECK_STR(hex, want);
}

/* The examples of the standard (FIPS 180). S18: the handshake needs no library for it. */
static void
sha1_of_the_standards_examples(void)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

	check("", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	check("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d");
	check(two_blocks, sizeof two_blocks - 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

static void
sha1_of_a_million_letters(void)
{
	size_t n = 1000000;
	char *p = malloc(n);

	CHECK(p != NULL);
	memset(p, 'a', n);
	check(p, n, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	free(p);
}

/* Every way for the padding to fall, compared with another implementation. */
static void
sha1_of_every_length_up_to_some_blocks(void)
{
	uint8_t text[200], out[SHA1_LEN], want[SHA1_LEN];

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)(i * 31 + 7);
	for (size_t n = 0; n <= sizeof text; n++) {
		CHECK_INT(EVP_Digest(text, n, want, NULL, EVP_sha1(), NULL), 1);
		sha1(text, n, out);
		CHECK_MEM(out, sizeof out, want, sizeof want);
	}
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(sha1_of_the_standards_examples),
		CHECK_CASE(sha1_of_a_million_letters),
		CHECK_CASE(sha1_of_every_length_up_to_some_blocks),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

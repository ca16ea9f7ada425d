#include "check.h"

#include <string.h>

#include "base/base64.h"
#include "base/err.h"

/* RFC 4648 10 */
static const struct {
	const char *plain, *text;
} vectors[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static void
base64_encodes_the_vectors_of_the_rfc(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const char *plain = vectors[i].plain;
		char out[16];

		memset(out, 'x', sizeof out);
		base64_encode(out, (const uint8_t *)plain, strlen(plain));
		CHECK_STR(out, vectors[i].text);
		CHECK_UINT(BASE64_LEN(strlen(plain)), strlen(out));
	}
}

static void
base64_decodes_the_vectors_of_the_rfc(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		size_t n = strlen(vectors[i].plain);
		uint8_t out[16];

		CHECK_INT(base64_decode(span_str(vectors[i].text), out, n), n);
		CHECK_MEM(out, n, vectors[i].plain, n);
		if (n > 0)
			CHECK_INT(base64_decode(span_str(vectors[i].text), out, n - 1), ERR_LIMIT);
	}
	CHECK_INT(base64_decode((struct span){ NULL, 0 }, NULL, 0), 0);
}

static void
base64_round_trips_all_bytes(void)
{
	uint64_t seed = 1;
	uint8_t in[300], back[sizeof in];
	char text[BASE64_LEN(sizeof in) + 1];

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i < 256 ? i : check_random(&seed) & 0xff);
	for (size_t n = 0; n <= sizeof in; n++) {
		const uint8_t *p = in + sizeof in - n;

		base64_encode(text, p, n);
		CHECK_INT(base64_decode(span_str(text), back, sizeof back), n);
		CHECK_MEM(back, n, p, n);
	}
}

/* The characters of each value, and that all others are refused in each place. */
static void
base64_decodes_its_alphabet_only(void)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t at = 0; at < 8; at++) {
		for (int c = 0; c < 256; c++) {
			const char *in = c != 0 ? strchr(alphabet, c) : NULL;
			char text[] = "AAAAAAAA";
			uint8_t out[6], want[6] = { 0 };

			if (c == '=' && at == 7)
				continue; /* padding */
			text[at] = (char)c;
			if (in == NULL) {
				CHECK_INT(
				    base64_decode((struct span){ text, 8 }, out, 6), ERR_ARGUMENT);
				continue;
			}
			CHECK_INT(base64_decode((struct span){ text, 8 }, out, 6), 6);
			for (size_t bit = 0; bit < 6; bit++)
				if ((in - alphabet) >> (5 - bit) & 1)
					want[(at * 6 + bit) / 8] |=
					    (uint8_t)(0x80 >> (at * 6 + bit) % 8);
			CHECK_MEM(out, 6, want, 6);
		}
	}
}

static void
base64_refuses_what_is_not_padded(void)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zm8", "Zm9vY", "Zm9vYg",
		"Zm9vYg=", "=",
		"==", "===", "====", "Z===", "=g==", "Zg==Zg==", "Zm8=Zm8=", "Zm9vYg===", "Zg=v",
		"Zm9v====", "Zm9v\n", " Zm9v", "Zm 9", "Zm9v\r\n\r\n", "Zm-_" };
	uint8_t out[16];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		check_enter("%s", bad[i]);
		CHECK_INT(base64_decode(span_str(bad[i]), out, sizeof out), ERR_ARGUMENT);
		check_leave();
	}
}

/* HS06: a handshake key is 16 bytes, no more and no less. */
static void
base64_tells_the_length_of_a_handshake_key(void)
{
	static const char nonce[] = "the sample nonce";
	uint8_t out[16];

	CHECK_INT(base64_decode(span_str("dGhlIHNhbXBsZSBub25jZQ=="), out, 16), 16);
	CHECK_MEM(out, 16, nonce, 16);
	CHECK_INT(base64_decode(span_str("AQIDBAUGBwgJCgsMDQ4P"), out, 16), 15);
	CHECK_INT(base64_decode(span_str("AQIDBAUGBwgJCgsMDQ4PEBE="), out, 16), ERR_LIMIT);
	CHECK_INT(base64_decode(span_str("dGhlIHNhbXBs!SBub25jZQ=="), out, 16), ERR_ARGUMENT);
}

/* HS07: the example of RFC 6455 4.1 has unused bits set. */
static void
base64_tolerates_unused_bits(void)
{
	uint8_t out[16], want[16];

	for (uint8_t i = 0; i < 16; i++)
		want[i] = (uint8_t)(i + 1);
	CHECK_INT(base64_decode(span_str("AQIDBAUGBwgJCgsMDQ4PEC=="), out, 16), 16);
	CHECK_MEM(out, 16, want, 16);
	CHECK_INT(base64_decode(span_str("AQIDBAUGBwgJCgsMDQ4PEA=="), out, 16), 16);
	CHECK_MEM(out, 16, want, 16);
}

static void
base64_put_appends_up_to_the_limit(void)
{
	struct buf b;

	buf_init(&b, &mem_libc, 14);
	CHECK_INT(buf_puts(&b, "Basic "), 0);
	CHECK_INT(base64_put(&b, (const uint8_t *)"", 0), 0);
	CHECK_INT(base64_put(&b, (const uint8_t *)"a:secret", 8), ERR_LIMIT);
	CHECK_INT(base64_put(&b, (const uint8_t *)"a:b", 3), 0);
	CHECK_INT(base64_put(&b, (const uint8_t *)"c", 1), 0);
	CHECK_INT(base64_put(&b, (const uint8_t *)"c", 1), ERR_LIMIT);
	CHECK_MEM(buf_data(&b), buf_len(&b), "Basic YTpiYw==", 14);
	CHECK_INT(base64_put(&b, NULL, SIZE_MAX), ERR_LIMIT);
	CHECK_INT(base64_put(&b, NULL, SIZE_MAX / 4 * 3), ERR_LIMIT);
	buf_clear(&b);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(base64_encodes_the_vectors_of_the_rfc),
		CHECK_CASE(base64_decodes_the_vectors_of_the_rfc),
		CHECK_CASE(base64_round_trips_all_bytes),
		CHECK_CASE(base64_decodes_its_alphabet_only),
		CHECK_CASE(base64_refuses_what_is_not_padded),
		CHECK_CASE(base64_tells_the_length_of_a_handshake_key),
		CHECK_CASE(base64_tolerates_unused_bits),
		CHECK_CASE(base64_put_appends_up_to_the_limit),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

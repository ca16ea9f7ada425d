#include "check.h"

#include <string.h>

#include "proto/digest.h"

/* HC16 */
static void
accept_of_the_example_of_the_rfc(void)
{
	char out[DIGEST_ACCEPT_LEN + 1];

	digest_accept(span_str("dGhlIHNhbXBsZSBub25jZQ=="), out);
	CHECK_STR(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

/* HS07: it is of the text as it came, not of the bytes it stands for */
static void
accept_is_of_the_text_of_the_key(void)
{
	char canonical[DIGEST_ACCEPT_LEN + 1], other[DIGEST_ACCEPT_LEN + 1];

	digest_accept(span_str("AQIDBAUGBwgJCgsMDQ4PEA=="), canonical);
	digest_accept(span_str("AQIDBAUGBwgJCgsMDQ4PEC=="), other);
	CHECK(strcmp(canonical, other) != 0);
	CHECK_UINT(strlen(other), DIGEST_ACCEPT_LEN);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(accept_of_the_example_of_the_rfc),
		CHECK_CASE(accept_is_of_the_text_of_the_key),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

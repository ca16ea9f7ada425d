#include "ui/secret.h"

#include "base/ascii.h"

bool
secret_is_named(const char *p, size_t n)
{
	static const char *const words[] = { "password", "passwd", "passphrase", "secret", "token",
		"authorization", "bearer", "api_key", "apikey", "api-key", "credential", "cookie" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct span word = span_str(words[i]);

		for (size_t at = 0; at + word.n <= n; at++)
			if (ascii_eq_nocase((struct span){ p + at, word.n }, word))
				return true;
	}
	return false;
}

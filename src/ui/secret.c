#include "ui/secret.h"

#include <string.h>

#include "base/ascii.h"
#include "base/span.h"

static bool
is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* True if the text has it at that offset; short words are to stand by themselves. */
static bool
is_at(struct span text, size_t at, struct span word, bool whole)
{
	if (at + word.n > text.n || !ascii_eq_nocase((struct span){ text.p + at, word.n }, word))
		return false;
	return !whole || ((at == 0 || !is_alnum(text.p[at - 1])) &&
			     (at + word.n == text.n || !is_alnum(text.p[at + word.n])));
}

static bool
has_word(struct span text)
{
	static const struct {
		const char *word;
		bool whole;
	} words[] = {
		{ "password", false },
		{ "passwd", false },
		{ "passphrase", false },
		{ "passcode", false },
		{ "pass", true },
		{ "pwd", true },
		{ "otp", true },
		{ "auth", true },
		{ "authorization", false },
		{ "bearer", false },
		{ "secret", false },
		{ "token", false },
		{ "jwt", true },
		{ "credential", false },
		{ "cookie", false },
		{ "sessionid", false },
		{ "session_id", false },
		{ "session-id", false },
		{ "api_key", false },
		{ "apikey", false },
		{ "api-key", false },
		{ "access_key", false },
		{ "accesskey", false },
		{ "private_key", false },
		{ "privatekey", false },
		{ "private key", false },
	};

	for (size_t at = 0; at < text.n; at++)
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (is_at(text, at, span_str(words[i].word), words[i].whole))
				return true;
	return false;
}

/* A JSON Web Token (RFC 7519): the first two of its parts begin with an open brace in Base64. */
static bool
has_web_token(struct span text)
{
	const char *part = memmem(text.p, text.n, "eyJ", 3);

	return part != NULL && memmem(part, text.n - (size_t)(part - text.p), ".eyJ", 4) != NULL;
}

/* A URL with a password, as in scheme://user:password@host. */
static bool
has_userinfo(struct span text)
{
	const char *end = text.p + text.n, *at = text.p, *p;

	while ((at = memmem(at, (size_t)(end - at), "://", 3)) != NULL) {
		bool colon = false;

		at += 3;
		for (p = at; p < end && strchr("/?# \t\n\"'", *p) == NULL; p++) {
			if (*p == '@' && colon)
				return true;
			colon |= *p == ':';
		}
	}
	return false;
}

bool
secret_is_named(const char *p, size_t n)
{
	struct span text = { p, n };

	return n > 0 && (has_word(text) || has_web_token(text) || has_userinfo(text));
}

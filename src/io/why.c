#include "io/why.h"

#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"

void
why_words(const char *words, char *out, size_t n)
{
	snprintf(out, n, "%s", words);
	/* "IPv6 ..." and "CA ..." stay as they are. */
	if (n > 1 && out[0] != '\0' && ascii_lower(out[1]) == out[1])
		out[0] = ascii_lower(out[0]);
}

void
why_errno(int error, char *out, size_t n)
{
	why_words(strerror(error), out, n);
}

void
why_name(int error, char *out, size_t n)
{
	why_words(gai_strerror(error), out, n);
}

void
why_add(char *out, size_t n, const char *fmt, ...)
{
	size_t used = strnlen(out, n);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out + used, n - used, fmt, ap);
	va_end(ap);
}

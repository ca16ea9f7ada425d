#include "io/idn.h"

#ifdef HAVE_IDN2

#include <dlfcn.h>
#include <idn2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

enum { NAME_MAX_UTF8 = 1024 }; /* a name of the DNS has at most 253 characters */

/*
 * Compatibility mapping can make a slash or an at-sign of a character that was none (U+FF0F),
 * so what comes out is checked as though it had been typed.
 */
static bool
put_lower(const char *ascii, char *out, size_t max)
{
	size_t n = strlen(ascii);

	if (n == 0 || n >= max)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = ascii_lower(ascii[i]);

		if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '-' && c != '.' && c != '_')
			return false;
		out[i] = c;
	}
	out[n] = '\0';
	return true;
}

/*
 * The library and its tables are loaded for the names that need them: every other run would pay
 * for them with a tenth of its time. It stays loaded.
 */
#define LIBRARY "libidn2.so.0"

static bool
load(__typeof__(idn2_to_ascii_8z) **convert, __typeof__(idn2_free) **release)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return false;
	*(void **)convert = dlsym(library, "idn2_to_ascii_8z");
	*(void **)release = dlsym(library, "idn2_free");
	return *convert != NULL && *release != NULL;
}

int
idn_to_ascii(const char *name, size_t n, char *out, size_t max)
{
	__typeof__(idn2_to_ascii_8z) *convert;
	__typeof__(idn2_free) *release;
	char utf8[NAME_MAX_UTF8];
	char *ascii;
	int r;

	if (n == 0 || n >= sizeof utf8 || memchr(name, '\0', n) != NULL)
		return -1;
	memcpy(utf8, name, n);
	utf8[n] = '\0';
	if (!load(&convert, &release) ||
	    convert(utf8, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return -1;
	r = put_lower(ascii, out, max) ? 0 : -1;
	release(ascii);
	return r;
}

#else

int
idn_to_ascii(const char *name, size_t n, char *out, size_t max)
{
	(void)name;
	(void)n;
	(void)out;
	(void)max;
	return -1;
}

#endif

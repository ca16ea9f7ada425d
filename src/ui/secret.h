#ifndef UI_SECRET_H
#define UI_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True for a text of n bytes with a word in it that secrets stand beside, such as password, token
 * or cookie, or with what is one by its form, a JSON Web Token or a URL with a password: a line that
 * is not to be kept, the name of a header whose value is not to be shown.
 */
bool secret_is_named(const char *p, size_t n);

#endif

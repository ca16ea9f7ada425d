#ifndef UI_JSON_OPEN_H
#define UI_JSON_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * JSON that is being typed. It is judged by its brackets and quotes alone: text that begins with
 * a bracket and then goes on as JSON can not is none.
 */

/* True if brackets or braces of the n bytes at p are still open. */
bool json_is_open(const uint8_t *p, size_t n);

/*
 * Where the name of a member is being typed, at the end of the n bytes at p: true, and in *from
 * the offset of its first byte, behind the quotation mark.
 */
bool json_at_name(const uint8_t *p, size_t n, size_t *from);

#endif

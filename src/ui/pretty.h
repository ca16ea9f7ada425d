#ifndef UI_PRETTY_H
#define UI_PRETTY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ui/colour.h"

/*
 * JSON laid out for people: members and elements on rows of their own, indented by two, in
 * colours. The order of members, and numbers and strings as they are spelled, stay to the byte,
 * but for what could drive the terminal, which is shown as ui/show.h has it.
 */

/*
 * Appends an object or array so, each row after the first behind cont. 1; 0 and nothing appended
 * if it is none; or ERR_LIMIT or ERR_NOMEM.
 */
int pretty_json(
    struct buf *out, const uint8_t *p, size_t n, const char *cont, const struct colours *colours);

#endif

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

/*
 * The same for the beginning of a text that may be long: of it the first max bytes are looked at, and
 * no more than so many rows of them laid out. 1 if that is all of it, PRETTY_CUT if it is not: then it
 * is JSON as far as it was looked at.
 */
#define PRETTY_CUT 2
int pretty_json_start(struct buf *out, const uint8_t *p, size_t n, size_t max, size_t rows,
    const char *cont, const struct colours *colours);

#endif

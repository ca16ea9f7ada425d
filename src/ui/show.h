#ifndef UI_SHOW_H
#define UI_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * What came from outside, made fit for a terminal: whatever could drive it (C0 and C1 controls,
 * DEL, bidi and zero-width formatting, bytes that are not UTF-8) is written visibly instead:
 * ^[  ^M  ^?  \u009b  \u202e  \xff. Tabs stay. All return 0, ERR_LIMIT or ERR_NOMEM.
 */

/*
 * Text of one or more lines. A newline is kept and followed by cont, so that every row is marked
 * and a message can not fake another one.
 */
int show_text(struct buf *out, const void *p, size_t n, const char *cont);

/* The same with all that is in it left as it is, to drive the terminal if it will. */
int show_raw(struct buf *out, const void *p, size_t n, const char *cont);

/* Text that must stay one line (errors, header values, names): a newline is shown as ^J. */
int show_line(struct buf *out, const void *p, size_t n);

/* True for a character beyond ASCII that is shown as an escape instead of itself. */
bool show_is_hidden(uint32_t c);

/* Binary data as one line: its size, its kind if that is known, and a preview of its start. */
int show_binary(struct buf *out, const uint8_t *p, size_t n);

#endif

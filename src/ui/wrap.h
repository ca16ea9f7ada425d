#ifndef UI_WRAP_H
#define UI_WRAP_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Rows of text for a terminal, broken where it would break them: else what a peer has behind many
 * blanks would begin a row, and pass for another message. Colours (ui/colour.h) have no width;
 * characters that the terminal may take for wider than they are count as the most they may have, but
 * for those whose width is ambiguous (Unicode, UAX 11), which count as narrow. An image (ui/image.h) and what follows it stay as they are. The locale is to be one of UTF-8.
 */

/*
 * Breaks the rows that b has from the offset from on, of which the last may be without its newline,
 * into such of at most so many columns, each after the first of them behind mark, which is ASCII: 0,
 * ERR_LIMIT or ERR_NOMEM, and b as it was. Nothing is broken where there are fewer than 16 columns.
 */
int wrap_rows(struct buf *b, size_t from, size_t columns, const char *mark);

#endif

#ifndef UI_FOLD_H
#define UI_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Long text on a terminal: only its beginning is shown. Text is long if it has more than so many
 * bytes, as it is shown, or more than FOLD_ROWS rows; half as many are left of it.
 */
#define FOLD_BYTES ((size_t)4096)
#define FOLD_ROWS  ((size_t)40)

/*
 * Cuts what b has from the offset from on, which is text made fit for a terminal and colours
 * (ui/colour.h), if it is long: true if it did. Neither characters nor colours are cut in two.
 */
bool fold_text(struct buf *b, size_t from, size_t max_bytes);

#endif

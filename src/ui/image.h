#ifndef UI_IMAGE_H
#define UI_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ui/when.h"

/*
 * Images within the text of a terminal: by the graphics protocol of kitty, which takes PNG, or the
 * inline images of iTerm2, which take PNG, JPEG and GIF. Terminals that know neither show nothing,
 * or rubbish, so that images are drawn only where they are known to work, or it is asked for.
 */
enum image_protocol { IMAGE_NONE, IMAGE_KITTY, IMAGE_ITERM2 };

/*
 * What to draw with, by what the environment tells of the terminal: value gives a variable, or
 * NULL. WHEN_ALWAYS takes kitty's where it tells nothing. A multiplexer is no such terminal.
 */
enum image_protocol image_protocol(
    enum when when, const char *(*value)(const char *name, void *arg), void *arg);

/* What is larger is not drawn. */
#define IMAGE_MAX ((size_t)8 << 20)

/*
 * Appends what draws the n bytes at p on a terminal with so many columns, made smaller if it has
 * less room: 1; 0 and nothing if they are no image this protocol draws; ERR_LIMIT or ERR_NOMEM.
 */
int image_put(
    struct buf *out, enum image_protocol protocol, const uint8_t *p, size_t n, size_t columns);

#endif

#ifndef ENDPOINT_BLOBS_H
#define ENDPOINT_BLOBS_H

#include <stdint.h>

#include "ui/magic.h"
#include "wsx.h"

/*
 * Binary messages saved as files of a directory, message-0001.png and so on: the next number that
 * is free, the suffix by what the bytes are. A file has its name once it is whole; what is there
 * is never written over or followed, and only its owner may read it.
 */
struct blobs;

/* One that was saved. */
struct blob {
	const char *path; /* valid until the next one */
	const struct magic *magic;
	uint64_t size;
};

/* dir is borrowed for life. 0, ERR_NOMEM, or ERR_ARGUMENT with errno set: it can not be opened. */
int blobs_new(const char *dir, struct blobs **blobs);
void blobs_free(struct blobs *blobs); /* what is not whole goes; NULL is allowed */

/* A piece of a message. 1 and *blob with the last one, 0, or -1 and errno. */
int blobs_take(struct blobs *blobs, const struct wsx_piece *piece, struct blob *blob);

#endif

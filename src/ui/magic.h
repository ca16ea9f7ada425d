#ifndef UI_MAGIC_H
#define UI_MAGIC_H

#include <stddef.h>
#include <stdint.h>

/* A kind of file, by how its bytes begin. */
struct magic {
	const char *suffix; /* of its name, without the dot: "png" */
	const char *name; /* for people: "PNG image" */
};

/* What the n bytes at p, the first of it, show. Never NULL: what is unknown is "bin". */
const struct magic *magic_of(const uint8_t *p, size_t n);

#endif

#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/*
 * Memory as the host hands it in: one function in the manner of realloc(3).
 * resize(NULL, n) allocates, resize(p, 0) frees and returns NULL, otherwise resizes;
 * NULL for n > 0 means there was none and p is untouched.
 */
struct mem {
	void *(*resize)(void *p, size_t n, void *arg);
	void *arg;
};

/* The C library's memory. */
extern const struct mem mem_libc;

/* n > 0 zeroed bytes, or NULL. */
void *mem_new(const struct mem *m, size_t n);

/* p resized to n > 0 bytes, or NULL with p untouched. New bytes are not set. */
void *mem_resize(const struct mem *m, void *p, size_t n);

/* Frees p; NULL is allowed. */
void mem_free(const struct mem *m, void *p);

/* A NUL-terminated copy of the n bytes at p, to be freed with mem_free(), or NULL. */
char *mem_dup(const struct mem *m, const void *p, size_t n);

#endif

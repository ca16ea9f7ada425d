#ifndef IO_RANDOM_H
#define IO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * The system's unpredictable bytes, fetched in blocks so that a frame's key costs no system call.
 * Bytes given out are wiped from the block, so that none is ever given twice.
 */
struct random {
	size_t left;
	uint8_t block[1024];
};

void random_init(struct random *r);

/* 0, or -1 if the system has none: nothing may then be sent. */
int random_bytes(struct random *r, void *p, size_t n);

#endif

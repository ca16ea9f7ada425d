#ifndef IO_RANDOM_H
#define IO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "io/chacha20.h"

/* Calls of the block function for one filling of the block, and fillings for one key. */
#define RANDOM_GROUPS   8
#define RANDOM_FILLINGS 256

/*
 * Unpredictable bytes that cost no system call each: a key of the system's, from the first use,
 * makes a block of them and with it the key of the next block. A key is gone once it was used,
 * and bytes are wiped once they were given: what is in memory tells nothing of what was given
 * before, and none is given twice. The system is asked for a new key each MiB.
 *
 * It is of one process: a child of fork(2) would give the same bytes, and begins one of its own.
 */
struct random {
	uint32_t key[8]; /* of the next block */
	unsigned fillings; /* that this key and those made of it are still good for */
	size_t left; /* bytes of the block not given yet, at its end */
	uint32_t block[RANDOM_GROUPS][CHACHA20_WORDS][CHACHA20_BLOCKS];
};

void random_init(struct random *r);

/* 0, or -1 if the system has none: nothing may then be sent. */
int random_bytes(struct random *r, void *p, size_t n);

#endif

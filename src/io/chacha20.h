#ifndef IO_CHACHA20_H
#define IO_CHACHA20_H

#include <stdint.h>

/* Blocks made at once, and words in each. */
#define CHACHA20_BLOCKS 8
#define CHACHA20_WORDS  16

/*
 * The block function of ChaCha20 (RFC 8439 2.3) for the blocks counter, counter + 1 and so on:
 * word i of the k-th of them goes to out[i][k]. Words are numbers: key and nonce as well are read
 * as the little-endian ones of the RFC.
 */
void chacha20_blocks(uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], const uint32_t key[8],
    uint32_t counter, const uint32_t nonce[3]);

/* The same with no more of the processor than all of its kind have; its test compares them. */
void chacha20_blocks_anywhere(uint32_t out[CHACHA20_WORDS][CHACHA20_BLOCKS], const uint32_t key[8],
    uint32_t counter, const uint32_t nonce[3]);

#endif

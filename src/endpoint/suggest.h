#ifndef ENDPOINT_SUGGEST_H
#define ENDPOINT_SUGGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/strlist.h"

/*
 * What Tab offers in a message that is being typed: the messages sent before, and names of members
 * of the JSON that was seen. Of either only so many are kept; secrets (ui/history_file.h) are not.
 */
#define SUGGEST_LINES    512
#define SUGGEST_NAMES    512
#define SUGGEST_NAME_MAX 64 /* bytes; names that are longer are no help */

struct suggest {
	char *lines[SUGGEST_LINES]; /* a ring */
	size_t n_lines; /* ever kept */
	struct strlist names;
	uint16_t table[2 * SUGGEST_NAMES]; /* open addressing: 1 + an index into names, 0: none */
};

void suggest_init(struct suggest *s);
void suggest_clear(struct suggest *s);

/* A line of n bytes was sent, in this session or an earlier one. */
void suggest_line(struct suggest *s, const char *line, size_t n);

/* A message of n bytes came or was sent: if it is JSON its names are noted. */
void suggest_message(struct suggest *s, const uint8_t *p, size_t n);

/*
 * What follows the n bytes of a line, as slash_complete() has it: the rest of a name with its
 * quotation mark and colon, or the rest of a message.
 */
void suggest_complete(
    const struct suggest *s, const char *line, size_t n, struct buf *to, struct buf *listed);

#endif

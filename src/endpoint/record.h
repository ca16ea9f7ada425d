#ifndef ENDPOINT_RECORD_H
#define ENDPOINT_RECORD_H

#include "endpoint/endpoint.h"

/*
 * What was said over WebSockets, both ways, in a file: as messages, not as frames. One of over
 * 64 MiB is in parts as JSON lines, cut in an archive, and left out of a script, which both say.
 */

enum record_format {
	RECORD_JSONL, /* events (ui/jsonl.h) with their times, and a "send" for what we said */
	RECORD_HAR, /* HTTP Archive 1.2, with messages as browsers' developer tools have them */
	RECORD_WST, /* a script that plays the conversation again */
};

struct record;

/* By the suffix of the file's name. */
enum record_format record_format_of(const char *path);

/* 0, ERR_NOMEM, or ERR_ARGUMENT with errno set where the file can not be opened. */
int record_new(const struct env *env, const char *path, struct record **record);

/* Whatever else the session needs is there: what the file had is gone from now on. */
void record_start(struct record *record); /* NULL is allowed */

/* True if all it was told is in the file. NULL is allowed: there was none. */
bool record_free(struct record *record);

/* A connection's part of it. */
struct record_part;

/* who: of many connections, "" for the only one; borrowed for life. NULL without memory. */
struct record_part *record_part_new(struct record *record, const char *who);
void record_part_free(struct record_part *part); /* NULL is allowed */

/* A head of the handshake; pieces of messages; control frames of ours; events. */
void record_head(struct record_part *part, enum wsx_direction dir, const char *p, size_t n);
void record_pieces(
    struct record_part *part, enum wsx_direction dir, const struct wsx_piece *pieces, size_t n);
void record_control(struct record_part *part, enum control kind, uint16_t code, struct span data);
void record_event(struct record_part *part, const struct event *event);

#endif

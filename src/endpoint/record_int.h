#ifndef ENDPOINT_RECORD_INT_H
#define ENDPOINT_RECORD_INT_H

#include <time.h>

#include "base/buf.h"
#include "endpoint/record.h"
#include "endpoint/side_file.h"

/* struct record, for record.c (messages put together, JSON lines), record_har.c, record_wst.c. */

struct record {
	struct side_file file;
	enum record_format format;
	bool any; /* a connection is in it */
};

/* A message being put together, one way. */
struct record_message {
	enum wsx_type type;
	struct buf buf;
	bool cut; /* more of it came than a format without parts can hold */
};

struct record_part {
	struct record *record;
	const char *who;
	struct record_message messages[2]; /* by enum wsx_direction */
	struct buf request, response; /* the heads, of the last connection */
	struct timespec started; /* its request went out */
	struct open_timing timing;
	bool begun; /* its entry has a beginning and no end */
	bool comma; /* there is a message in it */
};

/* A whole message, or with more a part of one that others follow; cut if its end is left out. */
struct record_said {
	enum wsx_direction dir;
	enum wsx_type type;
	bool more, cut;
	const uint8_t *p;
	size_t n;
};

/* Each appends to b: 0 or an error. */

int record_har_begin(struct record *r, struct buf *b);
int record_har_message(struct record_part *part, const struct record_said *said, struct buf *b);
int record_har_event(struct record_part *part, const struct event *event, struct buf *b);
int record_har_end(struct record *r, struct buf *b);
int record_har_part_end(struct record_part *part, struct buf *b);

int record_wst_begin(struct buf *b);
int record_wst_message(const struct record_said *said, struct buf *b);
int record_wst_control(enum control kind, uint16_t code, struct span data, struct buf *b);
int record_wst_event(struct record_part *part, const struct event *event, struct buf *b);

/* Cuts the line at *head off it: false at its empty line. */
bool record_next_line(struct span *head, struct span *line);
/* A field of such a line: its name and value, trimmed. False if it is none. */
bool record_field(struct span line, struct span *name, struct span *value);

#endif

#ifndef CMD_SESSION_INT_H
#define CMD_SESSION_INT_H

#include "cmd/session.h"

/*
 * The parts of session_make(): session.c (what was asked for), session_left.c (the WebSocket),
 * session_right.c (what it is joined to), session_side.c (files beside it). Each makes what the
 * options ask for: ENDED_OK, or the ending, said on standard error unless told otherwise.
 */

/* session_left.c: once the right side and the files are there */
int session_make_left(struct session *s);

/* session_right.c: the ending is not said, as there is no memory then */
int session_make_right(struct session *s);
struct framing_marks session_marks(const struct options *o, const struct framing_option *f);
/* True if what is written goes to a terminal that it could harm: it is made fit for one. */
bool session_is_shown(const struct options *o);
/* What a character is, where libraries are to know it. */
void session_set_locale(void);

/* session_side.c */
int session_make_blobs(struct session *s);
int session_make_side_files(struct session *s);

#endif

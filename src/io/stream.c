#include "io/stream.h"

#include <assert.h>

ssize_t
stream_read(struct stream *s, uint8_t *p, size_t n)
{
	assert(n > 0);
	return s->ops->read(s, p, n);
}

ssize_t
stream_write(struct stream *s, const uint8_t *p, size_t n)
{
	assert(n > 0);
	return s->ops->write(s, p, n);
}

int
stream_shutdown(struct stream *s)
{
	return s->ops->shutdown(s);
}

short
stream_events(const struct stream *s, bool want_read, bool want_write)
{
	return s->ops->events(s, want_read, want_write);
}

bool
stream_pending(const struct stream *s)
{
	return s->ops->pending(s);
}

const char *
stream_error(const struct stream *s)
{
	return s->error;
}

void
stream_free(struct stream *s)
{
	if (s != NULL)
		s->ops->free(s);
}

#include "endpoint/mirror.h"

#include "base/err.h"
#include "base/mem.h"
#include "endpoint/pump.h"

static void
mirror_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	pump_put(ep, pieces, n);
}

/* A mirror holds nothing: it takes what its peer takes back, or would drop. */
static bool
mirror_ready(struct endpoint *ep)
{
	return pump_ready(ep) || pump_deaf(ep);
}

static void
mirror_wake(struct endpoint *ep)
{
	pump_wake(ep);
}

static void
null_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	(void)ep;
	(void)pieces;
	(void)n;
}

static bool
null_ready(struct endpoint *ep)
{
	(void)ep;
	return true;
}

static void
plain_free(struct endpoint *ep)
{
	mem_free(&mem_libc, ep);
}

static const struct endpoint_ops mirror_ops = {
	.take = mirror_take,
	.ready = mirror_ready,
	.wake = mirror_wake,
	.free = plain_free,
};

static const struct endpoint_ops null_ops = {
	.take = null_take,
	.ready = null_ready,
	.free = plain_free,
};

static int
plain_new(const struct endpoint_ops *ops, struct endpoint **out)
{
	struct endpoint *ep = mem_new(&mem_libc, sizeof *ep);

	if (ep == NULL)
		return ERR_NOMEM;
	ep->ops = ops;
	*out = ep;
	return 0;
}

int
mirror_new(struct endpoint **ep)
{
	return plain_new(&mirror_ops, ep);
}

int
null_new(struct endpoint **ep)
{
	return plain_new(&null_ops, ep);
}

#include <errno.h>
#include <sys/socket.h>

#include "io/stream.h"
#include "io/tls_int.h"

static bool
would_block(struct tls *t)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return true;
	t->fault = errno;
	return false;
}

static int
socket_read(BIO *bio, char *p, int n)
{
	struct tls *t = BIO_get_data(bio);
	ssize_t r;

	BIO_clear_retry_flags(bio);
	do
		r = recv(t->stream.fd, p, (size_t)n, 0);
	while (r < 0 && errno == EINTR);
	if (r < 0 && would_block(t))
		BIO_set_retry_read(bio);
	if (r == 0)
		t->ended = true;
	return (int)r;
}

int
tls_flush(struct tls *t)
{
	ssize_t k;

	while (buf_len(&t->sealed) > 0) {
		/* OpenSSL's own socket BIO would raise SIGPIPE. */
		k = send(t->stream.fd, buf_data(&t->sealed), buf_len(&t->sealed), MSG_NOSIGNAL);
		if (k >= 0)
			buf_consume(&t->sealed, (size_t)k);
		else if (errno != EINTR)
			return would_block(t) ? STREAM_AGAIN : STREAM_LOST;
	}
	return 0;
}

/* OpenSSL's word for what tls_flush() gave: 1, or -1 with or without a reason to call again. */
static int
flushed(BIO *bio, int r)
{
	if (r == STREAM_AGAIN)
		BIO_set_retry_write(bio);
	return r == 0 ? 1 : -1;
}

static int
socket_write(BIO *bio, const char *p, int n)
{
	struct tls *t = BIO_get_data(bio);

	BIO_clear_retry_flags(bio);
	if ((size_t)n > buf_room(&t->sealed) && flushed(bio, tls_flush(t)) < 0)
		return -1;
	if (buf_put(&t->sealed, p, (size_t)n) == 0)
		return n;
	t->fault = ENOMEM;
	return -1;
}

static long
socket_ctrl(BIO *bio, int what, long larg, void *parg)
{
	struct tls *t = BIO_get_data(bio);

	(void)larg;
	(void)parg;
	if (what == BIO_CTRL_FLUSH) {
		BIO_clear_retry_flags(bio);
		return flushed(bio, tls_flush(t));
	}
	return what == BIO_CTRL_EOF && t->ended;
}

BIO_METHOD *
tls_socket_method(void)
{
	BIO_METHOD *m = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket");

	if (m == NULL)
		return NULL;
	BIO_meth_set_read(m, socket_read);
	BIO_meth_set_write(m, socket_write);
	BIO_meth_set_ctrl(m, socket_ctrl);
	return m;
}

#include "endpoint/blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

#define PART_MAX     64
#define NAME_MAX_OWN 64

struct blobs {
	const char *dir;
	int dirfd;
	int fd; /* of the file that is being written; -1: none */
	char part[PART_MAX]; /* its name as long as it is not whole; "": there is none */
	const struct magic *magic;
	uint64_t size;
	unsigned long next, parts; /* numbers to try */
	char path[PATH_MAX + NAME_MAX_OWN];
};

int
blobs_new(const char *dir, struct blobs **out)
{
	struct blobs *b = mem_new(&mem_libc, sizeof *b);
	int error;

	if (b == NULL)
		return ERR_NOMEM;
	*b = (struct blobs){ .dir = dir, .fd = -1, .next = 1 };
	b->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (b->dirfd == -1 || strlen(dir) >= PATH_MAX) {
		error = b->dirfd == -1 ? errno : ENAMETOOLONG;
		blobs_free(b);
		errno = error;
		return ERR_ARGUMENT;
	}
	*out = b;
	return 0;
}

/* Nothing is left of a file that is not whole. */
static void
drop(struct blobs *b)
{
	int error = errno;

	if (b->fd != -1)
		close(b->fd);
	if (b->part[0] != '\0')
		unlinkat(b->dirfd, b->part, 0);
	b->fd = -1;
	b->part[0] = '\0';
	errno = error;
}

void
blobs_free(struct blobs *b)
{
	if (b == NULL)
		return;
	drop(b);
	if (b->dirfd != -1)
		close(b->dirfd);
	mem_free(&mem_libc, b);
}

static int
begin(struct blobs *b, const struct wsx_piece *piece)
{
	drop(b); /* of a message that was never completed, as its connection was lost */
	b->magic = magic_of(piece->data, piece->n);
	b->size = 0;
	do { /* one may be left of a process that was killed */
		snprintf(b->part, sizeof b->part, ".wsx-%ld-%lu.part", (long)getpid(), b->parts++);
		b->fd = openat(
		    b->dirfd, b->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	} while (b->fd == -1 && errno == EEXIST);
	if (b->fd != -1)
		return 0;
	b->part[0] = '\0';
	return -1;
}

static int
put(struct blobs *b, const uint8_t *p, size_t n)
{
	ssize_t k;

	b->size += n;
	while (n > 0) {
		k = write(b->fd, p, n);
		if (k < 0 && errno != EINTR)
			return -1;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return 0;
}

/* Gives the file this name unless there is one: 0, or -1 and errno. */
static int
name_part(struct blobs *b, const char *name)
{
	if (renameat2(b->dirfd, b->part, b->dirfd, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* a file system that can not do that can mostly do this */
	if (linkat(b->dirfd, b->part, b->dirfd, name, 0) != 0)
		return -1;
	return unlinkat(b->dirfd, b->part, 0);
}

static int
finish(struct blobs *b, struct blob *blob)
{
	char name[NAME_MAX_OWN];
	int fd = b->fd, r;

	b->fd = -1;
	if (close(fd) != 0) /* it may tell that the disk is full */
		return -1;
	do {
		snprintf(name, sizeof name, "message-%04lu.%s", b->next++, b->magic->suffix);
		r = name_part(b, name);
	} while (r != 0 && errno == EEXIST);
	if (r != 0)
		return -1;
	b->part[0] = '\0';
	snprintf(b->path, sizeof b->path, "%s/%s", strcmp(b->dir, "/") == 0 ? "" : b->dir, name);
	*blob = (struct blob){ b->path, b->magic, b->size };
	return 1;
}

int
blobs_take(struct blobs *b, const struct wsx_piece *piece, struct blob *blob)
{
	int r = 0;

	if (piece->first)
		r = begin(b, piece);
	if (r == 0)
		r = put(b, piece->data, piece->n);
	if (r == 0 && piece->last)
		r = finish(b, blob);
	if (r < 0)
		drop(b);
	return r;
}

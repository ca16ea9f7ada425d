#include "ui/history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "ui/secret.h"

/* How long a lock is waited for while somebody types, and at the end. */
#define LOCK_MS      20
#define LOCK_LAST_MS 1000

void
history_file_init(struct history_file *f, const char *path, const char *host)
{
	*f = (struct history_file){ .path = path, .host = host };
	buf_init(&f->waiting, &mem_libc, 4 * HISTORY_LINE_MAX);
}

bool
history_is_secret(const char *line, size_t n)
{
	return (n > 0 && line[0] == ' ') || secret_is_named(line, n);
}

/* Reading. */

/* A plain file's size, or -1: anything else could let us wait for ever. */
static off_t
file_size(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : -1;
}

/* Whole lines from the end of a file of that size, most bytes of them at most. */
static bool
read_end(int fd, off_t size, size_t most, struct buf *b)
{
	bool cut = size > (off_t)most;
	const uint8_t *eol;
	uint8_t *room;
	ssize_t n;

	if (lseek(fd, cut ? size - (off_t)most : 0, SEEK_SET) == -1)
		return false;
	do {
		if (buf_reserve(b, 65536, &room) < 0)
			return false;
		n = read(fd, room, 65536);
		if (n > 0)
			buf_commit(b, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0 && cut) { /* the first of them is none */
		eol = memchr(buf_data(b), '\n', buf_len(b));
		buf_consume(b, eol != NULL ? (size_t)(eol + 1 - buf_data(b)) : buf_len(b));
	}
	return n == 0;
}

/* A line as it was typed: \n and \\ stand for what a line of the file can not hold. In place. */
static size_t
unescape(char *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n) {
			i++;
			p[to++] = p[i] == 'n' ? '\n' : p[i];
		} else {
			p[to++] = p[i];
		}
	}
	p[to] = '\0';
	return to;
}

void
history_file_load(
    const struct history_file *f, void (*give)(const char *line, size_t n, void *arg), void *arg)
{
	size_t host_n;
	struct buf b;
	char *p, *end, *eol;
	off_t size;
	int fd;

	if (f->path == NULL ||
	    (fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) == -1)
		return;
	host_n = strlen(f->host);
	buf_init(&b, &mem_libc, 4 * HISTORY_FILE_MAX);
	if ((size = file_size(fd)) > 0 && read_end(fd, size, 2 * HISTORY_FILE_MAX, &b)) {
		p = (char *)buf_mutable_data(&b);
		end = p + buf_len(&b);
		for (; p < end && (eol = memchr(p, '\n', (size_t)(end - p))) != NULL; p = eol + 1) {
			*eol = '\0';
			if ((size_t)(eol - p) <= host_n || memcmp(p, f->host, host_n) != 0 ||
			    p[host_n] != ' ')
				continue;
			p += host_n + 1;
			give(p, unescape(p, (size_t)(eol - p)), arg);
		}
	}
	buf_clear(&b);
	close(fd);
}

/* Writing. */

static bool
write_all(int fd, const uint8_t *p, size_t n)
{
	ssize_t k;

	while (n > 0) {
		k = write(fd, p, n);
		if (k < 0 && errno != EINTR)
			return false;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return true;
}

/* One that was stopped within its own lock must not stop all others. */
static bool
lock(int fd, int patience_ms)
{
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; tries++) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || tries >= patience_ms)
			return false;
		(void)poll(NULL, 0, 1);
	}
	return true;
}

/* False if another has taken its place. */
static bool
is_there(int fd, const char *path)
{
	struct stat mine, there;

	return fstat(fd, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino &&
	       mine.st_dev == there.st_dev;
}

/* One that somebody else made may be open to others. */
static void
keep_private(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
		(void)fchmod(fd, 0600);
}

/* The file, locked if it can be; it may have been renamed away while that was waited for. */
static int
open_locked(const char *path, int patience_ms, bool *locked)
{
	int fd;

	for (int tries = 0; tries < 100; tries++) {
		fd = open(path,
		    O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
		    0600);
		if (fd == -1)
			return -1;
		*locked = lock(fd, patience_ms);
		if (!*locked || is_there(fd, path)) {
			keep_private(fd);
			return fd;
		}
		close(fd);
	}
	return -1;
}

/* The newer half of the file, which is locked, in its place; unless somebody could not wait. */
static void
halve(const char *path, int fd, off_t size)
{
	char name[4096];
	struct buf b;
	bool whole;
	int to;

	if (snprintf(name, sizeof name, "%s.%ld", path, (long)getpid()) >= (int)sizeof name)
		return;
	buf_init(&b, &mem_libc, 4 * HISTORY_FILE_MAX);
	if (read_end(fd, size, HISTORY_FILE_MAX / 2, &b) &&
	    (to = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)) != -1) {
		whole = write_all(to, buf_data(&b), buf_len(&b));
		if (close(to) != 0 || !whole || file_size(fd) != size || rename(name, path) != 0)
			unlink(name);
	}
	buf_clear(&b);
}

static int
put_entry(struct buf *b, const char *host, const char *line, size_t n)
{
	int r = buf_putf(b, "%s ", host);

	for (size_t i = 0; i < n && r == 0; i++) {
		if (line[i] == '\n')
			r = buf_puts(b, "\\n");
		else if (line[i] == '\\')
			r = buf_puts(b, "\\\\");
		else
			r = buf_putc(b, (uint8_t)line[i]);
	}
	return r == 0 ? buf_putc(b, '\n') : r;
}

/* A write that was cut short, by a disk that filled up, left a line without its end. */
static bool
ends_in_line(int fd, off_t size)
{
	char last = '\n';

	return size == 0 || pread(fd, &last, 1, size - 1) != 1 || last == '\n';
}

/*
 * At the end of the file by one write, which what others write is not mixed with: the lock is for
 * halving.
 */
static void
append(const struct history_file *f, int fd, bool locked)
{
	const struct buf *b = &f->waiting;
	off_t size = file_size(fd);

	if (size == -1)
		return;
	if (!ends_in_line(fd, size) && !write_all(fd, (const uint8_t *)"\n", 1))
		return;
	if (!write_all(fd, buf_data(b), buf_len(b)))
		return;
	size += (off_t)buf_len(b);
	if (locked && size > (off_t)HISTORY_FILE_MAX)
		halve(f->path, fd, size);
}

void
history_file_add(struct history_file *f, const char *line, size_t n)
{
	size_t before = buf_len(&f->waiting);
	bool locked;
	int fd;

	if (f->path == NULL || n == 0 || n > HISTORY_LINE_MAX || history_is_secret(line, n))
		return;
	if (put_entry(&f->waiting, f->host, line, n) != 0) {
		buf_truncate(&f->waiting, buf_len(&f->waiting) - before);
		return;
	}
	if ((fd = open_locked(f->path, LOCK_MS, &locked)) != -1 && locked)
		append(f, fd, true);
	if (fd == -1 || locked)
		buf_reset(&f->waiting);
	if (fd != -1)
		close(fd);
}

void
history_file_close(struct history_file *f)
{
	bool locked;
	int fd;

	if (f->path == NULL)
		return;
	if (buf_len(&f->waiting) > 0 && (fd = open_locked(f->path, LOCK_LAST_MS, &locked)) != -1) {
		append(f, fd, locked);
		close(fd);
	}
	buf_clear(&f->waiting);
}

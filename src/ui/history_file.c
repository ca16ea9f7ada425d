#include "ui/history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "ui/secret.h"

bool
history_is_secret(const char *line, size_t n)
{
	return (n > 0 && line[0] == ' ') || secret_is_named(line, n);
}

/* Reading. */

/* All of the file: false where there is none. */
static bool
read_all(int fd, struct buf *b)
{
	uint8_t *room;
	ssize_t n;

	do {
		if (buf_reserve(b, 65536, &room) < 0)
			return false;
		n = read(fd, room, 65536);
		if (n > 0)
			buf_commit(b, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
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
	int fd;

	if (f->path == NULL || (fd = open(f->path, O_RDONLY | O_CLOEXEC)) == -1)
		return;
	host_n = strlen(f->host);
	buf_init(&b, &mem_libc, 4 * HISTORY_FILE_MAX);
	if (read_all(fd, &b)) {
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

/* The file, locked: it may have been renamed away while the lock was waited for. -1 without. */
static int
open_locked(const char *path)
{
	struct stat mine, there;
	int fd;

	for (int tries = 0; tries < 100; tries++) {
		fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd == -1)
			return -1;
		if (flock(fd, LOCK_EX) == 0 && fstat(fd, &mine) == 0 && stat(path, &there) == 0 &&
		    mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
			return fd;
		close(fd);
	}
	return -1;
}

/* The newer half of the file in its place. fd is locked. */
static void
halve(const char *path, int fd)
{
	char name[4096];
	const uint8_t *half;
	struct buf b;
	int to;

	if (snprintf(name, sizeof name, "%s.%ld", path, (long)getpid()) >= (int)sizeof name)
		return;
	buf_init(&b, &mem_libc, 4 * HISTORY_FILE_MAX);
	if (lseek(fd, 0, SEEK_SET) == 0 && read_all(fd, &b) &&
	    (half = memchr(buf_data(&b) + buf_len(&b) / 2, '\n', buf_len(&b) - buf_len(&b) / 2)) !=
		NULL &&
	    (to = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)) != -1) {
		half++;
		if (!write_all(to, half, (size_t)(buf_data(&b) + buf_len(&b) - half)) ||
		    close(to) != 0 || rename(name, path) != 0)
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

void
history_file_add(const struct history_file *f, const char *line, size_t n)
{
	struct buf b;
	struct stat st;
	int fd;

	if (f->path == NULL || n == 0 || n > HISTORY_LINE_MAX || history_is_secret(line, n))
		return;
	buf_init(&b, &mem_libc, SIZE_MAX);
	if (put_entry(&b, f->host, line, n) == 0 && (fd = open_locked(f->path)) != -1) {
		if (write_all(fd, buf_data(&b), buf_len(&b)) && fstat(fd, &st) == 0 &&
		    (size_t)st.st_size > HISTORY_FILE_MAX)
			halve(f->path, fd);
		close(fd);
	}
	buf_clear(&b);
}

#include "endpoint/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
refuse(struct input_file *f, const char *path, const char *what, char why[INPUT_FILE_WHY_MAX])
{
	snprintf(why, INPUT_FILE_WHY_MAX, "cannot read %s: %s", path, what);
	input_file_close(f);
	return -1;
}

int
input_file_open(struct input_file *f, const char *path, char why[INPUT_FILE_WHY_MAX])
{
	struct stat st;

	*f = (struct input_file){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) };
	if (f->fd == -1 || fstat(f->fd, &st) != 0)
		return refuse(f, path, strerror(errno), why);
	if (S_ISDIR(st.st_mode))
		return refuse(f, path, strerror(EISDIR), why);
	if (!S_ISREG(st.st_mode)) /* another may let us wait for ever */
		return refuse(
		    f, path, "it is no regular file; pipe it in with -b --input whole", why);
	f->size = st.st_size > 0 ? (uint64_t)st.st_size : INPUT_FILE_UNKNOWN;
	return 0;
}

void
input_file_close(struct input_file *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

ssize_t
input_file_read(struct input_file *f, uint8_t *p, size_t n, bool *last)
{
	uint64_t left = f->size - f->at;
	ssize_t k;

	if (n > left)
		n = (size_t)left;
	do
		k = n > 0 ? read(f->fd, p, n) : 0;
	while (k < 0 && errno == EINTR);
	if (k < 0)
		return -1;
	f->at += (uint64_t)k;
	*last = k == 0 || f->at == f->size;
	return k;
}

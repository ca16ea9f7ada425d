#ifndef ENDPOINT_INPUT_FILE_H
#define ENDPOINT_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A regular file, read as one message a piece at a time. */
struct input_file {
	int fd; /* -1: none is open */
	uint64_t size; /* as it was opened, or INPUT_FILE_UNKNOWN: files of /proc tell 0 */
	uint64_t at; /* bytes read */
};

#define INPUT_FILE_WHY_MAX 512
#define INPUT_FILE_UNKNOWN UINT64_MAX

/* 0, or -1 and why it can not be read, with its name. */
int input_file_open(struct input_file *f, const char *path, char why[INPUT_FILE_WHY_MAX]);
void input_file_close(struct input_file *f); /* also of none */

/*
 * Reads at most n bytes: their number, or -1 and errno. *last is set with the last of them, which
 * may be none: no more than the file had when it was opened, or fewer if it is shorter by now.
 */
ssize_t input_file_read(struct input_file *f, uint8_t *p, size_t n, bool *last);

#endif

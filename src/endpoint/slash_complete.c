/* What Tab adds to a command that is being typed: its name, or a path. */

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "endpoint/slash.h"

/* As many choices are listed as a screen may have room for. */
#define CHOICES_MAX 50

/* Names that begin as what was typed, one after the other. */
struct choices {
	const char *typed;
	size_t typed_n;
	char common[NAME_MAX + 1]; /* what all of them begin with */
	size_t n;
	struct buf *listed; /* their names, for people */
};

static void
add(struct choices *c, const char *name, const char *mark)
{
	size_t k = 0;

	if (strlen(name) > NAME_MAX || strncmp(name, c->typed, c->typed_n) != 0)
		return;
	if (c->n == 0)
		snprintf(c->common, sizeof c->common, "%s", name);
	while (c->common[k] != '\0' && c->common[k] == name[k])
		k++;
	c->common[k] = '\0';
	if (c->n++ < CHOICES_MAX)
		(void)buf_putf(c->listed, "%s%s%s", c->n > 1 ? "  " : "", name, mark);
}

/* Inserts what is common to all; what is listed stays only if that is nothing. */
static void
insert(struct choices *c, const char *after, struct buf *to)
{
	size_t more = strlen(c->common) > c->typed_n ? strlen(c->common) - c->typed_n : 0;

	if (c->n == 0)
		return;
	(void)buf_put(to, c->common + c->typed_n, more);
	if (c->n == 1)
		(void)buf_puts(to, after);
	if (c->n == 1 || more > 0)
		buf_reset(c->listed);
}

static bool
is_directory(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	return snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path &&
	       stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void
complete_path(const char *p, size_t n, struct buf *to, struct buf *listed)
{
	const char *slash = memrchr(p, '/', n);
	size_t dir_n = slash != NULL ? (size_t)(slash - p) + 1 : 0;
	struct choices c = { .typed = p + dir_n, .typed_n = n - dir_n, .listed = listed };
	char dir[PATH_MAX] = ".";
	const struct dirent *entry;
	bool directory = false;
	DIR *d;

	if (dir_n >= sizeof dir)
		return;
	if (dir_n > 0) {
		memcpy(dir, p, dir_n);
		dir[dir_n] = '\0';
	}
	if ((d = opendir(dir)) == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.' && (c.typed_n == 0 || c.typed[0] != '.'))
			continue;
		directory = is_directory(dir, entry->d_name);
		add(&c, entry->d_name, directory ? "/" : "");
	}
	closedir(d);
	insert(&c, c.n == 1 && is_directory(dir, c.common) ? "/" : "", to);
}

void
slash_complete(const char *line, size_t n, struct buf *to, struct buf *listed)
{
	static const char file[] = "/file ";
	struct choices c = { .typed = line + 1, .typed_n = n - 1, .listed = listed };
	const char *name, *args = "";

	if (n == 0 || line[0] != '/')
		return;
	if (n >= sizeof file - 1 && memcmp(line, file, sizeof file - 1) == 0) {
		complete_path(line + sizeof file - 1, n - (sizeof file - 1), to, listed);
		return;
	}
	for (size_t i = 0; (name = slash_name(i)) != NULL; i++)
		add(&c, name, "");
	for (size_t i = 0; c.n == 1 && (name = slash_name(i)) != NULL; i++)
		if (strcmp(name, c.common) == 0)
			args = slash_args(i);
	insert(&c, *args != '\0' ? " " : "", to);
}

/* What Tab adds to a command that is being typed: its name, or a path. */

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "endpoint/choices.h"
#include "endpoint/slash.h"

static bool
is_directory(const char *dir, const struct dirent *file)
{
	const char *name = file->d_name;
	char path[PATH_MAX];
	struct stat st;

	if (file->d_type != DT_UNKNOWN && file->d_type != DT_LNK)
		return file->d_type == DT_DIR;
	return snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path &&
	       stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void
add_files(struct choices *c, const char *dir, struct dirent *const *files, int n, bool *directory)
{
	bool hidden = c->typed_n > 0 && c->typed[0] == '.';

	for (int i = 0; i < n; i++) {
		const char *name = files[i]->d_name;
		size_t before = c->n;
		bool is;

		if ((name[0] == '.' && !hidden) || strncmp(name, c->typed, c->typed_n) != 0)
			continue;
		is = is_directory(dir, files[i]);
		choices_add(c, name, strlen(name), is ? "/" : "");
		if (c->n > before)
			*directory = is;
	}
}

static void
complete_path(const char *p, size_t n, struct buf *to, struct buf *listed)
{
	const char *slash = memrchr(p, '/', n);
	size_t dir_n = slash != NULL ? (size_t)(slash - p) + 1 : 0;
	struct dirent **files;
	struct choices c;
	char dir[PATH_MAX] = ".";
	bool directory = false;
	int n_files;

	if (dir_n > 0 && !slash_take_path((struct span){ p, dir_n }, dir))
		return;
	if ((n_files = scandir(dir, &files, NULL, alphasort)) < 0)
		return;
	choices_init(&c, p + dir_n, n - dir_n, listed);
	add_files(&c, dir, files, n_files, &directory);
	choices_insert(&c, directory ? "/" : "", to);
	choices_clear(&c);
	while (n_files > 0)
		free(files[--n_files]);
	free(files);
}

/* The name of a command, and a blank where arguments are to follow. */
static void
complete_name(
    const char *p, size_t n, bool listening, bool arguments, struct buf *to, struct buf *listed)
{
	const struct slash *command, *only = NULL;
	struct choices c;
	size_t before;

	choices_init(&c, p, n, listed);
	for (size_t i = 0; (command = slash_at(i, listening)) != NULL; i++) {
		before = c.n;
		choices_add(&c, command->name, strlen(command->name), "");
		if (c.n > before)
			only = command;
	}
	choices_insert(&c, arguments && only != NULL && *only->args != '\0' ? " " : "", to);
	choices_clear(&c);
}

/* The words an argument is one of. */
static void
complete_word(const char *const *words, const char *p, size_t n, struct buf *to, struct buf *listed)
{
	struct choices c;

	choices_init(&c, p, n, listed);
	for (; *words != NULL; words++)
		choices_add(&c, *words, strlen(*words), "");
	choices_insert(&c, "", to);
	choices_clear(&c);
}

void
slash_complete(const char *line, size_t n, bool listening, struct buf *to, struct buf *listed)
{
	const char *space = memchr(line, ' ', n), *rest;
	const struct slash *command;

	if (n == 0 || line[0] != '/')
		return;
	if (space == NULL) {
		complete_name(line + 1, n - 1, listening, true, to, listed);
		return;
	}
	if ((command = slash_find(line + 1, (size_t)(space - line) - 1)) == NULL)
		return;
	rest = space + 1;
	n -= (size_t)(rest - line);
	if (strcmp(command->args, "PATH") == 0 || strcmp(command->args, "FILE") == 0)
		complete_path(rest, n, to, listed);
	else if (strcmp(command->args, "[COMMAND]") == 0)
		complete_name(rest, n, listening, false, to, listed);
	else if (command->words != NULL)
		complete_word(command->words, rest, n, to, listed);
}

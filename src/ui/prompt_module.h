#ifndef UI_PROMPT_MODULE_H
#define UI_PROMPT_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "ui/prompt.h"

/*
 * The line editor of a prompt. It is a table, so that libedit is loaded by the runs alone that
 * have a prompt: linked into the program or a shared object of its own, which exports the one
 * symbol wsx_prompt_module.
 */
struct prompt_editor;

struct prompt_module {
	const char *version; /* WSX_VERSION: both sides of this table are of one build */

	/*
	 * An editor that draws on out, borrowed for its life: 0, ERR_NOMEM, or ERR_ARGUMENT if
	 * the terminal can not move its cursor.
	 */
	int (*open)(const struct prompt_config *config, FILE *out, struct prompt_editor **e);
	void (*close)(struct prompt_editor *e);

	/* The functions of ui/prompt.h of the same names. */
	int (*read)(struct prompt_editor *e, struct buf *line);
	void (*recall)(struct prompt_editor *e, const char *line, size_t n);
	void (*print)(struct prompt_editor *e, const void *text, size_t n);
	void (*flush)(struct prompt_editor *e);
	bool (*interrupt)(struct prompt_editor *e);
	void (*resize)(struct prompt_editor *e);
	size_t (*columns)(const struct prompt_editor *e);

	/* Leave the line as it is and go below it; and set the editor's modes of the terminal again. */
	void (*suspend)(struct prompt_editor *e);
	void (*resume)(struct prompt_editor *e);
};

extern const struct prompt_module wsx_prompt_module;

#endif

#include "ui/prompt.h"

#include <stdlib.h>

#include "base/err.h"
#include "ui/prompt_module.h"
#include "ui/prompt_tty.h"

struct prompt {
	const struct prompt_module *module;
	struct prompt_editor *editor;
	struct prompt_out out;
};

int
prompt_new(
    const struct prompt_module *module, const struct prompt_config *config, struct prompt **out)
{
	struct prompt *p = calloc(1, sizeof *p);
	int r;

	if (p == NULL)
		return ERR_NOMEM;
	p->module = module;
	if ((r = prompt_tty_open(&p->out)) != 0 ||
	    (r = module->open(config, p->out.stream, &p->editor)) != 0) {
		prompt_free(p);
		return r;
	}
	prompt_tty_mark_pastes(&p->out);
	*out = p;
	return 0;
}

void
prompt_free(struct prompt *p)
{
	if (p == NULL)
		return;
	if (p->editor != NULL)
		p->module->close(p->editor);
	if (p->out.stream != NULL)
		prompt_tty_close(&p->out);
	free(p);
}

int
prompt_read(struct prompt *p, struct buf *line)
{
	return p->module->read(p->editor, line);
}

void
prompt_recall(struct prompt *p, const char *line, size_t n)
{
	p->module->recall(p->editor, line, n);
}

void
prompt_print(struct prompt *p, const void *text, size_t n)
{
	p->module->print(p->editor, text, n);
}

void
prompt_flush(struct prompt *p)
{
	p->module->flush(p->editor);
}

size_t
prompt_waiting(const struct prompt *p)
{
	return buf_len(&p->out.waiting);
}

void
prompt_drain(struct prompt *p)
{
	(void)prompt_out_drain(&p->out);
}

bool
prompt_interrupt(struct prompt *p)
{
	return p->module->interrupt(p->editor);
}

size_t
prompt_columns(const struct prompt *p)
{
	return p->module->columns(p->editor);
}

void
prompt_resize(struct prompt *p)
{
	p->module->resize(p->editor);
}

void
prompt_suspend(struct prompt *p)
{
	p->module->suspend(p->editor);
	prompt_tty_restore(&p->out);
}

void
prompt_resume(struct prompt *p)
{
	if (!prompt_has_terminal())
		return;
	p->module->resume(p->editor);
	prompt_tty_mark_pastes(&p->out);
	p->module->flush(p->editor);
}

void
prompt_recover(struct prompt *p)
{
	prompt_tty_recover(&p->out);
}

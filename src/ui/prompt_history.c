#include "ui/prompt_history.h"

#include <stdlib.h>

#include "base/buf.h"

#define LINES 1000

struct prompt_history {
	HistoryW *lines;
	struct buf entry; /* a line as libedit takes it */
};

struct prompt_history *
prompt_history_new(EditLine *el)
{
	struct prompt_history *h = calloc(1, sizeof *h);
	HistEventW event;

	if (h == NULL)
		return NULL;
	buf_init(&h->entry, &mem_libc, SIZE_MAX);
	if ((h->lines = history_winit()) == NULL) {
		prompt_history_free(h);
		return NULL;
	}
	history_w(h->lines, &event, H_SETSIZE, LINES);
	history_w(h->lines, &event, H_SETUNIQUE, 1);
	el_wset(el, EL_HIST, history_w, h->lines);
	return h;
}

void
prompt_history_free(struct prompt_history *h)
{
	if (h == NULL)
		return;
	if (h->lines != NULL)
		history_wend(h->lines);
	buf_clear(&h->entry);
	free(h);
}

void
prompt_history_add(struct prompt_history *h, const wchar_t *line, size_t n)
{
	static const wchar_t nul = L'\0', space = L' ';
	HistEventW event;

	if (n == 0 || line[0] == L' ')
		return;
	buf_reset(&h->entry);
	if (buf_put(&h->entry, line, n * sizeof *line) != 0)
		return;
	/* libedit takes a space or newline off the end of what it recalls: give it one more. */
	if ((line[n - 1] == L' ' || line[n - 1] == L'\n') &&
	    buf_put(&h->entry, &space, sizeof space) != 0)
		return;
	if (buf_put(&h->entry, &nul, sizeof nul) == 0)
		history_w(h->lines, &event, H_ENTER, (const wchar_t *)buf_data(&h->entry));
}

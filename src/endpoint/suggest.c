#include "endpoint/suggest.h"

#include <string.h>

#include "base/mem.h"
#include "endpoint/choices.h"
#include "ui/history_file.h"
#include "ui/json.h"
#include "ui/json_open.h"

/* Of a message, as much is looked through for names. */
#define LOOK_MAX ((size_t)16 << 10)

void
suggest_init(struct suggest *s)
{
	*s = (struct suggest){ .n_lines = 0 };
	strlist_init(&s->names, &mem_libc);
}

void
suggest_clear(struct suggest *s)
{
	for (size_t i = 0; i < SUGGEST_LINES; i++)
		mem_free(&mem_libc, s->lines[i]);
	strlist_clear(&s->names);
}

/* Lines. */

void
suggest_line(struct suggest *s, const char *line, size_t n)
{
	char **slot = &s->lines[s->n_lines % SUGGEST_LINES];
	char *copy;

	if (n == 0 || n > HISTORY_LINE_MAX || history_is_secret(line, n) ||
	    (copy = mem_resize(&mem_libc, NULL, n + 1)) == NULL)
		return;
	memcpy(copy, line, n);
	copy[n] = '\0';
	mem_free(&mem_libc, *slot);
	*slot = copy;
	s->n_lines++;
}

/* The i-th before the last, or NULL. */
static const char *
line_back(const struct suggest *s, size_t i)
{
	if (i >= s->n_lines || i >= SUGGEST_LINES)
		return NULL;
	return s->lines[(s->n_lines - 1 - i) % SUGGEST_LINES];
}

/* Names. */

static size_t
hash(const char *p, size_t n)
{
	uint32_t h = 2166136261; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)p[i]) * 16777619;
	return h;
}

static void
note_name(struct suggest *s, const char *p, size_t n)
{
	const size_t slots = sizeof s->table / sizeof *s->table;
	size_t at = hash(p, n) % slots;

	if (n == 0 || n > SUGGEST_NAME_MAX)
		return;
	for (; s->table[at] != 0; at = (at + 1) % slots) {
		const char *have = s->names.items[s->table[at] - 1];

		if (strncmp(have, p, n) == 0 && have[n] == '\0')
			return;
	}
	if (s->names.n == SUGGEST_NAMES || strlist_add_n(&s->names, p, n) != 0)
		return;
	s->table[at] = (uint16_t)s->names.n;
}

static size_t
skip_blanks(const uint8_t *p, size_t n, size_t i)
{
	while (i < n && json_is_blank(p[i]))
		i++;
	return i;
}

/* Names as they are spelled; those with escapes are left out. */
void
suggest_message(struct suggest *s, const uint8_t *p, size_t n)
{
	size_t i = skip_blanks(p, n, 0), from, colon;
	bool plain;

	if (n > LOOK_MAX)
		n = LOOK_MAX;
	if (i >= n || (p[i] != '{' && p[i] != '['))
		return;
	for (; i < n; i++) {
		if (p[i] != '"')
			continue;
		plain = true;
		for (from = ++i; i < n && p[i] != '"'; i++) {
			if (p[i] == '\\')
				i++;
			plain &= i < n && p[i] >= 0x20 && p[i] != '"';
		}
		colon = skip_blanks(p, n, i + 1);
		if (plain && colon < n && p[colon] == ':' &&
		    memchr(p + from, '\\', i - from) == NULL)
			note_name(s, (const char *)p + from, i - from);
	}
}

/* Completing. */

static void
complete_name(
    const struct suggest *s, const char *typed, size_t n, struct buf *to, struct buf *listed)
{
	struct choices c;

	choices_init(&c, typed, n, listed);
	for (size_t i = 0; i < s->names.n; i++)
		choices_add(&c, s->names.items[i], strlen(s->names.items[i]), "");
	choices_insert(&c, "\": ", to);
	choices_clear(&c);
}

static bool
is_new(const struct suggest *s, const char *line, size_t back)
{
	for (size_t i = 0; i < back; i++)
		if (strcmp(line_back(s, i), line) == 0)
			return false;
	return true;
}

static void
complete_line(
    const struct suggest *s, const char *typed, size_t n, struct buf *to, struct buf *listed)
{
	struct choices c;
	const char *line;

	choices_init(&c, typed, n, listed);
	for (size_t i = 0; (line = line_back(s, i)) != NULL; i++)
		if (strncmp(line, typed, n) == 0 && strlen(line) > n && is_new(s, line, i))
			choices_add(&c, line, strlen(line), "");
	choices_insert(&c, "", to);
	choices_clear(&c);
}

void
suggest_complete(
    const struct suggest *s, const char *line, size_t n, struct buf *to, struct buf *listed)
{
	size_t from;

	if (json_at_name((const uint8_t *)line, n, &from))
		complete_name(s, line + from, n - from, to, listed);
	if (n > 0 && buf_len(to) == 0 && buf_len(listed) == 0)
		complete_line(s, line, n, to, listed);
}

#include "ui/prompt_bind.h"

static const struct {
	const wchar_t *keys, *command;
} bindings[] = {
	{ L"\034", L"wsx-attend" },
	{ L"\026", L"wsx-quote" },
	{ L"\025", L"wsx-kill-line" },
	{ PROMPT_KILL_LINE, L"em-kill-line" },
	{ L"\033[200~", L"wsx-begin-paste" },
	{ L"\t", L"wsx-complete" },
	{ L"\r", L"wsx-enter" },
	{ L"\n", L"wsx-enter" },
	{ L"\033\r", L"wsx-new-row" },
	{ L"\033\n", L"wsx-new-row" },

	/* What terminals send and terminfo does not tell of. */
	{ L"\033[13;2u", L"wsx-new-row" },
	{ L"\033[13;3u", L"wsx-new-row" },
	{ L"\033[27;2;13~", L"wsx-new-row" },
	{ L"\033[27;3;13~", L"wsx-new-row" },
	{ L"\033[A", L"wsx-up" },
	{ L"\033OA", L"wsx-up" },
	{ L"\033[B", L"wsx-down" },
	{ L"\033OB", L"wsx-down" },
	{ L"\033[5~", L"ed-search-prev-history" },
	{ L"\033[6~", L"ed-search-next-history" },
	{ L"\033[H", L"ed-move-to-beg" },
	{ L"\033OH", L"ed-move-to-beg" },
	{ L"\033[1~", L"ed-move-to-beg" },
	{ L"\033[F", L"ed-move-to-end" },
	{ L"\033OF", L"ed-move-to-end" },
	{ L"\033[4~", L"ed-move-to-end" },
	{ L"\033[3~", L"ed-delete-next-char" },
	{ L"\033[1;5C", L"em-next-word" },
	{ L"\033[1;5D", L"ed-prev-word" },
	{ L"\033[1;3C", L"em-next-word" },
	{ L"\033[1;3D", L"ed-prev-word" },

	/* Alt, where it comes as Escape. */
	{ L"\033\033[A", L"wsx-ignore" },
	{ L"\033\033[B", L"wsx-ignore" },
	{ L"\033\033[C", L"em-next-word" },
	{ L"\033\033[D", L"ed-prev-word" },

	/* libedit's own commands could change any of this, and print on the screen. */
	{ L"\033x", L"ed-unassigned" },
	{ L"\033X", L"ed-unassigned" },
};

/* Keys of xterm's numbering, such as F5, and with each of the modifiers. */
static void
ignore_keys(EditLine *el)
{
	wchar_t keys[16];

	for (int number = 1; number <= 34; number++) {
		swprintf(keys, 16, L"\033[%d~", number);
		el_wset(el, EL_BIND, keys, L"wsx-ignore", NULL);
	}
	for (int modifiers = 2; modifiers <= 8; modifiers++) {
		for (int number = 1; number <= 34; number++) {
			swprintf(keys, 16, L"\033[%d;%d~", number, modifiers);
			el_wset(el, EL_BIND, keys, L"wsx-ignore", NULL);
		}
		for (const char *letter = "ABCDEFHPQRS"; *letter != '\0'; letter++) {
			swprintf(keys, 16, L"\033[1;%d%c", modifiers, *letter);
			el_wset(el, EL_BIND, keys, L"wsx-ignore", NULL);
		}
	}
	for (const char *letter = "PQRS"; *letter != '\0'; letter++) {
		swprintf(keys, 16, L"\033O%c", *letter);
		el_wset(el, EL_BIND, keys, L"wsx-ignore", NULL);
	}
}

void
prompt_bind(EditLine *el, const struct prompt_commands *c)
{
	el_wset(el, EL_EDITOR, L"emacs");
	el_wset(el, EL_ADDFN, L"wsx-attend", L"what is not a key", c->attend);
	el_wset(el, EL_ADDFN, L"wsx-quote", L"the next key as it is", c->quote);
	el_wset(el, EL_ADDFN, L"wsx-kill-line", L"the line put aside", c->kill_line);
	el_wset(el, EL_ADDFN, L"wsx-begin-paste", L"the start of a paste", c->begin_paste);
	el_wset(el, EL_ADDFN, L"wsx-complete", L"the rest of a word", c->complete);
	el_wset(el, EL_ADDFN, L"wsx-enter", L"the end of the line", c->enter);
	el_wset(el, EL_ADDFN, L"wsx-new-row", L"another row of the line", c->new_row);
	el_wset(el, EL_ADDFN, L"wsx-up", L"the row above, or the line before", c->up);
	el_wset(el, EL_ADDFN, L"wsx-down", L"the row below, or the line after", c->down);
	el_wset(el, EL_ADDFN, L"wsx-ignore", L"nothing", c->ignore);
	ignore_keys(el);
	for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++)
		el_wset(el, EL_BIND, bindings[i].keys, bindings[i].command, NULL);

	/*
	 * Newlines of a paste are to come as they are; libedit's own modes have CR and LF change
	 * places, which suits terminals that paste CR alone.
	 */
	el_wset(el, EL_SETTY, L"-d", L"-icrnl", L"-inlcr", NULL);
	el_wset(el, EL_SETTY, L"-x", L"-icrnl", L"-inlcr", NULL);

	/* A signal's character may be one of a paste: next_key() tells. */
	el_wset(el, EL_SETTY, L"-d", L"-isig", NULL);
	el_wset(el, EL_SETTY, L"-x", L"-isig", NULL);

	/* Keep the terminal from echoing, and taking for its own, what is typed between lines. */
	el_wset(el, EL_SETTY, L"-x", L"-icanon", L"-echo", L"-iexten", NULL);
}

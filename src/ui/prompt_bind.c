#include "ui/prompt_bind.h"

static const struct {
	const wchar_t *keys, *command;
} bindings[] = {
	{ L"\034", L"wsx-attend" },
	{ L"\033[200~", L"wsx-begin-paste" },

	/* What terminals send and terminfo does not tell of. */
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

	{ L"\t", L"wsx-complete" },

	/* libedit's own commands could change any of this, and print on the screen. */
	{ L"\033x", L"ed-unassigned" },
	{ L"\033X", L"ed-unassigned" },
};

void
prompt_bind(
    EditLine *el, prompt_command *attend, prompt_command *begin_paste, prompt_command *complete)
{
	el_wset(el, EL_EDITOR, L"emacs");
	el_wset(el, EL_ADDFN, L"wsx-attend", L"what is not a key", attend);
	el_wset(el, EL_ADDFN, L"wsx-begin-paste", L"the start of a paste", begin_paste);
	el_wset(el, EL_ADDFN, L"wsx-complete", L"the rest of a command", complete);
	for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++)
		el_wset(el, EL_BIND, bindings[i].keys, bindings[i].command, NULL);

	/* Keep the terminal from echoing, and taking for its own, what is typed between lines. */
	el_wset(el, EL_SETTY, L"-x", L"-icanon", L"-echo", L"-iexten", NULL);
}

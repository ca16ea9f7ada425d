#include "cmd/options_table.h"

#include <string.h>

/*
 * The option table as shell scripts. What a value completes to follows from what the table calls
 * it: files for FILE, the choices of "a|b|c", URLs for URL, @FILE for a header, else nothing.
 */

enum completes { TO_NOTHING, TO_FILE, TO_CHOICE, TO_ENDPOINT, TO_HEADER };

static enum completes
completes_to(const struct option_row *row)
{
	if (strcmp(row->arg, "FILE") == 0)
		return TO_FILE;
	if (strcmp(row->arg, "URL") == 0)
		return TO_ENDPOINT;
	if (strcmp(row->arg, "NAME:VALUE") == 0)
		return TO_HEADER;
	return strchr(row->arg, '|') != NULL ? TO_CHOICE : TO_NOTHING;
}

/* Prints text with a backslash before each of the special characters. */
static void
put_escaped(FILE *out, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL)
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* The choices of "a|b|c" as "a b c". */
static void
put_choices(FILE *out, const char *choices)
{
	for (; *choices != '\0'; choices++)
		fputc(*choices == '|' ? ' ' : *choices, out);
}

static void
put_endpoint_words(FILE *out)
{
	for (const struct endpoint_form *f = endpoint_forms; f->text != NULL; f++)
		fprintf(out, "%s%s", f == endpoint_forms ? "" : " ", f->text);
}

/* Every spelling of a row, "-k", "--insecure", "--no-check", with sep between them. */
static void
put_spellings(FILE *out, const struct option_row *row, const char *sep)
{
	const char *name;

	if (row->letter != 0)
		fprintf(out, "-%c%s", row->letter, sep);
	for (size_t i = 0; (name = option_long_name(row, i)) != NULL; i++)
		fprintf(out, "%s--%s", i == 0 ? "" : sep, name);
}

/* bash */

/* A branch of the case over the word before the one to complete, for all rows of a kind. */
static void
bash_branch(FILE *out, enum completes kind, const char *body)
{
	const char *sep = "\t";

	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (row->arg == NULL || completes_to(row) != kind)
			continue;
		fputs(sep, out);
		put_spellings(out, row, " | ");
		sep = " |\\\n\t";
	}
	fprintf(out, ")\n%s\t\treturn 0\n\t\t;;\n", body);
}

/* The same for each choice of words. */
static void
bash_choices(FILE *out)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (row->arg == NULL || completes_to(row) != TO_CHOICE)
			continue;
		fputs("\t", out);
		put_spellings(out, row, " | ");
		fputs(")\n\t\tmapfile -t COMPREPLY < <(compgen -W '", out);
		put_choices(out, row->arg);
		fputs("' -- \"$cur\")\n\t\treturn 0\n\t\t;;\n", out);
	}
}

static void
bash_options(FILE *out)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		fputs("\n\t\t\t", out);
		put_spellings(out, row, " ");
	}
}

static void
bash_endpoints(FILE *out)
{
	fputs("_wsx_endpoints()\n{\n"
	      "\tcompopt -o nospace\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W '",
	    out);
	put_endpoint_words(out);
	fputs("' -- \"$word\")\n"
	      "\tCOMPREPLY=(\"${COMPREPLY[@]#\"${word%\"$cur\"}\"}\")\n"
	      "}\n\n",
	    out);
}

static void
complete_bash(FILE *out)
{
	fputs("# bash completion for wsx\n\n", out);
	bash_endpoints(out);
	fputs("_wsx()\n{\n"
	      "\tlocal line=${COMP_LINE:0:COMP_POINT} cur=${COMP_WORDS[COMP_CWORD]} i=$COMP_CWORD\n"
	      "\tlocal word=$cur prev\n\n"
	      "\tCOMPREPLY=()\n"
	      "\t# bash breaks words at = : @ too: what stands together is one, cur its last part\n"
	      "\twhile ((i > 1)) && [[ $line == *\"${COMP_WORDS[i - 1]}$word\" ]]; do\n"
	      "\t\tword=${COMP_WORDS[--i]}$word\n"
	      "\tdone\n"
	      "\tprev=${COMP_WORDS[i - 1]}\n"
	      "\t[[ $cur == *[!=:@]* ]] || cur=\n"
	      "\tif [[ $word == --*=* ]]; then\n"
	      "\t\tprev=${word%%=*}\n"
	      "\t\tword=${word#*=}\n"
	      "\tfi\n"
	      "\twhile ((--i > 0)); do\n"
	      "\t\tif [[ ${COMP_WORDS[i]} == -- ]]; then\n"
	      "\t\t\t_wsx_endpoints\n"
	      "\t\t\treturn 0\n"
	      "\t\tfi\n"
	      "\tdone\n"
	      "\tcase $prev in\n",
	    out);
	bash_branch(out, TO_FILE,
	    "\t\tcompopt -o filenames\n"
	    "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n");
	bash_branch(out, TO_HEADER,
	    "\t\tif [[ $word == @* ]]; then\n"
	    "\t\t\tcompopt -o filenames\n"
	    "\t\t\tmapfile -t COMPREPLY < <(compgen -P @ -f -- \"${word#@}\")\n"
	    "\t\tfi\n");
	bash_branch(out, TO_ENDPOINT, "\t\t_wsx_endpoints\n");
	bash_choices(out);
	bash_branch(out, TO_NOTHING, "");
	fputs("\tesac\n"
	      "\tif [[ $word == -* ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W '",
	    out);
	bash_options(out);
	fputs("' -- \"$word\")\n"
	      "\telse\n"
	      "\t\t_wsx_endpoints\n"
	      "\tfi\n"
	      "}\n\n"
	      "complete -F _wsx wsx\n",
	    out);
}

/* zsh */

static void
zsh_value(FILE *out, const struct option_row *row)
{
	fputc(':', out);
	put_escaped(out, row->arg, ":[]\\");
	fputc(':', out);
	switch (completes_to(row)) {
	case TO_FILE:
		fputs("_files", out);
		break;
	case TO_CHOICE:
		fputc('(', out);
		put_choices(out, row->arg);
		fputc(')', out);
		break;
	case TO_ENDPOINT:
		fputs("_wsx_endpoints", out);
		break;
	case TO_HEADER:
		fputs("_wsx_header", out);
		break;
	case TO_NOTHING:
		fputc(' ', out);
		break;
	}
}

/* One argument of _arguments for one spelling, which excludes the others unless it repeats. */
static void
zsh_option(FILE *out, const struct option_row *row, const char *dashes, const char *name, int n,
    const char *joint)
{
	fputs("\t\t'", out);
	if (row->use == OPTION_ADDS) {
		fputc('*', out);
	} else {
		fputc('(', out);
		put_spellings(out, row, " ");
		fputc(')', out);
	}
	fprintf(out, "%s%.*s%s[", dashes, n, name, row->arg != NULL ? joint : "");
	for (const char *p = row->help; *p != '\0'; p++) {
		if (*p == '\'')
			fputs("'\\'", out); /* ends the quotes and sets one outside of them */
		else if (strchr("[]:\\", *p) != NULL)
			fputc('\\', out);
		fputc(*p, out);
	}
	fputc(']', out);
	if (row->arg != NULL)
		zsh_value(out, row);
	fputs("' \\\n", out);
}

static void
complete_zsh(FILE *out)
{
	fputs("#compdef wsx\n\n"
	      "_wsx_endpoints()\n{\n"
	      "\tlocal -a forms=(\n",
	    out);
	for (const struct endpoint_form *f = endpoint_forms; f->text != NULL; f++) {
		fputs("\t\t'", out);
		put_escaped(out, f->text, ":\\");
		fprintf(out, ":%s'\n", f->help);
	}
	fputs("\t)\n"
	      "\t_describe -t endpoints endpoint forms -S ''\n"
	      "}\n\n"
	      "_wsx_header()\n{\n"
	      "\tif compset -P @; then\n"
	      "\t\t_files\n"
	      "\telse\n"
	      "\t\t_message 'NAME:VALUE or @FILE'\n"
	      "\tfi\n"
	      "}\n\n"
	      "_wsx()\n{\n"
	      "\t_arguments -s -S : \\\n",
	    out);
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		const char *name;

		if (row->letter != 0)
			zsh_option(out, row, "-", &row->letter, 1, "+");
		for (size_t i = 0; (name = option_long_name(row, i)) != NULL; i++)
			zsh_option(out, row, "--", name, (int)strlen(name), "=");
	}
	fputs("\t\t'*:endpoint:_wsx_endpoints'\n"
	      "}\n\n"
	      "_wsx \"$@\"\n",
	    out);
}

/* fish */

static void
fish_value(FILE *out, const struct option_row *row)
{
	switch (completes_to(row)) {
	case TO_FILE:
		fputs(" -r -F", out);
		break;
	case TO_CHOICE:
		fputs(" -x -a '", out);
		put_choices(out, row->arg);
		fputc('\'', out);
		break;
	case TO_ENDPOINT:
		fputs(" -x -a '", out);
		put_endpoint_words(out);
		fputc('\'', out);
		break;
	case TO_HEADER:
		fputs(" -x -a '@(__fish_complete_path"
		      " (string replace -r \"^@\" \"\" -- (commandline -ct)))'",
		    out);
		break;
	case TO_NOTHING:
		fputs(" -x", out);
		break;
	}
}

static void
complete_fish(FILE *out)
{
	fputs("# fish completion for wsx\n\ncomplete -c wsx -f\n", out);
	for (const struct endpoint_form *f = endpoint_forms; f->text != NULL; f++) {
		fprintf(out, "complete -c wsx -a '%s' -d '", f->text);
		put_escaped(out, f->help, "'\\");
		fputs("'\n", out);
	}
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		const char *name;

		fputs("complete -c wsx", out);
		if (row->letter != 0)
			fprintf(out, " -s %c", row->letter);
		for (size_t i = 0; (name = option_long_name(row, i)) != NULL; i++)
			fprintf(out, " -l %s", name);
		if (row->arg != NULL)
			fish_value(out, row);
		fputs(" -d '", out);
		put_escaped(out, row->help, "'\\");
		fputs("'\n", out);
	}
}

int
options_completion(const char *shell, FILE *out)
{
	if (strcmp(shell, "bash") == 0)
		complete_bash(out);
	else if (strcmp(shell, "zsh") == 0)
		complete_zsh(out);
	else if (strcmp(shell, "fish") == 0)
		complete_fish(out);
	else
		return -1;
	return 0;
}

#include "cmd/options_table.h"

#include <string.h>

/* --help, and the plain list for the tests. */

enum { WIDTH = 80, HELP_COLUMN = 29 };

/* "-H, --header NAME:VALUE", or "    --ca FILE" */
static int
format_option(char *out, size_t n, const struct option_row *row)
{
	const char letter[] = { '-', row->letter, ',', ' ', '\0' };

	return snprintf(out, n, "  %s--%s%s%s", row->letter != 0 ? letter : "    ", row->name,
	    row->arg != NULL ? " " : "", row->arg != NULL ? row->arg : "");
}

/* Prints text from column on, broken at spaces, and ends the line. */
static void
print_wrapped(FILE *out, const char *text)
{
	const size_t room = WIDTH - HELP_COLUMN;

	while (strlen(text) > room) {
		size_t n = room;

		while (n > 0 && text[n] != ' ')
			n--;
		if (n == 0) /* a word longer than the room */
			n = strcspn(text, " ");
		fprintf(out, "%.*s\n%*s", (int)n, text, HELP_COLUMN, "");
		text += n;
		text += strspn(text, " ");
	}
	fprintf(out, "%s\n", text);
}

/* A term and its explanation beside it, or below where the term is long. */
static void
print_entry(FILE *out, const char *term, const char *text)
{
	int n = fprintf(out, "%s", term);

	if (n > HELP_COLUMN - 2) {
		fputc('\n', out);
		n = 0;
	}
	fprintf(out, "%*s", HELP_COLUMN - n, "");
	print_wrapped(out, text);
}

static void
print_option(FILE *out, const struct option_row *row)
{
	char term[64], text[256];
	const char *alias;
	int n;

	format_option(term, sizeof term, row);
	n = snprintf(text, sizeof text, "%s", row->help);
	for (size_t i = 1; (alias = option_long_name(row, i)) != NULL; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, " [--%s]", alias);
	print_entry(out, term, text);
}

static void
print_endpoints(FILE *out)
{
	for (const struct endpoint_form *f = endpoint_forms; f->text != NULL; f++) {
		char term[64];

		snprintf(term, sizeof term, "  %s%s", f->text, f->arg);
		print_entry(out, term, f->help);
	}
}

void
options_help(FILE *out)
{
	fputs("usage: wsx [OPTIONS] ENDPOINT [ENDPOINT]\n"
	      "       wsx [OPTIONS] -l [ADDR:]PORT [ENDPOINT]\n"
	      "\n"
	      "Joins two endpoints by messages. One alone is joined to the terminal, or in a\n"
	      "pipe to standard input and output.\n"
	      "\n"
	      "Endpoints:\n",
	    out);
	print_endpoints(out);
	for (int group = 0; group < N_GROUPS; group++) {
		fprintf(out, "\n%s:\n", option_group_names[group]);
		for (const struct option_row *row = option_rows; row->name != NULL; row++) {
			if ((int)row->group == group)
				print_option(out, row);
		}
	}
	fputs("\n"
	      "Examples:\n"
	      "  wsx wss://example.org/chat                 talk to a server\n"
	      "  echo hello | wsx ws://localhost:9000       send a line, print the replies\n"
	      "  wsx -1 -x '{\"op\":\"ping\"}' wss://h/ws       send a message, print one reply\n"
	      "  wsx -j wss://h/feed </dev/null | jq .      print what comes, as JSON\n"
	      "  wsx -l 9000 --echo                         be an echo server\n"
	      "\n"
	      "The manual, wsx(1), has the exit codes and all the rest.\n",
	    out);
}

void
options_list(FILE *out)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		const char *name;

		for (size_t i = 0; (name = option_long_name(row, i)) != NULL; i++) {
			if (i == 0 && row->letter != 0)
				fprintf(out, "-%c,", row->letter);
			fprintf(out, "--%s%s%s\n", name, row->arg != NULL ? " " : "",
			    row->arg != NULL ? row->arg : "");
		}
	}
}

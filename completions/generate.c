#include <stdio.h>
#include <string.h>

#include "cmd/options.h"

/* Prints the completion for the shell named, or for "list" the options, one a line. */
int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "list") == 0) {
		options_list(stdout);
	} else if (argc != 2 || options_completion(argv[1], stdout) != 0) {
		fprintf(stderr, "usage: generate bash|zsh|fish|list\n");
		return 2;
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

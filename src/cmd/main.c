#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/join.h"
#include "cmd/modules.h"
#include "cmd/options.h"
#include "cmd/secrets.h"
#include "endpoint/ending.h"
#include "ui/report.h"

/*
 * A descriptor that was closed would be the next socket, and messages would go to the peer. What
 * stands in is read-only: input is empty, and output that cannot be written is told.
 */
static void
open_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static int
flushed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return ENDED_OK;
	perror("wsx: cannot write to standard output");
	return ENDED_LOCAL;
}

static void
print_version(void)
{
	char why[512];
	const struct tls_module *tls = modules_tls(why, sizeof why);

	printf("wsx %s (%s)\n", WSX_VERSION, tls != NULL ? tls_library(tls) : why);
}

int
main(int argc, char **argv)
{
	const struct report report = { .quiet = false };
	struct options o;
	char why[512];
	int r;

	open_standard_descriptors();
	if (options_parse(&o, argc, argv, why, sizeof why) < 0) {
		report_error(&report, "%s", why);
		r = ENDED_USAGE;
	} else if (o.help) {
		options_help(stdout);
		r = flushed();
	} else if (o.version) {
		print_version();
		r = flushed();
	} else {
		secrets_hide(&o, argc, argv);
		r = join_main(&o);
	}
	options_clear(&o);
	return r;
}

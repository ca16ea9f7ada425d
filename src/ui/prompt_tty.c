#include "ui/prompt_tty.h"

#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "ui/prompt.h"

#define OUT_SIZE  ((size_t)32 << 10)
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
/* Ends what may have been cut off: an image, a colour. */
#define CUT_OFF "\033\\\033[0m"

/* Static for prompt_emergency_restore(), which a handler of signals calls. */
static struct termios modes;
static volatile sig_atomic_t saved;

static FILE *
open_stream(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	FILE *out;

	/* A stream loses what a non-blocking descriptor has no room for. */
	if (flags != -1 && (flags & O_NONBLOCK) != 0)
		fcntl(STDOUT_FILENO, F_SETFL, flags & ~O_NONBLOCK);
	if (fd == -1)
		return NULL;
	if ((out = fdopen(fd, "w")) == NULL)
		close(fd);
	else
		setvbuf(out, NULL, _IOFBF, OUT_SIZE);
	return out;
}

int
prompt_tty_open(FILE **out)
{
	const char *term = getenv("TERM");

	assert(!saved);
	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
		return ERR_ARGUMENT;
	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &modes) != 0)
		return ERR_ARGUMENT;
	if ((*out = open_stream()) == NULL)
		return ERR_NOMEM;
	saved = 1;
	return 0;
}

void
prompt_tty_close(FILE *out)
{
	prompt_tty_restore(out);
	saved = 0;
	fclose(out);
}

void
prompt_tty_restore(FILE *out)
{
	fputs(PASTE_OFF, out);
	fflush(out);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

void
prompt_tty_mark_pastes(FILE *out)
{
	fputs(PASTE_ON, out);
	fflush(out);
}

void
prompt_emergency_restore(void)
{
	static const char last[] = CUT_OFF PASTE_OFF;
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	ssize_t w;

	if (!saved)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &modes);
	/* a terminal that was stopped, by Ctrl-S, goes on only if it was stopped by us, too */
	tcflush(STDOUT_FILENO, TCOFLUSH);
	tcflow(STDOUT_FILENO, TCOOFF);
	tcflow(STDOUT_FILENO, TCOON);
	if (poll(&out, 1, 0) != 1) /* one that hangs would keep us waiting for ever */
		return;
	w = write(STDOUT_FILENO, last, sizeof last - 1);
	(void)w;
}

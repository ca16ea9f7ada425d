#include "ui/prompt_tty.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "ui/prompt.h"

/* So long a terminal may take no output before it is set going, and left without what waits. */
#define STOPPED_MS 200
#define HUNG_MS    600
/* So long one that is slow is waited for at the end. */
#define SLOW_MS   5000

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
/* The other screen, the keypad's other keys, no cursor, colours: what full-screen programs set. */
#define RECOVER "\033[?1047l\033[?1l\033>\033[?25h\033[0m"
/* Ends what may have been cut off: an image, a colour. */
#define CUT_OFF "\033\\\033[0m"

/* Static for prompt_emergency_restore(), which a handler of signals calls. */
static struct termios modes;
/* Of a terminal of which nothing is known pastes were not asked to be marked. */
enum { NOTHING, MODES, MODES_AND_PASTES };
static volatile sig_atomic_t saved = NOTHING;

/* One that does not control us is nobody else's, nor one whose job we can not see (PID namespaces). */
bool
prompt_has_terminal(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	return group <= 0 || group == getpgrp();
}

int
prompt_tty_open(struct prompt_out *out)
{
	const char *term = getenv("TERM");

	assert(saved == NOTHING);
	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
		return ERR_ARGUMENT;
	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &modes) != 0)
		return ERR_ARGUMENT;
	if (prompt_out_open(out) != 0)
		return ERR_NOMEM;
	saved = MODES;
	return 0;
}

/* Output that was stopped, by Ctrl-S, goes on only if it was stopped by us, too. */
static void
set_going(void)
{
	tcflow(STDOUT_FILENO, TCOOFF);
	tcflow(STDOUT_FILENO, TCOON);
}

/* In place of what a terminal that hangs has not taken. Async-signal-safe. */
static void
write_last(void)
{
	static const char last[] = CUT_OFF PASTE_OFF;
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	ssize_t w;

	tcflush(STDOUT_FILENO, TCOFLUSH);
	set_going();
	if (poll(&out, 1, 0) != 1) /* it would keep us waiting for ever */
		return;
	w = write(STDOUT_FILENO, last, sizeof last - 1);
	(void)w;
}

void
prompt_tty_close(struct prompt_out *out)
{
	if (prompt_has_terminal()) {
		if (saved == MODES_AND_PASTES)
			fputs(PASTE_OFF, out->stream);
		if (!prompt_out_finish(out, STOPPED_MS, SLOW_MS)) {
			set_going();
			if (!prompt_out_finish(out, HUNG_MS, SLOW_MS))
				write_last();
		}
		tcsetattr(STDIN_FILENO, TCSANOW, &modes);
	}
	saved = NOTHING;
	prompt_out_close(out);
}

void
prompt_tty_restore(struct prompt_out *out)
{
	if (!prompt_has_terminal())
		return;
	fputs(PASTE_OFF, out->stream);
	prompt_out_finish(out, HUNG_MS, HUNG_MS); /* what it has not taken then comes later */
	tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

void
prompt_tty_mark_pastes(struct prompt_out *out)
{
	saved = MODES_AND_PASTES;
	fputs(PASTE_ON, out->stream);
	fflush(out->stream);
}

void
prompt_signals(bool at_once)
{
	struct termios now;

	if (!prompt_has_terminal() || tcgetattr(STDIN_FILENO, &now) != 0)
		return;
	now.c_lflag &= ~(tcflag_t)ISIG;
	if (at_once)
		now.c_lflag |= modes.c_lflag & ISIG;
	tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

void
prompt_tty_recover(struct prompt_out *out)
{
	if (prompt_has_terminal())
		fputs(RECOVER, out->stream);
}

void
prompt_emergency_restore(void)
{
	if (saved == NOTHING || !prompt_has_terminal())
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &modes);
	write_last();
}

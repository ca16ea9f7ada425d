/*
 * A prompt on the terminal with a stand-in for the network, driven by tests/cli/prompt.bats:
 *
 *	prompt_demo NET LOG
 *
 * What comes by the FIFO NET is printed above the line being typed, all of one read in one go;
 * the line "!end" ends the session. Each line typed is written to LOG as "line LENGTH TEXT"
 * with \n for a newline in it, and the way it ended as the last: "end", "interrupt", "error N".
 * JSON with open brackets goes on behind Enter. After the line "pause" it has no prompt until something comes by NET.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/json_open.h"
#include "ui/prompt.h"
#include "ui/prompt_module.h"

struct demo {
	struct prompt *prompt;
	int net;
	FILE *log;
	bool interrupted;
};

static int signals[2];

static void
on_signal(int number)
{
	unsigned char c = (unsigned char)number;
	ssize_t w = write(signals[1], &c, 1);

	(void)w;
}

static void
on_crash(int number)
{
	prompt_emergency_restore();
	signal(number, SIG_DFL);
	raise(number);
}

static void
stop(struct demo *d)
{
	prompt_suspend(d->prompt);
	raise(SIGSTOP);
	prompt_resume(d->prompt);
}

enum turn { GO_ON, RETURN, OVER };

static enum turn
take_signal(struct demo *d)
{
	unsigned char c;

	if (read(signals[0], &c, 1) != 1)
		return GO_ON;
	if (c == SIGWINCH)
		prompt_resize(d->prompt);
	if (c == SIGTSTP)
		stop(d);
	if (c != SIGINT)
		return GO_ON;
	d->interrupted = !prompt_interrupt(d->prompt);
	return d->interrupted ? OVER : RETURN;
}

static enum turn
take_net(struct demo *d)
{
	char text[65536 + 1];
	ssize_t n = read(d->net, text, sizeof text - 1);
	bool end;

	if (n <= 0)
		return GO_ON;
	text[n] = '\0';
	end = strstr(text, "!end\n") != NULL;
	if (!end)
		prompt_print(d->prompt, text, (size_t)n);
	prompt_flush(d->prompt);
	return end ? OVER : GO_ON;
}

static int
wait_for_keys(bool ahead, void *arg)
{
	struct demo *d = arg;

	for (;;) {
		struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { d->net, POLLIN, 0 },
			{ signals[0], POLLIN, 0 },
			{ STDOUT_FILENO, prompt_waiting(d->prompt) > 0 ? POLLOUT : 0, 0 } };
		enum turn turn = GO_ON;

		if (poll(fds, 4, ahead ? 0 : -1) == -1)
			continue;
		if (fds[2].revents != 0)
			turn = take_signal(d);
		if (fds[3].revents != 0)
			prompt_drain(d->prompt);
		if (turn == GO_ON && fds[1].revents != 0)
			turn = take_net(d);
		if (turn == GO_ON && (ahead || fds[0].revents != 0))
			turn = RETURN;
		if (turn != GO_ON)
			return turn == RETURN;
	}
}

static enum prompt_enter
on_enter(const char *line, size_t n, void *arg)
{
	(void)arg;
	return json_is_open((const uint8_t *)line, n) ? PROMPT_ROW : PROMPT_END;
}

static void
catch_signals(void)
{
	static const int caught[] = { SIGINT, SIGWINCH, SIGTSTP };

	if (pipe2(signals, O_CLOEXEC | O_NONBLOCK) != 0)
		exit(1);
	for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++)
		signal(caught[i], on_signal);
	signal(SIGTERM, on_crash);
}

static void
note_line(struct demo *d, const struct buf *line)
{
	fprintf(d->log, "line %zu ", buf_len(line));
	for (size_t i = 0; i < buf_len(line); i++) {
		if (buf_data(line)[i] == '\n')
			fputs("\\n", d->log);
		else
			fputc(buf_data(line)[i], d->log);
	}
	fputc('\n', d->log);
	fflush(d->log);
}

/* A host that is busy: what is typed meanwhile is typed ahead. */
static void
await_net(struct demo *d)
{
	struct pollfd fd = { d->net, POLLIN, 0 };

	while (poll(&fd, 1, -1) == -1)
		continue;
}

static int
run(struct demo *d)
{
	struct buf line;
	int r;

	buf_init(&line, &mem_libc, SIZE_MAX);
	while ((r = prompt_read(d->prompt, &line)) == 1) {
		note_line(d, &line);
		if (buf_len(&line) == 5 && memcmp(buf_data(&line), "pause", 5) == 0)
			await_net(d);
	}
	buf_clear(&line);
	return r;
}

int
main(int argc, char **argv)
{
	struct demo d = { 0 };
	struct prompt_config config = {
		.text = "> ", .wait = wait_for_keys, .enter = on_enter, .arg = &d
	};
	int r;

	setlocale(LC_ALL, "");
	if (argc != 3 || (d.net = open(argv[1], O_RDWR | O_NONBLOCK | O_CLOEXEC)) == -1 ||
	    (d.log = fopen(argv[2], "we")) == NULL)
		return 2;
	catch_signals();
	if ((r = prompt_new(&wsx_prompt_module, &config, &d.prompt)) == 0) {
		r = run(&d);
		prompt_free(d.prompt);
	}
	if (r != 0)
		fprintf(d.log, "error %d\n", r);
	else
		fprintf(d.log, "%s\n", d.interrupted ? "interrupt" : "end");
	fclose(d.log);
	printf("ended\n");
	return 0;
}

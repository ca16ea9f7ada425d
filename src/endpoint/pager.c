#include "endpoint/pager.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* How long a command may take to end when it is asked to. */
#define PATIENCE_MS 200

/* The target of the one that runs, for pager_emergency_end(); 0: none. */
static volatile sig_atomic_t running;

static int
status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* From one process group to another. It is no matter if the terminal does not control us. */
static void
pass_terminal(pid_t from, pid_t to)
{
	sigset_t out, former;

	if (tcgetpgrp(STDIN_FILENO) != from) /* the shell has it */
		return;
	/* from the background this would stop us */
	sigemptyset(&out);
	sigaddset(&out, SIGTTOU);
	sigprocmask(SIG_BLOCK, &out, &former);
	(void)tcsetpgrp(STDIN_FILENO, to);
	sigprocmask(SIG_SETMASK, &former, NULL);
}

void
pager_init(struct pager *p, void (*done)(int status, void *arg), void *arg)
{
	*p = (struct pager){ .done = done, .arg = arg };
}

/* Async-signal-safe. */
static void
end_all(pid_t target)
{
	pid_t pid = target < 0 ? -target : target;
	int waited = 0;

	kill(target, SIGTERM);
	kill(target, SIGCONT); /* one that is stopped hears nothing else */
	/* the shell ends at once; less may need some time to leave the screen as it was */
	while (kill(target, 0) == 0 && waited++ < PATIENCE_MS) {
		(void)poll(NULL, 0, 1);
		(void)waitpid(pid, NULL, WNOHANG);
	}
	kill(target, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	pass_terminal(pid, getpgrp());
}

void
pager_clear(struct pager *p)
{
	if (p->pid == 0)
		return;
	end_all(p->target);
	running = p->pid = 0;
}

void
pager_emergency_end(void)
{
	if (running != 0)
		end_all((pid_t)running);
}

bool
pager_runs(const struct pager *p)
{
	return p->pid != 0;
}

/*
 * Stops it, before the terminal is taken from it: it may have to leave the screen first. It is asked again and
 * again, as what comes right before it waits for keys can be missed.
 */
static void
stop(const struct pager *p)
{
	siginfo_t info = { .si_pid = 0 };

	for (int waited = 0; waited < PATIENCE_MS; waited++) {
		if (waited % 10 == 0)
			kill(p->target, SIGTSTP);
		if (waitid(P_PID, (id_t)p->pid, &info, WSTOPPED | WEXITED | WNOHANG | WNOWAIT) !=
			0 ||
		    info.si_pid != 0)
			return;
		(void)poll(NULL, 0, 1);
	}
}

void
pager_suspend(struct pager *p)
{
	assert(p->pid != 0);
	p->suspended = true;
	if (!p->stopped)
		stop(p);
	pass_terminal(p->pid, getpgrp());
}

void
pager_resume(struct pager *p)
{
	assert(p->pid != 0);
	p->suspended = p->stopped = false;
	pass_terminal(getpgrp(), p->pid);
	kill(p->target, SIGCONT); /* also if it wanted the terminal before it had it */
}

/* The text in a file without a name, from its start. NULL and errno. */
static FILE *
spool(const void *text, size_t n)
{
	FILE *f = tmpfile();

	if (f == NULL)
		return NULL;
	(void)fcntl(fileno(f), F_SETFD, FD_CLOEXEC);
	if (fwrite(text, 1, n, f) != n || fflush(f) != 0 || fseek(f, 0, SEEK_SET) != 0) {
		fclose(f);
		return NULL;
	}
	return f;
}

/*
 * One program, for which the shell can make way: else it would tell of being stopped before the
 * program has left the screen.
 */
static bool
is_simple(const char *command)
{
	size_t word = strcspn(command, " \t");

	return strpbrk(command, "|&;()<>\n") == NULL && memchr(command, '=', word) == NULL;
}

/* With in as its input: 0 or errno. */
static int
spawn(pid_t *pid, const char *command, int in, bool own_group)
{
	/* as others do who have colours in what they show */
	static const char script[] = "LESS=${LESS-R}; export LESS; eval \"$1 $2\"";
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)script, (char *)"sh",
		(char *)(is_simple(command) ? "exec" : ""), (char *)command, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t back, none;
	int r;

	/* what we ignore it would, too; handlers of ours end by themselves */
	sigemptyset(&back);
	sigaddset(&back, SIGPIPE);
	sigaddset(&back, SIGXFSZ);
	sigaddset(&back, SIGTTOU);
	sigemptyset(&none);
	if ((r = posix_spawn_file_actions_init(&files)) != 0)
		return r;
	if ((r = posix_spawnattr_init(&attr)) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return r;
	}
	posix_spawnattr_setsigdefault(&attr, &back);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
						(own_group ? POSIX_SPAWN_SETPGROUP : 0)));
	if ((r = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO)) == 0)
		r = posix_spawn(pid, "/bin/sh", &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return r;
}

static void
on_child(int signo, void *arg)
{
	struct pager *p = arg;
	int status;

	(void)signo;
	if (p->pid == 0 || waitpid(p->pid, &status, WNOHANG | WUNTRACED) != p->pid)
		return;
	if (WIFSTOPPED(status)) {
		if (p->suspended)
			return;
		/* one that wanted the terminal before it had it was not stopped by the user */
		if (WSTOPSIG(status) == SIGTTIN || WSTOPSIG(status) == SIGTTOU)
			pager_resume(p);
		else {
			p->stopped = true;
			raise(SIGTSTP);
		}
		return;
	}
	pass_terminal(p->pid, getpgrp());
	running = p->pid = 0;
	p->done(status_of(status), p->arg);
}

int
pager_start(struct pager *p, struct loop *loop, const char *command, const void *text, size_t n)
{
	bool own_group;
	FILE *in;
	int r;

	assert(p->pid == 0);
	if (loop_signal(loop, SIGCHLD, on_child, p) < 0 || (in = spool(text, n)) == NULL)
		return -1;
	own_group = tcgetpgrp(STDIN_FILENO) == getpgrp();
	r = spawn(&p->pid, command, fileno(in), own_group);
	fclose(in);
	if (r != 0) {
		p->pid = 0;
		errno = r;
		return -1;
	}
	p->target = own_group ? -p->pid : p->pid;
	running = p->target;
	pager_resume(p);
	return 0;
}

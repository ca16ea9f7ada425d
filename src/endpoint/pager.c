#include "endpoint/pager.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
reap(struct pager *p)
{
	pid_t pid = p->pid;

	watch_remove(&p->end);
	close(p->end.fd);
	p->end.fd = -1;
	p->pid = 0;
	return wait_for(pid);
}

static void
on_end(struct watch *w, short revents)
{
	struct pager *p = w->arg;

	(void)revents;
	p->done(reap(p), p->arg);
}

void
pager_init(struct pager *p, void (*done)(int status, void *arg), void *arg)
{
	*p = (struct pager){ .done = done, .arg = arg };
	p->end = (struct watch){ .fd = -1, .ready = on_end, .arg = p };
}

void
pager_clear(struct pager *p)
{
	if (p->pid == 0)
		return;
	kill(p->pid, SIGTERM);
	(void)reap(p);
}

bool
pager_runs(const struct pager *p)
{
	return p->pid != 0;
}

/* The text in a file without a name, from its start. NULL and errno. */
static FILE *
spool(const void *text, size_t n)
{
	FILE *f = tmpfile();

	if (f == NULL)
		return NULL;
	if (fwrite(text, 1, n, f) != n || fflush(f) != 0 || fseek(f, 0, SEEK_SET) != 0) {
		fclose(f);
		return NULL;
	}
	return f;
}

/* With in as its input, and the end of the pipe that tells of its own. 0 or errno. */
static int
spawn(pid_t *pid, const char *command, int in, int end)
{
	/* as others do who have colours in what they show */
	static const char script[] = "LESS=${LESS-R}; export LESS; eval \"$1\"";
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)script, (char *)"sh",
		(char *)command, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t back;
	int r;

	/* what we ignore it would, too; handlers of ours end by themselves */
	sigemptyset(&back);
	sigaddset(&back, SIGPIPE);
	if ((r = posix_spawn_file_actions_init(&files)) != 0)
		return r;
	if ((r = posix_spawnattr_init(&attr)) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return r;
	}
	posix_spawnattr_setsigdefault(&attr, &back);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	if ((r = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO)) == 0 &&
	    (r = posix_spawn_file_actions_adddup2(&files, end, STDERR_FILENO + 1)) == 0)
		r = posix_spawn(pid, "/bin/sh", &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return r;
}

int
pager_start(struct pager *p, struct loop *loop, const char *command, const void *text, size_t n)
{
	FILE *in = spool(text, n);
	int ends[2], r = 0;

	assert(p->pid == 0);
	if (in == NULL)
		return -1;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		fclose(in);
		return -1;
	}
	p->end.fd = ends[0];
	if (watch_add(loop, &p->end) < 0)
		r = ENOMEM;
	else
		r = spawn(&p->pid, command, fileno(in), ends[1]);
	fclose(in);
	close(ends[1]);
	if (r != 0) {
		watch_remove(&p->end);
		close(ends[0]);
		p->end.fd = -1;
		p->pid = 0;
		errno = r;
		return -1;
	}
	watch_set(&p->end, POLLIN);
	return 0;
}

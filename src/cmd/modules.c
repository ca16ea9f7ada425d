#include "cmd/modules.h"

#include "io/tls_module.h"
#include "ui/prompt_module.h"

#ifdef WSX_MODULES

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Where the program is, and where its modules are then, below one and the same folder: installed,
 * perhaps elsewhere than was planned, and as it was built.
 */
static const struct place {
	const char *program, *modules;
} places[] = {
	{ "/" WSX_BINDIR, "/" WSX_MODULES },
	{ "/" WSX_BUILD, "/" WSX_BUILD },
};

static bool
is_at(const char *dir, size_t n, const char *place)
{
	size_t len = strlen(place);

	return n >= len && memcmp(dir + n - len, place, len) == 0;
}

/*
 * The folder of the modules: seen from the program where that is in its place, else the one they
 * were to be installed in. Nothing a user, the environment or the current folder says counts: what
 * is loaded runs.
 */
static void
find(char *out, size_t n)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self);
	const char *slash = len > 0 ? memrchr(self, '/', (size_t)len) : NULL;
	size_t dir = slash != NULL ? (size_t)(slash - self) : 0;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const struct place *p = &places[i];

		if (!is_at(self, dir, p->program))
			continue;
		snprintf(out, n, "%.*s%s", (int)(dir - strlen(p->program)), self, p->modules);
		return;
	}
	snprintf(out, n, "%s", WSX_PREFIX "/" WSX_MODULES);
}

static const void *
load(const char *file, const char *symbol, char *why, size_t n)
{
	char path[PATH_MAX + 64];
	const void *module;
	void *library;
	size_t used;

	find(path, sizeof path);
	used = strlen(path);
	snprintf(path + used, sizeof path - used, "/%s", file);
	if ((library = dlopen(path, RTLD_NOW | RTLD_LOCAL)) == NULL ||
	    (module = dlsym(library, symbol)) == NULL) {
		snprintf(why, n, "cannot load %s; install wsx anew", dlerror());
		return NULL;
	}
	return module;
}

/* What another version has left behind must not be called. */
static bool
fits(const char *file, const char *version, char *why, size_t n)
{
	if (strcmp(version, WSX_VERSION) == 0)
		return true;
	snprintf(
	    why, n, "%s is of wsx %s and this is " WSX_VERSION "; install wsx anew", file, version);
	return false;
}

const struct tls_module *
modules_tls(char *why, size_t n)
{
	static const char file[] = "wsx-tls.so";
	const struct tls_module *module = load(file, "wsx_tls_module", why, n);

	return module != NULL && fits(file, module->version, why, n) ? module : NULL;
}

const struct prompt_module *
modules_prompt(char *why, size_t n)
{
	static const char file[] = "wsx-prompt.so";
	const struct prompt_module *module = load(file, "wsx_prompt_module", why, n);

	return module != NULL && fits(file, module->version, why, n) ? module : NULL;
}

#else

const struct tls_module *
modules_tls(char *why, size_t n)
{
	(void)why;
	(void)n;
	return &wsx_tls_module;
}

const struct prompt_module *
modules_prompt(char *why, size_t n)
{
	(void)why;
	(void)n;
	return &wsx_prompt_module;
}

#endif

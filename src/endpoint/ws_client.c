#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "endpoint/ws_int.h"

static void
tell_tls(const struct ws *ws, const struct stream *s)
{
	char certificate[TLS_CERTIFICATE_MAX];

	report_detail(ws->env->report, 1, "* %s", tls_summary(s));
	if (*tls_certificate(s, certificate) != '\0')
		report_detail(ws->env->report, 1, "* certificate %s", certificate);
}

static void
on_connected(struct stream *s, const struct dial_timing *t, void *arg)
{
	struct ws *ws = arg;

	dial_free(ws->dial);
	ws->dial = NULL;
	ws->timing.dns = t->name;
	ws->timing.connect = t->connect;
	ws->timing.tls = t->tls;
	if (tls_is_stream(s) && ws->env->report->verbose > 0)
		tell_tls(ws, s);
	ws_attach(ws, s);
}

static void
on_failed(enum dial_failure kind, const char *why, void *arg)
{
	static const enum ending endings[] = {
		[DIAL_NAME] = ENDED_NAME,
		[DIAL_CONNECT] = ENDED_CONNECT,
		[DIAL_CERTIFICATE] = ENDED_TLS,
		[DIAL_TLS] = ENDED_TLS,
		[DIAL_LOCAL] = ENDED_LOCAL,
	};
	struct ws *ws = arg;

	ws_tell(ws, endings[kind], "%s%s", why,
	    kind == DIAL_CERTIFICATE ? "; --insecure skips this check" : "");
	ws_over(ws);
}

int
ws_dial(struct ws *ws)
{
	struct dial_config config = {
		.host = wsx_host(ws->core),
		.port = wsx_port(ws->core),
		.tls = wsx_secure(ws->core) ? ws->tls : NULL,
		.connected = on_connected,
		.failed = on_failed,
		.arg = ws,
	};

	report_detail(ws->env->report, 1, "* connecting to %s port %u", config.host, config.port);
	if (dial_start(ws->env->loop, &config, &ws->dial) < 0) {
		ws_tell(ws, ENDED_LOCAL, "out of memory");
		return ENDED_LOCAL;
	}
	return 0;
}

/* What it says is told by its name. Frees it on failure. */
static int
begin_record(struct ws *ws, const char **why)
{
	if (ws->env->record == NULL)
		return 0;
	if ((ws->record = record_part_new(ws->env->record, ws->who)) != NULL)
		return 0;
	*why = "out of memory";
	endpoint_free(&ws->ep);
	return WSX_ERR_NOMEM;
}

int
ws_client_new(const struct env *env, const struct ws_client_config *config, struct endpoint **ep,
    const char **why)
{
	struct ws *ws;
	int r;

	if ((r = ws_new(env, &config->core, &config->policy, &ws, why)) < 0)
		return r;
	ws->tls = config->tls;
	ws->open_timeout_ms = config->connect_timeout_ms;
	snprintf(ws->name, sizeof ws->name, "%s", wsx_display_url(ws->core));
	ws->who = "";
	if ((r = begin_record(ws, why)) == 0)
		*ep = &ws->ep;
	return r;
}

int
ws_server_new(const struct env *env, const struct wsx_config *core, const struct ws_policy *policy,
    uint64_t handshake_timeout_ms, struct stream *s, const char *name, struct endpoint **ep,
    const char **why)
{
	struct ws *ws;
	int r;

	if ((r = ws_new(env, core, policy, &ws, why)) < 0) {
		stream_free(s);
		return r;
	}
	ws->stream = s;
	ws->open_timeout_ms = handshake_timeout_ms;
	snprintf(ws->name, sizeof ws->name, "client %s", name);
	ws->who = ws->name + strlen("client ");
	if ((r = begin_record(ws, why)) == 0)
		*ep = &ws->ep;
	return r;
}

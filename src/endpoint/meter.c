#include "endpoint/meter.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "endpoint/pump.h"
#include "ui/progress.h"

#define TICK_MS 250
/* What is over sooner, or is less than this, is not worth a line. */
#define LEAST_MS    1000
#define LEAST_BYTES ((uint64_t)1 << 20)

/* It is not waited for: a line that finds no room now comes again. */
static void
write_terminal(const char *p, size_t n)
{
	ssize_t written = write(STDERR_FILENO, p, n);

	(void)written;
}

void
meter_erase(struct meter *m)
{
	static const char erase[] = "\r\033[K";

	if (!m->shown)
		return;
	m->shown = false;
	write_terminal(erase, sizeof erase - 1);
}

static void
on_erase(void *arg)
{
	meter_erase(arg);
}

static int
columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1
									       : 79;
}

static void
draw(struct meter *m, const struct progress *p)
{
	char text[PROGRESS_MAX], line[PROGRESS_MAX + 16];
	int n;

	progress_format(text, p);
	n = snprintf(line, sizeof line, "\r%.*s\033[K", columns(), text);
	write_terminal(line, (size_t)n);
	m->shown = true;
}

/* Bytes a second, the last seconds counting most. */
static void
measure(struct meter *m, uint64_t done, uint64_t now)
{
	double seconds = (double)(now - m->last) / 1e9;
	double rate = seconds > 0 ? (double)(done - m->last_done) / seconds : m->rate;

	m->rate = m->rate > 0 ? 0.8 * m->rate + 0.2 * rate : rate;
	m->last = now;
	m->last_done = done;
}

static void
on_tick(struct timer *t)
{
	struct meter *m = t->arg;
	const struct wsx *ws = pump_core(m->ep);
	uint64_t now = loop_now(m->loop), sent, received;
	struct progress p = { .total = m->total };

	timer_set(m->loop, t, TICK_MS);
	if (ws == NULL)
		return;
	sent = wsx_traffic(ws, WSX_SENT).payload - wsx_buffered_amount(ws);
	received = m->counts_received ? wsx_traffic(ws, WSX_RECEIVED).payload : 0;
	p.verb = m->total > 0 || sent >= received ? "sent" : "received";
	p.done = m->total > 0 || sent >= received ? sent : received;
	if (p.done < m->last_done) /* it is the other's turn, or another connection's */
		m->last_done = p.done;
	measure(m, p.done, now);
	p.rate = m->rate;
	if (now - m->began < LEAST_MS * 1000000ULL || p.done < LEAST_BYTES)
		return;
	if (m->total > 0 && p.done >= m->total) /* all that was to be sent has gone */
		meter_erase(m);
	else
		draw(m, &p);
}

void
meter_init(struct meter *m, const struct env *env, struct report *report, struct endpoint *ep,
    uint64_t total, bool counts_received)
{
	*m = (struct meter){
		.report = report,
		.ep = ep,
		.loop = env->loop,
		.total = total,
		.counts_received = counts_received,
	};
	m->tick = (struct timer){ .fire = on_tick, .arg = m };
	report->erase = on_erase;
	report->erase_arg = m;
}

void
meter_begin(struct meter *m)
{
	if (m->loop == NULL)
		return;
	m->began = m->last = loop_now(m->loop);
	m->last_done = 0;
	timer_set(m->loop, &m->tick, TICK_MS);
}

void
meter_end(struct meter *m)
{
	if (m->loop == NULL)
		return;
	timer_clear(&m->tick);
	meter_erase(m);
	m->report->erase = NULL;
}

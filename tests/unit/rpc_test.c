#include "check.h"

#include <stdio.h>
#include <string.h>

#include "endpoint/rpc.h"

/* Replies matched to what they answer by "id". */

static void
sent(struct rpc *rpc, const char *text, uint64_t now)
{
	rpc_sent(rpc, (const uint8_t *)text, strlen(text), now);
}

/* How long after; -1 for no reply. */
static long long
received(struct rpc *rpc, const char *text, uint64_t now)
{
	uint64_t ns;

	if (!rpc_received(rpc, (const uint8_t *)text, strlen(text), now, &ns))
		return -1;
	return (long long)ns;
}

static void
a_reply_is_matched_once(void)
{
	struct rpc rpc = { .n = 0 };

	CHECK_INT(received(&rpc, "{\"id\":1}", 5), -1);
	sent(&rpc, "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":1}", 100);
	sent(&rpc, " {\"id\":\"1\"}\n", 200);
	CHECK_INT(received(&rpc, "{\"id\":2}", 300), -1);
	CHECK_INT(received(&rpc, "{\"id\":1,\"method\":\"a request of its own\"}", 300), -1);
	CHECK_INT(received(&rpc, "{\"result\":{\"id\":9},\"id\" : 1 }", 350), 250);
	CHECK_INT(received(&rpc, "{\"id\":1}", 400), -1);
	CHECK_INT(received(&rpc, "{\"id\":\"\\u0031\"}", 500), 300);
}

static void
what_has_no_id_is_no_call(void)
{
	static const char *const none[] = { "", "1", "[{\"id\":1}]", "{\"id\":null}",
		"{\"id\":[1]}", "{\"id\":1", "{\"id\":1} x", "{\"a\":{\"id\":1}}",
		"{\"id\":\"\xff\"}", "{\"Id\":1}",
		"{\"id\":\"a string of more than sixty-four bytes, which is a lot for the name of "
		"a "
		"call\"}" };
	struct rpc rpc = { .n = 0 };

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		check_enter("%s", none[i]);
		sent(&rpc, none[i], 1);
		CHECK_UINT(rpc.open, 0);
		check_leave();
	}
	sent(&rpc, "{\"id\":1}", 1);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		CHECK_INT(received(&rpc, none[i], 2), -1);
	CHECK_UINT(rpc.open, 1);
}

static void
the_oldest_make_room(void)
{
	struct rpc rpc = { .n = 0 };
	char text[32];

	for (int i = 0; i < RPC_CALLS + 1; i++) {
		snprintf(text, sizeof text, "{\"id\":%d}", i);
		sent(&rpc, text, (uint64_t)i);
	}
	CHECK_UINT(rpc.open, RPC_CALLS);
	CHECK_INT(received(&rpc, "{\"id\":0}", 1000), -1);
	CHECK_INT(received(&rpc, "{\"id\":1}", 1000), 999);
	CHECK_INT(received(&rpc, "{\"id\":64}", 1000), 936);
	CHECK_UINT(rpc.open, RPC_CALLS - 2);
}

static void
of_calls_with_one_id_the_last_counts(void)
{
	struct rpc rpc = { .n = 0 };

	sent(&rpc, "{\"id\":1}", 10);
	sent(&rpc, "{\"id\":1}", 20);
	CHECK_UINT(rpc.open, 1);
	CHECK_INT(received(&rpc, "{\"id\":1}", 30), 10);
	CHECK_INT(received(&rpc, "{\"id\":1}", 50), -1);
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(a_reply_is_matched_once),
		CHECK_CASE(what_has_no_id_is_no_call),
		CHECK_CASE(the_oldest_make_room),
		CHECK_CASE(of_calls_with_one_id_the_last_counts),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

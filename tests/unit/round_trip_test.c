#include "check.h"
#include "endpoint/round_trip.h"

static struct round_trip r;
static uint64_t ns;

static void
ping(const char *data, uint64_t now)
{
	round_trip_ping(&r, span_str(data), now);
}

/* How long the Ping took that a Pong answers; 0 for none. */
static uint64_t
pong(const char *data, uint64_t now)
{
	return round_trip_pong(&r, span_str(data), now, &ns) ? ns : 0;
}

static void
a_pong_answers_the_ping_with_its_data(void)
{
	r = (struct round_trip){ 0 };
	ping("a", 10);
	ping("b", 20);
	CHECK_UINT(pong("", 25), 0);
	CHECK_UINT(pong("c", 25), 0);
	CHECK_UINT(pong("a", 30), 20);
	CHECK_UINT(pong("a", 31), 0);
	CHECK_UINT(pong("b", 40), 20);
	CHECK_UINT(r.last, 20);
}

/* RFC 6455, 5.5.3 */
static void
pongs_may_be_left_out_or_come_in_another_order(void)
{
	r = (struct round_trip){ 0 };
	ping("a", 10);
	ping("b", 20);
	ping("c", 30);
	CHECK_UINT(pong("b", 45), 25);
	CHECK_UINT(pong("a", 46), 36);
	CHECK_UINT(pong("c", 47), 17);
	ping("same", 50);
	ping("same", 60);
	CHECK_UINT(pong("same", 65), 5);
	ping("same", 70);
	CHECK_UINT(pong("same", 71), 1);
}

static void
the_first_of_too_many_is_given_up(void)
{
	char data[2] = "a";

	r = (struct round_trip){ 0 };
	for (uint64_t i = 0; i <= ROUND_TRIP_PINGS; i++, data[0]++)
		ping(data, 10 + i);
	CHECK_UINT(pong("a", 100), 0);
	CHECK_UINT(pong("b", 100), 89);
	round_trip_forget(&r);
	CHECK_UINT(pong("c", 100), 0);
	CHECK_UINT(r.last, 89);
}

static void
many_may_answer_one_ping(void)
{
	r = (struct round_trip){ 0 };
	ping("a", 10);
	CHECK(round_trip_pong_of_many(&r, span_str("a"), 15, &ns));
	CHECK_UINT(ns, 5);
	CHECK(round_trip_pong_of_many(&r, span_str("a"), 17, &ns));
	CHECK_UINT(ns, 7);
	CHECK(!round_trip_pong_of_many(&r, span_str("b"), 17, &ns));
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(a_pong_answers_the_ping_with_its_data),
		CHECK_CASE(pongs_may_be_left_out_or_come_in_another_order),
		CHECK_CASE(the_first_of_too_many_is_given_up),
		CHECK_CASE(many_may_answer_one_ping),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

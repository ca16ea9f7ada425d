#include "check.h"

#include <string.h>

#include "proto/close.h"
#include "wsx.h"

/* C05 C06 C07 C08, all 65536 of them */
static void
close_codes_on_the_wire_are_those_of_the_registry(void)
{
	for (uint32_t code = 0; code <= UINT16_MAX; code++) {
		bool want = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
			    (code >= 3000 && code <= 4999);

		if (close_code_on_wire((uint16_t)code) != want)
			CHECK_INT(code, -1);
	}
}

/* W16 */
static void
close_codes_for_applications_are_1000_and_3000_to_4999(void)
{
	for (uint32_t code = 0; code <= UINT16_MAX; code++) {
		bool want = code == 1000 || (code >= 3000 && code <= 4999);

		if (close_code_for_application((uint16_t)code) != want)
			CHECK_INT(code, -1);
	}
}

struct row {
	const char *in;
	uint16_t fault;
	uint16_t code;
	const char *reason;
};

static void
close_parse_reads_bodies(void)
{
	static const struct row rows[] = {
		{ "", 0, 1005, "" }, /* C04 */
		{ "03 e8", 0, 1000, "" }, { "03 e8 'bye'", 0, 1000, "bye" },
		{ "0f a0 e2 82 ac", 0, 4000, "\xe2\x82\xac" },
		{ "13 87 ef bb bf 'a'", 0, 4999,
		    "\xef\xbb\xbf"
		    "a" }, /* W37: a BOM stays */
		{ "03", 1002, 0, NULL }, /* C09 */
		{ "00 00", 1002, 0, NULL }, /* C07 */
		{ "03 ed", 1002, 0, NULL }, { "03 f7", 1002, 0, NULL },
		{ "13 88", 1002, 0, NULL }, /* C08 */
		{ "03 e8 c3 28", 1007, 0, NULL }, /* C10 */
		{ "03 e8 e2 82", 1007, 0, NULL },
		{ "03 ed c3 28", 1002, 0, NULL }, /* the code is told first */
	};
	struct close_body body;
	uint8_t in[WSX_MAX_CONTROL];
	const char *why;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check_enter("%s", rows[i].in);
		why = NULL;
		CHECK_UINT(close_parse(in, check_hex(rows[i].in, in, sizeof in), &body, &why),
		    rows[i].fault);
		if (rows[i].fault == 0) {
			CHECK_UINT(body.code, rows[i].code);
			CHECK_MEM(
			    body.reason, body.reason_n, rows[i].reason, strlen(rows[i].reason));
		} else {
			CHECK(why != NULL && strlen(why) <= WSX_MAX_REASON);
		}
		check_leave();
	}
}

/* C11 */
static void
close_takes_the_longest_reason(void)
{
	uint8_t in[WSX_MAX_CONTROL], out[WSX_MAX_CONTROL];
	struct close_body body;
	const char *why;
	size_t n = check_hex("03 e8 'a' 61*122", in, sizeof in);

	CHECK_UINT(close_parse(in, n, &body, &why), 0);
	CHECK_UINT(body.reason_n, 123);
	CHECK_UINT(close_build(out, body.code, body.reason, body.reason_n), sizeof out);
	CHECK_MEM(out, sizeof out, in, n);
}

/* W21 */
static void
close_build_writes_no_bytes_two_or_all(void)
{
	uint8_t out[WSX_MAX_CONTROL];

	CHECK_UINT(close_build(out, 0, NULL, 0), 0);
	CHECK_UINT(close_build(out, 1000, NULL, 0), 2);
	CHECK_MEM(out, 2, "\x03\xe8", 2);
	CHECK_UINT(close_build(out, 4000, "bye", 3), 5);
	CHECK_MEM(out, 5,
	    "\x0f\xa0"
	    "bye",
	    5);
}

static void
close_name_knows_the_registered_codes(void)
{
	CHECK_STR(wsx_close_name(1000), "normal");
	CHECK_STR(wsx_close_name(1001), "going away");
	CHECK_STR(wsx_close_name(1006), "no Close received");
	CHECK_STR(wsx_close_name(1011), "internal error");
	CHECK_STR(wsx_close_name(1004), "");
	CHECK_STR(wsx_close_name(0), "");
	CHECK_STR(wsx_close_name(4000), "");
	for (uint16_t code = 1000; code < 1015; code++)
		if (close_code_on_wire(code))
			CHECK(wsx_close_name(code)[0] != '\0');
}

int
main(int argc, char **argv)
{
	static const struct check_case cases[] = {
		CHECK_CASE(close_codes_on_the_wire_are_those_of_the_registry),
		CHECK_CASE(close_codes_for_applications_are_1000_and_3000_to_4999),
		CHECK_CASE(close_parse_reads_bodies),
		CHECK_CASE(close_takes_the_longest_reason),
		CHECK_CASE(close_build_writes_no_bytes_two_or_all),
		CHECK_CASE(close_name_knows_the_registered_codes),
	};

	return check_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}

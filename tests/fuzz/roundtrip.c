/* A client and a server joined by a wire that carries any number of bytes: what is sent arrives. */

#include "ends.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n };
	struct end e[2];

	end_begin(&e[0], WSX_CLIENT, &in);
	end_begin(&e[1], WSX_SERVER, &in);
	end_open_both(e);
	for (int ops = 0; in.n > 0 && ops < 16; ops++) {
		uint8_t op = fuzz_byte(&in);
		bool side = op & 1;

		if (op & 0x80)
			end_carry(
			    &e[side], &e[!side], op & 0x40 ? fuzz_number(&in, 9000) : op >> 1 & 31);
		else
			end_send(&e[side], &e[!side], op, &in);
		MUST(check_failures() == 0);
	}
	for (int i = 0; i < 2; i++) {
		end_carry_all(e);
		end_check_told(&e[i]);
	}
	MUST(wsx_close(e[n & 1].d.ws, 3000, "bye", 3) == WSX_OK);
	driver_drain(&e[n & 1].d);
	end_carry_all(e);
	for (int i = 0; i < 2; i++) {
		const char *want =
		    (size_t)i == (n & 1) ? "close 3000 clean\n" : "close 3000 'bye' clean\n";

		MUST(wsx_close_expected(e[i].d.ws));
		driver_end(&e[i].d);
		MUST(buf_puts(&e[i].want, want) == 0);
		end_check_told(&e[i]);
		driver_clear(&e[i].d);
		buf_clear(&e[i].want);
	}
	MUST(check_failures() == 0);
	return 0;
}

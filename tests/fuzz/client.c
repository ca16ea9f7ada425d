/* Bytes from a server into a client: see fuzz_ws.h for what must hold. */

#include "fuzz.h"
#include "fuzz_ws.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	fuzz_ws(WSX_CLIENT, p, n);
	return 0;
}

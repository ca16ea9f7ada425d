/*
 * The passing over blocks of one kind of vector, after J. Keiser and D. Lemire, "Validating UTF-8
 * In Less Than One Instruction Per Byte" (2021). utf8_blocks.c includes this once for each kind
 * and defines before:
 *
 *	PASS                   the name of the function
 *	TARGET                 the attributes of functions that may use the vectors
 *	VEC(f)                 the name f made one of this kind's
 *	LOOKUP(row, index)     row[i], of sixteen bytes, for each i < 16 in index
 *	BEFORE(k, v, earlier)  v moved up by k bytes, with the last k of earlier before it
 *	ANY(v)                 true if a bit is set in v
 *
 * and the type VEC(bytes), a vector of uint8_t.
 */

/* It takes VEC() for a variable. */
/* clang-format off */

/* Bits for what is wrong at each byte of v, which earlier stands before. */
TARGET static inline VEC(bytes) VEC(faults)(VEC(bytes) v, VEC(bytes) earlier)
{
	VEC(bytes) first = BEFORE(1, v, earlier);
	VEC(bytes) pair = LOOKUP(first_high, first >> 4) &
	                  LOOKUP(first_low, first & 15) &
	                  LOOKUP(second_high, v >> 4);
	/* the third and fourth byte of a sequence: there alone two continuations belong */
	VEC(bytes) third = (VEC(bytes))(BEFORE(2, v, earlier) >= 0xe0);
	VEC(bytes) fourth = (VEC(bytes))(BEFORE(3, v, earlier) >= 0xf0);

	return ((third | fourth) & TWO_FOLLOW) ^ pair;
}

/* clang-format on */

TARGET static size_t
PASS(const uint8_t *p, size_t n)
{
	enum { WIDTH = sizeof(VEC(bytes)), COUNT = UTF8_BLOCK / WIDTH };
	VEC(bytes) earlier = { 0 }, wrong, all, v[COUNT];
	bool ascii = true;
	size_t i = 0;

	for (; n - i >= UTF8_BLOCK; i += UTF8_BLOCK) {
		all = (VEC(bytes)){ 0 };
		for (size_t k = 0; k < COUNT; k++) {
			memcpy(&v[k], p + i + k * WIDTH, WIDTH);
			all |= v[k];
		}
		if (!ANY(all & 0x80) && ascii)
			continue;
		wrong = VEC(faults)(v[0], earlier);
		for (size_t k = 1; k < COUNT; k++)
			wrong |= VEC(faults)(v[k], v[k - 1]);
		if (ANY(wrong))
			break;
		/* a sequence may run into the next block, which is then looked at in any case */
		ascii = !ANY(all & 0x80);
		earlier = v[COUNT - 1];
	}
	return i;
}

#undef PASS
#undef TARGET
#undef VEC
#undef LOOKUP
#undef BEFORE
#undef ANY

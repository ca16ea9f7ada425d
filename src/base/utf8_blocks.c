#include "base/utf8_blocks.h"

#include <string.h>

#include "base/cpu.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__x86_64__) || defined(__aarch64__)

/*
 * What two bytes in a row can be. Each fault has a bit, and each row has it where its four bits of
 * the pair allow the fault: what all three rows have is there. Faults that no pair can be guilty
 * of together share a bit.
 */
enum {
	SHORT = 1 << 0, /* a lead, then no continuation */
	LONG = 1 << 1, /* ASCII, then a continuation */
	LONG_FORM_3 = 1 << 2, /* e0, then 80 to 9f */
	OVER = 1 << 3, /* f4, then 90 to bf, or f5 to ff, then 90 to bf */
	SURROGATE = 1 << 4, /* ed, then a0 to bf */
	LONG_FORM_2 = 1 << 5, /* c0 or c1 */
	LONG_FORM_4 = 1 << 6, /* f0, then 80 to 8f */
	FAR_OVER = 1 << 6, /* f5 to ff, then 80 to 8f */
	TWO_FOLLOW = 1 << 7, /* two continuations: a fault unless a longer sequence began before */
	ANY_LOW =
	    SHORT | LONG | TWO_FOLLOW, /* those that the low bits of the first do not decide */
	FOLLOWS = LONG | LONG_FORM_2 | TWO_FOLLOW, /* those of all continuations */
};

static const uint8_t first_high[16] = {
	LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, /* 00 to 7f */
	TWO_FOLLOW, TWO_FOLLOW, TWO_FOLLOW, TWO_FOLLOW, /* 80 to bf */
	SHORT | LONG_FORM_2, /* c0 to cf */
	SHORT, /* d0 to df */
	SHORT | LONG_FORM_3 | SURROGATE, /* e0 to ef */
	SHORT | OVER | LONG_FORM_4 | FAR_OVER, /* f0 to ff */
};

static const uint8_t first_low[16] = {
	ANY_LOW | LONG_FORM_2 | LONG_FORM_3 | LONG_FORM_4, /* c0, e0, f0 */
	ANY_LOW | LONG_FORM_2, /* c1 */
	ANY_LOW,
	ANY_LOW,
	ANY_LOW | OVER, /* f4 */
	ANY_LOW | OVER | FAR_OVER, /* f5 */
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER | SURROGATE, /* ed, fd */
	ANY_LOW | OVER | FAR_OVER,
	ANY_LOW | OVER | FAR_OVER,
};

static const uint8_t second_high[16] = {
	SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, /* 00 to 7f */
	FOLLOWS | LONG_FORM_3 | LONG_FORM_4 | FAR_OVER, /* 80 to 8f */
	FOLLOWS | LONG_FORM_3 | OVER, /* 90 to 9f */
	FOLLOWS | SURROGATE | OVER, /* a0 to af */
	FOLLOWS | SURROGATE | OVER, /* b0 to bf */
	SHORT, SHORT, SHORT, SHORT, /* c0 to ff */
};

#endif

#if defined(__x86_64__)

typedef uint8_t bytes_ssse3 __attribute__((vector_size(16)));

#define PASS   pass_ssse3
#define TARGET __attribute__((target("ssse3")))
#define VEC(f) f##_ssse3
#define LOOKUP(row, i)                                                                             \
	((bytes_ssse3)_mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(row)), (__m128i)(i)))
#define BEFORE(k, v, earlier)                                                                      \
	((bytes_ssse3)_mm_alignr_epi8((__m128i)(v), (__m128i)(earlier), 16 - (k)))
#define ANY(v) (_mm_movemask_epi8(_mm_cmpeq_epi8((__m128i)(v), _mm_setzero_si128())) != 0xffff)
#include "base/utf8_lookup.h"

typedef uint8_t bytes_avx2 __attribute__((vector_size(32)));

#define PASS   pass_avx2
#define TARGET __attribute__((target("avx2")))
#define VEC(f) f##_avx2
#define LOOKUP(row, i)                                                                             \
	((bytes_avx2)_mm256_shuffle_epi8(                                                          \
	    _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(row))), (__m256i)(i)))
#define BEFORE(k, v, earlier)                                                                      \
	((bytes_avx2)_mm256_alignr_epi8((__m256i)(v),                                              \
	    _mm256_permute2x128_si256((__m256i)(earlier), (__m256i)(v), 0x21), 16 - (k)))
#define ANY(v) (!_mm256_testz_si256((__m256i)(v), (__m256i)(v)))
#include "base/utf8_lookup.h"

#elif defined(__aarch64__)

typedef uint8_t bytes_neon __attribute__((vector_size(16)));

#define PASS           pass_neon
#define TARGET         /* all of them have it */
#define VEC(f)         f##_neon
#define LOOKUP(row, i) ((bytes_neon)vqtbl1q_u8(vld1q_u8(row), (uint8x16_t)(i)))
#define BEFORE(k, v, earlier)                                                                      \
	((bytes_neon)vextq_u8((uint8x16_t)(earlier), (uint8x16_t)(v), 16 - (k)))
#define ANY(v) (vmaxvq_u8((uint8x16_t)(v)) != 0)
#include "base/utf8_lookup.h"

#endif

const struct utf8_way *
utf8_way(size_t i)
{
	static const struct utf8_way ways[] = {
#if defined(__x86_64__)
		{ "avx2", pass_avx2 },
		{ "ssse3", pass_ssse3 },
#elif defined(__aarch64__)
		{ "neon", pass_neon },
#endif
		{ "scalar", NULL },
	};

#if defined(__x86_64__)
	if (!cpu_has_ssse3())
		i += 2;
	else if (!cpu_has_avx2())
		i++;
#endif
	return i < sizeof ways / sizeof *ways ? &ways[i] : NULL;
}

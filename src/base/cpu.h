#ifndef BASE_CPU_H
#define BASE_CPU_H

#include <stdbool.h>

/*
 * What the processor has, to choose vectors by. The C library found it out when the program was
 * loaded; asking anew (CPUID) traps under a hypervisor and would cost much of a short run.
 */
#if defined(__x86_64__)

#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#define CPU_HAS(glibc_name, name) CPU_FEATURE_ACTIVE(glibc_name)
#else
#define CPU_HAS(glibc_name, name) __builtin_cpu_supports(name)
#endif

static inline bool
cpu_has_ssse3(void)
{
	return CPU_HAS(SSSE3, "ssse3");
}

static inline bool
cpu_has_avx2(void)
{
	return CPU_HAS(AVX2, "avx2");
}

#undef CPU_HAS

#endif

#endif

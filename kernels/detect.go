package kernels

import "golang.org/x/sys/cpu"

// detect reads the features of this machine. GODEBUG=cpu.avx2=off and the
// like reach it through package cpu, but do not cascade to FMA or AVX-512:
// supported does that.
func detect() features {
	return features{
		AVX2:     cpu.X86.HasAVX2,
		FMA:      cpu.X86.HasFMA,
		AVX512F:  cpu.X86.HasAVX512F,
		AVX512DQ: cpu.X86.HasAVX512DQ,
		AVX512BW: cpu.X86.HasAVX512BW,
		AVX512VL: cpu.X86.HasAVX512VL,
		OSAVX512: cpu.X86.HasAVX512,
		ASIMD:    cpu.ARM64.HasASIMD,
	}
}

package kernels

import (
	"golang.org/x/sys/cpu"

	"github.com/lanes-go/lanes/asm"
)

// features is what detection needs to know of a machine.
type features struct {
	AVX2, FMA                             bool
	AVX512F, AVX512DQ, AVX512BW, AVX512VL bool
	OSAVX512                              bool // the system saves ZMM and opmask registers
	ASIMD                                 bool
}

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

// need is a feature that an instruction set is made of: whether it may be
// used, and where CPUID tells of it.
type need struct {
	name           string
	usable         bool
	leaf, reg, bit uint32 // reg: 1 EBX, 2 ECX; leaf 0: nowhere
}

// needs lists what an instruction set asks for. HasFMA alone does not say that
// the system saves YMM registers, so AVX2 stands for both.
func (f features) needs(s asm.ISA) []need {
	avx2 := []need{{"AVX2", f.AVX2, 7, 1, 5}, {"FMA", f.FMA, 1, 2, 12}}
	switch s {
	case asm.NEON:
		return []need{{name: "ASIMD", usable: f.ASIMD}}
	case asm.AVX2:
		return avx2
	case asm.AVX512:
		return append(avx2,
			need{"AVX512F", f.AVX512F, 7, 1, 16}, need{"AVX512DQ", f.AVX512DQ, 7, 1, 17},
			need{"AVX512BW", f.AVX512BW, 7, 1, 30}, need{"AVX512VL", f.AVX512VL, 7, 1, 31},
			need{name: "ZMM saved by the system", usable: f.OSAVX512})
	}
	return nil
}

// lacks names what an instruction set asks for and this machine does not have.
func (f features) lacks(s asm.ISA) (names []string) {
	for _, n := range f.needs(s) {
		if !n.usable {
			names = append(names, n.name)
		}
	}
	return names
}

// supported lists what a machine runs, worst first.
func (f features) supported() []asm.ISA {
	var list []asm.ISA
	for s := asm.GO; s <= asm.AVX512; s++ {
		if len(f.lacks(s)) == 0 {
			list = append(list, s)
		}
	}
	return list
}

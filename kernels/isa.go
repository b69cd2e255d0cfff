package kernels

import (
	"fmt"
	"os"
	"strings"

	"github.com/lanes-go/lanes/asm"
)

// isa is the instruction set that every operation runs on, chosen once.
var isa = mustSelect(os.Getenv("LANES_ISA"))

// ISA names the instruction set in use: "avx512", "avx2", "neon" or "go".
//
// The best one that the CPU, the operating system and the build allow is
// chosen when the program starts. The environment variable LANES_ISA caps it
// (LANES_ISA=avx2 keeps an AVX-512 machine on AVX2; go leaves assembly out). A
// name that is unknown, or that this machine or build lacks, ends the program
// with a line on standard error and status 2.
//
// Go's own GODEBUG=cpu.avx2=off hides a feature from this choice, and with it
// every set that builds on it; LANES_ISA then refuses those. It hides features
// from the Go runtime and other packages as well, which LANES_ISA does not.
// [Chosen] tells why a set was taken and what the others lack.
func ISA() string { return isa.String() }

// Table lists the kernels in use, one for each operation and element type: the
// one of the instruction set in use, or the one in Go where that has none.
func Table() []asm.Kernel {
	used := make([]asm.Kernel, 0, len(goTable))
	for _, g := range goTable {
		k := g
		for _, a := range asm.Table {
			if a.ISA == isa && a.Op == g.Op && a.Elem == g.Elem {
				k = a
			}
		}
		used = append(used, k)
	}
	return used
}

// inAssembly reports whether the instruction set in use has an operation.
func inAssembly(op string) bool {
	for _, k := range asm.Table {
		if k.ISA == isa && k.Op == op {
			return true
		}
	}
	return false
}

// allKernels is the table of this build, with the kernels in Go as its last
// rows: one for each operation that the assembly has too.
func allKernels() []asm.Kernel { return append(asm.Table[:len(asm.Table):len(asm.Table)], goTable...) }

// available lists the sets that both machine and build have, worst first.
func available(f features, table []asm.Kernel) []asm.ISA {
	var list []asm.ISA
	for _, s := range f.supported() {
		for _, k := range table {
			if k.ISA == s {
				list = append(list, s)
				break
			}
		}
	}
	return list
}

// choose returns the best available set, or the one that override names.
func choose(list []asm.ISA, override string) (asm.ISA, error) {
	if override == "" {
		return list[len(list)-1], nil
	}
	var names []string
	for _, s := range list {
		if s.String() == override {
			return s, nil
		}
		names = append(names, s.String())
	}
	return asm.GO, fmt.Errorf("LANES_ISA=%q is not available here; available: %s", override, strings.Join(names, ", "))
}

func mustSelect(override string) asm.ISA {
	s, err := choose(available(detect(), allKernels()), override)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lanes:", err)
		os.Exit(2)
	}
	return s
}

package kernels

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/lanes-go/lanes/asm"
)

// Choice tells which instruction set runs and why, for reports of faults and
// of speed.
type Choice struct {
	ISA    string      `json:"isa"`
	Reason string      `json:"reason"`
	Sets   []SetStatus `json:"sets"` // every set that lanes knows, worst first

	// What the processor has, and what of it GODEBUG, a hypervisor or the
	// operating system withholds.
	Features []string `json:"features"`
	Withheld []string `json:"withheld,omitempty"`
}

// SetStatus is an instruction set and, where it cannot be chosen, what it
// lacks.
type SetStatus struct {
	ISA       string   `json:"isa"`
	Available bool     `json:"available"`
	InBuild   bool     `json:"in_build"`
	Lacks     []string `json:"lacks,omitempty"`
}

// Chosen explains the choice that this program made when it started. Cost:
// microseconds.
func Chosen() Choice {
	return explain(detect(), allKernels(), isa, os.Getenv("LANES_ISA"), os.Getenv("GODEBUG"), asm.CPUID)
}

// cpuid is the instruction; zeros where it is not at hand.
type cpuid = func(leaf, sub uint32) (eax, ebx, ecx, edx uint32)

func explain(f features, table []asm.Kernel, chosen asm.ISA, override, godebug string, id cpuid) Choice {
	c := Choice{ISA: chosen.String(), Reason: reason(override, godebug)}
	for s := asm.GO; s <= asm.AVX512; s++ {
		inBuild := slices.ContainsFunc(table, func(k asm.Kernel) bool { return k.ISA == s })
		status := SetStatus{ISA: s.String(), InBuild: inBuild, Lacks: f.lacks(s)}
		status.Available = inBuild && status.Lacks == nil
		c.Sets = append(c.Sets, status)
	}
	for _, n := range append(f.needs(asm.AVX512), f.needs(asm.NEON)...) {
		switch {
		case n.usable:
			c.Features = append(c.Features, n.name)
		case n.reported(id):
			c.Withheld = append(c.Withheld, n.name)
		}
	}
	return c
}

func reason(override, godebug string) string {
	text := "the best available"
	if override != "" {
		text = "LANES_ISA=" + override
	}
	var off []string
	for option := range strings.SplitSeq(godebug, ",") {
		if strings.HasPrefix(option, "cpu.") {
			off = append(off, option)
		}
	}
	if off != nil {
		text += ", under GODEBUG=" + strings.Join(off, ",")
	}
	return text
}

// reported asks the processor itself, whatever the system makes of it.
func (n need) reported(id cpuid) bool {
	if n.leaf == 0 {
		return false
	}
	if most, _, _, _ := id(0, 0); most < n.leaf {
		return false
	}
	_, ebx, ecx, _ := id(n.leaf, 0)
	return [...]uint32{1: ebx, 2: ecx}[n.reg]>>n.bit&1 != 0
}

// String is one line per set and one of features.
func (c Choice) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", c.ISA, c.Reason)
	for _, s := range c.Sets {
		state := "available"
		switch {
		case !s.InBuild:
			state = fmt.Sprintf("not in this build for %s/%s", runtime.GOOS, runtime.GOARCH)
		case !s.Available:
			state = "lacks " + strings.Join(s.Lacks, ", ")
		}
		fmt.Fprintf(&b, "%s: %s\n", s.ISA, state)
	}
	if len(c.Features) > 0 {
		fmt.Fprintf(&b, "usable: %s\n", strings.Join(c.Features, ", "))
	}
	if len(c.Withheld) > 0 {
		fmt.Fprintf(&b, "withheld by the system or GODEBUG: %s\n", strings.Join(c.Withheld, ", "))
	}
	return b.String()
}

// Package caches asks the processor for the sizes of its data caches.
package caches

import "github.com/lanes-go/lanes/asm"

// Level is a data cache as one core sees it.
type Level struct {
	Level int // 1 is the nearest
	Bytes int
}

// OfProcessor lists what CPUID tells, the smallest first, or nothing.
func OfProcessor() []Level { return listed(asm.CPUID) }

type cpuid = func(leaf, sub uint32) (eax, ebx, ecx, edx uint32)

func listed(id cpuid) []Level {
	const intel, amd = 4, 0x8000001d // leaves that list the caches alike
	for _, leaf := range []uint32{intel, amd} {
		if levels := oneByOne(leaf, id); len(levels) > 0 {
			return levels
		}
	}
	return oldLeaves(id)
}

func has(leaf uint32, id cpuid) bool {
	most, _, _, _ := id(leaf&(1<<31), 0)
	return most >= leaf
}

// oneByOne reads a leaf that has a subleaf for every cache.
func oneByOne(leaf uint32, id cpuid) (levels []Level) {
	if !has(leaf, id) {
		return nil
	}
	for sub := range uint32(16) {
		eax, ebx, ecx, _ := id(leaf, sub)
		const instructions = 2
		kind := eax & 0x1f
		if kind == 0 {
			break
		}
		if kind != instructions {
			ways, partitions, line := ebx>>22+1, ebx>>12&0x3ff+1, ebx&0xfff+1
			levels = append(levels, Level{int(eax >> 5 & 7), int(ways) * int(partitions) * int(line) * int(ecx+1)})
		}
	}
	return levels
}

// oldLeaves reads the leaves of AMD's first 64-bit processors, which some virtual
// machines leave in place when they hide the others. What these say of L3 is for
// all cores together, so it is left out.
func oldLeaves(id cpuid) (levels []Level) {
	const first, second = 0x80000005, 0x80000006
	if !has(second, id) {
		return nil
	}
	_, _, l1, _ := id(first, 0)
	_, _, l2, _ := id(second, 0)
	for i, kib := range []uint32{l1 >> 24, l2 >> 16} {
		if kib > 0 {
			levels = append(levels, Level{i + 1, int(kib) << 10})
		}
	}
	return levels
}

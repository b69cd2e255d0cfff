package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/lanes-go/lanes/asm"
)

// cacheLevel is a data cache as one core sees it.
type cacheLevel struct {
	name  string // L1, L2, L3
	bytes int
}

// usualCaches are assumed where nobody tells.
var usualCaches = []cacheLevel{{"L1", 32 << 10}, {"L2", 1 << 20}, {"L3", 32 << 20}}

// cacheLevels returns the data caches, the smallest first.
var cacheLevels = sync.OnceValue(func() []cacheLevel {
	if found := foundCaches(); len(found) > 0 {
		return found
	}
	return usualCaches
})

// foundCaches asks Linux, and the processor where a virtual machine hides them
// from it.
func foundCaches() []cacheLevel {
	if levels := listedCaches(); len(levels) > 0 {
		return levels
	}
	const intel, amd = 4, 0x8000001d // leaves of CPUID that list the caches alike
	for _, leaf := range []uint32{intel, amd} {
		if levels := cachesOfLeaf(leaf, asm.CPUID); len(levels) > 0 {
			return levels
		}
	}
	return nil
}

// cachesOfLeaf reads a leaf of CPUID that has a subleaf for every cache.
func cachesOfLeaf(leaf uint32, cpuid func(leaf, sub uint32) (eax, ebx, ecx, edx uint32)) (levels []cacheLevel) {
	if most, _, _, _ := cpuid(leaf&(1<<31), 0); most < leaf {
		return nil
	}
	const instructions = 2
	for sub := uint32(0); ; sub++ {
		eax, ebx, ecx, _ := cpuid(leaf, sub)
		kind, level := eax&0x1f, eax>>5&7
		if kind == 0 {
			return levels
		}
		if kind != instructions {
			ways, partitions, line := ebx>>22+1, ebx>>12&0x3ff+1, ebx&0xfff+1
			levels = append(levels, cacheLevel{fmt.Sprintf("L%d", level), int(ways * partitions * line * (ecx + 1))})
		}
	}
}

// listedCaches reads what Linux tells about the first core.
func listedCaches() (levels []cacheLevel) {
	folders, _ := filepath.Glob("/sys/devices/system/cpu/cpu0/cache/index*")
	for _, folder := range folders {
		read := func(name string) string {
			text, _ := os.ReadFile(filepath.Join(folder, name))
			return strings.TrimSpace(string(text))
		}
		if kind := read("type"); kind != "Data" && kind != "Unified" {
			continue
		}
		kib, err := strconv.Atoi(strings.TrimSuffix(read("size"), "K"))
		if err != nil {
			continue
		}
		levels = append(levels, cacheLevel{"L" + read("level"), kib << 10})
	}
	return levels
}

// caches describes the caches that were found.
func caches() (list []string) {
	for _, l := range foundCaches() {
		list = append(list, fmt.Sprintf("%s %d KiB", l.name, l.bytes>>10))
	}
	return list
}

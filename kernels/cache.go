package kernels

import "github.com/lanes-go/lanes/asm"

// l2Size is the size in bytes of the L2 cache of this core, or 0 where it
// cannot be told.
func l2Size() int {
	const intel, amd = 4, 0x8000001d // leaves that list the caches alike
	for _, leaf := range []uint32{intel, amd} {
		if size := cacheSize(leaf, 2, asm.CPUID); size > 0 {
			return size
		}
	}
	return 0
}

// cacheSize reads the size of the cache of a level out of a CPUID leaf that
// lists caches one by one.
func cacheSize(leaf, level uint32, cpuid func(leaf, sub uint32) (eax, ebx, ecx, edx uint32)) int {
	if most, _, _, _ := cpuid(leaf&(1<<31), 0); most < leaf {
		return 0
	}
	for sub := range uint32(16) {
		eax, ebx, ecx, _ := cpuid(leaf, sub)
		kind, at := eax&0x1f, eax>>5&7
		if kind == 0 {
			break
		}
		const instructions = 2
		if at != level || kind == instructions {
			continue
		}
		ways, partitions, line := ebx>>22+1, ebx>>12&0x3ff+1, ebx&0xfff+1
		return int(ways) * int(partitions) * int(line) * int(ecx+1)
	}
	return 0
}

// tableL2 is the L2 cache in bytes that the table's blocks are made for, and
// what is taken for granted where it cannot be told.
const tableL2 = 1 << 20

// rowsFor is how many rows of A, KC columns wide, should stay in an L2 cache of
// l2 bytes: three eighths of it, within a factor of two of what the table says.
// It changes no result: only KC does.
func rowsFor(k asm.Kernel, elemSize, l2 int) int {
	mc := l2 / 8 * 3 / (k.KC * elemSize)
	return max(k.MC/2, min(mc, 2*k.MC)) / k.MR * k.MR
}

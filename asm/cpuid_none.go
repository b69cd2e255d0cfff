//go:build purego || noasm || !amd64

package asm

// CPUID returns zeros, as a processor does for a leaf that it does not have.
func CPUID(leaf, sub uint32) (eax, ebx, ecx, edx uint32) { return }

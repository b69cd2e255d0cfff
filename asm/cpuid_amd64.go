//go:build !purego && !noasm

package asm

// CPUID runs the instruction of that name.
//
//go:noescape
func CPUID(leaf, sub uint32) (eax, ebx, ecx, edx uint32)

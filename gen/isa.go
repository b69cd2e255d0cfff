package main

import (
	"github.com/mmcloughlin/avo/reg"
)

// ISA is an instruction set that kernels are written for.
type ISA struct {
	Name, Arch string
	Title      string // as its makers write it
	Needs      string // the processors and systems that have it
	Width      int    // bytes in a vector register
	Vectors    int    // vector registers

	// Of amd64 only.
	Regs     []reg.VecPhysical
	Masks    bool     // opmask registers
	Features []string // the only ones that a kernel may require
}

var (
	avx512 = &ISA{
		Name: "avx512", Arch: "amd64", Title: "AVX-512", Width: 64, Vectors: 32, Masks: true,
		Needs: "AVX-512 F, DQ, BW, VL, and a system that saves ZMM: Skylake-X, Zen 4 and later",
		Regs: []reg.VecPhysical{
			reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
			reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
			reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
			reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
		},
		Features: []string{"MMX+", "SSE", "SSE2", "AVX", "AVX2", "FMA3", "BMI", "POPCNT", "AVX512F", "AVX512DQ", "AVX512BW", "AVX512VL"},
	}
	// avx512by256 has the vectors of half the length.
	avx512by256 = &ISA{
		Name: "avx512", Arch: "amd64", Width: 32, Vectors: 16, Masks: true, Regs: avx2.Regs,
	}
	avx2 = &ISA{
		Name: "avx2", Arch: "amd64", Title: "AVX2", Width: 32, Vectors: 16,
		Needs: "AVX2 and FMA: Haswell, Zen and later, Rosetta from macOS 15 on",
		Regs: []reg.VecPhysical{
			reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
			reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
		},
		Features: []string{"MMX+", "SSE", "SSE2", "AVX", "AVX2", "FMA3", "BMI", "POPCNT"},
	}
	neon = &ISA{
		Name: "neon", Arch: "arm64", Title: "NEON", Width: 16, Vectors: 32,
		Needs: "every one: Cortex-A, Neoverse, Apple M",
	}
)

// Arches are the architectures that have kernels.
var Arches = []string{"amd64", "arm64"}

// Elem is the type of a matrix or vector entry.
type Elem struct {
	Name, Go string
	Size     int
}

var (
	f32 = Elem{"f32", "float32", 4}
	f64 = Elem{"f64", "float64", 8}
)

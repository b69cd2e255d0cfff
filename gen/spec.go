package main

import (
	"cmp"
	"slices"
)

// Spec is one row of the kernel table: a micro-kernel, the shape of its tile
// and the cache blocks it wants. Specs is the only hand-edited list of
// kernels; stubs, dispatch, tests and the table in package asm come from it.
type Spec struct {
	Op   string `json:"-"` // what an override may not change
	ISA  *ISA   `json:"-"`
	Elem Elem   `json:"-"`

	// Of gemm only: MR rows and NV vectors of C are held in registers, KC
	// blocks k, MC, for an L2 of 1 MiB, the rows of A, NC the columns of B. KC
	// decides rounding, so nothing else may set it.
	MR, NV     int
	MC, KC, NC int

	// Of is the set whose kernel this row runs, where that is not ISA: the row has no
	// emitter then.
	Of *ISA `json:"-"`

	// The emitter, by architecture.
	amd64 func(*emitter, Spec)
	arm64 func(*arm64Emitter, Spec)
}

// Name states operation, ISA, element and tile of the kernel.
func (s Spec) Name() string {
	n := s.Op + "_" + cmp.Or(s.Of, s.ISA).Name + "_" + s.Elem.Name
	if s.MR > 0 {
		n += "_" + itoa(s.MR) + "x" + itoa(s.NR())
	}
	return n
}

// NR is the number of columns of a full tile.
func (s Spec) NR() int { return s.NV * s.ISA.Width / s.Elem.Size }

// Tallest is the tallest row panel: MR+1 where registers allow, so that M = 9
// need not split into 5 and 4.
func (s Spec) Tallest() int {
	if (s.MR+2)*s.NV+1 > s.ISA.Vectors {
		return s.MR
	}
	return s.MR + 1
}

// Extended says that a gemm kernel obeys ACol and Pack. NEON's loads step from
// column to column for nothing, but by one entry only.
func (s Spec) Extended() bool { return s.ISA.Arch == "amd64" }

// Specs lists every kernel, the best ISA first.
var Specs = concat(
	[]Spec{
		{Op: "gemm", ISA: avx512, Elem: f64, MR: 8, NV: 3, MC: 128, KC: 384, NC: 2016, amd64: emitGemm},
		{Op: "gemm", ISA: avx512, Elem: f32, MR: 8, NV: 3, MC: 256, KC: 384, NC: 2016, amd64: emitGemm},
		{Op: "gemm", ISA: avx2, Elem: f64, MR: 6, NV: 2, MC: 128, KC: 384, NC: 2016, amd64: emitGemm},
		{Op: "gemm", ISA: avx2, Elem: f32, MR: 6, NV: 2, MC: 256, KC: 384, NC: 2016, amd64: emitGemm},
		{Op: "gemm", ISA: neon, Elem: f64, MR: 6, NV: 4, MC: 128, KC: 256, NC: 768, arm64: neonGemm},
		{Op: "gemm", ISA: neon, Elem: f32, MR: 8, NV: 3, MC: 128, KC: 384, NC: 768, arm64: neonGemm},
	},
	everyISA("gemmtiny", emitGemmTiny, nil),
	everyISA("axpy", emitAxpy, neonAxpy),
	everyISA("dot", emitDot, neonDot),
	everyISA("scal", emitScal, neonScal),
	everyISA("rot", emitRot, neonRot),
	everyISA("swap", emitSwap, neonSwap),
	everyISA("asum", emitAsum, neonAsum),
	everyISA("sumsq", emitSumSq, neonSumSq),
	everyISA("iamax", emitIamax, neonIamax),
	everyISA("rowmax", emitRowMax, nil),
	everyISA("triple", emitTriple, neonTriple),
	everyISA("gemvn", emitGemvN, neonGemvN),
	everyISA("gemvt", emitGemvT, neonGemvT),
	everyISA("gemvnt", emitGemvNT, nil),
	everyISA("ger", emitGer, nil),
	everyISA("transpose", emitTranspose, neonTranspose),
	everyISA("lacpy", emitLacpy, neonLacpy),
	everyISA("symv", emitSymv, neonSymv),
	everyISA("secsums", emitSecularSums, neonSecularSums),
	everyISA("secproduct", emitSecularProduct, neonSecularProduct),
	everyISA("secvector", emitSecularVector, neonSecularVector),
	everyISA("tridiag", emitTridiag, nil),
	everyISA("ormtr", emitOrmtr, nil),
	everyISA("qlsweep", emitQLSweep, nil),
	everyISA("rotrows", emitRotRows, nil),
	on256(doubles("qd", emitQD)),
	everyISA("turns", emitTurns, nil),
	everyISA("waxpy", emitWaxpy, nil),
	doubles("narrow", emitNarrow),
	doubles("addwide", emitAddWide),
	on256(doubles("symjacobi", emitSymJacobi)),
	everyISA("jacobi", emitJacobi, nil),
	everyISA("lanejacobi", emitLaneJacobi, nil),
	everyISA("lanerayleigh", emitLaneRayleigh, nil),
	elementwise([]string{"exp", "relu", "leakyrelu", "gelu", "gelutanh", "silu", "tanh", "sigmoid"}, emitFunction, neonFunction),
	elementwise([]string{"relugrad", "leakyrelugrad", "gelugrad", "gelutanhgrad", "silugrad", "tanhgrad", "sigmoidgrad"}, emitDerivative, neonDerivative),
	everyISA("sumexp", emitSumExp, neonSumExp),
	everyISA("maxnum", emitMaxNum, neonMaxNum),
	everyISA("fmaloop", emitFMALoop, neonFMALoop),
)

// everyISA lists an operation on every ISA whose emitter is given.
func everyISA(op string, amd64 func(*emitter, Spec), arm64 func(*arm64Emitter, Spec)) []Spec {
	var specs []Spec
	for _, isa := range []*ISA{avx512, avx2, neon} {
		if isa.Arch == "amd64" && amd64 == nil || isa.Arch == "arm64" && arm64 == nil {
			continue
		}
		for _, elem := range []Elem{f64, f32} {
			s := Spec{Op: op, ISA: isa, Elem: elem}
			if isa.Arch == "amd64" {
				s.amd64 = amd64
			} else {
				s.arm64 = arm64
			}
			specs = append(specs, s)
		}
	}
	return specs
}

// doubles lists an operation on float64 alone, on every ISA of amd64.
func doubles(op string, amd64 func(*emitter, Spec)) []Spec {
	return slices.DeleteFunc(everyISA(op, amd64, nil), func(s Spec) bool { return s.Elem != f64 })
}

// on256 has AVX-512 run the kernels of AVX2, whose vectors are as long as there is use
// for.
func on256(specs []Spec) []Spec {
	for i := range specs {
		if specs[i].ISA == avx512 {
			specs[i].Of, specs[i].amd64 = avx2, nil
		}
	}
	return specs
}

// written lists the rows that have kernels of their own.
func written(specs []Spec) []Spec {
	return slices.DeleteFunc(slices.Clone(specs), func(s Spec) bool { return s.Of != nil })
}

// elementwise lists operations that share their emitters.
func elementwise(ops []string, amd64 func(*emitter, Spec), arm64 func(*arm64Emitter, Spec)) []Spec {
	var specs []Spec
	for _, op := range ops {
		specs = append(specs, everyISA(op, amd64, arm64)...)
	}
	return specs
}

// of lists the specs of an architecture.
func of(arch string) []Spec {
	var specs []Spec
	for _, s := range Specs {
		if s.ISA.Arch == arch {
			specs = append(specs, s)
		}
	}
	return specs
}

package main

// Spec is one row of the kernel table: a micro-kernel, the shape of its tile
// and the cache blocks it wants. Specs is the only hand-edited list of
// kernels; stubs, dispatch, tests and the table in package asm come from it.
type Spec struct {
	Op   string
	ISA  *ISA
	Elem Elem

	// Of gemm only: MR rows and NV vectors of C are held in registers, KC, MC
	// and NC block k, m and n. KC decides rounding, so nothing else may set it.
	MR, NV     int
	MC, KC, NC int

	emit func(*emitter, Spec)
}

// Name states operation, ISA, element and tile.
func (s Spec) Name() string {
	n := s.Op + "_" + s.ISA.Name + "_" + s.Elem.Name
	if s.MR > 0 {
		n += "_" + itoa(s.MR) + "x" + itoa(s.NR())
	}
	return n
}

// NR is the number of columns of a full tile.
func (s Spec) NR() int { return s.NV * s.ISA.Width / s.Elem.Size }

// Specs lists every kernel, the best ISA first.
var Specs = concat(
	[]Spec{
		{Op: "gemm", ISA: avx512, Elem: f64, MR: 8, NV: 3, MC: 256, KC: 256, NC: 768, emit: emitGemm},
		{Op: "gemm", ISA: avx512, Elem: f32, MR: 8, NV: 3, MC: 256, KC: 384, NC: 768, emit: emitGemm},
		{Op: "gemm", ISA: avx2, Elem: f64, MR: 6, NV: 2, MC: 192, KC: 256, NC: 768, emit: emitGemm},
		{Op: "gemm", ISA: avx2, Elem: f32, MR: 6, NV: 2, MC: 192, KC: 384, NC: 768, emit: emitGemm},
	},
	everyISA("axpy", emitAxpy),
	everyISA("dot", emitDot),
	everyISA("scal", emitScal),
	everyISA("rot", emitRot),
	everyISA("swap", emitSwap),
	everyISA("asum", emitAsum),
	everyISA("sumsq", emitSumSq),
	everyISA("iamax", emitIamax),
	everyISA("triple", emitTriple),
	everyISA("gemvn", emitGemvN),
	everyISA("gemvt", emitGemvT),
	everyISA("transpose", emitTranspose),
	everyISA("fmaloop", emitFMALoop),
)

func everyISA(op string, emit func(*emitter, Spec)) []Spec {
	var specs []Spec
	for _, isa := range []*ISA{avx512, avx2} {
		for _, elem := range []Elem{f64, f32} {
			specs = append(specs, Spec{Op: op, ISA: isa, Elem: elem, emit: emit})
		}
	}
	return specs
}

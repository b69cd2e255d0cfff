package kernels

import "github.com/lanes-go/lanes/asm"

// goTable is the pure-Go end of the kernel table: one row for every operation
// and element that the assembly has.
var goTable = makeGoTable()

func makeGoTable() []asm.Kernel {
	var table []asm.Kernel
	for _, op := range []string{
		"gemm", "gemmtiny", "axpy", "dot", "scal", "rot", "swap", "asum", "sumsq", "iamax", "rowmax", "triple",
		"gemvn", "gemvt", "gemvnt", "ger", "transpose", "lacpy", "symv", "secsums", "secproduct", "secvector", "tridiag", "ormtr", "qlsweep", "rotrows", "qd", "turns", "waxpy", "narrow", "addwide", "symjacobi", "jacobi", "lanejacobi", "lanerayleigh", "fmaloop",
		"exp", "relu", "leakyrelu", "gelu", "gelutanh", "silu", "tanh", "sigmoid",
		"relugrad", "leakyrelugrad", "gelugrad", "gelutanhgrad", "silugrad", "tanhgrad", "sigmoidgrad", "sumexp", "maxnum",
	} {
		for _, elem := range []string{"f64", "f32"} {
			if (op == "qd" || op == "narrow" || op == "addwide" || op == "symjacobi") && elem == "f32" {
				continue // of float64 alone
			}
			k := asm.Kernel{Op: op, ISA: asm.GO, Elem: elem}
			if op == "gemm" {
				k.MR, k.NR, k.Tallest, k.Lanes = goMR, goNR, goMR, 1
				k.MC, k.KC, k.NC = 128, 256, 510
			}
			table = append(table, k)
		}
	}
	return table
}

func axpyGo[T Float](alpha T, x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += alpha * v
	}
}

// dotGo keeps four sums, so that the additions do not wait for one another.
func dotGo[T Float](x, y []T) T {
	y = y[:len(x)]
	var s0, s1, s2, s3 T
	for len(x) >= 4 && len(y) >= 4 {
		s0 += x[0] * y[0]
		s1 += x[1] * y[1]
		s2 += x[2] * y[2]
		s3 += x[3] * y[3]
		x, y = x[4:], y[4:]
	}
	for i, v := range x {
		s0 += v * y[i]
	}
	return (s0 + s1) + (s2 + s3)
}

func scalGo[T Float](alpha T, x []T) {
	for i := range x {
		x[i] *= alpha
	}
}

func rotGo[T Float](x, y []T, c, s T) {
	y = y[:len(x)]
	for i, a := range x {
		b := y[i]
		x[i] = c*a + s*b
		y[i] = c*b - s*a
	}
}

func swapGo[T Float](x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		x[i], y[i] = y[i], v
	}
}

func asumGo[T Float](x []T) (sum T) {
	for _, v := range x {
		sum += max(v, -v)
	}
	return sum
}

func tripleGo[T Float](x, y []T) (xx, yy, xy T) {
	y = y[:len(x)]
	for i, a := range x {
		b := y[i]
		xx += a * a
		yy += b * b
		xy += a * b
	}
	return xx, yy, xy
}

func iamaxGo[T Float](x []T) int {
	best, largest := -1, uint64(0)
	for i, v := range x {
		if m := magnitude(v); best < 0 || m > largest {
			best, largest = i, m
		}
	}
	return best
}

func fmaLoopGo[T Float](rounds int) (flops int) {
	var s0, s1, s2, s3, s4, s5, s6, s7 T
	x := T(rounds) * 1e-30
	for range rounds {
		s0, s1, s2, s3 = s0*x+x, s1*x+x, s2*x+x, s3*x+x
		s4, s5, s6, s7 = s4*x+x, s5*x+x, s6*x+x, s7*x+x
	}
	if s0+s1+s2+s3+s4+s5+s6+s7 == 1 {
		return 0 // never: it keeps the sums alive
	}
	return rounds * 16
}

package main

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/mat"
)

// lengths of the level 1 vectors: L1, L2 and L3 cache, memory.
var lengths = []int{16, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000}

func measureLevel1(s *session) ([]cell, error) {
	return both(s, level1Cells[float32], level1Cells[float64])
}

func level1Cells[T mat.Float](s *session) (cells []cell, err error) {
	for _, n := range lengths {
		cells = append(cells, axpyCell[T](s, n))
	}
	for _, n := range lengths {
		cells = append(cells, dotCell[T](s, n))
	}
	return cells, nil
}

func bytesOf[T mat.Float]() int { return int(unsafe.Sizeof(T(0))) }

// traffic is what an operation on vectors does for each of their entries: flops,
// and elements held, read and written.
type traffic struct{ flops, held, read, written int }

func level1Cell[T mat.Float](op string, each traffic, vectors ...[]T) cell {
	n := len(vectors[0])
	bytes := func(elements int) float64 { return float64(elements * n * bytesOf[T]()) }
	return cell{
		Op: op, Elem: elemOf[T](), Size: fmt.Sprintf("n=%d", n),
		Flops: float64(each.flops * n), Bytes: bytes(each.read + each.written),
		Written: bytes(each.written), Held: bytes(each.held),
		over: operands[T](vectors),
	}
}

// axpyAlpha is small, so that y stays in range however often it is added to.
const axpyAlpha = 0x1p-20

func axpyCell[T mat.Float](s *session, n int) cell {
	x, start := random[T](1, n, 1).Data, random[T](1, n, 2).Data
	y := make([]T, n)
	var contenders []contender
	for _, p := range s.peers {
		axpy := of[T](p).axpy
		if axpy == nil {
			continue
		}
		contenders = append(contenders, contender{
			impl:    p.Name,
			prepare: func() { copy(y, start) },
			run:     func() { axpy(axpyAlpha, x, y) },
			check:   func() (float64, error) { return checkAxpy(x, start, y) },
		})
	}
	return s.contest(level1Cell("axpy", traffic{flops: 2, held: 2, read: 2, written: 1}, x, y), contenders)
}

// checkAxpy compares got with start + axpyAlpha·x. The product is exact,
// alpha being a power of two, which leaves the rounding of the sum.
func checkAxpy[T mat.Float](x, start, got []T) (float64, error) {
	var d deviation
	for i, v := range got {
		want := float64(start[i]) + axpyAlpha*float64(x[i])
		bound := 2 * unitRoundoff[T]() * math.Abs(want)
		d.add(math.Abs(float64(v)-want), bound, "element %d", i)
	}
	return d.verdict()
}

func dotCell[T mat.Float](s *session, n int) cell {
	x, y := random[T](1, n, 1).Data, random[T](1, n, 2).Data
	want, bound := referenceDot(x, y)
	var contenders []contender
	for _, p := range s.peers {
		ops := of[T](p)
		if ops.dot == nil {
			continue
		}
		run := func() { ops.dot(x, y) }
		if ops.timeDot != nil {
			run = func() { ops.timeDot(x, y) }
		}
		check := func() (float64, error) {
			var d deviation
			d.add(math.Abs(float64(ops.dot(x, y))-want), bound, "the sum")
			return d.verdict()
		}
		contenders = append(contenders, contender{impl: p.Name, run: run, check: check})
	}
	return s.contest(level1Cell("dot", traffic{flops: 2, held: 2, read: 2}, x, y), contenders)
}

// referenceDot returns the inner product, from a plain loop in float64, and
// the bound γ_n·Σ|x||y| on the error of any summation in T, its own added.
func referenceDot[T mat.Float](x, y []T) (want, bound float64) {
	var sum, magnitude float64
	for i, v := range x {
		product := float64(v) * float64(y[i])
		sum += product
		magnitude += math.Abs(product)
	}
	return sum, (gamma[T](len(x)) + gamma[float64](len(x))) * magnitude
}

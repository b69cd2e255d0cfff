package main

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/mat"
)

// gemvCell times y = op(A)·x for an m × n matrix A.
func gemvCell[T mat.Float](s *session, m, n int, tA mat.Transpose) (cell, error) {
	a := random[T](m, n, 1)
	rows, inner := m, n
	op := a
	if tA == mat.Trans {
		rows, inner = n, m
		op = transpose(a)
	}
	x := random[T](inner, 1, 2)
	want, err := newReference(op, x, trustedGemm[T](s.peers))
	if err != nil {
		return cell{}, err
	}
	y := mat.NewDense[T](rows, 1, nil)
	var contenders []contender
	for _, p := range s.peers {
		gemv := of[T](p).gemv
		if gemv == nil {
			continue
		}
		contenders = append(contenders, contender{
			impl:    p.Name,
			prepare: func() { spoil(y.Data) },
			run:     func() { gemv(tA, a, x.Data, y.Data) },
			check:   func() (float64, error) { return want.check(y) },
		})
	}
	written := float64(rows * bytesOf[T]())
	moved := float64((m*n+inner)*bytesOf[T]()) + written
	return s.contest(cell{
		Op: "gemv" + orientation(tA), Elem: elemOf[T](), Size: fmt.Sprintf("%dx%d", m, n),
		Flops: 2 * float64(m) * float64(n), Bytes: moved, Written: written, Held: moved,
		over: operands[T]{a.Data},
	}, contenders), nil
}

// rankOneCell times A += alpha·x·yᵀ for an m × n matrix A.
func rankOneCell[T mat.Float](s *session, m, n int) cell {
	x, y := random[T](1, m, 1).Data, random[T](1, n, 2).Data
	start := random[T](m, n, 3)
	a := mat.NewDense[T](m, n, nil)
	var contenders []contender
	for _, p := range s.peers {
		update := of[T](p).rankOne
		if update == nil {
			continue
		}
		contenders = append(contenders, contender{
			impl:    p.Name,
			prepare: func() { copy(a.Data, start.Data) },
			run:     func() { update(axpyAlpha, x, y, a) },
			check:   func() (float64, error) { return checkRankOne(start, x, y, a) },
		})
	}
	written := float64(m * n * bytesOf[T]())
	vectors := float64((m + n) * bytesOf[T]())
	return s.contest(cell{
		Op: "rank1", Elem: elemOf[T](), Size: fmt.Sprintf("%dx%d", m, n),
		Flops: 2 * float64(m) * float64(n), Bytes: 2*written + vectors, Written: written, Held: written + vectors,
		over: operands[T]{a.Data},
	}, contenders)
}

// checkRankOne compares got with start + axpyAlpha·x·yᵀ; two roundings lead
// there, or three.
func checkRankOne[T mat.Float](start *mat.Dense[T], x, y []T, got *mat.Dense[T]) (float64, error) {
	var d deviation
	for i := range got.Rows {
		for j, v := range got.Row(i) {
			before, added := float64(start.At(i, j)), axpyAlpha*float64(x[i])*float64(y[j])
			bound := gamma[T](3) * (math.Abs(before) + math.Abs(added))
			d.add(math.Abs(float64(v)-before-added), bound, "entry (%d, %d)", i, j)
		}
	}
	return d.verdict()
}

// gramCell times C = AᵀA, of which a library may compute the upper triangle
// alone, for a k × n matrix A.
func gramCell[T mat.Float](s *session, n, k int) (cell, error) {
	a := random[T](k, n, 1)
	want, err := newReference(transpose(a), a, trustedGemm[T](s.peers))
	if err != nil {
		return cell{}, err
	}
	c := mat.NewDense[T](n, n, nil)
	var contenders []contender
	for _, p := range s.peers {
		gram := of[T](p).gram
		if gram == nil {
			continue
		}
		contenders = append(contenders, contender{
			impl:    p.Name,
			prepare: func() { spoil(c.Data) },
			run:     func() { gram(1, a, c) },
			check:   func() (float64, error) { return want.checkUpper(c) },
		})
	}
	written := float64(n * n * bytesOf[T]())
	moved := float64(n*k*bytesOf[T]()) + written
	return s.contest(cell{
		Op: "syrk", Elem: elemOf[T](), Size: fmt.Sprintf("n=%d,k=%d", n, k),
		Flops: float64(n) * float64(n+1) * float64(k), Bytes: moved, Written: written, Held: moved,
		over: operands[T]{a.Data},
	}, contenders), nil
}

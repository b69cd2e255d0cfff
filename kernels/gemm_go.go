package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// The register tile of the kernel in Go. The compiler puts the last addition
// to each sum at the end of a loop's body, so the products live until there:
// six sums, six products and two entries of A fit the fifteen registers of
// amd64, while eight sums go through memory in every turn.
const goMR, goNR = 2, 3

// gemmGo is the gemm kernel in Go, with the contract of package asm but for
// the rounding: where the compiler does not fuse, products round before they
// are added. All entries go through the same loop, so tiles do not differ.
func gemmGo[T Float](g *asm.GemmArgs[T]) {
	for i := 0; i < g.M; i += goMR {
		t := goTile[T]{g: g, h: min(goMR, g.M-i)}
		t.a, t.c = offset(g.A, i*g.ARow), offset(g.C, i*g.CRow)
		for j := range g.Full {
			t.run(offset(g.B, j*g.BTile), g.BRow, j*goNR, goNR)
		}
		for j := range g.Tail {
			t.run(offset(g.B, g.Full*g.BTile+j*g.TailTile), g.TailRow, g.Full*goNR+j*g.TailVecs, g.TailVecs)
		}
	}
}

func offset[T Float](p *T, n int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(p), uintptr(n)*unsafe.Sizeof(*p)))
}

// goTile is a row panel of the product, h rows high.
type goTile[T Float] struct {
	g    *asm.GemmArgs[T]
	a, c *T
	h    int
}

// run computes the tile of w columns whose first is col. A lower or narrower
// one computes its last row or column again in the place of those it lacks.
func (t *goTile[T]) run(b *T, bRow, col, w int) {
	var acc [goMR][goNR]T
	a1 := offset(t.a, (t.h-1)*t.g.ARow)
	b1, b2 := offset(b, min(1, w-1)), offset(b, w-1)
	tile2x3(&acc, t.g.K, t.a, a1, b, b1, b2, bRow)
	for i := range t.h {
		t.store(unsafe.Slice(offset(t.c, i*t.g.CRow+col), w), &acc[i])
	}
}

// store puts a row of sums into C as Mode says.
func (t *goTile[T]) store(c []T, acc *[goNR]T) {
	g := t.g
	for j := range c {
		v := acc[j]
		if g.Mode&asm.GemmScale != 0 {
			v *= g.Alpha
		}
		if g.Mode&asm.GemmRead != 0 {
			v += g.Beta * c[j]
		}
		c[j] = v
	}
}

// tile2x3 sums the products of k entries of two rows of A with three columns
// of B. It finds entries by their offset, so that no pointer outlives its use
// past the end of an operand, and checks no bounds.
func tile2x3[T Float](acc *[goMR][goNR]T, k int, a0, a1, b0, b1, b2 *T, bRow int) {
	var s00, s01, s02, s10, s11, s12 T
	p, at := 0, 0
	for ; p < k-1; p += 2 {
		x, y := offset(a0, p), offset(a1, p)
		s00, s10 = mulAdd(s00, s10, *x, *y, *offset(b0, at))
		s01, s11 = mulAdd(s01, s11, *x, *y, *offset(b1, at))
		s02, s12 = mulAdd(s02, s12, *x, *y, *offset(b2, at))
		at += bRow
		x, y = offset(x, 1), offset(y, 1)
		s00, s10 = mulAdd(s00, s10, *x, *y, *offset(b0, at))
		s01, s11 = mulAdd(s01, s11, *x, *y, *offset(b1, at))
		s02, s12 = mulAdd(s02, s12, *x, *y, *offset(b2, at))
		at += bRow
	}
	if p < k {
		x, y := offset(a0, p), offset(a1, p)
		s00, s10 = mulAdd(s00, s10, *x, *y, *offset(b0, at))
		s01, s11 = mulAdd(s01, s11, *x, *y, *offset(b1, at))
		s02, s12 = mulAdd(s02, s12, *x, *y, *offset(b2, at))
	}
	acc[0], acc[1] = [goNR]T{s00, s01, s02}, [goNR]T{s10, s11, s12}
}

// mulAdd adds a column's products to its two sums.
func mulAdd[T Float](s, t, x, y, b T) (T, T) { return s + x*b, t + y*b }

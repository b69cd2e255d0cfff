package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// The register tile of the kernel in Go: 2·4 sums, 4 entries of B and 2 of A
// fit the sixteen registers that most machines have.
const goMR, goNR = 2, 4

// gemmGo is the gemm kernel in Go, with the contract of package asm but for
// the rounding: products round before they are added. The conversions see to
// that on every machine, or full tiles and edges could differ.
func gemmGo[T Float](g *asm.GemmArgs[T]) {
	for i := 0; i < g.M; i += goMR {
		h := min(goMR, g.M-i)
		t := goTile[T]{g: g, h: h}
		t.a = offset(g.A, i*g.ARow)
		t.c = offset(g.C, i*g.CRow)
		for j := range g.Full {
			t.run(offset(g.B, j*g.BTile), g.BRow, j*goNR, goNR)
		}
		tail := offset(g.B, g.Full*g.BTile)
		for j := range g.Tail {
			t.run(offset(tail, j*g.TailTile), g.TailRow, g.Full*goNR+j*g.TailVecs, g.TailVecs)
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

// run computes the tile of w columns whose first is col.
func (t *goTile[T]) run(bp *T, bRow, col, w int) {
	g := t.g
	a := unsafe.Slice(t.a, (t.h-1)*g.ARow+g.K)
	b := unsafe.Slice(bp, (g.K-1)*bRow+w)
	var acc [goMR][goNR]T
	if t.h == goMR && w == goNR {
		tile2x4(&acc, a[:g.K], a[g.ARow:], b, bRow)
	} else {
		tileEdge(&acc, a, t.h, g.ARow, b, w, bRow, g.K)
	}
	for i := range t.h {
		c := unsafe.Slice(offset(t.c, i*g.CRow+col), w)
		for j := range c {
			v := acc[i][j]
			if g.Mode&asm.GemmScale != 0 {
				v *= g.Alpha
			}
			if g.Mode&asm.GemmRead != 0 {
				v += g.Beta * c[j]
			}
			c[j] = v
		}
	}
}

// tile2x4 checks the bounds of a row of B once, and finds it by addition.
func tile2x4[T Float](acc *[goMR][goNR]T, a0, a1, b []T, bRow int) {
	var s00, s01, s02, s03, s10, s11, s12, s13 T
	a1 = a1[:len(a0)]
	at := 0
	for p, x := range a0 {
		y := a1[p]
		r := (*[goNR]T)(b[at : at+goNR : at+goNR])
		at += bRow
		s00 += T(r[0] * x)
		s01 += T(r[1] * x)
		s10 += T(r[0] * y)
		s11 += T(r[1] * y)
		s02 += T(r[2] * x)
		s03 += T(r[3] * x)
		s12 += T(r[2] * y)
		s13 += T(r[3] * y)
	}
	acc[0] = [goNR]T{s00, s01, s02, s03}
	acc[1] = [goNR]T{s10, s11, s12, s13}
}

func tileEdge[T Float](acc *[goMR][goNR]T, a []T, h, aRow int, b []T, w, bRow, k int) {
	for p := range k {
		for i := range h {
			x := a[i*aRow+p]
			for j := range w {
				acc[i][j] += T(x * b[p*bRow+j])
			}
		}
	}
}

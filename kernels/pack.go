package kernels

import "unsafe"

// Packed is a K × N factor B in the layout that the kernels read: for every run
// of k, tile after tile, each with its rows one after another. It serves the
// instruction set and the process that it was packed in.
type Packed[T Float] struct {
	K, N  int
	tiles tiling
	width int // columns of all tiles, the padding of the last included
	data  []T
}

// Pack copies a k × n matrix with entry (i, j) at b[i*row+j*col].
func Pack[T Float](k, n int, b []T, row, col int) *Packed[T] {
	p := &Packed[T]{K: k, N: n}
	if k == 0 || n == 0 {
		return p
	}
	kern := gemmKernel[T]()
	kern.tile(n, &p.tiles)
	p.width = kern.packedWidth(p.tiles)
	p.data = aligned[T](k * p.width)
	kc := kern.runOf(k)
	for i := 0; i < k; i += kc {
		packB(p.data[i*p.width:], operand[T]{b, row, col}.at(i, 0), min(kc, k-i), n, p.tiles, kern)
	}
	return p
}

// block returns the packed block of rows from k on, which begin a run of kc rows,
// and of columns from full tile number tile on.
func (p *Packed[T]) block(k, kc, tile int) *T {
	return &p.data[k*p.width+tile*gemmKernel[T]().NR*kc]
}

// operand is a factor of a product: entry (i, j) is data[i*row+j*col].
type operand[T Float] struct {
	data     []T
	row, col int
}

// at returns the operand whose first entry is (i, j).
func (o operand[T]) at(i, j int) operand[T] {
	return operand[T]{o.data[i*o.row+j*o.col:], o.row, o.col}
}

// packB copies kc rows and n columns of B into tiles. The last one is padded
// with whatever dst holds: its mask keeps that out of C.
func packB[T Float](dst []T, b operand[T], kc, n int, t tiling, k *gemmRow) {
	full := t.full * k.NR
	packTiles(dst, b, kc, min(full, n), k.NR, k.NR)
	if t.tail > 0 {
		packTiles(dst[full*kc:], b.at(0, full), kc, n-full, t.tailVecs*k.Lanes, t.tailRow)
	}
}

// packTiles packs n columns into tiles of width nr, the last of which may be as
// wide as row, the distance of their rows.
func packTiles[T Float](dst []T, b operand[T], kc, n, nr, row int) {
	for j, w := 0, 0; j < n; j += w {
		w = n - j
		if w > row {
			w = nr
		}
		if b.col != 1 {
			Transpose(w, kc, b.data[j*b.col:], b.col, dst, row)
		} else {
			lacpy(kc, w, b.data[j:], b.row, dst, row)
		}
		dst = dst[min(len(dst), row*kc):]
	}
}

// grown returns buf, or a longer one.
func grown[T Float](buf []T, n int) []T {
	if len(buf) < n {
		return aligned[T](n)
	}
	return buf
}

// aligned allocates n entries that begin a cache line.
func aligned[T Float](n int) []T {
	var zero T
	size := int(unsafe.Sizeof(zero))
	buf := make([]T, n+64/size)
	skip := int(-uintptr(unsafe.Pointer(&buf[0]))%64) / size
	return buf[skip : skip+n : skip+n]
}

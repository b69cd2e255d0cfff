package kernels

import "github.com/lanes-go/lanes/asm"

// operand is a factor of a product: entry (i, j) is data[i*row+j*col].
type operand[T Float] struct {
	data     []T
	row, col int
}

// at returns the operand whose first entry is (i, j).
func (o operand[T]) at(i, j int) operand[T] {
	return operand[T]{o.data[i*o.row+j*o.col:], o.row, o.col}
}

// packB copies kc rows and n columns of B into tiles, each with its rows one
// after another, and tells g how they lie. The last tile is padded with
// whatever dst holds: its mask keeps that out of C.
func packB[T Float](dst []T, b operand[T], kc, n int, g *asm.GemmArgs[T], k *gemmRow) {
	g.BRow, g.BTile = k.NR, k.NR*kc
	g.TailRow = g.TailVecs * k.Lanes
	g.TailTile = g.TailRow * kc
	full := g.Full * k.NR
	packTiles(dst, b, kc, min(full, n), k.NR)
	if g.Tail > 0 {
		packTiles(dst[full*kc:], b.at(0, full), kc, n-full, g.TailRow)
	}
}

// packTiles packs n columns into tiles of width nr.
func packTiles[T Float](dst []T, b operand[T], kc, n, nr int) {
	for j := 0; j < n; j += nr {
		w := min(nr, n-j)
		tile := dst[j*kc:]
		if b.col == 1 {
			for p := range kc {
				copy(tile[p*nr:p*nr+w], b.data[p*b.row+j:])
			}
			continue
		}
		for c := range w {
			src := b.data[(j+c)*b.col:]
			for p := range kc {
				tile[p*nr+c] = src[p*b.row]
			}
		}
	}
}

// packA copies an h-row panel of A, kc columns, row after row.
func packA[T Float](dst []T, a operand[T], h, kc int) {
	for p := range kc {
		src := a.data[p*a.col:]
		for i := range h {
			dst[i*kc+p] = src[i*a.row]
		}
	}
}

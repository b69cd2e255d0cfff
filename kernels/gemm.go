package kernels

import (
	"cmp"
	"math/bits"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Product is C = Alpha*A*B + Beta*C for an M × K matrix A and a K × N matrix
// B. Entry (i, p) of A is A[i*ARow+p*ACol], and so for B; C is row-major with
// stride CRow. It is the caller's duty that the slices hold what the shape
// says and that C shares no entry with A or B.
//
// Every entry of C is summed in the order of k, in runs of the kernel's KC, so
// neither blocks nor threads change a bit of it. With Beta == 0 C is not read,
// with Alpha == 0 neither A nor B.
type Product[T Float] struct {
	M, N, K     int
	Alpha, Beta T
	A           []T
	ARow, ACol  int
	B           []T
	BRow, BCol  int
	Packed      *Packed[T] // in the place of B
	C           []T
	CRow        int

	// Upper says that only the upper triangle of C is wanted. Some entries
	// below it are computed all the same, others left as they are.
	Upper bool

	// What follows the sum, entry by entry: C = Act(C + Bias), Bias being one
	// value per column, or nil.
	Bias []T
	Act  Activation
}

// RunSmall runs a product that needs neither packing nor goroutines. For others
// it does nothing and returns false.
func (p *Product[T]) RunSmall() bool {
	if p.M == 0 || p.N == 0 {
		return true
	}
	if p.K == 0 || p.Alpha == 0 {
		scaleRows(p.Beta, p.M, p.N, p.C, p.CRow)
		p.finish(0, p.M, 0, p.N)
		return true
	}
	if (p.M == 1 || p.N == 1) && p.runVector() {
		return true
	}
	kern := gemmKernel[T]()
	if !p.inPlace(kern) {
		return false
	}
	p.runInPlace(kern, 0, p.M)
	return true
}

// finish adds the bias and applies the activation to a block of C.
func (p *Product[T]) finish(row, rows, col, cols int) {
	if p.Bias == nil && p.Act == Identity {
		return
	}
	for i := row; i < row+rows; i++ {
		c := p.C[i*p.CRow+col:][:cols]
		var bias []T
		if p.Bias != nil {
			bias = p.Bias[col : col+cols]
		}
		if p.Act == Identity {
			Axpy(1, bias, c)
		} else {
			activate(p.Act, c, c, bias)
		}
	}
}

// scaleRows sets C = beta·C, without reading it when beta is 0.
func scaleRows[T Float](beta T, m, n int, c []T, ldc int) {
	if beta == 1 {
		return
	}
	for i := range m {
		Scal(beta, c[i*ldc:i*ldc+n])
	}
}

// tiling is how a row of C is cut: full tiles, then a tail of narrower ones.
type tiling struct {
	full, tail, tailVecs int
	lanes                int // used of the last vector
	narrow               int // columns that the last tile takes along
	tailRow              int // distance of rows of the tail where they are packed
}

// tile cuts n columns into t, which it fills where it lies: a copy would wait for what
// was just stored. A few columns left over from full vectors are taken along by the last
// tile where the kernel's can, of a full one's width if it must be. A single vector left
// over is joined to the last full tile, and four vectors cut evenly.
func (k *gemmRow) tile(n int, t *tiling) {
	vectors, over := n>>k.laneBits, n&(k.Lanes-1)
	t.lanes, t.narrow, t.tailRow = k.Lanes, 0, 0
	switch {
	case over == 0:
	case over <= k.Narrow && vectors > 0:
		t.narrow, t.tailRow = over, k.Narrow
	default:
		t.lanes = over
		vectors++
	}
	t.full, t.tail = k.fullTiles(vectors), 1
	t.tailVecs = vectors - t.full*k.vecs
	switch {
	case t.tailVecs == 0 && t.narrow == 0:
		t.tail = 0
	case t.tailVecs == 0:
		t.full, t.tailVecs = t.full-1, k.vecs
	case t.tailVecs == 1 && k.vecs == 3 && t.full > 0:
		t.full, t.tail, t.tailVecs = t.full-1, 2, 2
	case t.tailVecs == 1 && k.vecs == 2 && k.Extended && t.full > 0 && t.narrow == 0:
		t.full, t.tailVecs = t.full-1, 3
	}
	t.tailRow += t.tailVecs << k.laneBits
}

// packedWidth is the length of a row of all tiles where they are packed.
func (k *gemmRow) packedWidth(t tiling) int { return t.full*k.NR + t.tail*t.tailRow }

func setTiles[T Float](g *asm.GemmArgs[T], t *tiling) {
	g.Full, g.Tail, g.TailVecs, g.Lanes, g.Narrow = t.full, t.tail, t.tailVecs, t.lanes, t.narrow
}

// setPacked says that the tiles of B lie packed, g.K rows each.
func setPacked[T Float](g *asm.GemmArgs[T], k *gemmRow, t tiling) {
	g.BRow, g.BTile = k.NR, k.NR*g.K
	g.TailRow = t.tailRow
	g.TailTile = g.TailRow * g.K
}

// setMode says how the products of one run of k enter C.
func setMode[T Float](g *asm.GemmArgs[T], alpha, beta T, first bool) {
	g.Mode, g.Alpha, g.Beta = asm.GemmRead, alpha, 1
	if first {
		g.Beta = beta
		if beta == 0 {
			g.Mode = 0
		}
	}
	if alpha != 1 {
		g.Mode |= asm.GemmScale
	}
}

// run runs the chosen kernel. A tile of the tail that is no narrower than the others has
// panels of a height of its own, and so a call of its own: the tiles in g, B and C are
// to be set again before the next run.
func run[T Float](g *asm.GemmArgs[T]) {
	if k := gemmKernel[T](); g.Full > 0 && g.Tail > 0 && g.TailVecs >= k.vecs {
		full, tail, lanes, narrow := g.Full, g.Tail, g.Lanes, g.Narrow
		g.Tail, g.Lanes, g.Narrow = 0, k.Lanes, 0
		runOnce(g)
		g.B, g.C = offset(g.B, full*g.BTile), offset(g.C, full*k.NR)
		g.Full, g.Tail, g.Lanes, g.Narrow = 0, tail, lanes, narrow
	}
	runOnce(g)
}

// runOnce makes one call of the chosen kernel.
func runOnce[T Float](g *asm.GemmArgs[T]) {
	switch {
	case isa == asm.GO:
		gemmGo(g)
	case is64[T]():
		asm.GemmF64(isa, (*asm.GemmArgs[float64])(unsafe.Pointer(g)))
	default:
		asm.GemmF32(isa, (*asm.GemmArgs[float32])(unsafe.Pointer(g)))
	}
}

// gemmRow is a row of the kernel table with what the driver derives from it.
type gemmRow struct {
	asm.Kernel
	vecs     int // in a full tile
	laneBits int // log2 of Lanes
	small    int // multiply-adds that one call may do: some 40 µs of them
	near     int // entries that stay in L2
	narrow   int // columns at most of gemmtiny, 0 where the ISA has none
}

// fullTiles is vectors/vecs without the division.
func (k *gemmRow) fullTiles(vectors int) int {
	switch k.vecs {
	case 2:
		return vectors / 2
	case 3:
		return vectors / 3
	}
	return vectors / 4
}

// runOf is the length of the runs that k is summed in: as few as KC allows,
// all alike but the last.
func (k *gemmRow) runOf(n int) int {
	if n <= k.KC {
		return n
	}
	return ceil(n, ceil(n, k.KC))
}

var gemm32, gemm64 = findGemm("f32"), findGemm("f64")

func gemmKernel[T Float]() *gemmRow {
	if is64[T]() {
		return gemm64
	}
	return gemm32
}

func findGemm(elem string) *gemmRow {
	for _, k := range Table() {
		if k.Op == "gemm" && k.Elem == elem {
			size := 4
			if elem == "f64" {
				size = 8
			}
			l2 := cmp.Or(l2Size(), tableL2)
			k.MC = rowsFor(k, size, l2)
			row := &gemmRow{
				Kernel: k, vecs: k.NR / k.Lanes, laneBits: bits.TrailingZeros(uint(k.Lanes)),
				small: 9 << 15 * k.Lanes, near: l2 / 4 * 3 / size,
			}
			if inAssembly("gemmtiny") {
				row.narrow = asm.TinyVecs * k.Lanes
			}
			return row
		}
	}
	panic("kernels: no gemm for " + elem + " on " + isa.String())
}

package kernels

import (
	"math/bits"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Operand is a factor of a product: entry (i, j) is Data[i*Row+j*Col].
type Operand[T Float] struct {
	Data     []T
	Row, Col int
}

// at returns the operand whose first entry is (i, j).
func (o Operand[T]) at(i, j int) Operand[T] {
	return Operand[T]{o.Data[i*o.Row+j*o.Col:], o.Row, o.Col}
}

// Gemm computes the m × n matrix C = alpha*A*B + beta*C with at most threads
// goroutines, this one included. C is row-major with stride ldc. It is the
// caller's duty that the operands hold what the shape says and that C shares
// no entry with them.
//
// Every entry of C is summed in the order of k, in runs of the kernel's KC, so
// neither the blocks nor the threads change a bit of it.
func (w *Workspace[T]) Gemm(threads, m, n, k int, alpha T, a, b Operand[T], beta T, c []T, ldc int) {
	if GemmUnpacked(m, n, k, alpha, a, b, beta, c, ldc) {
		return
	}
	kern := gemmKernel[T]()
	w.product = product[T]{
		m: m, n: n, k: k, alpha: alpha, beta: beta, a: a, b: b, c: c, ldc: ldc,
		kernel: kern, kc: kern.runOf(k),
	}
	w.blocked(threads)
}

// GemmUnpacked is Workspace.Gemm for products so small that they need neither
// packing nor goroutines, nor a workspace. For others it does nothing and
// returns false.
func GemmUnpacked[T Float](m, n, k int, alpha T, a, b Operand[T], beta T, c []T, ldc int) bool {
	if m == 0 || n == 0 {
		return true
	}
	if k == 0 || alpha == 0 {
		scaleRows(beta, m, n, c, ldc)
		return true
	}
	kern := gemmKernel[T]()
	if m*n*k > kern.small || a.Col != 1 || b.Col != 1 {
		return false
	}
	g := asm.GemmArgs[T]{M: m, ARow: a.Row, BRow: b.Row, BTile: kern.NR, TailRow: b.Row, C: &c[0], CRow: ldc}
	setColumns(&g, kern, n)
	g.TailTile = g.TailVecs << kern.laneBits
	kc := kern.runOf(k)
	for p := 0; p < k; p += kc {
		g.K, g.A, g.B = min(kc, k-p), &a.Data[p], &b.Data[p*b.Row]
		setMode(&g, alpha, beta, p == 0)
		run(&g)
	}
	return true
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

// setColumns cuts n columns into full tiles and a tail: a single vector left
// over is joined to the last full tile and the pair cut evenly.
func setColumns[T Float](g *asm.GemmArgs[T], k *gemmRow, n int) {
	vectors := (n + k.Lanes - 1) >> k.laneBits
	g.Lanes = n - (vectors-1)<<k.laneBits
	g.Full = k.fullTiles(vectors)
	g.TailVecs = vectors - g.Full*k.vecs
	switch {
	case g.TailVecs == 0:
	case g.TailVecs == 1 && k.vecs == 3 && g.Full > 0:
		g.Full, g.Tail, g.TailVecs = g.Full-1, 2, 2
	default:
		g.Tail = 1
	}
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

// run makes one call of the chosen kernel.
func run[T Float](g *asm.GemmArgs[T]) {
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
	small    int // multiply-adds that one call may do: some 35 µs of them
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
			return &gemmRow{k, k.NR / k.Lanes, bits.TrailingZeros(uint(k.Lanes)), 1 << 18 * k.Lanes}
		}
	}
	panic("kernels: no gemm for " + elem + " on " + isa.String())
}

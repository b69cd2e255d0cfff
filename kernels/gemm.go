package kernels

import (
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
	C           []T
	CRow        int
}

// RunSmall runs a product so small that it needs neither packing nor
// goroutines. For others it does nothing and returns false.
func (p *Product[T]) RunSmall() bool {
	if p.M == 0 || p.N == 0 {
		return true
	}
	if p.K == 0 || p.Alpha == 0 {
		scaleRows(p.Beta, p.M, p.N, p.C, p.CRow)
		return true
	}
	kern := gemmKernel[T]()
	if p.ACol != 1 || p.BCol != 1 || p.M*p.N*p.K > kern.small {
		return false
	}
	var g asm.GemmArgs[T] // field by field: a literal would be built and copied
	g.M, g.ARow, g.BRow, g.BTile, g.TailRow = p.M, p.ARow, p.BRow, kern.NR, p.BRow
	g.C, g.CRow = &p.C[0], p.CRow
	setColumns(&g, kern, p.N)
	g.TailTile = g.TailVecs << kern.laneBits
	kc := kern.runOf(p.K)
	for k := 0; k < p.K; k += kc {
		g.K, g.A, g.B = min(kc, p.K-k), &p.A[k], &p.B[k*p.BRow]
		setMode(&g, p.Alpha, p.Beta, k == 0)
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

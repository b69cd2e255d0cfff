package kernels

import (
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

// Workspace holds the pack buffers of the products. The zero value is ready;
// one goroutine at a time may use it.
type Workspace[T Float] struct {
	product product[T]
	job     job
	slots   []slot[T]
}

// slot is what one goroutine of a product owns.
type slot[T Float] struct {
	args  asm.GemmArgs[T]
	packA []T
	packB []T
}

// product is C = alpha·A·B + beta·C, C being m × n and row-major with stride
// ldc.
type product[T Float] struct {
	m, n, k     int
	alpha, beta T
	a, b        Operand[T]
	c           []T
	ldc         int

	kernel     *asm.Kernel
	kc         int
	rows, cols int // of a block, the unit of work of a goroutine
}

// Gemm computes the m × n matrix C = alpha*A*B + beta*C with at most threads
// goroutines, this one included. C is row-major with stride ldc. It is the
// caller's duty that the operands hold what the shape says and that C shares
// no entry with them.
//
// Every entry of C is summed in the order of k, in runs of the kernel's KC, so
// neither the blocks nor the threads change a bit of it.
func (w *Workspace[T]) Gemm(threads, m, n, k int, alpha T, a, b Operand[T], beta T, c []T, ldc int) {
	if m == 0 || n == 0 {
		return
	}
	if k == 0 || alpha == 0 {
		scaleRows(beta, m, n, c, ldc)
		return
	}
	p := &w.product
	*p = product[T]{m: m, n: n, k: k, alpha: alpha, beta: beta, a: a, b: b, c: c, ldc: ldc, kernel: gemmKernel[T]()}
	p.kc = evenly(k, p.kernel.KC)
	if m*n*k <= smallWork(p.kernel) && a.Col == 1 && b.Col == 1 {
		w.reserve(1)
		w.slots[0].unpacked(p)
		return
	}
	w.blocked(threads)
}

// smallWork is the number of multiply-adds that one assembly call may do: some
// 35 µs of them.
func smallWork(k *asm.Kernel) int { return 1 << 18 * k.Lanes }

// evenly returns the length of the runs when n is cut into as few as limit
// allows, all alike but the last.
func evenly(n, limit int) int {
	runs := (n + limit - 1) / limit
	return (n + runs - 1) / runs
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

func (w *Workspace[T]) reserve(slots int) {
	for len(w.slots) < slots {
		w.slots = append(w.slots, slot[T]{})
	}
}

// unpacked runs a small product on its operands where they lie.
func (s *slot[T]) unpacked(p *product[T]) {
	g := &s.args
	g.M, g.ARow = p.m, p.a.Row
	g.BRow, g.BTile = p.b.Row, p.kernel.NR
	g.TailRow = p.b.Row
	setColumns(g, p.kernel, p.n)
	g.TailTile = g.TailVecs * p.kernel.Lanes
	g.C, g.CRow = unsafe.SliceData(p.c), p.ldc
	for k := 0; k < p.k; k += p.kc {
		g.K = min(p.kc, p.k-k)
		g.A = &p.a.Data[k]
		g.B = &p.b.Data[k*p.b.Row]
		setMode(g, p, k == 0)
		run(g)
	}
	*g = asm.GemmArgs[T]{}
}

// setColumns cuts n columns into full tiles and a tail: a single vector left
// over is joined to the last full tile and the pair cut evenly.
func setColumns[T Float](g *asm.GemmArgs[T], k *asm.Kernel, n int) {
	perTile := k.NR / k.Lanes
	vectors := (n + k.Lanes - 1) / k.Lanes
	g.Full, g.Tail, g.TailVecs = vectors/perTile, 0, vectors%perTile
	g.Lanes = n - (vectors-1)*k.Lanes
	switch {
	case g.TailVecs == 0:
	case g.TailVecs == 1 && perTile == 3 && g.Full > 0:
		g.Full, g.Tail, g.TailVecs = g.Full-1, 2, 2
	default:
		g.Tail = 1
	}
}

// setMode says how the products of one run of k enter C.
func setMode[T Float](g *asm.GemmArgs[T], p *product[T], first bool) {
	g.Mode, g.Alpha, g.Beta = asm.GemmRead, p.alpha, 1
	if first {
		g.Beta = p.beta
		if p.beta == 0 {
			g.Mode = 0
		}
	}
	if p.alpha != 1 {
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

var gemm32, gemm64 = findGemm("f32"), findGemm("f64")

func gemmKernel[T Float]() *asm.Kernel {
	if is64[T]() {
		return gemm64
	}
	return gemm32
}

func findGemm(elem string) *asm.Kernel {
	for _, k := range Table() {
		if k.Op == "gemm" && k.Elem == elem {
			return &k
		}
	}
	panic("kernels: no gemm for " + elem + " on " + isa.String())
}

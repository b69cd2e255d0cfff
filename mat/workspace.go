package mat

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/lanes-go/lanes/kernels"
)

// Workspace runs the products without allocating after the first call of a
// size. The zero value is ready. One goroutine at a time may use it.
type Workspace[T Float] struct {
	// Threads caps the goroutines of one product; 0 means the cap of
	// SetMaxThreads.
	Threads int

	kernel kernels.Workspace[T]
}

// Gemm is the package function Gemm, with the same result to the bit.
func (w *Workspace[T]) Gemm(tA, tB Transpose, alpha T, a, b *Dense[T], beta T, c *Dense[T]) {
	w.gemm("Gemm", tA, tB, alpha, a, b, beta, c)
}

// Gemv is the package function Gemv, with the same result to the bit.
func (w *Workspace[T]) Gemv(tA Transpose, alpha T, a *Dense[T], x []T, beta T, y []T) {
	w.gemv("Gemv", tA, alpha, a, x, beta, y)
}

// Syrk is the package function Syrk, with the same result to the bit.
func (w *Workspace[T]) Syrk(tA Transpose, alpha T, a *Dense[T], beta T, c *Dense[T]) {
	w.syrk("Syrk", tA, alpha, a, beta, c)
}

func (w *Workspace[T]) gemm(op string, tA, tB Transpose, alpha T, a, b *Dense[T], beta T, c *Dense[T]) {
	a.check(op, "A")
	b.check(op, "B")
	c.check(op, "C")
	m, k := a.shape(tA)
	kb, n := b.shape(tB)
	if k != kb || c.Rows != m || c.Cols != n {
		panicf(op, "op(A) is %d×%d, op(B) is %d×%d, C is %d×%d", m, k, kb, n, c.Rows, c.Cols)
	}
	checkOverlap(op, c, a, "A")
	checkOverlap(op, c, b, "B")
	w.kernel.Gemm(w.threads(), m, n, k, alpha, a.operand(tA), b.operand(tB), beta, c.Data, c.Stride)
}

func (w *Workspace[T]) gemv(op string, tA Transpose, alpha T, a *Dense[T], x []T, beta T, y []T) {
	a.check(op, "A")
	m, n := a.shape(tA)
	if len(x) != n || len(y) != m {
		panicf(op, "op(A) is %d×%d, len(x) = %d, len(y) = %d", m, n, len(x), len(y))
	}
	dst := &Dense[T]{Rows: m, Cols: 1, Data: y, Stride: 1}
	src := &Dense[T]{Rows: n, Cols: 1, Data: x, Stride: 1}
	checkOverlap(op, dst, a, "A")
	checkOverlap(op, dst, src, "x")
	w.kernel.Gemm(w.threads(), m, 1, n, alpha, a.operand(tA), src.operand(NoTrans), beta, y, 1)
}

func (w *Workspace[T]) syrk(op string, tA Transpose, alpha T, a *Dense[T], beta T, c *Dense[T]) {
	a.check(op, "A")
	c.check(op, "C")
	k, n := a.shape(!tA)
	if c.Rows != n || c.Cols != n {
		panicf(op, "the product is %d×%d, C is %d×%d", n, n, c.Rows, c.Cols)
	}
	checkOverlap(op, c, a, "A")
	if beta != 0 {
		c.mirrorUpper()
	}
	w.kernel.Gemm(w.threads(), n, n, k, alpha, a.operand(tA), a.operand(!tA), beta, c.Data, c.Stride)
	c.mirrorUpper()
}

// mirrorUpper copies the upper triangle of a square matrix into the lower one.
func (m *Dense[T]) mirrorUpper() {
	for i := 1; i < m.Rows; i++ {
		for j := range i {
			m.Data[i*m.Stride+j] = m.Data[j*m.Stride+i]
		}
	}
}

func (m *Dense[T]) shape(t Transpose) (rows, cols int) {
	if t {
		return m.Cols, m.Rows
	}
	return m.Rows, m.Cols
}

func (m *Dense[T]) operand(t Transpose) kernels.Operand[T] {
	if t {
		return kernels.Operand[T]{Data: m.Data, Row: 1, Col: m.Stride}
	}
	return kernels.Operand[T]{Data: m.Data, Row: m.Stride, Col: 1}
}

var maxThreads atomic.Int64

// SetMaxThreads caps the goroutines that a product of this package uses when
// its workspace sets none; 0 means GOMAXPROCS, read at each call. It returns
// the previous cap and panics with Error if n < 0.
func SetMaxThreads(n int) (previous int) {
	if n < 0 {
		panicf("SetMaxThreads", "n = %d", n)
	}
	return int(maxThreads.Swap(int64(n)))
}

func (w *Workspace[T]) threads() int {
	if w.Threads > 0 {
		return w.Threads
	}
	if n := int(maxThreads.Load()); n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

var (
	pool32 = sync.Pool{New: func() any { return new(Workspace[float32]) }}
	pool64 = sync.Pool{New: func() any { return new(Workspace[float64]) }}
)

func workspacePool[T Float]() *sync.Pool {
	if _, ok := any(T(0)).(float32); ok {
		return &pool32
	}
	return &pool64
}

func getWorkspace[T Float]() *Workspace[T]  { return workspacePool[T]().Get().(*Workspace[T]) }
func putWorkspace[T Float](w *Workspace[T]) { workspacePool[T]().Put(w) }

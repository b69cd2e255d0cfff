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
	gemm(callOf(tA, tB), w, alpha, a, b, beta, c)
}

// Gemv is the package function Gemv, with the same result to the bit.
func (w *Workspace[T]) Gemv(tA Transpose, alpha T, a *Dense[T], x []T, beta T, y []T) {
	gemv("Gemv", tA, alpha, a, x, beta, y)
}

// Syrk is the package function Syrk, with the same result to the bit.
func (w *Workspace[T]) Syrk(tA Transpose, alpha T, a *Dense[T], beta T, c *Dense[T]) {
	syrk("Syrk", w, tA, alpha, a, beta, c)
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

// MaxThreads returns the cap in force: that of SetMaxThreads, or GOMAXPROCS.
func MaxThreads() int {
	if n := int(maxThreads.Load()); n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// mostThreads is far above what any machine has, and multiples of it do not overflow.
const mostThreads = 1 << 16

// threadsFor is the cap that a field Threads stands for.
func threadsFor(field int) int {
	if field <= 0 {
		field = MaxThreads()
	}
	return min(field, mostThreads)
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

package mat_test

import (
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// threadShapes lie below and above the sizes at which products are split over
// goroutines, in each dimension.
var threadShapes = [][3]int{{5, 7, 9}, {64, 64, 64}, {130, 131, 133}, {301, 97, 257}, {2000, 16, 16}, {16, 2000, 40}, {16, 16, 20000}, {1, 3000, 200},
	{203, 205, 208}, {501, 480, 40}, {510, 33, 510}, {64, 256, 784}, {40, 48, 6000}}

// TestThreadsAgree: the result is the same to the bit for any number of
// threads, by workspace and by package function.
func TestThreadsAgree(t *testing.T) { both(t, testThreadsAgree[float32], testThreadsAgree[float64]) }

func testThreadsAgree[T mat.Float](t *testing.T) {
	defer mat.SetMaxThreads(mat.SetMaxThreads(0))
	rng := newRand()
	for i, l := range threadShapes {
		p := product{m: l[0], n: l[1], k: l[2], alpha: 2.5, beta: 0.5}.vary4(i)
		ra, ca := swapIf(p.tA, p.m, p.k)
		rb, cb := swapIf(p.tB, p.k, p.n)
		a, b, c := random[T](rng, ra, ca), random[T](rng, rb, cb), random[T](rng, p.m, p.n)
		alpha, beta := T(p.alpha), T(p.beta)
		want := c.Clone()
		serial := mat.Workspace[T]{Threads: 1}
		serial.Gemm(p.tA, p.tB, alpha, a, b, beta, want)
		for _, threads := range []int{1, 2, 3, 7, math.MaxInt} {
			w := mat.Workspace[T]{Threads: threads}
			got := c.Clone()
			w.Gemm(p.tA, p.tB, alpha, a, b, beta, got)
			requireSameBits(t, want, got, "%v, %d threads", p, threads)

			mat.SetMaxThreads(threads)
			got = c.Clone()
			mat.Gemm(p.tA, p.tB, alpha, a, b, beta, got)
			requireSameBits(t, want, got, "%v, cap of %d threads", p, threads)
		}
	}
}

// TestSyrkGemvThreadsAgree is the same for Syrk and Gemv.
func TestSyrkGemvThreadsAgree(t *testing.T) {
	both(t, testSyrkGemvThreadsAgree[float32], testSyrkGemvThreadsAgree[float64])
}

func testSyrkGemvThreadsAgree[T mat.Float](t *testing.T) {
	rng := newRand()
	for i, mn := range [][2]int{{7, 5}, {129, 131}, {3001, 33}, {33, 3001}, {400, 301}, {9000, 40}, {40, 9000}, {300, 290}} {
		tA := mat.Transpose(i%2 == 0)
		a := random[T](rng, mn[0], mn[1])
		rows, cols := swapIf(tA, mn[0], mn[1])
		x, y := random[T](rng, cols, 1), random[T](rng, rows, 1)
		c := mat.NewDense[T](min(rows, 500), min(rows, 500), nil)
		part := a.View(0, 0, min(mn[0], 500), mn[1])
		if tA {
			part = a.View(0, 0, mn[0], min(mn[1], 500))
		}
		run := func(w *mat.Workspace[T]) (y1, c1 *mat.Dense[T]) {
			y1, c1 = y.Clone(), c.Clone()
			w.Gemv(tA, 2, a, x.Data, 0.5, y1.Data)
			w.Syrk(tA, 1, part, 1, c1)
			return y1, c1
		}
		wantY, wantC := run(&mat.Workspace[T]{Threads: 1})
		for _, threads := range []int{2, 3, 7} {
			gotY, gotC := run(&mat.Workspace[T]{Threads: threads})
			requireSameBits(t, wantY, gotY, "Gemv %v, %d threads", mn, threads)
			requireSameBits(t, wantC, gotC, "Syrk %v, %d threads", mn, threads)
		}
		mat.Gemv(tA, 2, a, x.Data, 0.5, y.Data)
		mat.Syrk(tA, 1, part, 1, c)
		requireSameBits(t, wantY, y, "package Gemv %v", mn)
		requireSameBits(t, wantC, c, "package Syrk %v", mn)
	}
}

// TestWorkspaceForgets: what a workspace did before does not show.
func TestWorkspaceForgets(t *testing.T) {
	both(t, testWorkspaceForgets[float32], testWorkspaceForgets[float64])
}

func testWorkspaceForgets[T mat.Float](t *testing.T) {
	rng := newRand()
	var used mat.Workspace[T]
	for _, l := range [][3]int{{200, 210, 190}, {3, 4, 5}, {65, 33, 300}, {300, 7, 2}, {200, 210, 190}} {
		a, b := random[T](rng, l[0], l[2]), random[T](rng, l[2], l[1])
		got, want := mat.NewDense[T](l[0], l[1], nil), mat.NewDense[T](l[0], l[1], nil)
		used.Gemm(mat.NoTrans, mat.NoTrans, 1, a, b, 0, got)
		new(mat.Workspace[T]).Gemm(mat.NoTrans, mat.NoTrans, 1, a, b, 0, want)
		requireSameBits(t, want, got, "%v", l)
	}
}

// TestConcurrentProducts runs the package functions from several goroutines.
func TestConcurrentProducts(t *testing.T) {
	rng := newRand()
	a, b := random[float64](rng, 150, 140), random[float64](rng, 140, 160)
	var want mat.Dense[float64]
	want.Mul(a, b)
	got := make([]mat.Dense[float64], 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			for range 3 {
				got[i].Mul(a, b)
			}
		})
	}
	wg.Wait()
	for i := range got {
		requireSameBits(t, &want, &got[i], "goroutine %d", i)
	}
}

func TestSetMaxThreads(t *testing.T) {
	first := mat.SetMaxThreads(3)
	defer mat.SetMaxThreads(first)
	require.Equal(t, 3, mat.SetMaxThreads(0))
	require.Equal(t, 0, mat.SetMaxThreads(5))
	panicsWith(t, "SetMaxThreads", func() { mat.SetMaxThreads(-1) }, "-1")
	require.Equal(t, 5, mat.SetMaxThreads(0))
}

// TestNoAllocations: after its first call of a size a workspace allocates
// nothing, whatever other sizes come in between.
func TestNoAllocations(t *testing.T) {
	both(t, testNoAllocations[float32], testNoAllocations[float64])
}

func testNoAllocations[T mat.Float](t *testing.T) {
	rng := newRand()
	a, b := random[T](rng, 230, 211), random[T](rng, 211, 190)
	c, g, y := mat.NewDense[T](230, 190, nil), mat.NewDense[T](211, 211, nil), make([]T, 230)
	ct := mat.NewDense[T](190, 230, nil)
	small := mat.NewDense[T](9, 10, nil)
	sa, sb := a.View(0, 0, 9, 8), b.View(0, 0, 8, 10)
	for _, threads := range []int{1, 2} {
		w := &mat.Workspace[T]{Threads: threads}
		allocs := testing.AllocsPerRun(3, func() {
			w.Gemm(mat.NoTrans, mat.NoTrans, 1, a, b, 0, c)
			w.Gemm(mat.NoTrans, mat.NoTrans, 1, sa, sb, 1, small)
			w.Gemm(mat.Trans, mat.Trans, 1, b, a, 0.5, ct)
			w.Gemv(mat.NoTrans, 1, a, b.Data[:211], 0, y)
			w.Gemv(mat.Trans, 1, a, y, 0, b.Data[:211])
			w.Syrk(mat.Trans, 1, a, 0, g)
		})
		require.Zero(t, allocs, "%d threads", threads)
	}
}

package svd_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// smallOnes are matrices of many shapes up to 40 × 28.
func smallOnes[T mat.Float](count int) (list []*mat.Dense[T]) {
	rng := rand.New(rand.NewPCG(71, 72))
	for i := range count {
		list = append(list, gallery.Gaussian[T](rng, i*7%41, i*5%29))
	}
	return list
}

// inLanes reports whether a batch may have m × n matrices in vector lanes, where
// they get other bits than SVD gives.
func inLanes(m, n int, opts svd.Options) bool {
	return min(m, n) >= 2 && min(m, n) <= 24 && max(m, n) <= 64 && opts.Method == svd.Auto && (!opts.Full || m == n)
}

// bits tells zeros of either sign apart.
func bits[T mat.Float](x []T) []uint64 {
	b := make([]uint64, len(x))
	for i, v := range x {
		b[i] = math.Float64bits(float64(v))
	}
	return b
}

// requireAlone compares matrix i of a batch with itself decomposed alone, bit
// for bit: by SVD, or as a batch of one.
func requireAlone[T mat.Float](t *testing.T, b *svd.Batch[T], i int, a *mat.Dense[T], opts svd.Options) {
	t.Helper()
	var one svd.SVD[T]
	var u, v, gotU, gotV mat.Dense[T]
	require.NoError(t, one.Factorize(a, opts))
	require.NoError(t, b.Err(i))
	values, stats, got := one.Values(nil), one.Stats(), b.Stats(i)
	if inLanes(a.Rows, a.Cols, opts) {
		var single svd.Batch[T]
		require.NoError(t, single.Factorize([]*mat.Dense[T]{a}, opts))
		require.InDeltaSlice(t, values, single.Values(0, nil), 8*eps[T]()*max(1, float64(values[0])))
		values, stats = single.Values(0, nil), single.Stats(0)
		if !opts.ValuesOnly {
			single.UTo(0, &u)
			single.VTo(0, &v)
		}
	} else if !opts.ValuesOnly {
		one.UTo(&u)
		one.VTo(&v)
	}
	require.Equal(t, bits(values), bits(b.Values(i, nil)), "matrix %d, %d×%d, %d threads", i, a.Rows, a.Cols, opts.Threads)
	require.Equal(t, stats.Method, got.Method)
	require.Equal(t, stats.Sweeps, got.Sweeps)
	require.Equal(t, stats.Rotations, got.Rotations)
	require.Equal(t, stats.OffNorm, got.OffNorm)
	if !opts.ValuesOnly {
		b.UTo(i, &gotU)
		b.VTo(i, &gotV)
		require.Equal(t, u.Cols, gotU.Cols)
		require.Equal(t, v.Cols, gotV.Cols)
		require.Equal(t, bits(u.Data), bits(gotU.Data), "U: matrix %d, %d×%d, %d threads", i, a.Rows, a.Cols, opts.Threads)
		require.Equal(t, bits(v.Data), bits(gotV.Data), "V: matrix %d, %d×%d, %d threads", i, a.Rows, a.Cols, opts.Threads)
	}
}

// A batch gives the bits that its matrices have alone, on any number of threads,
// and the same receiver serves batch after batch.
func TestBatch(t *testing.T) { both(t, testBatch[float32], testBatch[float64]) }

func testBatch[T mat.Float](t *testing.T) {
	list := smallOnes[T](150)
	var b svd.Batch[T]
	for name, opts := range map[string]svd.Options{
		"default": {}, "values": {ValuesOnly: true}, "full": {Full: true}, "gram": {Method: svd.GramJacobi},
	} {
		for _, threads := range []int{0, 1, 2, 3} {
			for _, count := range []int{150, 0, 3, 60} {
				opts.Threads = threads
				require.NoError(t, b.Factorize(list[:count], opts), name)
				require.Equal(t, count, b.Len())
				for i := range count {
					requireAlone(t, &b, i, list[i], opts)
				}
			}
		}
	}
}

// Zeros have the same sign whether the matrices beside them rotate or not.
func TestBatchZeros(t *testing.T) { both(t, testBatchZeros[float32], testBatchZeros[float64]) }

func testBatchZeros[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(75, 76))
	var list []*mat.Dense[T]
	for i := range 64 {
		a := gallery.Gaussian[T](rng, 9, 6)
		for k := range a.Data {
			if i%2 == 0 && rng.IntN(3) > 0 {
				a.Data[k] = T(math.Copysign(0, float64(a.Data[k])))
			}
		}
		list = append(list, a)
	}
	var b svd.Batch[T]
	require.NoError(t, b.Factorize(list, svd.Options{}))
	for i, a := range list {
		requireAlone(t, &b, i, a, svd.Options{})
	}
}

// Every kind of matrix decomposes in lanes to LAPACK's ratios, whatever is in the
// lanes beside it.
func TestBatchRatios(t *testing.T) { both(t, testBatchRatios[float32], testBatchRatios[float64]) }

func testBatchRatios[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(73, 74))
	var list []*mat.Dense[T]
	for _, shape := range [][2]int{{2, 2}, {3, 3}, {4, 4}, {8, 8}, {16, 16}, {25, 25}, {32, 32}, {5, 2}, {7, 11}, {20, 12}, {64, 3}, {13, 40}, {64, 32}} {
		for _, x := range gallery.GeneralTypes[T](rng, shape[0], shape[1]) {
			list = append(list, x.A)
		}
		list = append(list, gallery.Vandermonde[T](shape[0], shape[1]))
	}
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	var b svd.Batch[T]
	require.NoError(t, b.Factorize(list, svd.Options{}))
	for i, a := range list {
		var u, v mat.Dense[T]
		b.UTo(i, &u)
		b.VTo(i, &v)
		values := b.Values(i, nil)
		require.True(t, slices.IsSortedFunc(values, func(x, y T) int { return cmp.Compare(y, x) }))
		residual, orthU, orthV := oracle.SVDRatios(a, &u, values, &v)
		const limit = 6.0 // the worst seen is 4.1; LAPACK accepts 50
		require.Less(t, max(residual, orthU, orthV), limit, "matrix %d, %d×%d: %g %g %g", i, a.Rows, a.Cols, residual, orthU, orthV)
	}
}

// Graded matrices keep the digits of every singular value, beside any others.
func TestBatchGraded(t *testing.T) { both(t, testBatchGraded[float32], testBatchGraded[float64]) }

func testBatchGraded[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(77, 78))
	var list []*mat.Dense[T]
	for i := range 200 {
		m, n := 2+i/4*7%31, 2+i/4*5%29
		grades := func(n int) []float64 { return gallery.Shuffled(rng, gallery.Grades(n, 12)) }
		if i%4 == 2 {
			n = m
		}
		well := gallery.WithSingular[float64](rng, m, n, gallery.Grades(min(m, n), rng.Float64()))
		switch {
		case i%4 == 3:
			list = append(list, gallery.Gaussian[T](rng, m, n))
		case i%4 == 2:
			list = append(list, gallery.Scaled[T](well, grades(m), grades(n)))
		case m >= n:
			list = append(list, gallery.Scaled[T](well, nil, grades(n)))
		default:
			list = append(list, gallery.Scaled[T](well, grades(m), nil))
		}
	}
	var b svd.Batch[T]
	require.NoError(t, b.Factorize(list, svd.Options{}))
	for i, a := range list {
		requireAlone(t, &b, i, a, svd.Options{})
		var referee svd.SVD[T]
		got := b.Values(i, nil)
		switch i % 4 {
		case 2: // both rows and columns: not for lanes
			require.NoError(t, referee.Factorize(a, svd.Options{}))
			require.Equal(t, referee.Values(nil), got)
			continue
		case 3:
			continue
		}
		require.NoError(t, referee.Factorize(a, svd.Options{Method: svd.OneSidedJacobi, ValuesOnly: true}))
		for k, want := range referee.Values(nil) {
			require.InDelta(t, want, got[k], 100*eps[T]()*float64(want), "matrix %d, %d×%d, value %d of %v", i, a.Rows, a.Cols, k, got)
		}
	}
}

// What does not converge in lanes fails as it does alone.
func TestBatchSweepLimit(t *testing.T) {
	list := smallOnes[float64](150)
	opts := svd.Options{MaxSweeps: 1}
	var b svd.Batch[float64]
	var one svd.SVD[float64]
	require.ErrorIs(t, b.Factorize(list, opts), mat.ErrNoConvergence)
	failed := 0
	for i, a := range list {
		err := one.Factorize(a, opts)
		if err == nil {
			require.NoError(t, b.Err(i))
			continue
		}
		failed++
		require.EqualError(t, b.Err(i), err.Error())
		require.Equal(t, one.Stats().Sweeps, b.Stats(i).Sweeps)
	}
	require.Greater(t, failed, 50)
}

// One matrix with NaN and one with Inf fail alone.
func TestBatchIsolatesFailures(t *testing.T) {
	for _, threads := range []int{1, 2} {
		list := smallOnes[float64](100)
		list[40].Set(0, 0, math.NaN())
		list[77].Set(0, 1, math.Inf(1))
		var b svd.Batch[float64]
		err := b.Factorize(list, svd.Options{Threads: threads})
		require.ErrorIs(t, err, mat.ErrNotFinite)
		require.EqualError(t, err, "lanes: 2 of 100 matrices failed; matrix 40: lanes: the input holds NaN or Inf; "+
			"matrix 77: lanes: the input holds NaN or Inf")
		for i, a := range list {
			if i == 40 || i == 77 {
				require.Equal(t, mat.ErrNotFinite, b.Err(i))
				requirePanics(t, "Values", func() { b.Values(i, nil) })
				continue
			}
			requireAlone(t, &b, i, a, svd.Options{})
		}
		require.NoError(t, b.Factorize(list[:40], svd.Options{Threads: threads}), "the receiver is good for the next")
	}
}

func TestBatchMentionsFewOfManyFailures(t *testing.T) {
	list := smallOnes[float32](60)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b svd.Batch[float32]
	err := b.Factorize(list, svd.Options{Context: ctx})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, len(err.Error()), 2000)
	require.Contains(t, err.Error(), "more")
}

// Progress is called on the goroutine of Factorize: no lock guards calls.
func TestBatchProgress(t *testing.T) {
	for _, threads := range []int{1, 2} {
		calls, last := 0, -1
		var b svd.Batch[float64]
		require.NoError(t, b.Factorize(smallOnes[float64](100), svd.Options{Threads: threads, Progress: func(stage string, done, total int) {
			require.Equal(t, "batch", stage)
			require.Equal(t, 100, total)
			require.Greater(t, done, last)
			require.Equal(t, calls == 0, done == 0, "the beginning, and that once")
			calls, last = calls+1, done
		}}))
		require.Positive(t, calls)
	}
}

// A panic of Progress leaves a batch that serves again, and that does not hand out
// what was not computed.
func TestBatchOutlivesPanic(t *testing.T) {
	list := smallOnes[float64](100)
	for _, threads := range []int{1, 3} {
		var b svd.Batch[float64]
		opts := svd.Options{Threads: threads}
		for calls := range 3 {
			failing, left := opts, calls
			failing.Progress = func(string, int, int) {
				if left--; left < 0 {
					panic("stop")
				}
			}
			stopped := stops(func() { _ = b.Factorize(list, failing) })
			undone := 0
			for i := range b.Len() {
				if b.Err(i) != nil {
					undone++
				}
			}
			require.Equal(t, stopped, undone > 0)
			require.True(t, stopped || threads > 1) // helpers may take all other tasks
			require.NoError(t, b.Factorize(list, opts))
			for i, a := range list {
				requireAlone(t, &b, i, a, opts)
			}
		}
	}
}

// stops reports whether f panics with the word that Progress says.
func stops(f func()) (stopped bool) {
	defer func() { stopped = recover() == "stop" }()
	f()
	return
}

// More goroutines than matrices are of no use, and cost nothing.
func TestBatchManyThreads(t *testing.T) {
	var b svd.Batch[float64]
	list := smallOnes[float64](100)
	require.NoError(t, b.Factorize(list, svd.Options{Threads: math.MaxInt}))
	requireAlone(t, &b, 99, list[99], svd.Options{})
}

func TestBatchPanics(t *testing.T) {
	var b svd.Batch[float64]
	requirePanics(t, "Factorize", func() {
		_ = b.Factorize([]*mat.Dense[float64]{mat.Eye[float64](2), {Rows: 2, Cols: 2, Stride: 1}}, svd.Options{})
	})
	requirePanics(t, "Values", func() { b.Values(0, nil) })
	require.NoError(t, b.Factorize([]*mat.Dense[float64]{mat.Eye[float64](2)}, svd.Options{ValuesOnly: true}))
	requirePanics(t, "Values", func() { b.Values(0, make([]float64, 3)) })
	requirePanics(t, "Err", func() { _ = b.Err(1) })
	requirePanics(t, "Stats", func() { b.Stats(-1) })
	requirePanics(t, "UTo", func() { b.UTo(0, new(mat.Dense[float64])) })
	require.NoError(t, b.Factorize([]*mat.Dense[float64]{mat.Eye[float64](2)}, svd.Options{}))
	requirePanics(t, "UTo", func() { b.UTo(0, mat.Eye[float64](3)) })
	requirePanics(t, "VTo", func() { b.VTo(0, mat.Eye[float64](3)) })
}

func requirePanics(t *testing.T, op string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		e, ok := recover().(mat.Error)
		require.True(t, ok)
		require.Equal(t, op, e.Op)
	}()
	f()
}

func TestBatchAllocatesNothing(t *testing.T) {
	list := smallOnes[float64](200)[1:] // but the 0 × 0 one
	var b svd.Batch[float64]
	u, v := mat.NewDense[float64](7, 5, nil), mat.NewDense[float64](5, 5, nil)
	values := make([]float64, 5)
	for _, threads := range []int{1, 2} {
		allocations := func() float64 {
			return testing.AllocsPerRun(3, func() {
				if err := b.Factorize(list, svd.Options{Threads: threads}); err != nil {
					t.Error(err)
				}
				b.Values(0, values)
				b.UTo(0, u)
				b.VTo(0, v)
			})
		}
		// The second goroutine may need a while before it has met the largest.
		require.Eventually(t, func() bool { return allocations() == 0 }, 30*time.Second, time.Microsecond)
	}
}

func ExampleBatch() {
	batch := []*mat.Dense[float64]{
		mat.NewDense(2, 2, []float64{0, 3, 4, 0}),
		mat.NewDense(2, 2, []float64{math.NaN(), 0, 0, 1}),
		mat.NewDense(1, 2, []float64{5, 12}),
	}
	var b svd.Batch[float64] // kept from batch to batch
	err := b.Factorize(batch, svd.Options{})
	fmt.Println(err, errors.Is(err, mat.ErrNotFinite))
	for i := range b.Len() {
		if b.Err(i) == nil {
			fmt.Printf("%d: %.1f\n", i, b.Values(i, nil))
		}
	}
	// Output:
	// lanes: 1 of 3 matrices failed; matrix 1: lanes: the input holds NaN or Inf true
	// 0: [4.0 3.0]
	// 2: [13.0]
}

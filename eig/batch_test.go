package eig_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// smallOnes are matrices of every order to 40, most of them several times.
func smallOnes[T mat.Float](count int) (list []*mat.Dense[T]) {
	rng := rand.New(rand.NewPCG(71, 72))
	for i := range count {
		n := i * 7 % 41
		list = append(list, gallery.Symmetric[T](rng, n, n))
	}
	return list
}

// inLanes reports whether a batch has matrices of order n in vector lanes, where
// they get other bits than Sym gives.
func inLanes(n int, opts eig.Options) bool {
	return n >= 2 && n <= 24 && opts.Method == eig.Auto && !opts.ValuesOnly && !opts.Accurate
}

// requireAlone compares matrix i of a batch with itself decomposed alone, bit
// for bit: by Sym, or as a batch of one.
func requireAlone[T mat.Float](t *testing.T, b *eig.Batch[T], i int, a *mat.Dense[T], opts eig.Options) {
	t.Helper()
	var one eig.Sym[T]
	var want, got mat.Dense[T]
	var values []T
	var stats eig.Stats
	require.NoError(t, one.Factorize(a, opts))
	if inLanes(a.Rows, opts) {
		var single eig.Batch[T]
		require.NoError(t, single.Factorize([]*mat.Dense[T]{a}, opts))
		values, stats = single.Values(0, nil), single.Stats(0)
		single.VectorsTo(0, &want)
		norm := float64(a.MaxAbs()) * float64(a.Rows)
		require.InDeltaSlice(t, one.Values(nil), values, 4*eps[T]()*norm)
	} else {
		values, stats = one.Values(nil), one.Stats()
		if !opts.ValuesOnly {
			one.VectorsTo(&want)
		}
	}
	require.NoError(t, b.Err(i))
	require.Equal(t, values, b.Values(i, nil), "matrix %d of order %d, %d threads", i, a.Rows, opts.Threads)
	got, of := mat.Dense[T]{}, b.Stats(i)
	of.Reduce, of.Diagonalise, of.Back = stats.Reduce, stats.Diagonalise, stats.Back
	require.Equal(t, stats, of)
	if !opts.ValuesOnly {
		b.VectorsTo(i, &got)
		require.Equal(t, want, got, "matrix %d of order %d, %d threads", i, a.Rows, opts.Threads)
	}
}

// A batch gives the bits that its matrices have alone, on any number of threads,
// and the same receiver serves batch after batch.
func TestBatch(t *testing.T) {
	t.Run("float32", testBatch[float32])
	t.Run("float64", testBatch[float64])
}

func testBatch[T mat.Float](t *testing.T) {
	list := smallOnes[T](150)
	var b eig.Batch[T]
	for name, opts := range map[string]eig.Options{
		"default": {}, "values": {ValuesOnly: true}, "largest": {Range: eig.Range{Largest: 3}},
		"interval": {Range: eig.Range{From: 0.5, To: 2}}, "accurate": {Accurate: true, Residual: true},
		"residual": {Residual: true}, "method": {Method: eig.OneSidedJacobi},
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

// Every kind of matrix decomposes in lanes to LAPACK's ratios, whatever is in the
// lanes beside it.
func TestBatchRatios(t *testing.T) { both(t, testBatchRatios[float32], testBatchRatios[float64]) }

func testBatchRatios[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(73, 74))
	var list []*mat.Dense[T]
	for _, n := range []int{2, 3, 4, 7, 8, 12, 16, 25, 32} {
		for _, x := range gallery.SymmetricTypes[T](rng, n) {
			list = append(list, x.A)
		}
		clement, _ := gallery.Clement[T](n)
		laplacian, _ := gallery.Laplacian[T](n)
		list = append(list, clement, laplacian, gallery.Hilbert[T](n), mat.NewDense[T](n, n, nil))
		list = append(list, gallery.Symmetric[T](rng, n, n), gallery.Symmetric[T](rng, n, 0))
	}
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	var b eig.Batch[T]
	require.NoError(t, b.Factorize(list, eig.Options{}))
	for i, a := range list {
		var v mat.Dense[T]
		b.VectorsTo(i, &v)
		values := b.Values(i, nil)
		require.True(t, slices.IsSorted(values))
		residual, orthogonality := oracle.SymmetricRatios(a, values, &v)
		limit := 2.5
		if a.Rows < 4 { // n·ulp is a few roundings
			limit = 4
		}
		require.Less(t, max(residual, orthogonality), limit, "matrix %d of order %d: %g %g", i, a.Rows, residual, orthogonality)
	}
}

// What an option asks of each matrix holds in lanes, too.
func TestBatchOptionsInLanes(t *testing.T) {
	list := smallOnes[float64](82)
	lopsided := gallery.Gaussian[float64](rand.New(rand.NewPCG(1, 1)), 6, 6)
	list[10] = lopsided
	var b eig.Batch[float64]
	err := b.Factorize(list, eig.Options{SymmetryTol: 1e-12, Residual: true})
	require.ErrorIs(t, err, eig.ErrNotSymmetric)
	for i, a := range list {
		if i == 10 {
			require.ErrorIs(t, b.Err(i), eig.ErrNotSymmetric)
			continue
		}
		requireAlone(t, &b, i, a, eig.Options{SymmetryTol: 1e-12, Residual: true})
		if a.Rows > 2 {
			require.Positive(t, b.Stats(i).Residual)
			require.Less(t, max(b.Stats(i).Residual, b.Stats(i).Orthogonality), 2e-14)
		}
	}
	err = b.Factorize(list, eig.Options{MaxSweeps: 1})
	require.ErrorIs(t, err, mat.ErrNoConvergence)
	require.ErrorContains(t, b.Err(1), "OneSidedJacobi stands at an off-norm of")
	require.ErrorContains(t, b.Err(1), "after 1 sweeps")
}

// One matrix with NaN and one with Inf fail alone.
func TestBatchIsolatesFailures(t *testing.T) {
	for _, threads := range []int{1, 2} {
		list := smallOnes[float64](100)
		list[40].Set(0, 0, math.NaN())
		list[77].Set(0, 1, math.Inf(1))
		var b eig.Batch[float64]
		err := b.Factorize(list, eig.Options{Threads: threads})
		require.ErrorIs(t, err, mat.ErrNotFinite)
		require.EqualError(t, err, "lanes: 2 of 100 matrices failed; matrix 40: lanes: the input holds NaN or Inf; "+
			"matrix 77: lanes: the input holds NaN or Inf")
		for i, a := range list {
			if i == 40 || i == 77 {
				require.Equal(t, mat.ErrNotFinite, b.Err(i))
				requirePanic(t, "Values", func() { b.Values(i, nil) })
				continue
			}
			requireAlone(t, &b, i, a, eig.Options{})
		}
		require.NoError(t, b.Factorize(list[:40], eig.Options{Threads: threads}), "the receiver is good for the next")
	}
}

func TestBatchMentionsFewOfManyFailures(t *testing.T) {
	list := smallOnes[float32](60)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b eig.Batch[float32]
	err := b.Factorize(list, eig.Options{Context: ctx})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, len(err.Error()), 2000)
	require.Contains(t, err.Error(), "more")
}

// Progress is called on the goroutine of Factorize: no lock guards calls.
func TestBatchProgress(t *testing.T) {
	for _, threads := range []int{1, 2} {
		calls, last := 0, -1
		var b eig.Batch[float64]
		require.NoError(t, b.Factorize(smallOnes[float64](100), eig.Options{Threads: threads, Progress: func(stage string, done, total int) {
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
		var b eig.Batch[float64]
		opts := eig.Options{Threads: threads}
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
	var b eig.Batch[float64]
	list := smallOnes[float64](100)
	require.NoError(t, b.Factorize(list, eig.Options{Threads: math.MaxInt}))
	requireAlone(t, &b, 99, list[99], eig.Options{})
}

func TestBatchPanics(t *testing.T) {
	var b eig.Batch[float64]
	requirePanic(t, "Factorize", func() {
		_ = b.Factorize([]*mat.Dense[float64]{mat.Eye[float64](2), mat.NewDense[float64](2, 3, nil)}, eig.Options{})
	})
	requirePanic(t, "Values", func() { b.Values(0, nil) })
	require.NoError(t, b.Factorize([]*mat.Dense[float64]{mat.Eye[float64](2)}, eig.Options{ValuesOnly: true}))
	requirePanic(t, "Values", func() { b.Values(0, make([]float64, 3)) })
	requirePanic(t, "Err", func() { _ = b.Err(1) })
	requirePanic(t, "Stats", func() { b.Stats(-1) })
	requirePanic(t, "VectorsTo", func() { b.VectorsTo(0, new(mat.Dense[float64])) })
	require.NoError(t, b.Factorize([]*mat.Dense[float64]{mat.Eye[float64](2)}, eig.Options{}))
	requirePanic(t, "VectorsTo", func() { b.VectorsTo(0, mat.Eye[float64](3)) })
}

func TestBatchAllocatesNothing(t *testing.T) {
	list := smallOnes[float64](200)
	var b eig.Batch[float64]
	v := mat.NewDense[float64](7, 7, nil)
	values := make([]float64, 7)
	for _, threads := range []int{1, 2} {
		allocations := func() float64 {
			return testing.AllocsPerRun(3, func() {
				if err := b.Factorize(list, eig.Options{Threads: threads}); err != nil {
					t.Error(err)
				}
				b.Values(1, values)
				b.VectorsTo(1, v)
			})
		}
		// The second goroutine may need a while before it has met the largest.
		require.Eventually(t, func() bool { return allocations() == 0 }, 30*time.Second, time.Microsecond)
	}
}

func ExampleBatch() {
	batch := []*mat.Dense[float64]{
		mat.NewDense(2, 2, []float64{2, 1, 1, 2}),
		mat.NewDense(2, 2, []float64{math.NaN(), 0, 0, 1}),
		mat.NewDense(1, 1, []float64{7}),
	}
	var b eig.Batch[float64] // kept from batch to batch
	err := b.Factorize(batch, eig.Options{})
	fmt.Println(err, errors.Is(err, mat.ErrNotFinite))
	for i := range b.Len() {
		if b.Err(i) == nil {
			fmt.Printf("%d: %.1f\n", i, b.Values(i, nil))
		}
	}
	// Output:
	// lanes: 1 of 3 matrices failed; matrix 1: lanes: the input holds NaN or Inf true
	// 0: [1.0 3.0]
	// 2: [7.0]
}

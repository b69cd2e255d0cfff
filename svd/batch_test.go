package svd_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
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

// A batch gives the bits of its matrices one by one, on any number of threads,
// and the same receiver serves batch after batch.
func TestBatch(t *testing.T) {
	t.Run("float32", testBatch[float32])
	t.Run("float64", testBatch[float64])
}

func testBatch[T mat.Float](t *testing.T) {
	list := smallOnes[T](150)
	var b svd.Batch[T]
	var one svd.SVD[T]
	for name, opts := range map[string]svd.Options{
		"default": {}, "values": {ValuesOnly: true}, "full": {Full: true}, "gram": {Method: svd.GramJacobi},
	} {
		for _, threads := range []int{0, 1, 2, 3} {
			for _, count := range []int{150, 0, 3, 60} {
				opts.Threads = threads
				require.NoError(t, b.Factorize(list[:count], opts), name)
				require.Equal(t, count, b.Len())
				for i := range count {
					require.NoError(t, one.Factorize(list[i], opts))
					require.NoError(t, b.Err(i))
					require.Equal(t, one.Values(nil), b.Values(i, nil), "%s, matrix %d, %d threads", name, i, threads)
					require.Equal(t, one.Stats().Method, b.Stats(i).Method)
					require.Equal(t, one.Stats().Sweeps, b.Stats(i).Sweeps)
					if opts.ValuesOnly {
						continue
					}
					var want, got mat.Dense[T]
					one.UTo(&want)
					b.UTo(i, &got)
					require.Equal(t, want, got, "U: %s, matrix %d, %d threads", name, i, threads)
					want, got = mat.Dense[T]{}, mat.Dense[T]{}
					one.VTo(&want)
					b.VTo(i, &got)
					require.Equal(t, want, got, "V: %s, matrix %d, %d threads", name, i, threads)
				}
			}
		}
	}
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
		var one svd.SVD[float64]
		for i, a := range list {
			if i == 40 || i == 77 {
				require.Equal(t, mat.ErrNotFinite, b.Err(i))
				requirePanics(t, "Values", func() { b.Values(i, nil) })
				continue
			}
			require.NoError(t, one.Factorize(a, svd.Options{}))
			require.NoError(t, b.Err(i))
			require.Equal(t, one.Values(nil), b.Values(i, nil))
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
			calls, last = calls+1, done
		}}))
		require.Positive(t, calls)
	}
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

package eig_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

func ExampleOptions_progress() {
	a := mat.NewDense[float64](40, 40, nil)
	for i := range 40 {
		for j := range 40 {
			a.Set(i, j, float64(min(i, j)+1))
		}
	}
	var e eig.Sym[float64]
	err := e.Factorize(a, eig.Options{
		Context: context.Background(),
		Progress: func(stage string, done, total int) {
			fmt.Printf("%s: %d of %d\n", stage, done, total)
		},
	})
	fmt.Println(err)
	// Output:
	// tridiagonal form: 0 of 40
	// tridiagonal form: 16 of 40
	// tridiagonal form: 32 of 40
	// QL: 0 of 1
	// <nil>
}

// watched are options that between them reach every stage.
func watched() map[string]eig.Options {
	list := map[string]eig.Options{
		"accurate": {Accurate: true},
		"range":    {Range: eig.Range{Largest: 40}},
		"values":   {ValuesOnly: true},
	}
	for _, m := range methods {
		list[m.String()] = eig.Options{Method: m}
	}
	return list
}

// A computation stops before the unit at which the context ends, wherever that
// is, and the receiver is good for the next.
func TestContextStopsEveryStage(t *testing.T) {
	a := graded[float64](rand.New(rand.NewPCG(61, 62)), 140, 0.5)
	for name, opts := range watched() {
		var e eig.Sym[float64]
		calls := 0
		opts.Progress = func(string, int, int) { calls++ }
		require.NoError(t, e.Factorize(a, opts))
		want, whole := e.Values(nil), calls
		require.Positive(t, whole, name)
		for stop := 1; stop <= whole; stop++ {
			ctx, cancel := context.WithCancel(context.Background())
			calls = 0
			stopped := opts
			stopped.Context = ctx
			stopped.Progress = func(string, int, int) {
				if calls++; calls == stop {
					cancel()
				}
			}
			require.ErrorIs(t, e.Factorize(a, stopped), context.Canceled, "%s, call %d", name, stop)
			require.Equal(t, stop, calls, name)
			requirePanic(t, "Values", func() { e.Values(nil) })
			cancel()
		}
		require.NoError(t, e.Factorize(a, opts))
		require.Equal(t, want, e.Values(nil), name)
	}
}

func TestProgressAdvances(t *testing.T) {
	a := gallery.Symmetric[float32](rand.New(rand.NewPCG(63, 64)), 150, 150)
	for name, opts := range watched() {
		stages, last, lastStage := map[string]bool{}, -1, ""
		opts.Progress = func(stage string, done, total int) {
			if stage != lastStage {
				require.False(t, stages[stage], "%s comes back to the %s", name, stage)
				stages[stage], lastStage, last = true, stage, -1
			}
			require.Greater(t, done, last, "%s, %s", name, stage)
			require.Less(t, done, total, "%s, %s", name, stage)
			last = done
		}
		var e eig.Sym[float32]
		require.NoError(t, e.Factorize(a, opts))
		require.NotEmpty(t, stages, name)
	}
}

package main

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// Every caller's result is right, and the processors are given back.
func TestCrowd(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	peers, _ := findPeers(options{threads: 1})
	s := &session{options: options{threads: 1, time: 1}, peers: peers, progress: &progress{}}
	cells, err := crowdCells[float32](s)
	require.NoError(t, err)
	require.Len(t, cells, len(crowdSizes))
	for _, c := range cells {
		require.Empty(t, c.Results[0].Wrong)
		require.Positive(t, c.Beside[inTurnName])
		require.InDelta(t, crowdShare*c.Beside[inTurnName], c.Flops/c.Target.Nanoseconds, 1e-9)
	}
	require.Equal(t, before, runtime.GOMAXPROCS(0))
}

func TestWrongCallerIsCaught(t *testing.T) {
	a := random[float64](5, 5, 1)
	want, err := newReference(a, a, nil)
	require.NoError(t, err)
	right, wrong := mat.NewDense[float64](5, 5, nil), mat.NewDense[float64](5, 5, nil)
	right.Mul(a, a)
	_, err = checkAll(want, []*mat.Dense[float64]{right, right})
	require.NoError(t, err)
	_, err = checkAll(want, []*mat.Dense[float64]{right, wrong, right})
	require.Error(t, err)
}

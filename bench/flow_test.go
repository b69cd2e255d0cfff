package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// The error of an approximation is what it leaves out.
func TestApproximationError(t *testing.T) {
	n := digitsRank + 2
	a := mat.NewDense[float64](n, n, nil)
	sigma := make([]float64, n)
	for i := range n {
		sigma[i] = float64(n - i)
		a.Set(i, i, sigma[i])
	}
	eye := mat.Eye[float64](n)
	job := &truncatedJob[float64]{result: func() (*mat.Dense[float64], []float64, *mat.Dense[float64]) { return eye, sigma, eye }}
	require.InDelta(t, math.Sqrt(5), approximationError(a, digitsRank, job), 1e-12, "the last two, 2 and 1")
	peers, _ := findPeers(options{threads: 1})
	smallest, err := smallestError(&session{peers: peers}, a, digitsRank)
	require.NoError(t, err)
	require.InDelta(t, math.Sqrt(5), smallest, 1e-12)
}

// Every peer's approximation of a matrix of that rank is exact.
func TestTruncatedOfEveryPeer(t *testing.T) {
	a := mat.NewDense[float64](90, 70, nil)
	a.Mul(random[float64](90, digitsRank, 1), random[float64](digitsRank, 70, 2))
	peers, _ := findPeers(options{threads: 1})
	for _, p := range peers {
		if job := newTruncated(p, a, digitsRank, 1); job != nil {
			require.NoError(t, job.run(), p.Name)
			require.Less(t, approximationError(a, digitsRank, job), lapackThreshold*90*ulp[float64]()*frobenius(a), p.Name)
		}
	}
}

func TestTrainingMeetsItsAccuracy(t *testing.T) {
	_, err := (&mlpTrainer{accuracy: mlpAccuracy - 0.01}).check()
	require.ErrorContains(t, err, "92.0 % of the held-out digits, want 93")
	ratio, err := (&mlpTrainer{accuracy: 0.965}).check()
	require.NoError(t, err)
	require.InDelta(t, 0.5, ratio, 1e-9)
}

package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// Every implementation's PCA passes the check on a small sample, and the check
// notices components and variances that are not those of the sample.
func TestPCA(t *testing.T) {
	peers, _ := findPeers(options{threads: 1})
	s := &session{options: options{threads: 1, time: 1}, peers: peers, progress: &progress{}}
	x := random[float64](60, 5, 1)
	want, err := referenceVariances(s, x, 3)
	require.NoError(t, err)
	jobs := pcaJobs(s, x, 3)
	require.Contains(t, jobs, "lanes")
	require.Contains(t, jobs, "gonum")
	for name, job := range jobs {
		require.NoError(t, job.run(), name)
		_, err := checkPCA(x, want, job.variances(), job.components())
		require.NoError(t, err, name)
	}
	job := jobs["gonum"]
	_, err = checkPCA(x, want, []float64{want[0], want[1], want[2] * (1 + 1e-9)}, job.components())
	require.ErrorContains(t, err, "variance 2")
	other := mat.Eye[float64](5).View(0, 0, 3, 5)
	_, err = checkPCA(x, want, want, other)
	require.ErrorContains(t, err, "the variance along component")
}

func TestCentre(t *testing.T) {
	x := mat.NewDense(2, 2, []float32{1, 10, 3, 30})
	centred := mat.NewDense[float32](2, 2, nil)
	centre(centred, x)
	require.Equal(t, []float32{-1, -10, 1, 10}, centred.Data)
	require.Equal(t, [][]float64{{-1, 1}, {-10, 10}}, centredColumns(x))
}

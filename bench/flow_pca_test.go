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

// Both ways of a library to the largest eigenvalues pass the check.
func TestLibraryPCA(t *testing.T) {
	peers, _ := findPeers(options{threads: 1})
	s := &session{options: options{threads: 1, time: 1}, peers: peers, progress: &progress{}}
	x := random[float64](60, 40, 1)
	want, err := referenceVariances(s, x, 3)
	require.NoError(t, err)
	tried := 0
	for _, p := range libraries(peers) {
		ops := of[float64](p)
		if ops.gram == nil || ops.leading == nil {
			continue
		}
		tried++
		cov := mat.NewDense[float64](40, 40, nil)
		for name, eigen := range map[string]*eigenJob[float64]{"syevd": ops.symmetric(cov), "syevr": ops.leading(cov, 3)} {
			job := composedPCA(ops, x, 3, cov, eigen)
			require.NoError(t, job.run(), "%s %s", p.Name, name)
			_, err := checkPCA(x, want, job.variances(), job.components())
			require.NoError(t, err, "%s %s", p.Name, name)
		}
	}
	if tried == 0 {
		t.Skip("no library with LAPACK on this machine")
	}
}

func TestCentre(t *testing.T) {
	x := mat.NewDense(2, 2, []float32{1, 10, 3, 30})
	centred := mat.NewDense[float32](2, 2, nil)
	centre(centred, x)
	require.Equal(t, []float32{-1, -10, 1, 10}, centred.Data)
	require.Equal(t, [][]float64{{-1, 1}, {-10, 10}}, centredColumns(x))

	x = random[float32](7, 40, 1)
	centred = mat.NewDense[float32](7, 40, nil)
	centre(centred, x)
	for j, column := range centredColumns(x) {
		for i, v := range column {
			require.InDelta(t, v, centred.At(i, j), 1e-6)
		}
	}
}

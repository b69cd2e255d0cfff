package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func TestMissingLibraryIsSaidToBeAbsent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "libnone.so")
	found, absent := findLibraries([]string{path}, 1)
	require.Contains(t, absent[len(absent)-1], path)
	for _, p := range found {
		require.NotEqual(t, "libnone", p.Name)
	}
}

// Whichever libraries this machine has compute what gonum does; both element
// types, all operations.
func TestPeersAgree(t *testing.T) {
	peers, _ := findPeers(options{threads: 1})
	s := &session{options: options{threads: 1, time: 1}, peers: peers, progress: &progress{}}
	for _, cells := range [][]cell{
		must(gemmCell[float32](s, shape{5, 7, 3}, mat.NoTrans, mat.NoTrans)), must(gemmCell[float64](s, shape{5, 7, 3}, mat.NoTrans, mat.NoTrans)),
		{axpyCell[float32](s, 33), axpyCell[float64](s, 33), dotCell[float32](s, 33), dotCell[float64](s, 33)},
		must(gemmCell[float32](s, shape{5, 7, 3}, mat.Trans, mat.NoTrans)), must(gemmCell[float64](s, shape{5, 7, 3}, mat.NoTrans, mat.Trans)),
		must(gemvCell[float32](s, 5, 7, mat.Trans)), must(gemvCell[float64](s, 5, 7, mat.NoTrans)),
		must(gramCell[float32](s, 5, 9)), must(gramCell[float64](s, 5, 9)),
		{rankOneCell[float32](s, 5, 7), rankOneCell[float64](s, 5, 7), scalCell[float32](s, 33), scalCell[float64](s, 33)},
		{rotCell[float32](s, 33), rotCell[float64](s, 33), nrm2Cell[float32](s, 33), nrm2Cell[float64](s, 33)},
		{svdCell(s, random[float32](20, 12, 4), "svd", "", nil, true), svdCell(s, random[float64](12, 20, 4), "svd", "", nil, false)},
	} {
		for _, c := range cells {
			for _, r := range c.Results {
				require.Empty(t, r.Wrong, "%s %s %s", r.Impl, c.Op, c.Elem)
				require.NotEmpty(t, r.Samples)
			}
		}
	}
}

func must(c cell, err error) []cell {
	if err != nil {
		panic(err)
	}
	return []cell{c}
}

func TestEveryPeerOffersProducts(t *testing.T) {
	peers, absent := findPeers(options{threads: 1})
	require.Equal(t, "lanes", peers[0].Name)
	require.Equal(t, "gonum", peers[1].Name)
	require.GreaterOrEqual(t, len(peers)+len(absent), 3, "what is absent is said")
	a := mat.NewDense(1, 1, []float64{3})
	for _, p := range peers {
		c := mat.NewDense[float64](1, 1, nil)
		of[float64](p).gemm(mat.NoTrans, mat.NoTrans, a, a, c)
		require.Equal(t, 9.0, c.At(0, 0), p.Name)
		require.NotEmpty(t, p.Detail)
	}
}

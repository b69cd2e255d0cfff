package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// One thread has a share for every order, several have one for the larger.
func TestWithin(t *testing.T) {
	limits := []limit{{0.25, []int{4, 8}}, {0.5, []int{threadsOrder}}}
	shares := func(threads int) map[int]float64 {
		got := map[int]float64{}
		r := &reaching[float64]{session: &session{options: options{threads: threads}}}
		r.within(limits, 0.75, func(n int, d demand) {
			got[n] = d(&cell{Results: []result{{Impl: "LAPACK", Best: 1}}}).Nanoseconds
		})
		return got
	}
	require.Equal(t, map[int]float64{4: 0.25, 8: 0.25, threadsOrder: 0.5}, shares(1))
	require.Equal(t, map[int]float64{threadsOrder: 0.75}, shares(2))
}

// A row is measured without gonum, which has its place again afterwards.
func TestSpectralRows(t *testing.T) {
	peers, _ := findPeers(options{threads: 1})
	s := &session{options: options{threads: 1, time: 1}, peers: peers, progress: &progress{}}
	cells, err := spectral(s, func(r *reaching[float64]) { r.thin(ofTime(1), 6, 5) })
	require.NoError(t, err)
	require.Len(t, cells, 1)
	require.NotNil(t, cells[0].result("lanes"))
	require.Nil(t, cells[0].result("gonum"))
	require.Equal(t, cells[0].bestPeer() != nil, cells[0].Target != nil)
	require.Equal(t, peers[1].Name, s.peers[1].Name)
}

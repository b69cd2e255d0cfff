package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A sweep meets every pair once, and those of a batch share no row, on either
// side of what the cache holds.
func TestPairsOfJacobiLanes(t *testing.T) {
	for n := range 70 {
		var j JacobiLanes[float64]
		j.Reset(n, n, n)
		bytes := int32(j.Stride * j.Lanes * 8)
		require.Zero(t, len(j.pairs)%(2*j.batch))
		require.LessOrEqual(t, j.batch, laneSlots)
		met := map[[2]int32]bool{}
		for at := 0; at < len(j.pairs); at += 2 * j.batch {
			busy := map[int32]bool{}
			for k := at; k < at+2*j.batch; k += 2 {
				p, q := j.pairs[k]/bytes, j.pairs[k+1]/bytes
				if max(p, q) == int32(n) {
					continue
				}
				p, q = min(p, q), max(p, q)
				require.Less(t, p, q)
				require.False(t, busy[p] || busy[q] || met[[2]int32{p, q}], "n = %d: %d and %d", n, p, q)
				busy[p], busy[q], met[[2]int32{p, q}] = true, true, true
			}
		}
		require.Len(t, met, n*max(n-1, 0)/2)
	}
}

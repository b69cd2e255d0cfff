package spectral

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// TestDeflate checks on two diagonal halves, whose vectors are unit rows, that
// only the rows at the tear stay, and that compact and order leave every value
// once.
func TestDeflate(t *testing.T) {
	const n, half = 12, 5
	rng := rand.New(rand.NewPCG(1, 1))
	b := &block[float64]{d: make([]float64, n), perm: make([]int, n), half: half, z: *mat.Eye[float64](n)}
	for i := range b.d {
		b.d[i] = rng.Float64()
	}
	sortHalves(b)
	var f deflation[float64]
	f.grow(n)
	want := slices.Clone(b.d)
	require.Equal(t, 2, f.deflate(b, 0.5))
	require.ElementsMatch(t, []int{half - 1, half}, f.kept)
	require.Equal(t, [3]int{1, 0, 1}, f.count)
	require.Equal(t, 1.0, f.rho)

	f.compact(b, 2)
	b.d[0], b.d[1] = want[half-1], want[half] // stand for the roots
	if b.d[0] > b.d[1] {
		b.d[0], b.d[1] = b.d[1], b.d[0]
	}
	f.order(b, 2)
	require.ElementsMatch(t, want, b.d)
	require.True(t, slices.IsSortedFunc(b.perm, func(i, j int) int {
		if b.d[i] < b.d[j] {
			return -1
		}
		return 1
	}))
	for i := 2; i < n; i++ { // deflated rows carry their vectors along
		require.Equal(t, 1.0, b.z.At(i, slices.Index(want, b.d[i])))
	}
}

// TestDeflateEqualPoles gives both halves the same values: each pair leaves one
// row in the update, whose vector mixes both halves.
func TestDeflateEqualPoles(t *testing.T) {
	const n, half = 8, 4
	b := &block[float64]{d: make([]float64, n), perm: make([]int, n), half: half, z: *mat.NewDense[float64](n, n, nil)}
	for i := range n {
		b.d[i] = float64(i % half)
		for j := i / half * half; j < i/half*half+half; j++ { // Hadamard halves
			b.z.Set(i, j, []float64{0.5, -0.5}[i&j&1^(i&j>>1&1)])
		}
	}
	sortHalves(b)
	var f deflation[float64]
	f.grow(n)
	require.Equal(t, half, f.deflate(b, 0.5))
	require.Equal(t, [3]int{0, half, 0}, f.count)
	for _, row := range f.gone {
		require.InDelta(t, 0, b.z.At(row, half-1)+b.z.At(row, half), 1e-15)
	}
}

func sortHalves(b *block[float64]) {
	for _, r := range [][2]int{{0, b.half}, {b.half, len(b.d)}} {
		perm := b.perm[r[0]:r[1]]
		for i := range perm {
			perm[i] = i
		}
		slices.SortFunc(perm, func(i, j int) int {
			if b.d[r[0]+i] < b.d[r[0]+j] {
				return -1
			}
			return 1
		})
	}
}

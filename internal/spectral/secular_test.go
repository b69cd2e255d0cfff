package spectral

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

func TestSecularLoops(t *testing.T) {
	eachFloat(t, testSecularLoops[float32], testSecularLoops[float64])
}

func testSecularLoops[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := 1; n < 70; n++ {
		pole, weight, product := make([]T, n), make([]T, n), make([]T, n)
		for j := range n {
			pole[j], weight[j], product[j] = T(j), T(rng.Float64()), T(rng.Float64())+1
		}
		own := rng.IntN(n)
		origin, shift := pole[own], T(rng.Float64()+0.1)/2
		bound := float64(n+8) * float64(ulp[T]())

		var want secularSums[float64]
		for j := range n {
			delta := float64(pole[j]) - float64(origin) - float64(shift)
			if delta < 0 {
				want.psi += float64(weight[j]) / delta
				want.psiSlope += float64(weight[j]) / delta / delta
			} else {
				want.phi += float64(weight[j]) / delta
				want.phiSlope += float64(weight[j]) / delta / delta
			}
		}
		got := secularEval(pole, weight, origin, shift)
		require.InDelta(t, want.psi, float64(got.psi), bound*-want.psi)
		require.InDelta(t, want.phi, float64(got.phi), bound*want.phi)
		require.InDelta(t, want.psiSlope, float64(got.psiSlope), bound*want.psiSlope)
		require.InDelta(t, want.phiSlope, float64(got.phiSlope), bound*want.phiSlope)

		before := slices.Clone(product)
		secularProduct(pole, origin, shift, origin, product)
		vector := make([]T, n)
		squares := secularVector(pole, weight, origin, shift, vector)
		var wantSquares float64
		for j := range n {
			delta := float64(pole[j]) - float64(origin) - float64(shift)
			if j != own {
				x := float64(before[j]) * delta / (float64(pole[j]) - float64(origin))
				require.InEpsilon(t, x, float64(product[j]), 16*float64(ulp[T]()))
			}
			require.InEpsilon(t, float64(weight[j])/delta, float64(vector[j]), 16*float64(ulp[T]()))
			wantSquares += float64(weight[j]) / delta * float64(weight[j]) / delta
		}
		require.InEpsilon(t, wantSquares, float64(squares), 4*bound)
	}
}

func TestSecular(t *testing.T) { eachFloat(t, testSecular[float32], testSecular[float64]) }

// testSecular diagonalises rank-one updates that deflation lets pass, easy and
// not: poles a few ulps apart, weights from 1 to ulp, rho small and large.
func testSecular[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	u := float64(ulp[T]())
	for name, entry := range map[string]func(i int) (gap, z float64){
		"random":        func(int) (gap, z float64) { return rng.ExpFloat64(), rng.NormFloat64() },
		"even":          func(int) (gap, z float64) { return 1, 1 },
		"close poles":   func(i int) (gap, z float64) { return 40 * u * float64(1+i), 1 },
		"pairs":         func(i int) (gap, z float64) { return math.Pow(100*u, float64(i%2)), 1 },
		"small weights": func(int) (gap, z float64) { return 1, math.Pow(u, rng.Float64()) },
		"all but one":   func(i int) (gap, z float64) { return 1, math.Pow(16*u, float64(min(i, 1))) },
		"falling": func(i int) (gap, z float64) {
			return max(math.Pow(0.7, float64(i)), 100*u), max(math.Pow(0.7, float64(i)), u)
		},
		"wide and close": func(i int) (gap, z float64) { return math.Pow(100*u, float64(i%3)/2), math.Pow(u, float64(i%2)/2) },
	} {
		for _, rho := range []float64{1, 1e-3, 1e3} {
			for _, k := range []int{1, 2, 3, 10, 60} {
				s := new(secular[T])
				s.reset(k)
				fillSecular(s, rng, entry, rho)
				evaluations := s.solve()
				s.recoverZ()
				require.Less(t, evaluations, 12*k, "%s, k = %d", name, k)
				checkSecular(t, s, name)
			}
		}
	}
}

// fillSecular lays the poles out in shuffled order, z of norm 1.
func fillSecular[T mat.Float](s *secular[T], rng *rand.Rand, entry func(i int) (gap, z float64), rho float64) {
	k := len(s.pole)
	s.rho = T(rho)
	var at, squares float64
	for i, g := range rng.Perm(k) {
		gap, z := entry(i)
		s.rank[i], s.pole[g], s.z[g] = g, T(at), T(z)
		at += gap
		squares += z * z
	}
	for j := range s.z {
		s.z[j] /= T(math.Sqrt(squares))
		s.pole[j] /= T(at)
	}
}

// checkSecular holds the roots between their poles and the eigenpairs to the
// ratios.
func checkSecular[T mat.Float](t *testing.T, s *secular[T], name string) {
	k := len(s.pole)
	a, v := mat.NewDense[T](k, k, nil), mat.NewDense[T](k, k, nil)
	for i := range k {
		for j := range k {
			a.Set(i, j, s.rho*s.z[i]*s.z[j])
		}
		a.Set(i, i, a.At(i, i)+s.pole[i])
	}
	values, row := make([]T, k), make([]T, k)
	for i := range k {
		values[i] = s.root(i)
		require.GreaterOrEqual(t, values[i], s.pole[s.rank[i]], name)
		if i < k-1 {
			require.LessOrEqual(t, values[i], s.pole[s.rank[i+1]], name)
		}
		s.vector(i, row)
		for j := range k {
			v.Set(j, i, row[j])
		}
	}
	residual, orthogonality := oracle.SymmetricRatios(a, values, v)
	require.Less(t, residual, 10.0, "%s, k = %d, rho = %g", name, k, float64(s.rho))
	require.Less(t, orthogonality, 10.0, "%s, k = %d, rho = %g", name, k, float64(s.rho))
}

func TestSecularEndsOnNaN(t *testing.T) {
	s := new(secular[float64])
	s.reset(3)
	for j := range 3 {
		s.rank[j], s.pole[j], s.z[j] = j, float64(j), math.NaN()
	}
	s.rho = 1
	require.LessOrEqual(t, s.solve(), 3*(secularLimit+1))
}

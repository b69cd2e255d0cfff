package kernels_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/kernels"
)

func TestSwap(t *testing.T) { both(t, testSwap[float32], testSwap[float64]) }

func testSwap[T kernels.Float](t *testing.T) {
	rng := newRand()
	forPlaced(t, func(x, y []T) {
		random(rng, x)
		random(rng, y)
		x0, y0 := slices.Clone(x), slices.Clone(y)
		kernels.Swap(x, y)
		require.True(t, slices.Equal(x0, y) && slices.Equal(y0, x), "length %d", len(x))
	})
	panicsWith(t, "Swap", func() { kernels.Swap(make([]T, 2), make([]T, 5)) }, "2", "5")
}

// TestSums holds Asum, SumSq and DotTriple to their error bounds.
func TestSums(t *testing.T) { both(t, testSums[float32], testSums[float64]) }

func testSums[T kernels.Float](t *testing.T) {
	rng := newRand()
	forPlaced(t, func(x, y []T) {
		random(rng, x)
		random(rng, y)
		gamma := oracle.Gamma[T](len(x))
		var asum oracle.Sum
		for _, v := range x {
			asum.Add(math.Abs(float64(v)), 1)
		}
		xx, yy, xy := kernels.DotTriple(x, y)
		for i, c := range []struct {
			got  T
			want oracle.Sum
		}{
			{kernels.Asum(x), asum}, {kernels.SumSq(x), oracle.Dot(x, x)},
			{xx, oracle.Dot(x, x)}, {yy, oracle.Dot(y, y)}, {xy, oracle.Dot(x, y)},
		} {
			within(t, c.want.Error(float64(c.got)), gamma*c.want.Abs(), i, len(x))
		}
	})
	panicsWith(t, "DotTriple", func() { kernels.DotTriple(make([]T, 2), make([]T, 5)) }, "2", "5")
}

// TestSumsIntegers is exact: an element missed or taken twice shows.
func TestSumsIntegers(t *testing.T) { both(t, testSumsIntegers[float32], testSumsIntegers[float64]) }

func testSumsIntegers[T kernels.Float](t *testing.T) {
	forPlaced(t, func(x, y []T) {
		var abs, xx, yy, xy int
		for i := range x {
			a, b := i%7-3, i%5-2
			x[i], y[i] = T(a), T(b)
			abs, xx, yy, xy = abs+max(a, -a), xx+a*a, yy+b*b, xy+a*b
		}
		gotXX, gotYY, gotXY := kernels.DotTriple(x, y)
		got := []T{kernels.Asum(x), kernels.SumSq(x), gotXX, gotYY, gotXY}
		require.Equal(t, []T{T(abs), T(xx), T(xx), T(yy), T(xy)}, got, "length %d", len(x))
	})
}

// TestSumsSpecialValues puts one NaN or Inf at every position in turn.
func TestSumsSpecialValues(t *testing.T) {
	both(t, testSumsSpecialValues[float32], testSumsSpecialValues[float64])
}

func testSumsSpecialValues[T kernels.Float](t *testing.T) {
	for n := 1; n <= 150; n++ {
		x, y := make([]T, n), make([]T, n)
		for at := range n {
			for _, special := range []T{nan[T](), inf[T](), -inf[T]()} {
				for i := range x {
					x[i], y[i] = 1, 2
				}
				x[at] = special
				positive := special * special // Inf, or NaN
				requireSame(t, positive, kernels.Asum(x))
				requireSame(t, positive, kernels.SumSq(x))
				requireSame(t, positive, kernels.Nrm2(x))
				require.Equal(t, at, kernels.Iamax(x), "%v at %d of %d", special, at, n)
				xx, yy, xy := kernels.DotTriple(x, y)
				requireSame(t, positive, xx)
				requireSame(t, T(4*n), yy)
				requireSame(t, special, xy)
				yy, xx, xy = kernels.DotTriple(y, x)
				requireSame(t, positive, xx)
				requireSame(t, T(4*n), yy)
				requireSame(t, special, xy)
			}
		}
	}
}

func TestIamax(t *testing.T) { both(t, testIamax[float32], testIamax[float64]) }

func testIamax[T kernels.Float](t *testing.T) {
	rng := newRand()
	forPlaced(t, func(x, _ []T) {
		random(rng, x)
		require.Equal(t, slowIamax(x), kernels.Iamax(x), "length %d", len(x))
		for i := range x { // many ties: the first must win
			x[i] = T(1 - 2*(i&1))
		}
		want := min(len(x), 1) - 1
		require.Equal(t, want, kernels.Iamax(x), "ties, length %d", len(x))
		for i := range x {
			x[i] = 0
		}
		require.Equal(t, want, kernels.Iamax(x), "zeros, length %d", len(x))
		if n := len(x); n > 1 {
			x[n-1] = -T(math.SmallestNonzeroFloat32)
			require.Equal(t, n-1, kernels.Iamax(x), "the last of %d", n)
			x[n/2] = nan[T]()
			x[0] = inf[T]()
			require.Equal(t, n/2, kernels.Iamax(x), "NaN above Inf, length %d", n)
			x[n-1] = nan[T]()
			require.Equal(t, n/2, kernels.Iamax(x), "the first NaN, length %d", n)
		}
	})
}

// slowIamax is Iamax for vectors without NaN.
func slowIamax[T kernels.Float](x []T) int {
	best := -1
	for i, v := range x {
		if best < 0 || max(v, -v) > max(x[best], -x[best]) {
			best = i
		}
	}
	return best
}

// TestIamaxEveryPosition moves the largest entry, and a tie behind it, through
// every pair of places: the lanes must be reduced in the order of the vector.
func TestIamaxEveryPosition(t *testing.T) {
	both(t, testIamaxEveryPosition[float32], testIamaxEveryPosition[float64])
}

func testIamaxEveryPosition[T kernels.Float](t *testing.T) {
	for _, n := range []int{7, 33, 70, 131} {
		for _, large := range []T{2, nan[T]()} {
			for first := range n {
				for second := first; second < n; second++ {
					x := make([]T, n)
					x[first], x[second] = large, -large
					require.Equal(t, first, kernels.Iamax(x), "%v at %d and %d of %d", large, first, second, n)
				}
			}
		}
	}
}

// TestIamaxSignedNaN: the sign bit of a NaN does not count.
func TestIamaxSignedNaN(t *testing.T) {
	x := []float64{1, math.Copysign(math.NaN(), -1), math.Inf(1), math.NaN()}
	require.Equal(t, 1, kernels.Iamax(x))
	require.Equal(t, -1, kernels.Iamax[float32](nil))
}

// TestNrm2 takes vectors from the bottom to the top of the range of exponents,
// where squares underflow and overflow.
func TestNrm2(t *testing.T) { both(t, testNrm2[float32], testNrm2[float64]) }

func testNrm2[T kernels.Float](t *testing.T) {
	rng := newRand()
	low, high := -148, 118
	if oracle.Unit[T]() == 0x1p-53 {
		low, high = -1073, 1014
	}
	smallest := math.Ldexp(1, low-1)
	for _, n := range []int{0, 1, 2, 3, 7, 8, 9, 31, 33, 64, 100, 1000, 32769} {
		x := make([]T, n)
		for e := low; e <= high; e += 7 {
			if n > 100 && (e-low)%77 != 0 {
				continue
			}
			var s oracle.Sum
			for i := range x {
				x[i] = T(math.Ldexp(rng.NormFloat64(), e))
				v := math.Ldexp(float64(x[i]), -e)
				s.Add(v, v)
			}
			want := math.Sqrt(s.Value())
			got := kernels.Nrm2(x)
			err := math.Abs(math.Ldexp(float64(got), -e) - want)
			// Halved by the root; one rounding more for the root, two for
			// scaling, and the step of subnormal results.
			bound := oracle.Gamma[T](n/2+4)*want + math.Ldexp(smallest, -e)
			within(t, err, bound, e, n)
		}
	}
}

// TestNrm2Extremes has closed forms.
func TestNrm2Extremes(t *testing.T) {
	require.Equal(t, 5e300, kernels.Nrm2([]float64{3e300, -4e300}))
	require.Equal(t, float32(5), kernels.Nrm2([]float32{3, -4}))
	require.Equal(t, math.MaxFloat64, kernels.Nrm2([]float64{0, math.MaxFloat64, 0}))
	require.Equal(t, float32(math.MaxFloat32), kernels.Nrm2([]float32{math.MaxFloat32}))
	require.Equal(t, math.SmallestNonzeroFloat64, kernels.Nrm2([]float64{0, math.SmallestNonzeroFloat64}))
	require.Equal(t, float32(math.SmallestNonzeroFloat32), kernels.Nrm2([]float32{math.SmallestNonzeroFloat32, 0}))
	require.Equal(t, 5*math.SmallestNonzeroFloat64, kernels.Nrm2([]float64{3 * math.SmallestNonzeroFloat64, 4 * math.SmallestNonzeroFloat64}))
	require.Equal(t, math.Inf(1), kernels.Nrm2([]float64{math.MaxFloat64, math.MaxFloat64}))
	require.True(t, isNaN(kernels.Nrm2([]float64{1e300, math.NaN(), 1e300, math.Inf(1)})), "NaN beside Inf")
	require.Zero(t, kernels.Nrm2([]float64{0, 0}))
	require.Zero(t, kernels.Nrm2[float32](nil))
	require.Zero(t, bits(kernels.Nrm2([]float64{math.Copysign(0, -1)})), "the norm of −0 is +0")
}

// TestMoreStackVectors: no argument may be moved to the heap.
func TestMoreStackVectors(t *testing.T) {
	both(t, testMoreStackVectors[float32], testMoreStackVectors[float64])
}

func testMoreStackVectors[T kernels.Float](t *testing.T) {
	var sum T
	allocs := testing.AllocsPerRun(100, func() {
		var x, y [37]T
		x[5], y[6] = 2, 3
		kernels.Swap(x[:], y[:])
		xx, yy, xy := kernels.DotTriple(x[:], y[:])
		sum += xx + yy + xy + kernels.Nrm2(x[:]) + kernels.Asum(x[:]) + kernels.SumSq(y[:]) + T(kernels.Iamax(x[:]))
	})
	require.Zero(t, allocs)
	require.Equal(t, T(101*(9+4+0+3+3+4+6)), sum)
}

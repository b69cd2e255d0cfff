package kernels_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/kernels"
)

// TestActivateBias: at every length and place, in place or not, with bias or
// without, an entry gets what it gets alone.
func TestActivateBias(t *testing.T) { both(t, testActivateBias[float32], testActivateBias[float64]) }

func testActivateBias[T kernels.Float](t *testing.T) {
	rng := newRand()
	forEachPlaced(t, func(x, y []T) {
		for act := kernels.Identity; act <= kernels.Sigmoid; act++ {
			random(rng, x)
			bias := slices.Clone(x)
			slices.Reverse(bias)
			plain, biased := slices.Clone(x), slices.Clone(x)
			for i := range x {
				one := [1]T{x[i]}
				kernels.Activate(act, one[:])
				plain[i] = one[0]
				one[0] = x[i] + bias[i]
				kernels.Activate(act, one[:])
				biased[i] = one[0]
			}
			x0 := slices.Clone(x)
			kernels.ActivateBias(act, y, x, nil)
			require.True(t, slices.Equal(plain, y), "activation %d, length %d", act, len(x))
			copy(y, bias)
			kernels.ActivateBias(act, x, x, y)
			require.True(t, slices.Equal(biased, x), "activation %d, length %d, with bias, in place", act, len(x))
			require.True(t, slices.Equal(bias, y), "the bias is only read")
			copy(x, x0)
			kernels.ActivateBias(act, y, y, x)
			require.True(t, slices.Equal(biased, y), "activation %d, length %d, onto the bias's sum", act, len(x))
		}
	})
}

// forEachPlaced is forPlaced at the lengths around a vector and a chunk alone.
func forEachPlaced[T kernels.Float](t *testing.T, f func(x, y []T)) {
	forPlacedAt(t, []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 50, 64, 65, 8193}, f)
}

func TestActivateGrad(t *testing.T) { both(t, testActivateGrad[float32], testActivateGrad[float64]) }

// testActivateGrad: as above, and the differences of the function itself.
func testActivateGrad[T kernels.Float](t *testing.T) {
	rng := newRand()
	forEachPlaced(t, func(z, dst []T) {
		for act := kernels.Identity; act <= kernels.Sigmoid; act++ {
			random(rng, z)
			dy, want := make([]T, len(z)), make([]T, len(z))
			random(rng, dy)
			for i := range z {
				one := [1]T{}
				kernels.ActivateGrad(act, one[:], dy[i:i+1], z[i:i+1])
				want[i] = one[0]
				if act < kernels.GELU && math.Abs(float64(z[i])) < 1e-4 {
					continue // the kink is within the step
				}
				slope := centralDifference(act, float64(z[i]))
				require.InDelta(t, float64(dy[i])*slope, float64(want[i]), 1e-5, "activation %d at %v", act, z[i])
			}
			kernels.ActivateGrad(act, dst, dy, z)
			require.True(t, slices.Equal(want, dst), "activation %d, length %d", act, len(z))
			copy(dst, dy)
			kernels.ActivateGrad(act, dst, dst, z)
			require.True(t, slices.Equal(want, dst), "activation %d, length %d, in place", act, len(z))
			kernels.ActivateGrad(act, z, dy, z)
			require.True(t, slices.Equal(want, z), "activation %d, length %d, onto z", act, len(z))
		}
	})
}

func centralDifference(act kernels.Activation, z float64) float64 {
	const h = 1e-5
	y := []float64{z - h, z + h}
	kernels.Activate(act, y)
	return (y[1] - y[0]) / (2 * h)
}

func TestActivatePanics(t *testing.T) {
	x, y := make([]float64, 3), make([]float64, 4)
	panicsWith(t, "ActivateBias", func() { kernels.ActivateBias(kernels.Tanh, x, y, nil) }, "3", "4")
	panicsWith(t, "ActivateBias", func() { kernels.ActivateBias(kernels.Tanh, x, x, y) }, "3", "4")
	panicsWith(t, "ActivateBias", func() { kernels.Activate(99, x) }, "99")
	panicsWith(t, "ActivateGrad", func() { kernels.ActivateGrad(kernels.Tanh, x, y, x) }, "3", "4")
	panicsWith(t, "ActivateGrad", func() { kernels.ActivateGrad(99, x, x, x) }, "99")
	panicsWith(t, "Exp", func() { kernels.Exp(x, y) }, "3", "4")
	panicsWith(t, "SumExp", func() { kernels.SumExp(x, y, 0) }, "3", "4")
	panicsWith(t, "Softmax", func() { kernels.Softmax(x, y) }, "3", "4")
}

func TestSoftmax(t *testing.T) { both(t, testSoftmax[float32], testSoftmax[float64]) }

func testSoftmax[T kernels.Float](t *testing.T) {
	rng := newRand()
	u := ulpOf[T](1)
	forEachPlaced(t, func(x, y []T) {
		random(rng, x)
		if len(x) == 0 {
			kernels.Softmax(y, x)
			require.True(t, math.IsInf(float64(kernels.LogSumExp(x)), -1))
			return
		}
		x[len(x)-1] = 12 // the largest, in the remainder
		var sum float64
		for _, v := range x {
			sum += math.Exp(float64(v))
		}
		tol := float64(len(x)+40) * u
		require.InEpsilon(t, math.Log(sum), float64(kernels.LogSumExp(x)), tol)
		kernels.Softmax(y, x)
		for i, v := range x {
			require.InEpsilon(t, math.Exp(float64(v))/sum, float64(y[i]), tol, "entry %d of %d", i, len(x))
		}
		x0 := slices.Clone(x)
		kernels.Softmax(x, x)
		require.True(t, slices.Equal(y, x), "in place")
		x0[0] = nan[T]()
		kernels.Softmax(x, x0)
		require.True(t, isNaN(x[0]) && isNaN(x[len(x)-1]))
		require.True(t, isNaN(kernels.LogSumExp(x0)))
	})
	inf := inf[T]()
	require.True(t, math.IsInf(float64(kernels.LogSumExp([]T{1, inf})), 1))
	require.True(t, math.IsInf(float64(kernels.LogSumExp([]T{-inf, -inf})), -1))
	require.True(t, isNaN(kernels.LogSumExp([]T{inf, nan[T]()})))
	p := []T{-inf, 0, -inf}
	kernels.Softmax(p, p)
	require.Equal(t, []T{0, 1, 0}, p)
}

// TestFunctionsOnStack: no argument may be moved to the heap.
func TestFunctionsOnStack(t *testing.T) {
	allocs := testing.AllocsPerRun(100, func() {
		var x, y [37]float32
		kernels.ActivateBias(kernels.GELU, y[:], x[:], x[:])
		kernels.ActivateGrad(kernels.GELU, y[:], x[:], x[:])
		kernels.Softmax(y[:], x[:])
		if kernels.LogSumExp(x[:]) < 0 {
			panic("37 ones sum to more than 1")
		}
	})
	require.Zero(t, allocs)
}

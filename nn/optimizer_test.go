package nn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func TestSGD(t *testing.T) {
	t.Run("float32", testSGD[float32])
	t.Run("float64", testSGD[float64])
}

func testSGD[T mat.Float](t *testing.T) {
	p := []Param[T]{{"w", []T{1, -2}, []T{4, 8}}}
	(&SGD[T]{LR: 0.5}).Step(p)
	require.Equal(t, []T{-1, -6}, p[0].Value)
	(&SGD[T]{LR: 0.5, WeightDecay: 0.5}).Step(p) // g = 4 − 0.5, 8 − 3
	require.Equal(t, []T{-2.75, -8.5}, p[0].Value)

	o := &SGD[T]{LR: 0.5, Momentum: 0.5}
	o.Step(p)
	require.Equal(t, []T{-4.75, -12.5}, p[0].Value)
	o.Step(p) // v = 2 + 4, 4 + 8
	require.Equal(t, []T{-7.75, -18.5}, p[0].Value)
	o.WeightDecay = 2
	o.Step(p) // v = 3 + 4 − 15.5, 6 + 8 − 37
	require.Equal(t, []T{-3.5, -7}, p[0].Value)
	require.Equal(t, []T{4, 8}, p[0].Grad)

	d := []Param[T]{{"w", []T{1}, []T{1}}}
	(&SGD[T]{}).Step(d)
	require.Equal(t, 1-T(0.01), d[0].Value[0])
}

func TestAdam(t *testing.T) {
	t.Run("float32", testAdam[float32])
	t.Run("float64", testAdam[float64])
}

// testAdam follows the algorithm of the paper, line by line, in float64.
func testAdam[T mat.Float](t *testing.T) {
	rng := newRand()
	p := []Param[T]{{"a", make([]T, 5), make([]T, 5)}, {"b", make([]T, 3), make([]T, 3)}}
	o := &Adam[T]{LR: 0.01, WeightDecay: 0.1}
	var m, v, w [8]float64
	for step := 1.; step <= 50; step++ {
		fillNormal(p[0].Grad, 1, rng)
		fillNormal(p[1].Grad, 1, rng)
		o.Step(p)
		for i, g := range append(append([]T(nil), p[0].Grad...), p[1].Grad...) {
			m[i] = 0.9*m[i] + 0.1*float64(g)
			v[i] = 0.999*v[i] + 0.001*float64(g*g)
			mHat, vHat := m[i]/(1-math.Pow(0.9, step)), v[i]/(1-math.Pow(0.999, step))
			w[i] -= 0.01 * (mHat/(math.Sqrt(vHat)+1e-8) + 0.1*w[i])
		}
	}
	// 50 steps of at most 0.01, whose rate hangs on 1 − 0.999 rounded to T.
	tolerance := 50 * 0.01 * 1000 * float64(eps[T]())
	for i, got := range append(append([]T(nil), p[0].Value...), p[1].Value...) {
		require.InDelta(t, w[i], float64(got), tolerance)
	}
}

func eps[T mat.Float]() T {
	e := T(1)
	for 1+e/2 != 1 {
		e /= 2
	}
	return e
}

// The first step is LR in the direction of the sign, whatever the gradient's
// size, so long as Eps is below it.
func TestAdamDefaults(t *testing.T) {
	p := []Param[float64]{{"w", []float64{0, 0, 0}, []float64{1e-3, -1e10, 0}}}
	(&Adam[float64]{}).Step(p)
	require.InEpsilon(t, -1e-3, p[0].Value[0], 2e-5) // Eps is 1e-5 of the gradient
	require.InEpsilon(t, 1e-3, p[0].Value[1], 1e-12)
	require.Zero(t, p[0].Value[2])
}

func TestClipGradNorm(t *testing.T) {
	t.Run("float32", testClipGradNorm[float32])
	t.Run("float64", testClipGradNorm[float64])
}

func testClipGradNorm[T mat.Float](t *testing.T) {
	p := []Param[T]{{"a", nil, []T{3}}, {"b", nil, []T{0, -4}}, {"c", nil, nil}}
	require.Equal(t, T(5), ClipGradNorm(p, 5))
	require.Equal(t, []T{0, -4}, p[1].Grad, "not above the limit")
	require.Equal(t, T(5), ClipGradNorm(p, 2.5))
	require.Equal(t, []T{1.5}, p[0].Grad)
	require.Equal(t, []T{0, -2}, p[1].Grad)

	huge := []Param[T]{{"h", nil, []T{3e30, 4e30}}}
	require.InEpsilon(t, 5e30, float64(ClipGradNorm(huge, 1)), 1e-6)
	require.InDelta(t, 0.6, float64(huge[0].Grad[0]), 1e-6)

	for _, bad := range []T{T(math.NaN()), T(math.Inf(1))} {
		p := []Param[T]{{"x", nil, []T{bad, 2}}, {"y", nil, []T{3}}}
		norm := ClipGradNorm(p, 1)
		require.True(t, norm != norm || math.IsInf(float64(norm), 1))
		require.Equal(t, []T{3}, p[1].Grad)
	}
}

func TestZeroGrad(t *testing.T) {
	p := []Param[float32]{{"a", []float32{1}, []float32{3}}, {"b", []float32{2, 2}, []float32{0, float32(math.NaN())}}}
	ZeroGrad(p)
	require.Equal(t, []float32{0}, p[0].Grad)
	require.Equal(t, []float32{0, 0}, p[1].Grad)
	require.Equal(t, []float32{1}, p[0].Value)
}

package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func TestWrongProductIsCaught(t *testing.T) {
	t.Run("f32", wrongProductIsCaught[float32])
	t.Run("f64", wrongProductIsCaught[float64])
}

func wrongProductIsCaught[T mat.Float](t *testing.T) {
	for name, size := range map[string]shape{
		"entry by entry": {20, 30, 40},
		"sampled":        {300, 350, 340},
	} {
		a, b := random[T](size.m, size.k, 1), random[T](size.k, size.n, 2)
		want, err := newReference(a, b, func(a, b, c *mat.Dense[T]) { c.Mul(a, b) })
		require.NoError(t, err, name)
		right := mat.NewDense[T](size.m, size.n, nil)
		right.Mul(a, b)
		ratio, err := want.check(right)
		require.NoError(t, err, name)
		require.Greater(t, 1.0, ratio, name)

		for what, spoiled := range map[string]T{
			"off by a bound": right.At(7, 5) + T(3*want.slack*want.rows[7]*want.cols[5]),
			"NaN":            T(math.NaN()),
			"infinite":       T(math.Inf(1)),
		} {
			wrong := right.Clone()
			wrong.Set(7, 5, spoiled)
			ratio, err := want.check(wrong)
			require.ErrorContains(t, err, "entry (7, 5) is off by", "%s, %s", name, what)
			require.False(t, math.IsInf(ratio, 0) || math.IsNaN(ratio), "JSON has neither")
		}
	}
}

// A large reference whose product is wrong is refused.
func TestWrongReferenceIsCaught(t *testing.T) {
	n := 330
	a, b := random[float64](n, n, 1), random[float64](n, n, 2)
	_, err := newReference(a, b, func(a, b, c *mat.Dense[float64]) {
		c.Mul(a, b)
		c.Set(n-1, 3, 0)
	})
	require.ErrorContains(t, err, "entry (329, 3)")
}

func TestContestDoesNotTimeWrongResults(t *testing.T) {
	s := &session{options: options{threads: 1, time: 1}, progress: &progress{}}
	got := s.contest(cell{Op: "test"}, []contender{
		{impl: "right", run: func() {}, check: func() (float64, error) { return 0.5, nil }},
		{impl: "wrong", run: func() {}, check: func() (float64, error) { return 2, errGonum }},
	})
	require.Equal(t, 1, s.wrong)
	require.NotEmpty(t, got.result("right").Samples)
	require.Equal(t, result{Impl: "wrong", Error: 2, Wrong: errGonum.Error()}, *got.result("wrong"))
}

func TestWrongAxpyAndDotAreCaught(t *testing.T) {
	x, y := random[float32](1, 100, 1).Data, random[float32](1, 100, 2).Data
	got := append([]float32(nil), y...)
	lanesOperations[float32](1).axpy(axpyAlpha, x, got)
	_, err := checkAxpy(x, y, got)
	require.NoError(t, err)
	_, err = checkAxpy(x, y, y)
	require.Error(t, err, "nothing was added")

	want, bound := referenceDot(x, y)
	require.InDelta(t, want, float64(lanesOperations[float32](1).dot(x, y)), bound)
	require.Greater(t, math.Abs(float64(x[99]*y[99])), bound, "the bound notices one product left out")
}

func TestWrongUpdatesAndRotationsAreCaught(t *testing.T) {
	x, y, start := random[float32](1, 8, 1).Data, random[float32](1, 9, 2).Data, random[float32](8, 9, 3)
	got := start.Clone()
	lanesOperations[float32](1).rankOne(axpyAlpha, x, y, got)
	_, err := checkRankOne(start, x, y, got)
	require.NoError(t, err)
	_, err = checkRankOne(start, x, y, start)
	require.Error(t, err, "nothing was added")

	rx, ry := append([]float32(nil), x...), append([]float32(nil), y[:8]...)
	lanesOperations[float32](1).rot(rx, ry, rotCos, rotSin)
	_, err = checkRot(x, y[:8], rx, ry)
	require.NoError(t, err)
	_, err = checkRot(x, y[:8], ry, rx)
	require.Error(t, err)
}

func TestWrongTriangleIsCaught(t *testing.T) {
	a := random[float64](9, 4, 1)
	want, err := newReference(transpose(a), a, nil)
	require.NoError(t, err)
	c := mat.NewDense[float64](4, 4, nil)
	lanesOperations[float64](1).gram(1, a, c)
	c.Set(2, 1, 0)
	_, err = want.checkUpper(c)
	require.NoError(t, err, "the lower triangle is nobody's duty")
	c.Set(1, 2, 0)
	_, err = want.checkUpper(c)
	require.ErrorContains(t, err, "entry (1, 2)")
}

func TestWrongDecompositionsAreCaught(t *testing.T) {
	a := randomSymmetric[float64](40)
	eigen := gonumEigen(a)
	require.NoError(t, eigen.run())
	vectors := eigen.vectors()
	ratio, err := checkEigen(a, eigen.values, vectors)
	require.NoError(t, err)
	require.Greater(t, 1.0, ratio)
	for what, spoil := range map[string]func(values []float64, vectors *mat.Dense[float64]){
		"a value":  func(values []float64, _ *mat.Dense[float64]) { values[39] *= 1 + 1e-9 },
		"a vector": func(_ []float64, vectors *mat.Dense[float64]) { vectors.Data[39] += 1e-9 },
		"NaN":      func(values []float64, _ *mat.Dense[float64]) { values[20] = math.NaN() },
		"order": func(values []float64, _ *mat.Dense[float64]) {
			values[0], values[1] = values[1], values[0]
		},
	} {
		values, v := append([]float64(nil), eigen.values...), vectors.Clone()
		spoil(values, v)
		_, err := checkEigen(a, values, v)
		require.Error(t, err, what)
	}

	b := random[float64](50, 20, 1)
	svd := gonumSVD(b)
	require.NoError(t, svd.run())
	_, err = checkSVD(b, svd.values, svd.u(), svd.v())
	require.NoError(t, err)
	_, err = checkSVD(b, svd.values, svd.u(), mat.NewDense[float64](20, 20, nil))
	require.Error(t, err)
	svd.values[19] = 0
	_, err = checkSVD(b, svd.values, svd.u(), svd.v())
	require.Error(t, err)
}

func TestSampleHasBothEnds(t *testing.T) {
	require.Equal(t, []int{0, 1, 2}, sample(3, 16))
	require.Equal(t, []int{0}, sample(1, 16))
	chosen := sample(1000, 16)
	require.Len(t, chosen, 16)
	require.Equal(t, 0, chosen[0])
	require.Equal(t, 999, chosen[15])
}

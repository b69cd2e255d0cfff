package nn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func TestSoftmax(t *testing.T) {
	t.Run("float32", testSoftmax[float32])
	t.Run("float64", testSoftmax[float64])
}

func testSoftmax[T mat.Float](t *testing.T) {
	big := T(3e38) // exp overflows, and so does adding two of them in float32
	x := mat.NewDense(4, 3, []T{0, 0, 0, big, -big, big, 1, 2, 3, -1e4, -1e4, -2e4})
	var p mat.Dense[T]
	Softmax(&p, x)
	e := math.E
	sum := 1 + e + e*e
	want := []float64{1. / 3, 1. / 3, 1. / 3, 0.5, 0, 0.5, 1 / sum, e / sum, e * e / sum, 0.5, 0.5, 0}
	for i, v := range want {
		require.InDelta(t, v, float64(p.Data[i]), 0x1p-23)
	}
	Softmax(x, x)
	require.Equal(t, &p, x, "in place")

	var empty mat.Dense[T]
	Softmax(&empty, mat.NewDense[T](3, 0, nil))
	require.Equal(t, 3, empty.Rows)
}

func TestCrossEntropy(t *testing.T) {
	t.Run("float32", testCrossEntropy[float32])
	t.Run("float64", testCrossEntropy[float64])
}

func testCrossEntropy[T mat.Float](t *testing.T) {
	x := mat.NewDense(2, 3, []T{0, 0, 0, 1e30, 0, -1e30})
	var grad mat.Dense[T]
	require.InEpsilon(t, (math.Log(3)+1e30)/2, float64(CrossEntropy(&grad, x, []int{1, 1})), 0x1p-22)
	third := 1. / 6
	for i, v := range []float64{third, -2 * third, third, 0.5, -0.5, 0} {
		require.InDelta(t, v, float64(grad.Data[i]), 0x1p-24)
	}
	loss := CrossEntropy(x, x, []int{1, 1})
	require.Equal(t, &grad, x, "in place")
	require.Equal(t, T(1e30/2), loss)
	require.Zero(t, CrossEntropy(&mat.Dense[T]{}, mat.NewDense[T](0, 3, nil), nil))
}

// log(1 + e⁻⁵⁰) and 1 − softmax round to 0 when they are formed as written.
func TestCertainPredictionKeepsItsLoss(t *testing.T) {
	x := mat.NewDense(1, 2, []float64{50, 0})
	var grad mat.Dense[float64]
	require.InEpsilon(t, math.Exp(-50), CrossEntropy(&grad, x, []int{0}), 1e-15)
	require.InEpsilon(t, math.Exp(-50), grad.At(0, 1), 1e-15)
	require.Equal(t, -grad.At(0, 1), grad.At(0, 0))
}

func TestCrossEntropyRowsSumToZero(t *testing.T) {
	rng := newRand()
	x := random[float64](rng, 20, 30)
	var grad mat.Dense[float64]
	CrossEntropy(&grad, x, make([]int, 20))
	for i := range x.Rows {
		var s float64
		for _, g := range grad.Row(i) {
			s += g
		}
		require.InDelta(t, 0, s, 60*ulp/20) // 30 entries of at most 1/batch, summed twice
	}
}

func TestLossesPassNaN(t *testing.T) {
	nan := math.NaN()
	x := mat.NewDense(2, 2, []float64{1, nan, 1, 2})
	var grad mat.Dense[float64]
	require.True(t, math.IsNaN(CrossEntropy(&grad, x, []int{0, 1})))
	require.True(t, math.IsNaN(grad.At(0, 0)) && math.IsNaN(grad.At(0, 1)))
	require.False(t, math.IsNaN(grad.At(1, 0)))
	require.True(t, math.IsNaN(MSE(nil, x, mat.NewDense[float64](2, 2, nil))))
	var p mat.Dense[float64]
	Softmax(&p, x)
	require.True(t, math.IsNaN(p.At(0, 0)))
}

func TestMSE(t *testing.T) {
	t.Run("float32", testMSE[float32])
	t.Run("float64", testMSE[float64])
}

func testMSE[T mat.Float](t *testing.T) {
	pred, target := mat.NewDense(2, 2, []T{1, 2, 3, 4}), mat.NewDense(2, 2, []T{1, 0, 0, 5})
	var grad mat.Dense[T]
	require.Equal(t, T(14)/4, MSE(&grad, pred, target))
	require.Equal(t, []T{0, 1, 1.5, -0.5}, grad.Data)
	MSE(pred, pred, target)
	require.Equal(t, &grad, pred, "in place")
	require.Zero(t, MSE(nil, &mat.Dense[T]{}, &mat.Dense[T]{}))
}

package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

var activations = []Activation{Identity, ReLU, LeakyReLU, GELU, GELUTanh, SiLU, Tanh, Sigmoid}

// Central differences with step h err by h²·|f‴|/6 + ulp·|f|/h, which for the
// functions and sizes here (|f| and |f‴| below 100) is at most 1e-8.
const (
	step       = 6e-6 // about the cube root of the ulp
	difference = 1e-8
)

func derivative(f func() float64, x *float64) float64 {
	v := *x
	defer func() { *x = v }()
	*x = v + step
	up := f()
	*x = v - step
	return (up - f()) / (2 * step)
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

func random[T mat.Float](rng *rand.Rand, rows, cols int) *mat.Dense[T] {
	m := mat.NewDense[T](rows, cols, nil)
	fillNormal(m.Data, 1, rng)
	return m
}

// inner is the inner product of two matrices of one shape.
func inner(a, b *mat.Dense[float64]) float64 {
	var s float64
	for i := range a.Rows {
		for j := range a.Cols {
			s += a.At(i, j) * b.At(i, j)
		}
	}
	return s
}

// checkLayer compares the gradients of ⟨c, layer(x)⟩ with differences.
func checkLayer(t *testing.T, layer Layer[float64], x, c *mat.Dense[float64]) {
	var dst, dx mat.Dense[float64]
	loss := func() float64 {
		layer.Forward(&dst, x)
		return inner(c, &dst)
	}
	loss()
	params := layer.Params()
	ZeroGrad(params)
	layer.Backward(&dx, c)
	for i := range x.Rows {
		for j := range x.Cols {
			require.InDelta(t, derivative(loss, &x.Row(i)[j]), dx.At(i, j), difference, "dx(%d, %d)", i, j)
		}
	}
	for _, p := range params {
		for i := range p.Value {
			require.InDelta(t, derivative(loss, &p.Value[i]), p.Grad[i], difference, "%s[%d]", p.Name, i)
		}
	}
}

func TestLinearGradient(t *testing.T) {
	for _, act := range activations {
		t.Run(fmt.Sprint(act), func(t *testing.T) {
			rng := newRand()
			l := NewLinear[float64](4, 3, act, rng)
			fillNormal(l.B, 1, rng)
			checkLayer(t, l, random[float64](rng, 5, 4), random[float64](rng, 5, 3))
		})
	}
}

func TestSequentialGradient(t *testing.T) {
	rng := newRand()
	var layers []Layer[float64]
	for _, act := range activations {
		layers = append(layers, NewLinear[float64](3, 3, act, rng))
	}
	nested := &Sequential[float64]{Layers: []Layer[float64]{
		&Sequential[float64]{Layers: layers[:3]}, &Sequential[float64]{}, &Sequential[float64]{Layers: layers[3:]},
	}}
	checkLayer(t, nested, random[float64](rng, 4, 3), random[float64](rng, 4, 3))
}

func TestViewsGiveTheSameGradient(t *testing.T) {
	rng := newRand()
	l := NewLinear[float64](4, 3, Tanh, rng)
	parent := random[float64](rng, 9, 12)
	x, c := parent.View(1, 1, 5, 4), parent.View(2, 7, 5, 3)
	checkLayer(t, l, x, c)

	want := mat.NewDense[float64](5, 3, nil)
	l.Forward(want, x.Clone())
	dst := random[float64](rng, 6, 5)
	l.Forward(dst.View(1, 1, 5, 3), x)
	require.Equal(t, want, dst.View(1, 1, 5, 3).Clone())
}

func TestBackwardAdds(t *testing.T) {
	rng := newRand()
	l := NewLinear[float64](4, 3, SiLU, rng)
	x, dy := random[float64](rng, 5, 4), random[float64](rng, 5, 3)
	var dst, dx mat.Dense[float64]
	l.Forward(&dst, x)
	l.Backward(nil, dy)
	once, bias := l.GradW.Clone(), append([]float64(nil), l.GradB...)
	l.Backward(&dx, dy)
	first := dx.Clone()
	for i, v := range once.Data {
		require.InEpsilon(t, 2*v, l.GradW.Data[i], 1e-14) // one more rounding per term
	}
	for i, v := range bias {
		require.InEpsilon(t, 2*v, l.GradB[i], 1e-14)
	}
	l.Backward(&dx, dy)
	require.Equal(t, first, &dx, "dx is set, not added to")
}

func TestEmbeddingGradient(t *testing.T) {
	rng := newRand()
	e := NewEmbedding[float64](4, 3, rng)
	ids := []int{2, 0, 2, 3, 2}
	c := random[float64](rng, len(ids), 3)
	var dst mat.Dense[float64]
	e.Forward(&dst, ids)
	for i, id := range ids {
		require.Equal(t, e.W.Row(id), dst.Row(i))
	}
	ids[0] = 1 // the layer keeps its own copy
	e.Backward(c)
	ids[0] = 2
	loss := func() float64 {
		e.Forward(&dst, ids)
		return inner(c, &dst)
	}
	p := e.Params()[0]
	for i := range p.Value {
		require.InDelta(t, derivative(loss, &p.Value[i]), p.Grad[i], difference, "W[%d]", i)
	}
	require.Equal(t, []float64{0, 0, 0}, e.GradW.Row(1), "never looked up")
}

func TestCrossEntropyGradient(t *testing.T) {
	rng := newRand()
	logits := random[float64](rng, 6, 4)
	labels := []int{0, 3, 1, 1, 2, 0}
	var grad mat.Dense[float64]
	CrossEntropy(&grad, logits, labels)
	loss := func() float64 { return CrossEntropy(nil, logits, labels) }
	for i := range logits.Data {
		require.InDelta(t, derivative(loss, &logits.Data[i]), grad.Data[i], difference)
	}
}

func TestMSEGradient(t *testing.T) {
	rng := newRand()
	pred, target := random[float64](rng, 6, 4), random[float64](rng, 6, 4)
	var grad mat.Dense[float64]
	MSE(&grad, pred, target)
	loss := func() float64 { return MSE(nil, pred, target) }
	for i := range pred.Data {
		require.InDelta(t, derivative(loss, &pred.Data[i]), grad.Data[i], difference)
	}
}

// float32 must follow float64 on the same weights and data: the tolerance is
// that of a sum of 40 products with |Σ|aᵢbᵢ|| ≤ 100, 40·100·2⁻²⁴.
func TestFloat32FollowsFloat64(t *testing.T) {
	for _, act := range activations {
		l32, l64 := NewLinear[float32](40, 3, act, newRand()), NewLinear[float64](40, 3, act, newRand())
		x32, x64 := random[float32](newRand(), 5, 40), random[float64](newRand(), 5, 40)
		var y32, dx32 mat.Dense[float32]
		var y64, dx64 mat.Dense[float64]
		l32.Forward(&y32, x32)
		l64.Forward(&y64, x64)
		l32.Backward(&dx32, &y32)
		l64.Backward(&dx64, &y64)
		requireClose(t, y64.Data, y32.Data)
		requireClose(t, dx64.Data, dx32.Data)
		requireClose(t, l64.GradW.Data, l32.GradW.Data)
		requireClose(t, l64.GradB, l32.GradB)
	}
}

func requireClose(t *testing.T, want []float64, got []float32) {
	t.Helper()
	require.Len(t, got, len(want))
	for i, v := range want {
		require.InDelta(t, v, float64(got[i]), 4000*math.Pow(2, -24))
	}
}

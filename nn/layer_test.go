package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// Weights of variance 2/in and 2/(in+out): the estimate from n of them is off
// by √(2/n) of itself, six times which would be a wonder.
func TestInitialization(t *testing.T) {
	const in, out = 400, 100
	for _, act := range activations {
		variance := 2. / in
		if act == Identity || act == Tanh || act == Sigmoid {
			variance = 2. / (in + out)
		}
		l := NewLinear[float64](in, out, act, newRand())
		var sum float64
		for _, w := range l.W.Data {
			sum += w * w
		}
		require.InEpsilon(t, variance, sum/(in*out), 6*math.Sqrt(2./(in*out)))
		require.Equal(t, make([]float64, out), l.B)
	}
}

func TestSeedDecides(t *testing.T) {
	a, b := NewLinear[float64](3, 4, ReLU, newRand()), NewLinear[float64](3, 4, ReLU, newRand())
	require.Equal(t, a.W, b.W)
	c := NewLinear[float32](3, 4, ReLU, newRand())
	for i, w := range a.W.Data {
		require.Equal(t, float32(w), c.W.Data[i])
	}
	require.Equal(t, NewEmbedding[float64](3, 4, newRand()).W, NewEmbedding[float64](3, 4, newRand()).W)
}

func TestParams(t *testing.T) {
	a := &Linear[float64]{W: mat.NewDense[float64](2, 3, nil), B: make([]float64, 3)}
	b := NewLinear[float64](3, 1, ReLU, newRand())
	net := &Sequential[float64]{Layers: []Layer[float64]{a, &Sequential[float64]{Layers: []Layer[float64]{b}}}}
	for range 2 {
		var names []string
		for _, p := range net.Params() {
			names = append(names, p.Name)
			require.Len(t, p.Grad, len(p.Value))
		}
		require.Equal(t, []string{"0.W", "0.B", "1.0.W", "1.0.B"}, names)
	}
	net.Params()[2].Value[1] = 42
	require.Equal(t, 42., b.W.At(1, 0))
	net.Layers = net.Layers[1:]
	require.Equal(t, "0.0.W", net.Params()[0].Name)
	net.Layers = []Layer[float64]{&Sequential[float64]{}, b}
	require.Equal(t, "1.W", net.Params()[0].Name)
	net.Layers = []Layer[float64]{b}
	require.Equal(t, "0.W", net.Params()[0].Name)
}

func TestWeightsMayChange(t *testing.T) {
	l := NewLinear[float64](1, 1, Identity, newRand())
	x := mat.NewDense(1, 1, []float64{3})
	var y mat.Dense[float64]
	l.W.Set(0, 0, 2)
	l.Forward(&y, x)
	require.Equal(t, 6., y.At(0, 0))
	l.W, l.B[0] = mat.NewDense(1, 1, []float64{5}), 1
	l.Forward(&y, x)
	require.Equal(t, 16., y.At(0, 0))
}

func TestSequentialTakesAnotherWidth(t *testing.T) {
	copies := &Sequential[float64]{Layers: []Layer[float64]{&Sequential[float64]{}, &Sequential[float64]{}}}
	for _, cols := range []int{3, 5, 2} {
		x := random[float64](newRand(), 4, cols)
		var y, dx mat.Dense[float64]
		copies.Forward(&y, x)
		copies.Backward(&dx, x)
		require.Equal(t, x, &y)
		require.Equal(t, x, &dx)
	}
}

func TestForwardIgnoresWhatDstHeld(t *testing.T) {
	net, x := smallNet[float64](newRand()), random[float64](newRand(), 2, 6)
	var want mat.Dense[float64]
	net.Forward(&want, x)
	dst := mat.NewDense[float64](2, 3, nil)
	dst.Fill(math.NaN())
	net.Forward(dst, x)
	require.Equal(t, &want, dst)
}

func smallNet[T mat.Float](rng *rand.Rand) *Sequential[T] {
	return &Sequential[T]{Layers: []Layer[T]{
		NewLinear[T](6, 8, GELU, rng), NewLinear[T](8, 5, ReLU, rng), NewLinear[T](5, 3, Identity, rng),
	}}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	t.Run("float32", testSteadyState[float32])
	t.Run("float64", testSteadyState[float64])
}

// The batches differ in size, as the last one of an epoch does.
func testSteadyState[T mat.Float](t *testing.T) {
	rng := newRand()
	table, net := NewEmbedding[T](9, 3, rng), smallNet[T](rng)
	batches := [][]int{{1, 2, 3, 4, 5, 6, 7, 8}, {8, 8}, {0, 1, 2, 3}}
	labels := []int{0, 2, 1, 1}
	sgd, momentum, adam := &SGD[T]{WeightDecay: 0.1}, &SGD[T]{Momentum: 0.9}, &Adam[T]{}
	words := mat.NewDense[T](8, 3, nil)
	views := map[int]*mat.Dense[T]{}
	outs, grads, dxs := map[int]*mat.Dense[T]{}, map[int]*mat.Dense[T]{}, map[int]*mat.Dense[T]{}
	for _, ids := range batches {
		n := len(ids) / 2
		views[n] = mat.NewDense(n, 6, words.Data[:6*n])
		outs[n], grads[n], dxs[n] = &mat.Dense[T]{}, &mat.Dense[T]{}, &mat.Dense[T]{}
	}
	rows := map[int]*mat.Dense[T]{}
	for _, ids := range batches {
		rows[len(ids)] = words.View(0, 0, len(ids), 3)
	}
	epoch := func() {
		for _, ids := range batches {
			n := len(ids) / 2
			table.Forward(rows[len(ids)], ids)
			net.Forward(outs[n], views[n])
			CrossEntropy(grads[n], outs[n], labels[:n])
			MSE(nil, outs[n], grads[n])
			Softmax(outs[n], outs[n])
			net.Backward(dxs[n], grads[n])
			ClipGradNorm(net.Params(), 1)
			sgd.Step(net.Params())
			momentum.Step(net.Params())
			adam.Step(net.Params())
			ZeroGrad(net.Params())
			table.Backward(rows[len(ids)])
			sgd.Step(table.Params())
		}
	}
	require.Zero(t, testing.AllocsPerRun(20, epoch))
}

func TestDescentLearns(t *testing.T) {
	t.Run("float32", testDescentLearns[float32])
	t.Run("float64", testDescentLearns[float64])
}

// XOR has no linear solution, so the hidden layer must do its work.
func testDescentLearns[T mat.Float](t *testing.T) {
	x, labels := mat.NewDense(4, 2, []T{0, 0, 0, 1, 1, 0, 1, 1}), []int{0, 1, 1, 0}
	for name, opt := range map[string]interface{ Step([]Param[T]) }{
		"sgd":      &SGD[T]{LR: 0.5},
		"momentum": &SGD[T]{LR: 0.1, Momentum: 0.9},
		"adam":     &Adam[T]{LR: 0.02},
	} {
		rng := newRand()
		net := &Sequential[T]{Layers: []Layer[T]{NewLinear[T](2, 16, Tanh, rng), NewLinear[T](16, 2, Identity, rng)}}
		var y, g mat.Dense[T]
		var loss T
		for range 500 {
			net.Forward(&y, x)
			loss = CrossEntropy(&g, &y, labels)
			ZeroGrad(net.Params())
			net.Backward(nil, &g)
			opt.Step(net.Params())
		}
		require.Less(t, loss, T(0.05), name)
	}
}

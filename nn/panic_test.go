package nn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func zeros(rows, cols int) *mat.Dense[float64] { return mat.NewDense[float64](rows, cols, nil) }

func TestCallersBugsPanic(t *testing.T) {
	layer := NewLinear[float64](4, 3, ReLU, newRand())
	layer.Forward(zeros(2, 3), zeros(2, 4))
	table := NewEmbedding[float64](4, 3, newRand())
	table.Forward(zeros(2, 3), []int{0, 1})
	net := smallNet[float64](newRand())
	broken := &mat.Dense[float64]{Rows: 2, Cols: 3, Stride: 3, Data: make([]float64, 5)}
	overflowing := &mat.Dense[float64]{Rows: 2, Cols: 4, Stride: math.MaxInt, Data: make([]float64, 8)}
	momentum, adam := &SGD[float64]{Momentum: 0.9}, &Adam[float64]{}
	two, one := zeros(2, 1).Data, zeros(1, 1).Data
	momentum.Step([]Param[float64]{{"w", two, two}})
	adam.Step([]Param[float64]{{"w", two, two}})
	joined := zeros(2, 7)
	holed := &Sequential[float64]{Layers: []Layer[float64]{layer, nil}}
	gaps := &Linear[float64]{W: zeros(4, 4).View(0, 0, 4, 3), B: make([]float64, 3)}

	for _, c := range []struct {
		op, detail string
		call       func()
	}{
		{"NewLinear", "in = -1, out = 2, activation 1, rng nil: false", func() { NewLinear[float64](-1, 2, ReLU, newRand()) }},
		{"NewLinear", "activation 8", func() { NewLinear[float64](1, 2, Sigmoid+1, newRand()) }},
		{"NewLinear", "rng nil: true", func() { NewLinear[float64](1, 2, ReLU, nil) }},
		{"NewEmbedding", "dim = -2", func() { NewEmbedding[float64](1, -2, newRand()) }},
		{"Linear.Forward", "W is nil", func() { (&Linear[float64]{}).Forward(zeros(2, 3), zeros(2, 4)) }},
		{"Linear.Forward", "W is 4×3, len(B) = 2", func() { (&Linear[float64]{W: zeros(4, 3), B: two}).Forward(zeros(2, 3), zeros(2, 4)) }},
		{"Linear.Forward", "x is 2×5, W is 4×3", func() { layer.Forward(zeros(2, 3), zeros(2, 5)) }},
		{"Linear.Forward", "destination is 3×3, the result 2×3", func() { layer.Forward(zeros(3, 3), zeros(2, 4)) }},
		{"Gemm", "entries", func() { layer.Forward(joined.View(0, 2, 2, 3), joined.View(0, 0, 2, 4)) }},
		{"Linear.Backward", "dy is 3×3, the last x was 2×4", func() { layer.Backward(nil, zeros(3, 3)) }},
		{"Linear.Backward", "dy is 2×2", func() { layer.Backward(nil, zeros(2, 2)) }},
		{"Linear.Backward", "dy is 2×3 with stride 3 and len(Data) = 5", func() { layer.Backward(nil, broken) }},
		{"Linear.Backward", "destination is 2×5, the result 2×4", func() { layer.Backward(zeros(2, 5), zeros(2, 3)) }},
		{"Linear.Backward", "GradW is 3×3", func() {
			l := &Linear[float64]{W: zeros(4, 3), B: make([]float64, 3), GradW: zeros(3, 3)}
			l.Forward(zeros(2, 3), zeros(2, 4))
			l.Backward(nil, zeros(2, 3))
		}},
		{"Linear.Params", "len(GradB) = 2", func() { (&Linear[float64]{W: zeros(4, 3), B: make([]float64, 3), GradB: two}).Params() }},
		{"Sequential.Forward", "layer 1 is nil", func() { holed.Forward(zeros(2, 3), zeros(2, 4)) }},
		{"Sequential.Backward", "layer 1 is nil", func() { holed.Backward(nil, zeros(2, 3)) }},
		{"Sequential.Params", "layer 1 is nil", func() { holed.Params() }},
		{"Linear.Params", "4×3 has stride 4", func() { gaps.Params() }},
		{"Sequential.Backward", "3 layers, the last Forward had 1", func() { net.Backward(nil, zeros(2, 3)) }},
		{"Embedding.Forward", "ids[1] = 4 in a table of 4 entries", func() { table.Forward(zeros(2, 3), []int{0, 4}) }},
		{"Embedding.Forward", "ids[0] = -1", func() { table.Forward(zeros(1, 3), []int{-1}) }},
		{"Embedding.Forward", "destination is 2×2, the result 2×3", func() { table.Forward(zeros(2, 2), []int{0, 1}) }},
		{"Embedding.Forward", "W is nil", func() { (&Embedding[float64]{}).Forward(zeros(2, 3), []int{0, 1}) }},
		{"Embedding.Forward", "W is 2×3 with stride 3", func() { (&Embedding[float64]{W: broken}).Forward(zeros(2, 3), []int{0, 1}) }},
		{"Embedding.Params", "W is 2×3, GradW is 3×2", func() { (&Embedding[float64]{W: zeros(2, 3), GradW: zeros(3, 2)}).Params() }},
		{"Linear.Forward", "W is 2×3 with stride 3", func() { (&Linear[float64]{W: broken, B: make([]float64, 3)}).Forward(zeros(2, 3), zeros(2, 2)) }},
		{"Linear.Forward", "x is 2×4 with stride", func() { layer.Forward(zeros(2, 3), overflowing) }},
		{"Sequential.Forward", "x is 2×4 with stride", func() { net.Forward(zeros(2, 3), overflowing) }},
		{"Softmax", "logits is 2×4 with stride", func() { Softmax(zeros(2, 4), overflowing) }},
		{"Embedding.Backward", "dy is 2×2", func() { table.Backward(zeros(2, 2)) }},
		{"Linear.Forward", "x is nil", func() { layer.Forward(zeros(2, 3), nil) }},
		{"Linear.Forward", "destination is nil", func() { layer.Forward(nil, zeros(2, 4)) }},
		{"Linear.Backward", "dy is nil", func() { layer.Backward(nil, nil) }},
		{"Sequential.Forward", "x is nil", func() { net.Forward(zeros(2, 3), nil) }},
		{"Embedding.Forward", "destination is nil", func() { table.Forward(nil, []int{0, 1}) }},
		{"Embedding.Backward", "dy is nil", func() { table.Backward(nil) }},
		{"Softmax", "logits is nil", func() { Softmax(zeros(2, 4), nil) }},
		{"CrossEntropy", "logits is nil", func() { CrossEntropy[float64](nil, nil, nil) }},
		{"MSE", "target is nil", func() { MSE(nil, zeros(1, 1), nil) }},
		{"CrossEntropy", "logits are 2×3, len(labels) = 1", func() { CrossEntropy(nil, zeros(2, 3), []int{0}) }},
		{"CrossEntropy", "labels[1] = 3, logits are 2×3", func() { CrossEntropy(nil, zeros(2, 3), []int{0, 3}) }},
		{"CrossEntropy", "labels[0] = -1", func() { CrossEntropy(nil, zeros(2, 3), []int{-1, 0}) }},
		{"CrossEntropy", "destination is 2×2", func() { CrossEntropy(zeros(2, 2), zeros(2, 3), []int{0, 0}) }},
		{"CrossEntropy", "logits is 2×3 with stride 3", func() { CrossEntropy(nil, broken, []int{0, 0}) }},
		{"MSE", "pred is 2×3, target is 3×2", func() { MSE(nil, zeros(2, 3), zeros(3, 2)) }},
		{"MSE", "destination is 2×2", func() { MSE(zeros(2, 2), zeros(2, 3), zeros(2, 3)) }},
		{"Softmax", "destination is 2×2", func() { Softmax(zeros(2, 2), zeros(2, 3)) }},
		{"ClipGradNorm", "limit = 0", func() { ClipGradNorm[float64](nil, 0) }},
		{"SGD.Step", "parameter 0 (w): len(Value) = 2, len(Grad) = 1", func() { (&SGD[float64]{}).Step([]Param[float64]{{"w", two, one}}) }},
		{"SGD.Step", "2 parameters, 1 in the first step", func() { momentum.Step(make([]Param[float64], 2)) }},
		{"Adam.Step", "len(Value) = 1, 2 in the first step", func() { adam.Step([]Param[float64]{{"w", one, one}}) }},
	} {
		t.Run(c.op+" "+c.detail, func(t *testing.T) {
			defer func() {
				err, ok := recover().(mat.Error)
				require.True(t, ok, "panics with a mat.Error by value")
				require.Equal(t, c.op, err.Op)
				require.Contains(t, err.Detail, c.detail)
			}()
			c.call()
		})
	}
}

func TestZeroDimensions(t *testing.T) {
	for _, c := range [][3]int{{0, 4, 3}, {2, 0, 3}, {2, 4, 0}} {
		l := NewLinear[float64](c[1], c[2], GELU, newRand())
		var y, dx mat.Dense[float64]
		l.Forward(&y, zeros(c[0], c[1]))
		l.Backward(&dx, &y)
		require.Equal(t, c, [3]int{dx.Rows, dx.Cols, y.Cols})
	}
}

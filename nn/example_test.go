package nn_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/nn"
)

// A network with a hidden layer learns the exclusive or.
func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	net := &nn.Sequential[float32]{Layers: []nn.Layer[float32]{
		nn.NewLinear[float32](2, 16, nn.Tanh, rng),
		nn.NewLinear[float32](16, 2, nn.Identity, rng),
	}}
	x := mat.NewDense(4, 2, []float32{0, 0, 0, 1, 1, 0, 1, 1})
	labels := []int{0, 1, 1, 0}
	params, opt := net.Params(), &nn.Adam[float32]{LR: 0.02}

	var logits, grad mat.Dense[float32]
	for range 300 {
		net.Forward(&logits, x)
		nn.CrossEntropy(&grad, &logits, labels)
		nn.ZeroGrad(params)
		net.Backward(nil, &grad)
		nn.ClipGradNorm(params, 1)
		opt.Step(params)
	}

	net.Forward(&logits, x)
	nn.Softmax(&logits, &logits)
	for i := range x.Rows {
		fmt.Printf("%v: %t\n", x.Row(i), logits.At(i, 1) > 0.5)
	}
	// Output:
	// [0 0]: false
	// [0 1]: true
	// [1 0]: true
	// [1 1]: false
}

func ExampleLinear() {
	l := &nn.Linear[float64]{
		W:   mat.NewDense(2, 3, []float64{1, 0, -1, 0, 1, -1}),
		B:   []float64{0, 10, 0},
		Act: nn.ReLU,
	}
	var y, dx mat.Dense[float64]
	l.Forward(&y, mat.NewDense(1, 2, []float64{2, 3}))
	l.Backward(&dx, mat.NewDense(1, 3, []float64{1, 1, 1}))
	fmt.Println(y.Data, dx.Data, l.GradW.Data, l.GradB)
	for _, p := range l.Params() {
		fmt.Println(p.Name, len(p.Value))
	}
	// Output:
	// [2 13 0] [1 1] [2 2 0 3 3 0] [1 1 0]
	// W 6
	// B 3
}

// Two words a sample: their vectors stand next to one another in the view.
func ExampleEmbedding() {
	words := nn.NewEmbedding[float64](3, 2, rand.New(rand.NewPCG(1, 2)))
	copy(words.W.Data, []float64{1, 1, 2, 2, 3, 3})

	var rows mat.Dense[float64]
	words.Forward(&rows, []int{0, 2, 1, 2})
	fmt.Println(mat.NewDense(2, 4, rows.Data).Row(1))

	words.Backward(mat.NewDense(4, 2, []float64{1, 0, 1, 0, 1, 0, 1, 0}))
	grad := words.Params()[0].Grad
	fmt.Println(grad)
	// Output:
	// [2 2 3 3]
	// [1 0 1 0 2 0]
}

func ExampleSoftmax() {
	var p mat.Dense[float64]
	nn.Softmax(&p, mat.NewDense(1, 3, []float64{1000, 1000, -1000}))
	fmt.Println(p.Data)
	// Output: [0.5 0.5 0]
}

func ExampleCrossEntropy() {
	logits := mat.NewDense(2, 2, []float64{0, 0, 0, 0})
	var grad mat.Dense[float64]
	loss := nn.CrossEntropy(&grad, logits, []int{0, 1})
	fmt.Printf("%.4f %v\n", loss, grad.Data)
	// Output: 0.6931 [-0.25 0.25 0.25 -0.25]
}

func ExampleMSE() {
	var grad mat.Dense[float64]
	loss := nn.MSE(&grad, mat.NewDense(2, 1, []float64{3, 5}), mat.NewDense(2, 1, []float64{1, 5}))
	fmt.Println(loss, grad.Data)
	// Output: 2 [2 0]
}

func ExampleSGD_Step() {
	p := []nn.Param[float64]{{Name: "w", Value: []float64{1}, Grad: []float64{2}}}
	opt := &nn.SGD[float64]{LR: 0.25, Momentum: 0.5}
	for range 3 {
		opt.Step(p)
		fmt.Print(p[0].Value, " ")
	}
	// Output: [0.5] [-0.25] [-1.125]
}

func ExampleAdam_Step() {
	p := []nn.Param[float64]{{Name: "w", Value: []float64{0, 0}, Grad: []float64{200, -3}}}
	(&nn.Adam[float64]{LR: 0.5}).Step(p)
	fmt.Printf("%.6f\n", p[0].Value)
	// Output: [-0.500000 0.500000]
}

func ExampleClipGradNorm() {
	p := []nn.Param[float64]{{Name: "w", Value: []float64{0, 0}, Grad: []float64{30, 40}}}
	fmt.Println(nn.ClipGradNorm(p, 5), p[0].Grad)
	// Output: 50 [3 4]
}

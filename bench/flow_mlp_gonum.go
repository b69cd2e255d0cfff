package main

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	gonum "gonum.org/v1/gonum/mat"

	"github.com/lanes-go/lanes/mat"
)

// gonumLayer is a layer with what its training needs, on gonum's matrices.
type gonumLayer struct {
	w, gradW       *gonum.Dense
	b, gradB       []float64
	momentW        []float64
	momentB        []float64
	x, out, gradIn gonum.Dense // of the last batch
}

func newGonumLayer(w *mat.Dense[float64]) *gonumLayer {
	return &gonumLayer{
		w:       gonum.NewDense(w.Rows, w.Cols, slices.Clone(w.Data)),
		gradW:   gonum.NewDense(w.Rows, w.Cols, nil),
		b:       make([]float64, w.Cols),
		gradB:   make([]float64, w.Cols),
		momentW: make([]float64, w.Rows*w.Cols),
		momentB: make([]float64, w.Cols),
	}
}

// forward sets out to x·W + b.
func (l *gonumLayer) forward(x *gonum.Dense) {
	l.x = *x
	l.out.Reset()
	l.out.Mul(x, l.w)
	rows, _ := l.out.Dims()
	for i := range rows {
		floats.Add(l.out.RawRowView(i), l.b)
	}
}

// backward takes the gradient of out to those of W, b and, if asked, x.
func (l *gonumLayer) backward(grad *gonum.Dense, input bool) {
	l.gradW.Mul(l.x.T(), grad)
	clear(l.gradB)
	rows, _ := grad.Dims()
	for i := range rows {
		floats.Add(l.gradB, grad.RawRowView(i))
	}
	if input {
		l.gradIn.Reset()
		l.gradIn.Mul(grad, l.w.T())
	}
}

func (l *gonumLayer) step() {
	descend(l.w.RawMatrix().Data, l.gradW.RawMatrix().Data, l.momentW)
	descend(l.b, l.gradB, l.momentB)
}

// descend is a step of gradient descent with momentum.
func descend(value, grad, moment []float64) {
	floats.Scale(mlpMomentum, moment)
	floats.Add(moment, grad)
	floats.AddScaled(value, -mlpRate, moment)
}

// gonumMLP returns the training of lanesMLP with gonum's products.
func gonumMLP(task *mlpTask[float64]) func() float64 {
	return func() float64 {
		first, second := newGonumLayer(task.first), newGonumLayer(task.second)
		batch, labels := mat.NewDense[float64](mlpBatch, task.first.Rows, nil), make([]int, mlpBatch)
		x := toGonum(batch)
		for at := 0; at < len(task.order); at += mlpBatch {
			task.batch(at, batch, labels)
			gonumForward(first, second, x)
			logits := &second.out
			for i, label := range labels {
				crossEntropyGradient(logits.RawRowView(i), label)
			}
			second.backward(logits, true)
			// ReLU's derivative is 0 where its result is.
			gate(first.out.RawMatrix().Data, second.gradIn.RawMatrix().Data)
			first.backward(&second.gradIn, false)
			first.step()
			second.step()
		}
		gonumForward(first, second, toGonum(task.held.X))
		return task.accuracy(fromGonum(&second.out))
	}
}

func gonumForward(first, second *gonumLayer, x *gonum.Dense) {
	first.forward(x)
	relu(first.out.RawMatrix().Data)
	second.forward(&first.out)
}

func relu(x []float64) {
	for i, v := range x {
		x[i] = max(v, 0)
	}
}

func gate(y, grad []float64) {
	for i, v := range y {
		if v == 0 {
			grad[i] = 0
		}
	}
}

// crossEntropyGradient replaces a row of logits by the gradient of the batch's
// mean cross-entropy.
func crossEntropyGradient(row []float64, label int) {
	largest := slices.Max(row)
	for j, v := range row {
		row[j] = math.Exp(v - largest)
	}
	floats.Scale(1/floats.Sum(row)/mlpBatch, row)
	row[label] -= 1.0 / mlpBatch
}

// toGonum shares the data of m, whose rows must follow one another.
func toGonum(m *mat.Dense[float64]) *gonum.Dense {
	return gonum.NewDense(m.Rows, m.Cols, m.Data[:m.Rows*m.Cols])
}

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/nn"
)

// The network trained on the digits: one hidden layer of ReLU, stochastic
// gradient descent with momentum, batches in an order fixed beforehand.
const (
	mlpHidden   = 128
	mlpClasses  = 10
	mlpBatch    = 50 // divides the 4000 digits
	mlpEpochs   = 10
	mlpRate     = 0.1
	mlpMomentum = 0.9
	mlpAccuracy = 0.93 // on the digits held out, or the training has failed
)

// mlpTask is a training run that every implementation repeats alike.
type mlpTask[T mat.Float] struct {
	train, held   dataset.Set[T]
	order         []int // samples of all epochs, one after the other
	first, second *mat.Dense[T]
}

func newMLPTask[T mat.Float]() *mlpTask[T] {
	t := &mlpTask[T]{}
	t.train, t.held = dataset.Digits[T]()
	rng := rand.New(rand.NewPCG(7, 0))
	for range mlpEpochs {
		t.order = append(t.order, rng.Perm(t.train.X.Rows)...)
	}
	t.first = nn.NewLinear[T](t.train.X.Cols, mlpHidden, nn.ReLU, rng).W
	t.second = nn.NewLinear[T](mlpHidden, mlpClasses, nn.Identity, rng).W
	return t
}

// batch copies the samples that start at position at into x and labels.
func (t *mlpTask[T]) batch(at int, x *mat.Dense[T], labels []int) {
	for i, sample := range t.order[at : at+mlpBatch] {
		copy(x.Row(i), t.train.X.Row(sample))
		labels[i] = t.train.Labels[sample]
	}
}

// accuracy returns the share of held-out digits whose largest logit is theirs.
func (t *mlpTask[T]) accuracy(logits *mat.Dense[T]) float64 {
	right := 0
	for i, label := range t.held.Labels {
		row := logits.Row(i)
		if row[label] == slices.Max(row) {
			right++
		}
	}
	return float64(right) / float64(len(t.held.Labels))
}

func mlpCell[T mat.Float](s *session) (cell, error) {
	task := newMLPTask[T]()
	trainers := []*mlpTrainer{{impl: "lanes", train: lanesMLP(task)}}
	if task64, ok := any(task).(*mlpTask[float64]); ok {
		trainers = append(trainers, &mlpTrainer{impl: "gonum", train: gonumMLP(task64)})
	}
	var contenders []contender
	for _, t := range trainers {
		contenders = append(contenders, contender{impl: t.impl, run: t.run, check: t.check})
	}
	layers := float64(task.first.Rows*task.first.Cols*2 + task.second.Rows*task.second.Cols*3)
	c := s.contestFor(flowTime*s.time, cell{
		Op: "train", Elem: elemOf[T](), Size: fmt.Sprintf("digits 784-%d-10, %d epochs", mlpHidden, mlpEpochs),
		Flops: 2 * layers * float64(len(task.order)), // forward and two gradients; the input needs none
	}, contenders)
	for _, t := range trainers {
		c.Notes = append(c.Notes, fmt.Sprintf("%s is right on %.1f %% of the held-out digits", t.impl, 100*t.accuracy))
	}
	return c, nil
}

// mlpTrainer trains from the task's first weights and remembers how well.
type mlpTrainer struct {
	impl     string
	train    func() float64
	accuracy float64
}

func (t *mlpTrainer) run() { t.accuracy = t.train() }

func (t *mlpTrainer) check() (float64, error) {
	if t.accuracy < mlpAccuracy {
		return 0, fmt.Errorf("right on %.1f %% of the held-out digits, want %.0f", 100*t.accuracy, 100*mlpAccuracy)
	}
	return (1 - t.accuracy) / (1 - mlpAccuracy), nil
}

// lanesMLP returns the training with package nn.
func lanesMLP[T mat.Float](task *mlpTask[T]) func() float64 {
	return func() float64 {
		first := &nn.Linear[T]{W: task.first.Clone(), B: make([]T, mlpHidden), Act: nn.ReLU}
		second := &nn.Linear[T]{W: task.second.Clone(), B: make([]T, mlpClasses)}
		net := &nn.Sequential[T]{Layers: []nn.Layer[T]{first, second}}
		opt := &nn.SGD[T]{LR: mlpRate, Momentum: mlpMomentum}
		params := net.Params()
		x, labels := mat.NewDense[T](mlpBatch, task.first.Rows, nil), make([]int, mlpBatch)
		var logits, grad, held mat.Dense[T]
		for at := 0; at < len(task.order); at += mlpBatch {
			task.batch(at, x, labels)
			net.Forward(&logits, x)
			nn.CrossEntropy(&grad, &logits, labels)
			nn.ZeroGrad(params)
			net.Backward(nil, &grad)
			opt.Step(params)
		}
		net.Forward(&held, task.held.X)
		return task.accuracy(&held)
	}
}

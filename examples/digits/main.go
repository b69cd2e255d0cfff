// Digits trains a small network on 4000 handwritten digits and prints, after
// each epoch, its loss and its accuracy on 1000 digits that it has not seen.
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/nn"
)

func main() {
	epochs := flag.Int("epochs", 15, "passes over the training set")
	hidden := flag.Int("hidden", 128, "width of the hidden layer")
	seed := flag.Uint64("seed", 1, "seed of the weights and of the order")
	flag.Parse()
	train(os.Stdout, *epochs, *hidden, *seed)
}

// train returns the accuracy on the digits held out, after the last epoch.
func train(w io.Writer, epochs, hidden int, seed uint64) float64 {
	digits, held := dataset.Digits[float32]()
	rng := rand.New(rand.NewPCG(seed, 0))
	net := &nn.Sequential[float32]{Layers: []nn.Layer[float32]{
		nn.NewLinear[float32](digits.X.Cols, hidden, nn.ReLU, rng),
		nn.NewLinear[float32](hidden, 10, nn.Identity, rng),
	}}
	opt := &nn.Adam[float32]{WeightDecay: 1}
	var accuracy float64
	for epoch := 1; epoch <= epochs; epoch++ {
		start := time.Now()
		opt.LR = 2e-3 * float32(epochs-epoch+1) / float32(epochs)
		loss := trainEpoch(net, opt, digits, rng)
		accuracy = evaluate(net, held)
		fmt.Fprintf(w, "epoch %2d  loss %.4f  held-out accuracy %.1f %%  %v\n",
			epoch, loss, 100*accuracy, time.Since(start).Round(time.Millisecond))
	}
	return accuracy
}

// trainEpoch goes once through the set in a new order and returns the mean
// loss.
func trainEpoch(net nn.Layer[float32], opt *nn.Adam[float32], set dataset.Set[float32], rng *rand.Rand) float64 {
	const batch = 50 // divides the 4000
	x := mat.NewDense[float32](batch, set.X.Cols, nil)
	labels := make([]int, batch)
	var logits, grad mat.Dense[float32]
	var loss float64
	params := net.Params()
	order := rng.Perm(set.X.Rows)
	for at := 0; at < len(order); at += batch {
		for i, sample := range order[at : at+batch] {
			copy(x.Row(i), set.X.Row(sample))
			labels[i] = set.Labels[sample]
		}
		net.Forward(&logits, x)
		loss += float64(nn.CrossEntropy(&grad, &logits, labels)) * batch
		nn.ZeroGrad(params)
		net.Backward(nil, &grad)
		opt.Step(params)
	}
	return loss / float64(len(order))
}

// evaluate returns the share of samples whose largest logit is the label's.
func evaluate(net nn.Layer[float32], set dataset.Set[float32]) float64 {
	var logits mat.Dense[float32]
	net.Forward(&logits, set.X)
	right := 0
	for i, label := range set.Labels {
		row := logits.Row(i)
		best := 0
		for j, v := range row {
			if v > row[best] {
				best = j
			}
		}
		if best == label {
			right++
		}
	}
	return float64(right) / float64(len(set.Labels))
}

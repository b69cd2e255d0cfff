// Command tuneworker times products for "bench tune", which builds it against
// each candidate kernel. It reads lines "elem m n k microseconds" and answers
// each with the time of one product in nanoseconds and the peak, in flops per
// nanosecond, measured right after it.
package main

import (
	"bufio"
	"fmt"
	"os"
	"time"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var elem string
		var m, n, k, micros int
		if _, err := fmt.Sscan(lines.Text(), &elem, &m, &n, &k, &micros); err != nil {
			fmt.Fprintf(os.Stderr, "tuneworker: %q: %v\n", lines.Text(), err)
			os.Exit(1)
		}
		sample := timed[float64]
		if elem == "f32" {
			sample = timed[float32]
		}
		fmt.Println(sample(m, n, k, time.Duration(micros)*time.Microsecond))
	}
}

// peakRounds of the loop take some tens of microseconds.
const peakRounds = 5_000

// timed takes one sample of a product and one of the peak, of the same
// duration: the clock drops under load, so that a short one would flatter it.
func timed[T mat.Float](m, n, k int, sample time.Duration) (nanoseconds, peak float64) {
	w := mat.Workspace[T]{Threads: 1}
	a, b, c := filled[T](m, k), filled[T](k, n), mat.NewDense[T](m, n, nil)
	product := func() { w.Gemm(mat.NoTrans, mat.NoTrans, 1, a, b, 0, c) }
	product() // pages, buffers and caches
	nanoseconds, spent := perCall(sample, product)
	flops := 0
	perLoop, _ := perCall(spent, func() { flops = kernels.FMALoop[T](peakRounds) })
	return nanoseconds, float64(flops) / perLoop
}

// perCall repeats work for the time given, in batches that make the clock's
// own cost small, and returns the nanoseconds of one call and the time spent.
func perCall(sample time.Duration, work func()) (nanoseconds float64, spent time.Duration) {
	const leastBatch = 20 * time.Microsecond
	calls, batch := 0, 1
	start := time.Now()
	for before := time.Duration(0); ; {
		for range batch {
			work()
		}
		calls += batch
		spent = time.Since(start)
		if spent >= sample {
			return float64(spent) / float64(calls), spent
		}
		if spent-before < leastBatch {
			batch *= 2
		}
		before = spent
	}
}

func filled[T mat.Float](rows, cols int) *mat.Dense[T] {
	d := mat.NewDense[T](rows, cols, nil)
	for i := range d.Data {
		d.Data[i] = T(i%7) - 3
	}
	return d
}

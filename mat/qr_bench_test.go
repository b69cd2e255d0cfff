package mat_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lanes-go/lanes/mat"
)

// reportFlops sets the metric of a factorization against its flop count.
func reportFlops(b *testing.B, flops float64) {
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func benchmarkQR[T mat.Float](b *testing.B) {
	for _, s := range [][2]int{{32, 32}, {100, 100}, {300, 300}, {1000, 1000}, {10000, 64}} {
		m, n := s[0], s[1]
		a := randomView[T](rand.New(rand.NewPCG(1, 1)), m, n)
		f := mat.QR[T]{Threads: 1}
		flops := 2 * float64(n) * float64(n) * (float64(m) - float64(n)/3)
		b.Run(fmt.Sprintf("Factorize/%dx%d", m, n), func(b *testing.B) {
			for b.Loop() {
				f.Factorize(a)
			}
			reportFlops(b, flops)
		})
		b.Run(fmt.Sprintf("QTo/%dx%d", m, n), func(b *testing.B) {
			var q mat.Dense[T]
			for b.Loop() {
				f.QTo(&q)
			}
			reportFlops(b, flops)
		})
	}
}

func BenchmarkQR(b *testing.B) {
	b.Run("float64", benchmarkQR[float64])
	b.Run("float32", benchmarkQR[float32])
}

package svd_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// BenchmarkGramJacobi reports the stages beside the total.
func BenchmarkGramJacobi(b *testing.B) {
	for _, shape := range [][2]int{{32, 32}, {40, 40}, {48, 48}, {64, 64}, {100, 100}, {128, 128}, {257, 257}, {500, 500}, {1000, 1000}, {1000, 100}, {10000, 64}, {2000, 500}} {
		m, n := shape[0], shape[1]
		rng := rand.New(rand.NewPCG(1, 2))
		b.Run(fmt.Sprintf("%d×%d/random", m, n), func(b *testing.B) {
			benchmarkGram(b, gallery.Gaussian[float64](rng, m, n))
		})
		b.Run(fmt.Sprintf("%d×%d/float32", m, n), func(b *testing.B) {
			benchmarkGram(b, gallery.Gaussian[float32](rng, m, n))
		})
		b.Run(fmt.Sprintf("%d×%d/columns", m, n), func(b *testing.B) {
			benchmarkGram(b, gallery.Scaled[float64](gallery.Gaussian[float64](rng, m, n), nil, gallery.Shuffled(rng, gallery.Grades(n, 16))))
		})
		b.Run(fmt.Sprintf("%d×%d/both", m, n), func(b *testing.B) {
			benchmarkGram(b, gallery.Scaled[float64](gallery.Gaussian[float64](rng, m, n), gallery.Shuffled(rng, gallery.Grades(m, 8)), gallery.Shuffled(rng, gallery.Grades(n, 8))))
		})
	}
}

func benchmarkGram[T mat.Float](b *testing.B, a *mat.Dense[T]) {
	var s svd.SVD[T]
	var best svd.Stats
	for b.Loop() {
		if err := s.Factorize(a, svd.Options{Method: svd.GramJacobi, Threads: 1}); err != nil {
			b.Fatal(err)
		}
		st := s.Stats()
		if best.Method == svd.Auto {
			best = st
		}
		best.Load, best.Eigen = min(best.Load, st.Load), min(best.Eigen, st.Eigen)
		best.Precondition, best.Correct = min(best.Precondition, st.Precondition), min(best.Correct, st.Correct)
	}
	us := func(d interface{ Nanoseconds() int64 }) float64 { return float64(d.Nanoseconds()) / 1e3 }
	b.ReportMetric(us(best.Load), "µs-load")
	b.ReportMetric(us(best.Eigen), "µs-eigen")
	b.ReportMetric(us(best.Precondition), "µs-precond")
	b.ReportMetric(us(best.Correct), "µs-correct")
	b.ReportMetric(float64(best.Windows), "windows")
	b.ReportMetric(float64(best.Sweeps), "corrections")
}

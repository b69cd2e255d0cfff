package spectral

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

func BenchmarkSymDC(b *testing.B) {
	b.Run("f64", benchmarkSymDC[float64])
	b.Run("f32", benchmarkSymDC[float32])
}

// benchmarkSymDC reports the three stages beside the total.
func benchmarkSymDC[T mat.Float](b *testing.B) {
	for _, n := range []int{8, 16, 24, 32, 48, 64, 100, 128, 200, 257, 500, 1000} {
		a := gallery.Symmetric[T](rand.New(rand.NewPCG(1, 2)), n, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var s SymDC[T]
			best := DCStats{Tridiagonal: 1 << 40, Divide: 1 << 40, Back: 1 << 40}
			for b.Loop() {
				if err := s.Factorize(a, false, 1); err != nil {
					b.Fatal(err)
				}
				best.Tridiagonal = min(best.Tridiagonal, s.stats.Tridiagonal)
				best.Divide = min(best.Divide, s.stats.Divide)
				best.Back = min(best.Back, s.stats.Back)
			}
			b.ReportMetric(float64(best.Tridiagonal.Nanoseconds())/1e3, "µs-tridiagonal")
			b.ReportMetric(float64(best.Divide.Nanoseconds())/1e3, "µs-divide")
			b.ReportMetric(float64(best.Back.Nanoseconds())/1e3, "µs-back")
		})
	}
}

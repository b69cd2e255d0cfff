package spectral

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

func tryGram[T mat.Float](t *testing.T, name string, a *mat.Dense[T], want []float64) {
	var g GramSVD[T]
	w := g.Reset(a.Rows, a.Cols)
	w.TransposeFrom(a)
	err := g.Factorize(true, 10, 1)
	if err != nil {
		t.Logf("%s %d×%d: %v %+v", name, a.Rows, a.Cols, err, g.stats)
		return
	}
	s := make([]T, a.Cols)
	u, v := mat.NewDense[T](a.Rows, a.Cols, nil), mat.NewDense[T](a.Cols, a.Cols, nil)
	g.Complete()
	for k := range s {
		s[k] = T(g.D[k])
		for i, x := range g.Left().Row(k) {
			u.Set(i, k, x)
		}
		for i, x := range g.Right().Row(k) {
			v.Set(g.Perm[i], k, x)
		}
	}
	r, ou, ov := oracle.SVDRatios(a, u, s, v)
	worst := 0.0
	for k, x := range want {
		worst = max(worst, math.Abs(float64(s[k])-x)/x)
	}
	t.Logf("%s %d×%d: %.2f %.2f %.2f worst %.1e stats %+v", name, a.Rows, a.Cols, r, ou, ov, worst, g.stats)
}

func TestTryGram(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 5, 40, 100, 200} {
		tryGram(t, "random", gallery.Gaussian[float64](rng, n, n), nil)
		tryGram(t, "random32", gallery.Gaussian[float32](rng, n, n), nil)
		tryGram(t, "randomtall", gallery.Gaussian[float64](rng, 3*n, n), nil)
	}
	const n = 60
	b := gallery.WithSingular[float64](rng, n, n, gallery.Grades(n, 1))
	for _, dec := range []float64{12, 16, 24, 40} {
		a := gallery.Scaled[float64](b, nil, gallery.Grades(n, dec))
		tryGram(t, "col", a, oracle.SingularValues(a, 2*int(dec)+2))
		a = gallery.Scaled[float64](b, nil, gallery.Shuffled(rng, gallery.Grades(n, dec)))
		tryGram(t, "colshuf", a, oracle.SingularValues(a, 2*int(dec)+2))
		if dec < 25 {
			a := gallery.Scaled[float32](b, nil, gallery.Shuffled(rng, gallery.Grades(n, dec)))
			tryGram(t, "colshuf32", a, oracle.SingularValues(a, 2*int(dec)+2))
		}
	}
	a := gallery.Scaled[float64](b, gallery.Grades(n, 16), gallery.Grades(n, 16))
	tryGram(t, "both", a, oracle.SingularValues(a, 70))
	tryGram(t, "k1e8", gallery.WithSingular[float64](rng, 100, 100, gallery.Grades(100, 8)), nil)
	tryGram(t, "k1e8f32", gallery.WithSingular[float32](rng, 100, 100, gallery.Grades(100, 8)), nil)
	for _, x := range gallery.GeneralTypes[float64](rng, 40, 30)[:12] {
		tryGram(t, x.Name, x.A, nil)
	}
	for _, x := range gallery.GeneralTypes[float32](rng, 40, 30)[:12] {
		tryGram(t, x.Name, x.A, nil)
	}
}

// Package gallery makes the test matrices that eigenvalue and singular value
// methods are known to stumble over, most of them with spectra in closed form.
// Only tests import it.
package gallery

import (
	"math"
	"math/rand/v2"

	"github.com/lanes-go/lanes/mat"
)

// build returns the m × n matrix with entries f(i, j), rounded to T.
func build[T mat.Float](m, n int, f func(i, j int) float64) *mat.Dense[T] {
	a := mat.NewDense[T](m, n, nil)
	for i := range m {
		for j := range n {
			a.Data[i*n+j] = T(f(i, j))
		}
	}
	return a
}

// Gaussian returns an m × n matrix of normal deviates.
func Gaussian[T mat.Float](rng *rand.Rand, m, n int) *mat.Dense[T] {
	return build[T](m, n, func(i, j int) float64 { return rng.NormFloat64() })
}

// Symmetric returns a symmetric matrix of normal deviates within the given
// bandwidth: 0 is diagonal, n−1 full.
func Symmetric[T mat.Float](rng *rand.Rand, n, bandwidth int) *mat.Dense[T] {
	a := mat.NewDense[T](n, n, nil)
	for i := range n {
		for j := i; j <= min(i+bandwidth, n-1); j++ {
			v := T(rng.NormFloat64())
			a.Set(i, j, v)
			a.Set(j, i, v)
		}
	}
	return a
}

// WithSpectrum returns Q·diag(d)·Qᵀ for a random orthogonal Q.
func WithSpectrum[T mat.Float](rng *rand.Rand, d []float64) *mat.Dense[T] {
	n := len(d)
	q := Orthonormal(rng, n, n)
	a := build[T](n, n, func(i, j int) float64 {
		if j < i {
			return 0
		}
		return product(q.Row(i), d, q.Row(j))
	})
	for i := range n {
		for j := range i {
			a.Set(i, j, a.At(j, i))
		}
	}
	return a
}

// WithSingular returns the m × n matrix U·diag(sigma)·Vᵀ for random U and V
// with len(sigma) = min(m, n) orthonormal columns.
func WithSingular[T mat.Float](rng *rand.Rand, m, n int, sigma []float64) *mat.Dense[T] {
	u, v := Orthonormal(rng, m, len(sigma)), Orthonormal(rng, n, len(sigma))
	return build[T](m, n, func(i, j int) float64 {
		return product(u.Row(i), sigma, v.Row(j))
	})
}

// product returns u·diag(d)·vᵀ.
func product(u, d, v []float64) (s float64) {
	for k, x := range d {
		s += u[k] * x * v[k]
	}
	return s
}

// Orthonormal returns m × n random orthonormal columns, n <= m, by Gram-Schmidt
// done twice.
func Orthonormal(rng *rand.Rand, m, n int) *mat.Dense[float64] {
	t := Gaussian[float64](rng, m, n).T()
	for j := range n {
		x := t.Row(j)
		for range 2 {
			for k := range j {
				y := t.Row(k)
				s := dot(y, x)
				for i := range x {
					x[i] -= s * y[i]
				}
			}
		}
		norm := math.Sqrt(dot(x, x))
		for i := range x {
			x[i] /= norm
		}
	}
	return t.T()
}

func dot(x, y []float64) (s float64) {
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

// Scaled returns diag(rows)·A·diag(cols), rounded once; a nil diagonal is the
// identity.
func Scaled[T mat.Float](a *mat.Dense[float64], rows, cols []float64) *mat.Dense[T] {
	return build[T](a.Rows, a.Cols, func(i, j int) float64 {
		x := a.At(i, j)
		if rows != nil {
			x *= rows[i]
		}
		if cols != nil {
			x *= cols[j]
		}
		return x
	})
}

// Grades returns n numbers that fall geometrically from 1 over so many decades.
func Grades(n int, decades float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = math.Pow(10, -decades*float64(i)/float64(max(n-1, 1)))
	}
	return d
}

// Shuffled permutes d in place and returns it.
func Shuffled(rng *rand.Rand, d []float64) []float64 {
	rng.Shuffle(len(d), func(i, j int) { d[i], d[j] = d[j], d[i] })
	return d
}

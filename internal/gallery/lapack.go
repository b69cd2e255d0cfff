package gallery

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/lanes-go/lanes/mat"
)

// Named is a matrix with the name that a failing test prints.
type Named[T mat.Float] struct {
	Name string
	A    *mat.Dense[T]
}

// Spectrum is a list of eigenvalues or singular values with a name.
type Spectrum struct {
	Name string
	D    []float64
}

// Spectra returns the distributions of LAPACK's test matrices (dlatms, modes 1
// to 5) for n values between 1 and ulp, and two more: near 1 and −1 by turns,
// and crowding at 1.
func Spectra(rng *rand.Rand, n int, ulp float64) []Spectrum {
	last := float64(max(n-1, 1))
	return []Spectrum{
		spectrum("even", n, func(i int) float64 { return 1 - float64(i)/last*(1-ulp) }),
		spectrum("geometric", n, func(i int) float64 { return math.Pow(ulp, float64(i)/last) }),
		spectrum("one large", n, func(i int) float64 { return choose(i == 0, 1, ulp) }),
		spectrum("one small", n, func(i int) float64 { return choose(i < n-1, 1, ulp) }),
		spectrum("log-random", n, func(int) float64 { return math.Pow(ulp, rng.Float64()) }),
		spectrum("plus and minus one", n, func(i int) float64 { return choose(i%2 == 0, 1, -1) + float64(i)*ulp }),
		spectrum("crowd at one", n, func(i int) float64 { return 1 - math.Pow(ulp, float64(i)/last) }),
	}
}

func spectrum(name string, n int, f func(i int) float64) Spectrum {
	d := make([]float64, n)
	for i := range d {
		d[i] = f(i)
	}
	return Spectrum{name, d}
}

func choose(first bool, a, b float64) float64 {
	if first {
		return a
	}
	return b
}

// SymmetricTypes returns the types of LAPACK's ddrvst for order n: zero,
// identity, spectra of random signs, random full and band matrices, and each
// near overflow and near underflow.
func SymmetricTypes[T mat.Float](rng *rand.Rand, n int) []Named[T] {
	list := []Named[T]{
		{"zero", mat.NewDense[T](n, n, nil)},
		{"identity", mat.Eye[T](n)},
		{"random", Symmetric[T](rng, n, n)},
		{"band", Symmetric[T](rng, n, n/4)},
		{"tridiagonal", Symmetric[T](rng, n, 1)},
		{"diagonal", Symmetric[T](rng, n, 0)},
	}
	ulp, _, _ := limits[T]()
	for _, s := range Spectra(rng, n, ulp) {
		name, d := s.Name, s.D
		list = append(list, Named[T]{name, WithSpectrum[T](rng, d)})
		for i := range d {
			d[i] *= float64(2*rng.IntN(2) - 1)
		}
		list = append(list, Named[T]{name + ", signs", WithSpectrum[T](rng, d)})
		for i := range d {
			d[i] = -math.Abs(d[i])
		}
		list = append(list, Named[T]{name + ", negative", WithSpectrum[T](rng, d)})
	}
	return rescaled(list)
}

// GeneralTypes returns the types of LAPACK's ddrvbd for m × n: zero, identity,
// UΣVᵀ with spectra from 1 to ulp, random, and each near overflow and near
// underflow.
func GeneralTypes[T mat.Float](rng *rand.Rand, m, n int) []Named[T] {
	k := min(m, n)
	list := []Named[T]{
		{"zero", mat.NewDense[T](m, n, nil)},
		{"identity", build[T](m, n, func(i, j int) float64 { return choose(i == j, 1, 0) })},
		{"random", Gaussian[T](rng, m, n)},
		{"rank one", WithSingular[T](rng, m, n, append([]float64{1}, make([]float64, max(k-1, 0))...)[:k])},
		{"ones", build[T](m, n, func(int, int) float64 { return 1 })},
	}
	ulp, _, _ := limits[T]()
	for _, s := range Spectra(rng, k, ulp) {
		list = append(list, Named[T]{s.Name, WithSingular[T](rng, m, n, s.D)})
	}
	return rescaled(list)
}

// rescaled appends each matrix near overflow and near underflow, also far
// enough into the subnormal numbers to lose digits.
func rescaled[T mat.Float](list []Named[T]) []Named[T] {
	_, tiny, huge := limits[T]()
	for _, x := range list {
		for _, f := range []float64{math.Sqrt(huge), math.Sqrt(tiny), huge / 64, tiny * 64, tiny / 64} {
			y := x.A.Clone()
			for i := range y.Data {
				y.Data[i] *= T(f)
			}
			list = append(list, Named[T]{fmt.Sprintf("%s × %.0e", x.Name, f), y})
		}
	}
	return list
}

// limits returns the ulp, the smallest normal and about the largest number.
func limits[T mat.Float]() (ulp, tiny, huge float64) {
	if T(1)/3 == T(float32(1)/3) {
		return 0x1p-23, 0x1p-126, 0x1p127
	}
	return 0x1p-52, 0x1p-1022, 0x1p1023
}

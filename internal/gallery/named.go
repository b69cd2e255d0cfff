package gallery

import (
	"math"
	"math/big"
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// Laplacian returns tridiag(−1, 2, −1) and its eigenvalues 2 − 2cos(kπ/(n+1)),
// ascending.
func Laplacian[T mat.Float](n int) (*mat.Dense[T], []float64) {
	a := build[T](n, n, func(i, j int) float64 {
		switch i - j {
		case 0:
			return 2
		case 1, -1:
			return -1
		}
		return 0
	})
	d := make([]float64, n)
	for k := range d {
		s := math.Sin(float64(k+1) * math.Pi / float64(2*(n+1)))
		d[k] = 4 * s * s
	}
	return a, d
}

// Clement returns the symmetric tridiagonal matrix with zero diagonal and
// √(k(n−k)) beside it, and its eigenvalues −(n−1), −(n−3), …, n−1.
func Clement[T mat.Float](n int) (*mat.Dense[T], []float64) {
	a := build[T](n, n, func(i, j int) float64 {
		if i-j == 1 || j-i == 1 {
			k := float64(max(i, j))
			return math.Sqrt(k * (float64(n) - k))
		}
		return 0
	})
	d := make([]float64, n)
	for k := range d {
		d[k] = float64(2*k - n + 1)
	}
	return a, d
}

// Wilkinson returns the tridiagonal W⁺ of odd order n: ones beside the diagonal
// |i − (n−1)/2|. Its largest eigenvalues come in pairs that nearly coincide.
func Wilkinson[T mat.Float](n int) *mat.Dense[T] {
	return build[T](n, n, func(i, j int) float64 {
		switch i - j {
		case 0:
			return math.Abs(float64(i - n/2))
		case 1, -1:
			return 1
		}
		return 0
	})
}

// Lauchli returns the (n+1) × n matrix of a row of ones over eps·I and its
// singular values √(n+eps²), then eps n−1 times. Its Gram matrix loses eps where
// eps² < ulp.
func Lauchli[T mat.Float](n int, eps float64) (*mat.Dense[T], []float64) {
	e := float64(T(eps))
	a := build[T](n+1, n, func(i, j int) float64 {
		switch i {
		case 0:
			return 1
		case j + 1:
			return e
		}
		return 0
	})
	s := slices.Repeat([]float64{e}, n)
	if n > 0 {
		s[0] = math.Sqrt(float64(n) + e*e)
	}
	return a, s
}

// Hadamard returns Sylvester's matrix of order n, a power of two: symmetric,
// entries ±1, every singular value √n, half of the eigenvalues ±√n each.
func Hadamard[T mat.Float](n int) *mat.Dense[T] {
	return build[T](n, n, func(i, j int) float64 {
		sign := 1.0
		for bits := i & j; bits != 0; bits &= bits - 1 {
			sign = -sign
		}
		return sign
	})
}

// Hilbert returns 1/(i+j+1), positive definite with κ ≈ 10^(1.5n).
func Hilbert[T mat.Float](n int) *mat.Dense[T] {
	return build[T](n, n, func(i, j int) float64 { return 1 / float64(i+j+1) })
}

// Kahan returns the upper triangular matrix diag(1, s, s², …)·(unit triangle of
// −c), s² + c² = 1, whose rank QR with column pivoting misjudges.
func Kahan[T mat.Float](n int, theta float64) *mat.Dense[T] {
	s, c := math.Sincos(theta)
	return build[T](n, n, func(i, j int) float64 {
		switch {
		case i > j:
			return 0
		case i == j:
			return math.Pow(s, float64(i))
		}
		return -c * math.Pow(s, float64(i))
	})
}

// Vandermonde returns x_i^j for m equally spaced x_i in (0, 1].
func Vandermonde[T mat.Float](m, n int) *mat.Dense[T] {
	return build[T](m, n, func(i, j int) float64 {
		return math.Pow(float64(i+1)/float64(m), float64(j))
	})
}

// Pascal returns the symmetric matrix of binomials (i+j choose i): determinant
// 1, eigenvalues in reciprocal pairs.
func Pascal[T mat.Float](n int) *mat.Dense[T] {
	return build[T](n, n, func(i, j int) float64 {
		f, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(i+j), int64(i))).Float64()
		return f
	})
}

// Frank returns the upper Hessenberg matrix of determinant 1 whose entries are
// n − max(i, j), and whose small eigenvalues are ill-conditioned.
func Frank[T mat.Float](n int) *mat.Dense[T] {
	return build[T](n, n, func(i, j int) float64 {
		if i > j+1 {
			return 0
		}
		return float64(n - max(i, j))
	})
}

// Circulant returns the symmetric circulant of a row c with c[k] = c[n−k], and
// its eigenvalues Σ c_k cos(2πjk/n), ascending.
func Circulant[T mat.Float](c []float64) (*mat.Dense[T], []float64) {
	n := len(c)
	a := build[T](n, n, func(i, j int) float64 { return c[(j-i+n)%n] })
	d := make([]float64, n)
	for j := range d {
		for k, x := range c {
			d[j] += x * math.Cos(2*math.Pi*float64(j*k%n)/float64(n))
		}
	}
	slices.Sort(d)
	return a, d
}

package spectral

import (
	"math"
	"math/rand/v2"
)

// symType is a family of symmetric test matrices in float64.
type symType struct {
	name  string
	build func(n int, ulp, huge float64, rng *rand.Rand) []float64
}

// symTypes are LAPACK's types for the symmetric drivers (ddrvst) and matrices
// with a reputation. ulp is that of the type under test; huge, near the root
// of its largest number, scales the types that come near over- and underflow.
var symTypes = []symType{
	{"zero", func(n int, _, _ float64, _ *rand.Rand) []float64 { return make([]float64, n*n) }},
	{"identity", func(n int, _, _ float64, _ *rand.Rand) []float64 { return diagonal(constant(n, 1)) }},
	{"diagonal even", func(n int, ulp, _ float64, rng *rand.Rand) []float64 { return diagonal(signs(even(n, ulp), rng)) }},
	{"diagonal geometric", func(n int, ulp, _ float64, rng *rand.Rand) []float64 { return diagonal(signs(geometric(n, ulp), rng)) }},
	{"diagonal clustered", func(n int, ulp, _ float64, rng *rand.Rand) []float64 { return diagonal(signs(clustered(n, ulp), rng)) }},
	{"diagonal geometric huge", func(n int, ulp, huge float64, rng *rand.Rand) []float64 {
		return scaled(huge, diagonal(signs(geometric(n, ulp), rng)))
	}},
	{"diagonal geometric small", func(n int, ulp, huge float64, rng *rand.Rand) []float64 {
		return scaled(1/huge, diagonal(signs(geometric(n, ulp), rng)))
	}},
	{"even", func(n int, ulp, _ float64, rng *rand.Rand) []float64 {
		return similar(signs(even(n, ulp), rng), n, rng)
	}},
	{"geometric", func(n int, ulp, _ float64, rng *rand.Rand) []float64 {
		return similar(signs(geometric(n, ulp), rng), n, rng)
	}},
	{"clustered", func(n int, ulp, _ float64, rng *rand.Rand) []float64 {
		return similar(signs(clustered(n, ulp), rng), n, rng)
	}},
	{"even huge", func(n int, ulp, huge float64, rng *rand.Rand) []float64 {
		return scaled(huge, similar(signs(even(n, ulp), rng), n, rng))
	}},
	{"even small", func(n int, ulp, huge float64, rng *rand.Rand) []float64 {
		return scaled(1/huge, similar(signs(even(n, ulp), rng), n, rng))
	}},
	{"even largest", func(n int, ulp, huge float64, rng *rand.Rand) []float64 {
		return scaled(huge*huge/16, similar(even(n, ulp), n, rng))
	}},
	{"even subnormal", func(n int, ulp, huge float64, rng *rand.Rand) []float64 {
		return scaled(64/huge/huge, similar(even(n, ulp), n, rng))
	}},
	{"random", func(n int, _, _ float64, rng *rand.Rand) []float64 { return random(n, rng) }},
	{"random huge", func(n int, _, huge float64, rng *rand.Rand) []float64 { return scaled(huge, random(n, rng)) }},
	{"random small", func(n int, _, huge float64, rng *rand.Rand) []float64 { return scaled(1/huge, random(n, rng)) }},
	{"band", func(n int, ulp, _ float64, rng *rand.Rand) []float64 {
		return keep(random(n, rng), n, func(i, j int) bool { return j-i <= 3 && i-j <= 3 })
	}},
	{"repeated", func(n int, _, _ float64, rng *rand.Rand) []float64 {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(i % 3)
		}
		return similar(d, n, rng)
	}},
	{"rank one", func(n int, _, _ float64, rng *rand.Rand) []float64 {
		d := make([]float64, n)
		d[0] = 1
		return similar(d, n, rng)
	}},
	{"ones", func(n int, _, _ float64, _ *rand.Rand) []float64 { return constant(n*n, 1) }},
	{"block diagonal", func(n int, _, _ float64, rng *rand.Rand) []float64 {
		return keep(random(n, rng), n, func(i, j int) bool { return i/7 == j/7 })
	}},
	{"graded down", func(n int, ulp, _ float64, rng *rand.Rand) []float64 { return graded(n, ulp*ulp, rng) }},
	{"graded up", func(n int, ulp, _ float64, rng *rand.Rand) []float64 { return graded(n, 1/ulp/ulp, rng) }},
	{"second difference", func(n int, _, _ float64, _ *rand.Rand) []float64 {
		return tridiagonalMatrix(constant(n, 2), constant(n-1, -1))
	}},
	{"clement", func(n int, _, _ float64, _ *rand.Rand) []float64 {
		e := make([]float64, n-1)
		for i := range e {
			e[i] = math.Sqrt(float64(i+1) * float64(n-1-i))
		}
		return tridiagonalMatrix(make([]float64, n), e)
	}},
	{"wilkinson", func(n int, _, _ float64, _ *rand.Rand) []float64 {
		d := make([]float64, n)
		for i := range d {
			d[i] = math.Abs(float64(i) - float64(n-1)/2)
		}
		return tridiagonalMatrix(d, constant(n-1, 1))
	}},
	{"wilkinson glued", func(n int, ulp, _ float64, _ *rand.Rand) []float64 {
		d, e := make([]float64, n), constant(n-1, 1)
		for i := range d {
			d[i] = math.Abs(float64(i%21) - 10)
			if i%21 == 20 && i < n-1 {
				e[i] = math.Sqrt(ulp)
			}
		}
		return tridiagonalMatrix(d, e)
	}},
	{"hilbert", func(n int, _, _ float64, _ *rand.Rand) []float64 {
		a := make([]float64, n*n)
		for i := range n {
			for j := range n {
				a[i*n+j] = 1 / float64(i+j+1)
			}
		}
		return a
	}},
	{"gram of tall random", func(n int, _, _ float64, rng *rand.Rand) []float64 {
		x := make([]float64, 3*n*n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		a := make([]float64, n*n)
		for p := range 3 * n {
			for i := range n {
				for j := range n {
					a[i*n+j] += x[p*n+i] * x[p*n+j]
				}
			}
		}
		return a
	}},
}

func constant(n int, x float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = x
	}
	return d
}

// even, geometric and clustered run from 1 to ulp.
func even(n int, ulp float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = 1 - float64(i)/float64(max(n-1, 1))*(1-ulp)
	}
	return d
}

func geometric(n int, ulp float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = math.Pow(ulp, float64(i)/float64(max(n-1, 1)))
	}
	return d
}

func clustered(n int, ulp float64) []float64 {
	d := constant(n, ulp)
	d[0] = 1
	return d
}

func signs(d []float64, rng *rand.Rand) []float64 {
	for i := range d {
		if rng.IntN(2) == 0 {
			d[i] = -d[i]
		}
	}
	return d
}

func diagonal(d []float64) []float64 {
	n := len(d)
	a := make([]float64, n*n)
	for i, x := range d {
		a[i*n+i] = x
	}
	return a
}

func tridiagonalMatrix(d, e []float64) []float64 {
	n := len(d)
	a := diagonal(d)
	for i, x := range e {
		a[i*n+i+1], a[(i+1)*n+i] = x, x
	}
	return a
}

func scaled(s float64, a []float64) []float64 {
	for i := range a {
		a[i] *= s
	}
	return a
}

func random(n int, rng *rand.Rand) []float64 {
	a := make([]float64, n*n)
	for i := range n {
		for j := i; j < n; j++ {
			a[i*n+j] = 2*rng.Float64() - 1
			a[j*n+i] = a[i*n+j]
		}
	}
	return a
}

func keep(a []float64, n int, in func(i, j int) bool) []float64 {
	for i := range n {
		for j := range n {
			if !in(i, j) {
				a[i*n+j] = 0
			}
		}
	}
	return a
}

// graded is D·B·D with random B and a diagonal from 1 to last.
func graded(n int, last float64, rng *rand.Rand) []float64 {
	a := random(n, rng)
	root := geometric(n, math.Sqrt(last))
	for i := range n {
		for j := range n {
			a[i*n+j] *= root[i] * root[j]
		}
	}
	return a
}

// similar is U·diag(d)·Uᵀ, U a product of random reflectors.
func similar(d []float64, reflectors int, rng *rand.Rand) []float64 {
	n := len(d)
	a := diagonal(d)
	v, w := make([]float64, n), make([]float64, n)
	for range min(reflectors, 30) {
		var vv float64
		for i := range v {
			v[i] = rng.NormFloat64()
			vv += v[i] * v[i]
		}
		var vw float64
		for i := range w {
			w[i] = 0
			for j := range v {
				w[i] += 2 / vv * a[i*n+j] * v[j]
			}
			vw += v[i] * w[i]
		}
		for i := range w {
			w[i] -= vw / vv * v[i]
		}
		for i := range n {
			for j := range n {
				a[i*n+j] -= v[i]*w[j] + w[i]*v[j]
			}
		}
	}
	for i := range n { // rounding may differ between the triangles
		for j := range i {
			a[i*n+j] = a[j*n+i]
		}
	}
	return a
}

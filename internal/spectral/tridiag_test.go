package spectral

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

func TestReflector(t *testing.T) { eachFloat(t, testReflector[float32], testReflector[float64]) }

// testReflector applies I - tau·v·vᵀ in float64 to what it was made from.
func testReflector[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, tail := range []float64{1, 1e-3, 1e-7, 1e-30, 1e-200, 0} {
		for n := 1; n < 40; n++ {
			x := make([]T, n)
			x[0] = T(rng.NormFloat64())
			for i := 1; i < n; i++ {
				x[i] = T(tail * rng.NormFloat64())
			}
			v := append([]T(nil), x...)
			beta, tau := reflector(v)
			require.EqualValues(t, 1, v[0])
			var vx, vv float64
			for i := range x {
				vx += float64(v[i]) * float64(x[i])
				vv += float64(v[i]) * float64(v[i])
			}
			bound := float64(n+4) * float64(ulp[T]()) * math.Abs(float64(beta))
			for i := range x {
				want := 0.0
				if i == 0 {
					want = float64(beta)
				}
				require.InDelta(t, want, float64(x[i])-float64(tau)*vx*float64(v[i]), bound)
			}
			if tau != 0 { // orthogonal: tau·vᵀv = 2
				require.InDelta(t, 2, float64(tau)*vv, float64(n+4)*float64(ulp[T]()))
			}
		}
	}
}

func TestSymvProduct(t *testing.T) {
	eachFloat(t, testSymvProduct[float32], testSymvProduct[float64])
}

// testSymvProduct leaves NaN where the product has no business to read.
func testSymvProduct[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	block := symvBlock[T]()
	for n := block; n <= 9*block; n += block {
		full := gallery.Symmetric[T](rng, n, n)
		a := mat.NewDense[T](n, n+3, nil)
		x := make([]T, n)
		for i := range n {
			x[i] = T(rng.NormFloat64())
			for j := range n {
				a.Set(i, j, full.At(i, j))
				if j < i/block*block {
					a.Set(i, j, T(math.NaN()))
				}
			}
		}
		for parts := 1; parts <= symvParts; parts++ {
			y := make([]T, n)
			sums := mat.NewDense[T](symvParts, n, nil)
			sums.Fill(T(math.NaN()))
			p := symvProduct[T]{n: n, parts: parts, upward: parts%2 == 0, a: a.Data, lda: a.Stride, x: x, y: y, sums: sums}
			for i := range parts {
				p.Task(0, i)
			}
			p.add()
			for i := range n {
				var want, size float64
				for j := range n {
					p := float64(full.At(i, j)) * float64(x[j])
					want += p
					size += math.Abs(p)
				}
				require.InDelta(t, want, float64(y[i]), float64(n)*float64(ulp[T]())*size)
			}
		}
	}
}

// TestSymvCuts: the parts of every order are adjacent, cover it and, where
// there are several, differ little.
func TestSymvCuts(t *testing.T) {
	block := symvBlock[float64]()
	for n := block; n < 5000; n += block {
		parts := symvCuts[float64](n)
		for i := range parts {
			first, next := symvCut[float64](n, i, parts), symvCut[float64](n, i+1, parts)
			require.Zero(t, first%block)
			require.LessOrEqual(t, first, next)
			area := float64(n-first)*float64(n-first) - float64(n-next)*float64(n-next)
			require.InDelta(t, 1, area*float64(parts)/(float64(n)*float64(n)), 0.3, "order %d, part %d of %d", n, i, parts)
		}
		require.Zero(t, symvCut[float64](n, 0, parts))
		require.Equal(t, n, symvCut[float64](n, parts, parts))
	}
	require.Equal(t, 1, symvCuts[float64](500))
	require.Equal(t, symvParts, symvCuts[float64](1<<20))
}

func TestTridiagonalReduction(t *testing.T) {
	eachFloat(t, testTridiagonalReduction[float32], testTridiagonalReduction[float64])
}

// testTridiagonalReduction compares A·Q with Q·T, Q made by the back
// transformation of the identity, and Q with its reflectors one by one.
func testTridiagonalReduction[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var tri tridiagonal[T]
	var back backTransform[T]
	var ws mat.Workspace[T]
	for _, n := range []int{1, 2, 3, 15, 16, 17, 33, 70, 100} {
		a := gallery.Symmetric[T](rng, n, n)
		tri.reset(n)
		tri.load(a, 0)
		tri.reduce(&ws)
		qt := mat.Eye[T](n) // rows become columns of Q
		back.apply(&ws, &tri.a, tri.tau, qt, nil)
		scale := float64(n) * float64(ulp[T]())
		require.Less(t, oracle.Orthogonality(qt), 10.0, "n = %d", n)
		reference := explicitQ(&tri, n)
		for i := range n {
			for j := range n {
				require.InDelta(t, reference.At(i, j), float64(qt.At(j, i)), 4*scale, "n = %d", n)
				require.InDelta(t, 0, residualOf(a, &tri, qt, i, j), 4*scale*float64(n), "n = %d", n)
			}
		}
	}
}

// residualOf is entry (i, j) of A·Q - Q·T, Q the transpose of qt.
func residualOf[T mat.Float](a *mat.Dense[T], tri *tridiagonal[T], qt *mat.Dense[T], i, j int) float64 {
	var r float64
	for k, q := range qt.Row(j) {
		r += float64(a.At(i, k)) * float64(q)
	}
	r -= float64(tri.d[j]) * float64(qt.At(j, i))
	if j > 0 {
		r -= float64(tri.e[j-1]) * float64(qt.At(j-1, i))
	}
	if j < a.Rows-1 {
		r -= float64(tri.e[j]) * float64(qt.At(j+1, i))
	}
	return r
}

// explicitQ multiplies the reflectors out in float64.
func explicitQ[T mat.Float](tri *tridiagonal[T], n int) *mat.Dense[float64] {
	q := mat.Eye[float64](n)
	for i := range n - 1 {
		v := tri.a.Row(i)
		for r := range n {
			var s float64
			for c := range n {
				s += q.At(r, c) * float64(v[c])
			}
			for c := range n {
				q.Set(r, c, q.At(r, c)-float64(tri.tau[i])*s*float64(v[c]))
			}
		}
	}
	return q
}

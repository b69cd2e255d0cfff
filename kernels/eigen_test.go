package kernels

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecularLoops(t *testing.T) {
	t.Run("float64", testSecularLoops[float64])
	t.Run("float32", testSecularLoops[float32])
}

func testSecularLoops[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	eps := 1e-14
	if !is64[T]() {
		eps = 1e-5
	}
	for n := 1; n < 70; n++ {
		pole, weight, prod := make([]T, n), make([]T, n), make([]T, n)
		for i := range n {
			pole[i], weight[i], prod[i] = T(i)+T(rng.Float64())/2, T(rng.Float64()), T(rng.Float64())
		}
		own := rng.IntN(n)
		origin, shift := pole[own], T(rng.Float64())/4+1e-3
		a, b, c, d := SecularSums(pole, weight, origin, shift)
		a2, b2, c2, d2 := secularSumsGo(pole, weight, origin, shift)
		for i, x := range []T{a, b, c, d} {
			require.InDelta(t, 1, ratio(x, []T{a2, b2, c2, d2}[i]), eps)
		}
		want := append([]T{}, prod...)
		SecularProduct(pole, origin, shift, origin, prod)
		secularProductGo(pole, origin, shift, origin, want)
		for i := range n {
			if i != own {
				require.InDelta(t, 1, ratio(prod[i], want[i]), eps)
			}
		}
		x, y := make([]T, n), make([]T, n)
		s := SecularVector(pole, weight, origin, shift, x)
		s2 := secularVectorGo(pole, weight, origin, shift, y)
		require.InDelta(t, 1, ratio(s, s2), eps)
		for i := range n {
			require.InDelta(t, 1, ratio(x[i], y[i]), eps)
		}
	}
}

func ratio[T Float](x, y T) float64 {
	if x == y {
		return 1
	}
	return float64(x) / float64(y)
}

func TestSymv(t *testing.T) {
	t.Run("float64", testSymv[float64])
	t.Run("float32", testSymv[float32])
}

func testSymv[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	block := SymvBlock[T]()
	for n := block; n <= 300; n += block {
		lda := n + block
		a, x, y := make([]T, n*lda), make([]T, n), make([]T, n)
		for i := range n {
			x[i] = T(rng.NormFloat64())
			for j := range i + 1 {
				v := T(rng.NormFloat64())
				a[j*lda+i] = v
				a[i*lda+j] = T(math.NaN())
				if j/block == i/block {
					a[i*lda+j] = v
				}
			}
		}
		part := n / 3 / block * block // what the first rows give, then the rest
		Symv(part, n, a, lda, x, y, true)
		Symv(n-part, n-part, a[part*lda+part:], lda, x[part:], y[part:], true)
		for i := range n {
			var want, size float64
			for j := range n {
				p := float64(a[min(i, j)*lda+max(i, j)]) * float64(x[j])
				want += p
				size += math.Abs(p)
			}
			eps := 0x1p-53
			if !is64[T]() {
				eps = 0x1p-24
			}
			require.InDelta(t, want, float64(y[i]), float64(n)*eps*size)
		}
	}
}

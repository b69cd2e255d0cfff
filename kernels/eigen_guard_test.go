package kernels_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// TestSecularAtPages: the loops over the poles touch nothing beyond them, and
// give the same bits wherever vectors lie.
func TestSecularAtPages(t *testing.T) {
	both(t, testSecularAtPages[float32], testSecularAtPages[float64])
}

func testSecularAtPages[T kernels.Float](t *testing.T) {
	const most = 70
	rng := rand.New(rand.NewPCG(7, 8))
	regions := [4]*guard.Region[T]{}
	for i := range regions {
		regions[i] = guard.New[T](t, most)
	}
	var previous []T
	for n := 1; n <= most; n++ {
		pole, weight := make([]T, n), make([]T, n)
		for i := range n {
			pole[i], weight[i] = T(i)+T(rng.Float64())/2, T(rng.Float64())+1
		}
		previous = nil
		for place := range places(regions[0]) {
			at := func(r int) []T { return places(regions[r])[place](n) }
			p, w, product, dst := at(0), at(1), at(2), at(3)
			copy(p, pole)
			copy(w, weight)
			copy(product, weight)
			psi, psiSlope, phi, phiSlope := kernels.SecularSums(p, w, p[n/2], T(0.25))
			kernels.SecularProduct(p, p[n/2], T(0.25), T(-1), product)
			squares := kernels.SecularVector(p, w, p[n/2], T(0.25), dst)
			got := append([]T{psi, psiSlope, phi, phiSlope, squares}, product...)
			got = append(got, dst...)
			if previous != nil {
				require.Equal(t, previous, got, "length %d, place %d", n, place)
			}
			previous = got
			for _, r := range regions {
				r.Check(t)
			}
		}
	}
}

// TestSymvAtPages: a matrix whose last row ends at an unreadable page, and
// vectors between two of them.
func TestSymvAtPages(t *testing.T) { both(t, testSymvAtPages[float32], testSymvAtPages[float64]) }

func testSymvAtPages[T kernels.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	block := kernels.SymvBlock[T]()
	for n := block; n <= 5*block; n += block {
		lda := n + 3
		size := (n-1)*lda + n
		ra, rx, ry := guard.New[T](t, size), guard.New[T](t, n), guard.New[T](t, n)
		values := make([]T, size+2*n)
		random(rng, values)
		var previous []T
		for place := range places(rx) {
			a, x, y := places(ra)[place](size), places(rx)[place](n), places(ry)[place](n)
			copy(a, values)
			copy(x, values[size:])
			copy(y, values[size+n:])
			kernels.Symv(n, n, a, lda, x, y, place%2 == 0)
			kernels.Symv(n, n, a, lda, x, y, place%2 == 1)
			if previous != nil {
				require.Equal(t, previous, y, "order %d, place %d", n, place)
			}
			previous = append([]T{}, y...)
			ra.Check(t)
			rx.Check(t)
			ry.Check(t)
		}
	}
}

package kernels_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// product returns a·b of square matrices, b transposed on request.
func product(n int, a, b []float64, transposed bool) []float64 {
	c := make([]float64, n*n)
	for i := range n {
		for j := range n {
			for k := range n {
				x := b[k*n+j]
				if transposed {
					x = b[j*n+k]
				}
				c[i*n+j] += a[i*n+k] * x
			}
		}
	}
	return c
}

// dense returns the symmetric tridiagonal matrix with diagonal d and off-diagonal e.
func dense[T kernels.Float](d, e []T) []float64 {
	n := len(d)
	a := make([]float64, n*n)
	for i, x := range d {
		a[i*n+i] = float64(x)
	}
	for i, x := range e {
		a[i*n+i+1], a[(i+1)*n+i] = float64(x), float64(x)
	}
	return a
}

// near requires two matrices to differ by at most bound in every entry.
func near(t *testing.T, want, got []float64, bound float64, what string, n int) {
	t.Helper()
	for i := range want {
		require.InDelta(t, want[i], got[i], bound, "%s, n = %d, entry %d", what, n, i)
	}
}

func TestQLSweep(t *testing.T) { both(t, testQLSweep[float32], testQLSweep[float64]) }

// testQLSweep: with G the product of the rotations, G·T·Gᵀ is the new matrix, and
// with an eigenvalue for the shift it splits. Operands lie at unreadable pages,
// where they have the same bits as elsewhere; the spare ones stay as they are.
func testQLSweep[T kernels.Float](t *testing.T) {
	const most = 40
	rng := newRand()
	rd, re := guard.New[float64](t, most+1+kernels.QLSpare), guard.New[float64](t, most+kernels.QLSpare)
	rc, rs := guard.New[T](t, most+kernels.QLSpare), guard.New[T](t, most+kernels.QLSpare)
	work := guard.New[float64](t, kernels.QLWork(most+1))
	eps := machineEps[T]()
	for k := 1; k <= most; k++ {
		n := k + 1
		d0, e0 := make([]float64, n), make([]float64, k)
		for i := range d0 {
			d0[i] = rng.Float64()*2 - 1
		}
		for i := range e0 {
			e0[i] = rng.Float64() - 0.5
		}
		shift := rng.Float64() - 0.5
		var previous []float64
		for place := range places(rd) {
			d, e := places(rd)[place](n+kernels.QLSpare), places(re)[place](k+kernels.QLSpare)
			c, s := places(rc)[place](k+kernels.QLSpare), places(rs)[place](k+kernels.QLSpare)
			w := places(work)[place](kernels.QLWork(n))
			guard.Fill(d[n:])
			guard.Fill(e[k:])
			copy(d, d0)
			copy(e, e0)
			require.True(t, kernels.QLSweep(k, d, e, shift, c, s, w))
			require.Equal(t, -1, guard.Touched(d[n:]), "k = %d", k)
			require.Equal(t, -1, guard.Touched(e[k:]), "k = %d", k)
			got := append(slices.Clone(d[:n]), e[:k]...)
			if previous != nil {
				require.Equal(t, previous, got, "k = %d, place %d", k, place)
			}
			previous = got
			rd.Check(t)
			re.Check(t)
			rc.Check(t)
			rs.Check(t)
			work.Check(t)
			rotations := identity[T](n)
			kernels.RotRows(n, rotations, n, c[:k], s[:k])
			g := widened(rotations)
			near(t, dense(d[:n], e[:k]), product(n, product(n, g, dense(d0, e0), false), g, true), 20*eps, "similarity", n)
			near(t, widened(identity[float64](n)), product(n, g, g, true), 20*eps, "orthogonality", n)
		}
	}
}

func identity[T kernels.Float](n int) []T {
	a := make([]T, n*n)
	for i := range n {
		a[i*n+i] = 1
	}
	return a
}

func widened[T kernels.Float](x []T) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// Where minors leave the range of normal numbers, or are none, nothing changes.
func TestQLSweepRange(t *testing.T) {
	for name, entries := range map[string][3]float64{
		"small": {1e-30, 1e-30, 0}, "large": {1e30, 1e30, 0}, "NaN": {math.NaN(), 1, 0}, "Inf": {1, math.Inf(1), 0}, "shift": {1, 1, math.NaN()},
	} {
		for _, k := range []int{8, 16, 31} {
			d, e := make([]float64, k+1+kernels.QLSpare), make([]float64, k+kernels.QLSpare)
			for i := range k + 1 {
				d[i] = entries[0] * float64(1+i%3)
			}
			for i := range k {
				e[i] = entries[1] * float64(1+i%2)
			}
			c, s := make([]float64, k+kernels.QLSpare), make([]float64, k+kernels.QLSpare)
			d0, e0 := slices.Clone(d), slices.Clone(e)
			ok := kernels.QLSweep(k, d, e, entries[2], c, s, make([]float64, kernels.QLWork(k+1)))
			if ok {
				require.Less(t, k, 16, name) // the range is wide
				require.Contains(t, []string{"small", "large"}, name)
				continue
			}
			for i := range d {
				require.Equal(t, math.Float64bits(d0[i]), math.Float64bits(d[i]), name)
			}
			for i := range e {
				require.Equal(t, math.Float64bits(e0[i]), math.Float64bits(e[i]), name)
			}
		}
	}
}

func TestRotRows(t *testing.T) { both(t, testRotRows[float32], testRotRows[float64]) }

// testRotRows compares with rotations one by one, at unreadable pages. A NaN stays
// in its column.
func testRotRows[T kernels.Float](t *testing.T) {
	const rows, most = 6, 150
	rng := newRand()
	eps := machineEps[T]()
	region := guard.New[T](t, rows*(most+3))
	for n := range most {
		for k := 1; k < rows; k++ {
			c, s, start := make([]T, k), make([]T, k), make([]T, (k+1)*(n+3))
			for j := range c {
				sine, cosine := math.Sincos(rng.Float64() * 7)
				c[j], s[j] = T(cosine), T(sine)
			}
			random(rng, start)
			ldz := n + k%4
			want := widened(start)
			for j := k - 1; j >= 0; j-- {
				for i := range n {
					x, y := want[(j+1)*ldz+i], want[j*ldz+i]
					want[(j+1)*ldz+i], want[j*ldz+i] = float64(c[j])*x+float64(s[j])*y, float64(c[j])*y-float64(s[j])*x
				}
			}
			place := places(region)[(n+k)%len(places(region))]
			z := place(k*ldz + n)
			copy(z, start)
			if n > 2 {
				z[2] = nan[T]()
			}
			kernels.RotRows(n, z, ldz, c, s)
			region.Check(t)
			for i := range z {
				switch row, col := i/max(ldz, 1), i%max(ldz, 1); {
				case col < n && col == 2 && row <= 1:
					require.True(t, isNaN(z[i]), "n = %d, k = %d", n, k)
				case col < n && col == 2:
				case col >= n:
					require.Equal(t, start[i], z[i], "n = %d, k = %d", n, k)
				default:
					require.InDelta(t, want[i], float64(z[i]), 40*eps, "n = %d, k = %d, entry %d", n, k, i)
				}
			}
		}
	}
}

func TestTridiag(t *testing.T) { both(t, testTridiag[float32], testTridiag[float64]) }

// testTridiag: Q·T·Qᵀ is the matrix, Q being what Ormtr makes of the identity,
// with the bits that rows have in one call, wherever operands lie.
func testTridiag[T kernels.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	line := kernels.SymvBlock[T]()
	eps := machineEps[T]()
	for n := 1; n <= kernels.TridiagOrder; n += 1 + n/20 {
		lda := (n+line-1)/line*line + n%2*line
		width := (n + line - 1) / line * line
		size := (n-1)*lda + width
		start := make([]T, size)
		for i := range n {
			for j := range i + 1 {
				x := T(rng.NormFloat64())
				if n%7 == 0 && i-j > 3 {
					x = 0
				}
				start[i*lda+j], start[j*lda+i] = x, x
			}
		}
		ra, rq := guard.New[T](t, size), guard.New[T](t, size)
		re, rw := guard.New[T](t, n), guard.New[T](t, kernels.TridiagWork[T](n))
		var previous []T
		for place := range 2 {
			a, q := places(ra)[place](size), places(rq)[place](size)
			e, work := places(re)[place](n-1), places(rw)[place](kernels.TridiagWork[T](n))
			d, tau := make([]T, n), make([]T, n)
			copy(a, start)
			clear(work)
			step := n
			if place == 1 {
				step = max(n/3, 1)
			}
			for first := 0; first < n; first += step {
				kernels.Tridiag(first, min(first+step, n), n, a, lda, d, e, tau, work)
			}
			for i := range n {
				clear(a[i*lda:][:i+1])
			}
			clear(q)
			for i := range n {
				q[i*lda+i] = 1
			}
			kernels.Ormtr(n, width, a, lda, tau, q, lda)
			ra.Check(t)
			rq.Check(t)
			re.Check(t)
			rw.Check(t)
			got := slices.Concat(d, e, tau, a, q)
			if previous != nil {
				require.Equal(t, previous, got, "n = %d", n)
			}
			previous = got
			requireTridiagonal(t, n, lda, start, q, d, e, 10*eps*float64(n))
		}
	}
}

// requireTridiagonal requires that q·a·qᵀ is the tridiagonal matrix, and q orthogonal.
func requireTridiagonal[T kernels.Float](t *testing.T, n, lda int, a, q, d, e []T, bound float64) {
	t.Helper()
	packed := func(x []T) []float64 {
		y := make([]float64, 0, n*n)
		for i := range n {
			y = append(y, widened(x[i*lda:][:n])...)
		}
		return y
	}
	wa, wq := packed(a), packed(q)
	near(t, widened(identity[float64](n)), product(n, wq, wq, true), bound, "orthogonality", n)
	near(t, dense(d, e), product(n, product(n, wq, wa, false), wq, true), 3*bound, "similarity", n)
}

func TestTridiagCallerBugs(t *testing.T) {
	x := make([]float64, 100)
	panicsWith(t, "Tridiag", func() { kernels.Tridiag(0, 3, 3, x, 3, x, x, x, x) }, "lda = 3")
	panicsWith(t, "Tridiag", func() { kernels.Tridiag(0, 3, 3, x, 8, x, x, x, x[:23]) }, "len(work) = 23")
	panicsWith(t, "Ormtr", func() { kernels.Ormtr(3, 3, x, 8, x, x, 8) }, "cols = 3")
	panicsWith(t, "QLSweep", func() { kernels.QLSweep(1, x[:9], x, 0, x, x, x) }, "len(d) = 9")
	panicsWith(t, "RotRows", func() { kernels.RotRows(5, x[:9], 5, x[:1], x[:1]) }, "len(z) = 9")
}

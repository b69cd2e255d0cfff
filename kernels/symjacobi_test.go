package kernels

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
)

// placed returns rotations whose operands, of just their size, lie where at puts
// them.
func placed(n int, at func(operand, size int) []float64) *SymRotations {
	var s SymRotations
	s.Reset(n)
	order := s.Order
	s.A, s.d = at(0, order*order), at(1, 2*order+symTail)
	s.x, s.y = at(2, 2*order*order), at(3, 2*order*order)
	clear(s.A)
	return &s
}

// symmetric fills the first n rows of an operand: random numbers, small integers with
// their ties, or a graded diagonal.
func (s *SymRotations) symmetric(rng *rand.Rand, n, kind int) {
	for i := range n {
		for j := range i + 1 {
			x := 2*rng.Float64() - 1
			switch kind {
			case 1:
				x = math.Round(1.4 * x)
			case 2:
				x *= math.Pow(10, -2*float64(i+j))
			}
			s.A[i*s.Order+j], s.A[j*s.Order+i] = x, x
		}
	}
}

// errors returns the largest entries of A·V − V·Λ and I − VᵀV.
func (s *SymRotations) errors() (residual, orthogonality float64) {
	n := s.Order
	for i := range n {
		v := s.V[i*n:][:n]
		for k := range n {
			residual = max(residual, math.Abs(dotGo(s.A[k*n:][:n], v)-s.Values[i]*v[k]))
			product := dotGo(s.V[k*n:][:n], v)
			if k == i {
				product--
			}
			orthogonality = max(orthogonality, math.Abs(product))
		}
	}
	return residual, orthogonality
}

// TestSymRotations: the operands lie at unreadable pages and elsewhere, where the
// result has the same bits, and so it has a sweep at a time.
func TestSymRotations(t *testing.T) {
	const tol = 0x1p-55
	rng := rand.New(rand.NewPCG(3, 5))
	var regions [4]*guard.Region[float64]
	for i := range regions {
		regions[i] = guard.New[float64](t, 2*symSquare)
	}
	for trial := range 600 {
		n, kind := trial%(SymOrder+1), trial%3
		var whole SymRotations
		whole.Reset(n)
		whole.symmetric(rng, n, kind)
		sweeps := whole.Sweep(30, tol)
		require.LessOrEqual(t, whole.Off, tol, "n = %d", n)
		require.Less(t, sweeps, 12, "n = %d", n)
		residual, orthogonality := whole.errors()
		require.Less(t, residual, 0x1p-48, "n = %d, kind %d", n, kind)
		require.Less(t, orthogonality, 0x1p-50, "n = %d, kind %d", n, kind)
		for i := n; i < whole.Order; i++ {
			require.Zero(t, whole.Values[i])
			require.Equal(t, 1., whole.V[i*whole.Order+i], "row %d of order %d is turned", i, n)
		}
		for place := range 3 {
			s := placed(n, func(operand, size int) []float64 {
				r := regions[operand]
				return [](func() []float64){
					func() []float64 { return r.Tail(size) },
					func() []float64 { return r.Head(size) },
					func() []float64 { return r.Unaligned(size, 1+operand) },
				}[place]()
			})
			copy(s.A, whole.A)
			done := s.Sweep(0, tol)
			require.Zero(t, done)
			for !(s.Off <= tol) && done < 30 {
				done += s.Sweep(1, tol)
			}
			require.Equal(t, sweeps, done)
			require.Equal(t, whole.Rotations, s.Rotations)
			require.Equal(t, whole.Off, s.Off)
			require.Equal(t, whole.V, s.V, "n = %d, place %d", n, place)
			require.Equal(t, whole.Values, s.Values, "n = %d, place %d", n, place)
			for _, r := range regions {
				r.Check(t)
			}
		}
	}
}

// A diagonal matrix needs no sweep, the zero matrix neither; NaN and what is too
// much for the sweeps do not look converged.
func TestSymRotationsEnd(t *testing.T) {
	var s SymRotations
	for _, x := range []float64{0, 1} {
		s.Reset(7)
		s.A[0], s.A[9] = x, -3*x
		require.Zero(t, s.Sweep(30, 0x1p-55))
		require.Zero(t, s.Off+float64(s.Rotations))
		require.Equal(t, []float64{x, -3 * x}, s.Values[:2])
	}
	rng := rand.New(rand.NewPCG(3, 6))
	s.Reset(8)
	s.symmetric(rng, 8, 0)
	require.Equal(t, 2, s.Sweep(2, 0x1p-55))
	require.Greater(t, s.Off, 0x1p-55)
	require.Greater(t, s.Rotations, 28)
	require.LessOrEqual(t, s.Rotations, 56)
	s.Reset(8)
	s.A[1], s.A[8] = math.NaN(), math.NaN()
	require.Equal(t, 3, s.Sweep(3, 0x1p-55))
	require.False(t, s.Off <= 0x1p-55)
	require.PanicsWithValue(t, Error{"SymRotations.Reset", "n = 9"}, func() { s.Reset(9) })
	require.Zero(t, testing.AllocsPerRun(10, func() {
		s.Reset(8)
		s.Sweep(3, 0x1p-55)
	}))
}

package kernels_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/kernels"
)

func TestJacobiRows(t *testing.T) { both(t, testJacobiRows[float32], testJacobiRows[float64]) }

// Sweeps make w orthogonal, keep its norm, and turn v alike: w = v·w₀ where v was
// the identity. Shapes are around every width of a vector.
func testJacobiRows[T kernels.Float](t *testing.T) {
	rng := newRand()
	var j kernels.JacobiRows[T]
	for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 24, 31, 32, 33, 47, 64, 70} {
		for _, w := range []int{n, n + 3, 2*n + 1} {
			j.Reset(n, w, n)
			start := make([][]T, n)
			for i := range n {
				random(rng, j.Row(i)[:w])
				start[i] = append(start[i], j.Row(i)[:w]...)
				j.Row(i)[j.VStart+i] = 1
			}
			eps := machineEps[T]()
			rotations, sweeps, cosine := 1, 0, 0.0
			for ; rotations > 0; sweeps++ {
				require.Less(t, sweeps, 20, "%d×%d", n, w)
				rotations, cosine = j.Sweep(T(8*eps), 0)
			}
			require.LessOrEqual(t, cosine, 8.01*eps)
			for i := range n {
				checkJacobiRow(t, &j, i, n, w, start)
			}
		}
	}
}

func checkJacobiRow[T kernels.Float](t *testing.T, j *kernels.JacobiRows[T], i, n, w int, start [][]T) {
	eps := machineEps[T]()
	row := j.Row(i)
	wi, vi := row[:w], row[j.VStart:j.VStart+n]
	for k := range i {
		cosine := float64(kernels.Dot(wi, j.Row(k)[:w])) / float64(kernels.Nrm2(wi)) / float64(kernels.Nrm2(j.Row(k)[:w]))
		within(t, math.Abs(cosine), 16*eps, i, n)
	}
	want := make([]float64, w)
	scale := 0.0
	for k, x := range vi {
		for c, y := range start[k] {
			want[c] += float64(x) * float64(y)
		}
		scale = math.Hypot(scale, float64(kernels.Nrm2(start[k])))
	}
	for c := range wi {
		within(t, math.Abs(float64(wi[c])-want[c]), 20*eps*scale, i, n)
	}
	for _, x := range row[w:j.VStart] {
		require.Zero(t, x, "beyond w")
	}
	for _, x := range row[j.VStart+n:] {
		require.Zero(t, x, "beyond v")
	}
}

func machineEps[T kernels.Float]() float64 {
	if T(1)/3 == T(float32(1)/3) {
		return 0x1p-23
	}
	return 0x1p-52
}

func TestJacobiAngles(t *testing.T) { both(t, testJacobiAngles[float32], testJacobiAngles[float64]) }

// One rotation makes any two rows orthogonal, also where the squares of what
// their angle comes from would leave the range of T.
func testJacobiAngles[T kernels.Float](t *testing.T) {
	large := math.Pow(machineEps[T](), -2.3)
	for _, s := range []T{1, 1e-3, 1e-8, T(1 / large), T(large), 1e8} {
		for _, cosine := range []T{0, 1e-6, -1e-2, 0.7, -0.999} {
			for _, swap := range []bool{false, true} {
				var j kernels.JacobiRows[T]
				j.Reset(2, 2, 0)
				x, y := j.Row(0), j.Row(1)
				if swap {
					x, y = y, x
				}
				x[0] = 1
				y[0], y[1] = s*cosine, s*T(math.Sqrt(1-float64(cosine*cosine)))
				rotations, met := j.Sweep(T(8*machineEps[T]()), 0)
				require.Equal(t, cosine != 0, rotations == 1, "%g %g", s, cosine)
				require.InDelta(t, math.Abs(float64(cosine)), met, 1e-3)
				_, met = j.Sweep(2, 0)
				lost := math.Sqrt(1 - float64(cosine*cosine)) // what cancellation leaves of the shorter row
				require.LessOrEqual(t, met, 4*machineEps[T]()/lost, "%g %g", s, cosine)
				require.InEpsilon(t, 1, kernels.Nrm2([]T{kernels.Nrm2(x), kernels.Nrm2(y)})/kernels.Nrm2([]T{1, s}), 4*machineEps[T]())
			}
		}
	}
}

// Rows that vanish, and equal rows, end at once: the traps of naive rotations.
func TestJacobiDegenerate(t *testing.T) {
	both(t, testJacobiDegenerate[float32], testJacobiDegenerate[float64])
}

func testJacobiDegenerate[T kernels.Float](t *testing.T) {
	var j kernels.JacobiRows[T]
	j.Reset(12, 12, 0)
	rotations, cosine := j.Sweep(0, 0)
	require.Zero(t, rotations)
	require.Zero(t, cosine)
	for i := range 12 { // rank one
		for k := range 12 {
			j.Row(i)[k] = 1
		}
	}
	floor := T(machineEps[T]() * machineEps[T]() * 144)
	for range 3 {
		rotations, _ = j.Sweep(T(8*machineEps[T]()), floor)
	}
	require.Zero(t, rotations)
	largest, sum := T(0), T(0)
	for i := range 12 {
		s := kernels.SumSq(j.Row(i))
		require.False(t, isNaN(s))
		largest, sum = max(largest, s), sum+s
	}
	require.InEpsilon(t, 144, largest, 100*machineEps[T]())
	require.InEpsilon(t, 144, sum, 100*machineEps[T]())
}

func TestJacobiRowsChecks(t *testing.T) {
	var j kernels.JacobiRows[float64]
	panicsWith(t, "JacobiRows.Reset", func() { j.Reset(-1, 2, 2) }, "n = -1")
	panicsWith(t, "JacobiRows.Reset", func() { j.Reset(1<<20, 1<<20, 0) }, "w = 1048576")
	j.Reset(20, 20, 20)
	require.Zero(t, testing.AllocsPerRun(5, func() {
		j.Reset(20, 20, 20)
		j.Sweep(0, 0)
		j.Reset(6, 20, 3)
	}))
}

func TestJacobiUnits(t *testing.T) { both(t, testJacobiUnits[float32], testJacobiUnits[float64]) }

// Units are unit vectors, but for rows at the floor, and keep the squares of the
// lengths, in which a common factor of w and v does not count.
func testJacobiUnits[T kernels.Float](t *testing.T) {
	rng := newRand()
	eps := machineEps[T]()
	var j kernels.JacobiRows[T]
	for _, n := range []int{0, 1, 2, 3, 5, 8, 16, 17, 33} {
		for _, v := range []int{0, n} {
			j.Reset(n, n+1, v)
			want := make([]float64, n)
			for i := range n {
				w, length := j.Row(i)[:n+1], 1.0
				random(rng, w)
				if i == n/2 {
					kernels.Scal(1e-6, w)
				}
				if v > 0 {
					random(rng, j.Row(i)[j.VStart:][:v])
					length = float64(kernels.SumSq(j.Row(i)[j.VStart:][:v]))
				}
				want[i] = float64(kernels.SumSq(w)) / length
			}
			d := make([]T, n)
			j.Units(1e-8, d)
			for i := range n {
				w, v := j.Row(i)[:n+1], j.Row(i)[j.VStart:][:v]
				if i == n/2 && n > 0 {
					require.Zero(t, d[i])
					require.Zero(t, kernels.SumSq(w))
				} else {
					require.InEpsilon(t, want[i], d[i], 2*float64(n+4)*eps, "n = %d", n)
					require.InDelta(t, 1, kernels.SumSq(w), float64(n+8)*eps, "n = %d", n)
				}
				if len(v) > 0 {
					require.InDelta(t, 1, kernels.SumSq(v), float64(n+8)*eps, "n = %d", n)
				}
			}
		}
	}
}

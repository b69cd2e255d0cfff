package kernels_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/kernels"
)

// laneOf returns entry k of row i of the matrix in a lane.
func laneOf[T kernels.Float](j *kernels.JacobiLanes[T], lane, i, k int) *T {
	return &j.Data[(i*j.Stride+k)*j.Lanes+lane]
}

// rowOf copies a row of the matrix in a lane.
func rowOf[T kernels.Float](j *kernels.JacobiLanes[T], lane, i int) []T {
	row := make([]T, j.Stride)
	for k := range row {
		row[k] = *laneOf(j, lane, i, k)
	}
	return row
}

// fill puts w to a lane, rows behind one another, and the identity to v.
func fill[T kernels.Float](j *kernels.JacobiLanes[T], lane, n int, w []T, gather bool) {
	for i := range n {
		for k := range j.Stride {
			*laneOf(j, lane, i, k) = 0
		}
		for k, x := range w[i*len(w)/n : (i+1)*len(w)/n] {
			*laneOf(j, lane, i, k) = x
		}
		if gather {
			*laneOf(j, lane, i, j.VStart+i) = 1
		}
	}
}

func TestJacobiLanes(t *testing.T) { both(t, testJacobiLanes[float32], testJacobiLanes[float64]) }

// In every lane sweeps make w orthogonal and turn v alike, and give the bits that
// they give where all other lanes are empty.
func testJacobiLanes[T kernels.Float](t *testing.T) {
	rng := newRand()
	eps := machineEps[T]()
	tol := T(8 * eps)
	for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 18, 33} {
		for _, w := range []int{n, n + 3} {
			var j, alone kernels.JacobiLanes[T]
			j.Reset(n, w, n)
			start := make([][]T, j.Lanes)
			for lane := range start {
				start[lane] = make([]T, n*w)
				if lane != 1 {
					random(rng, start[lane])
				}
				fill(&j, lane, n, start[lane], true)
			}
			sweeps := make([]int, j.Lanes)
			for s := 0; ; s++ {
				require.Less(t, s, 20)
				j.Sweep(tol)
				busy := false
				for lane, r := range j.Rotations {
					if r > 0 {
						sweeps[lane], busy = s+1, true
					}
				}
				if !busy {
					break
				}
			}
			for lane := range j.Lanes {
				require.LessOrEqual(t, float64(j.Cosine[lane]), 8.01*eps)
				alone.Reset(n, w, n)
				clear(alone.Data)
				fill(&alone, lane, n, start[lane], true)
				for range sweeps[lane] {
					alone.Sweep(tol)
				}
				for i := range n {
					row := rowOf(&j, lane, i)
					require.Equal(t, rowOf(&alone, lane, i), row, "n = %d, lane %d, row %d", n, lane, i)
					checkLaneRow(t, row, j.VStart, i, n, w, start[lane])
				}
			}
		}
	}
}

func checkLaneRow[T kernels.Float](t *testing.T, row []T, vStart, i, n, w int, start []T) {
	want := make([]float64, w)
	scale := 1.0
	for k, v := range row[vStart : vStart+n] {
		scale = math.Hypot(scale, float64(kernels.Nrm2(start[k*w:][:w])))
		for c := range want {
			want[c] += float64(v) * float64(start[k*w+c])
		}
	}
	for c, x := range want {
		within(t, math.Abs(float64(row[c])-x), 20*machineEps[T]()*scale, i, n)
	}
	for _, x := range append(row[w:vStart:vStart], row[vStart+n:]...) {
		require.Zero(t, x, "beyond w and v")
	}
}

func TestJacobiLanesAngles(t *testing.T) {
	both(t, testJacobiLanesAngles[float32], testJacobiLanesAngles[float64])
}

// One rotation makes two rows orthogonal, each lane with an angle of its own.
func testJacobiLanesAngles[T kernels.Float](t *testing.T) {
	large := math.Pow(machineEps[T](), -2.3)
	sizes := []T{1, 1e-3, 1e-8, T(1 / large), T(large), 1e8, 3}
	for at, cosine := range []T{0, 1e-6, -1e-2, 0.7, -0.999} {
		var j kernels.JacobiLanes[T]
		j.Reset(2, 2, 0)
		size := func(lane int) T { return sizes[(lane+at)%len(sizes)] }
		for lane := range j.Lanes {
			s := size(lane)
			fill(&j, lane, 2, []T{1, 0, s * cosine, s * T(math.Sqrt(1-float64(cosine*cosine)))}, false)
		}
		j.Floor[j.Lanes-1] = T(math.Inf(1)) // keeps the last as it is
		j.Sweep(T(8 * machineEps[T]()))
		if j.Lanes > 1 {
			require.Zero(t, j.Rotations[j.Lanes-1])
			require.Zero(t, j.Cosine[j.Lanes-1])
		}
		for lane := range j.Lanes - 1 {
			require.Equal(t, cosine != 0, j.Rotations[lane] == 1)
			require.InDelta(t, math.Abs(float64(cosine)), j.Cosine[lane], 1e-3)
			x, y := rowOf(&j, lane, 0), rowOf(&j, lane, 1)
			length := math.Hypot(1, float64(size(lane)))
			require.InEpsilon(t, length, math.Hypot(float64(kernels.Nrm2(x)), float64(kernels.Nrm2(y))), 4*machineEps[T]())
		}
		j.Sweep(2)
		lost := math.Sqrt(1 - float64(cosine*cosine))
		for _, met := range j.Cosine[:j.Lanes-1] {
			require.LessOrEqual(t, float64(met), 4*machineEps[T]()/lost)
		}
	}
}

func TestJacobiLanesRayleigh(t *testing.T) {
	both(t, testJacobiLanesRayleigh[float32], testJacobiLanesRayleigh[float64])
}

// Rows become unit vectors, and the quotients are those of their matrix.
func testJacobiLanesRayleigh[T kernels.Float](t *testing.T) {
	rng := newRand()
	for _, n := range []int{1, 2, 3, 8, 13, 32, 70} {
		var j kernels.JacobiLanes[T]
		j.Reset(n, n, 0)
		w, a := make([]T, n*n), make([]T, (n+n%2)*j.Stride*j.Lanes)
		full := make([][]T, j.Lanes)
		for lane := range j.Lanes {
			random(rng, w)
			if n > 1 {
				w[0] = T(math.Copysign(0, -1))
			}
			fill(&j, lane, n, w, false)
			full[lane] = make([]T, n*n)
			random(rng, full[lane])
			for i := range n {
				for k := range i + 1 {
					full[lane][k*n+i] = full[lane][i*n+k]
					a[(i*j.Stride+k)*j.Lanes+lane] = full[lane][i*n+k]
					a[(k*j.Stride+i)*j.Lanes+lane] = full[lane][i*n+k]
				}
			}
		}
		d := make([]T, n*j.Lanes)
		before := append([]T(nil), j.Data...)
		j.Rayleigh(a, d)
		for lane := range j.Lanes {
			require.False(t, n > 1 && math.Signbit(float64(*laneOf(&j, lane, 0, 0))), "negative zero")
			for i := range n {
				v := rowOf(&j, lane, i)
				require.InDelta(t, 1, kernels.Nrm2(v), 4*machineEps[T]())
				ratio := before[(i*j.Stride+n-1)*j.Lanes+lane] / v[n-1]
				want := 0.0
				for k := range n {
					require.InDelta(t, float64(before[(i*j.Stride+k)*j.Lanes+lane]), float64(ratio*v[k]), 1e-5*math.Max(1, math.Abs(float64(ratio))))
					for c := range n {
						want += float64(v[k]) * float64(full[lane][k*n+c]) * float64(v[c])
					}
				}
				require.InDelta(t, want, d[i*j.Lanes+lane], float64(4*n)*machineEps[T]())
				for _, x := range v[n:] {
					require.Zero(t, x)
				}
			}
		}
	}
}

func TestJacobiLanesChecks(t *testing.T) {
	var j kernels.JacobiLanes[float64]
	panicsWith(t, "JacobiLanes.Reset", func() { j.Reset(-1, 2, 2) }, "n = -1")
	panicsWith(t, "JacobiLanes.Reset", func() { j.Reset(1<<16, 1<<16, 0) }, "w = 65536") // beyond 32 bits
	panicsWith(t, "JacobiLanes.Reset", func() { j.Reset(math.MaxInt, 2, 2) }, "w = 2")
	j.Reset(3, 3, 0)
	panicsWith(t, "JacobiLanes.Rayleigh", func() { j.Rayleigh(make([]float64, 12*j.Lanes), make([]float64, 3*j.Lanes)) }, "len(a)")
	j.Reset(20, 20, 20)
	panicsWith(t, "JacobiLanes.Rayleigh", func() { j.Rayleigh(nil, nil) }, "v = 20")
	require.Zero(t, testing.AllocsPerRun(5, func() {
		j.Reset(20, 20, 20)
		j.Sweep(0)
		j.Reset(6, 20, 3)
	}))
}

func TestJacobiLanesUnits(t *testing.T) {
	both(t, testJacobiLanesUnits[float32], testJacobiLanesUnits[float64])
}

// In every lane Units does what it does for a single matrix, with a floor of the
// lane's own, and leaves no negative zeros.
func testJacobiLanesUnits[T kernels.Float](t *testing.T) {
	rng := newRand()
	eps := machineEps[T]()
	var none kernels.JacobiLanes[T]
	none.Reset(0, 1, 0)
	none.Units(nil)
	for _, n := range []int{1, 2, 5, 8, 17} {
		for _, gather := range []bool{false, true} {
			v := 0
			if gather {
				v = n
			}
			var j kernels.JacobiLanes[T]
			j.Reset(n, n+1, v)
			start := make([][]T, j.Lanes)
			for lane := range start {
				start[lane] = make([]T, n*(n+1))
				random(rng, start[lane])
				start[lane][0] = T(math.Copysign(0, -1))
				fill(&j, lane, n, start[lane], gather)
				if lane%2 == 1 {
					j.Floor[lane] = T(n + 1)
				}
			}
			d := make([]T, n*j.Lanes)
			j.Units(d)
			for lane := range start {
				for i := range n {
					row := rowOf(&j, lane, i)
					squares := kernels.SumSq(start[lane][i*(n+1):][:n+1])
					got := d[i*j.Lanes+lane]
					if squares <= j.Floor[lane] {
						require.Zero(t, got)
						require.Zero(t, kernels.SumSq(row[:n+1]))
					} else {
						require.InEpsilon(t, squares, got, float64(n+4)*eps)
						require.InDelta(t, 1, kernels.SumSq(row[:n+1]), float64(n+8)*eps)
					}
					require.False(t, math.Signbit(float64(row[0])) && row[0] == 0)
				}
			}
		}
	}
}

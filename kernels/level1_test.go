package kernels_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/kernels"
)

func TestAxpy(t *testing.T) { both(t, testAxpy[float32], testAxpy[float64]) }

func testAxpy[T kernels.Float](t *testing.T) {
	rng := newRand()
	gamma := oracle.Gamma[T](2)
	forPlaced(t, func(x, y []T) {
		random(rng, x)
		random(rng, y)
		x0, y0 := slices.Clone(x), slices.Clone(y)
		kernels.Axpy(-2.3, x, y)
		for i := range y {
			want := oracle.Axpby(-2.3, x0[i], 1, y0[i])
			within(t, want.Error(float64(y[i])), gamma*want.Abs(), i, len(y))
		}
		require.True(t, slices.Equal(x0, x), "x is only read")
	})
}

func TestDot(t *testing.T) { both(t, testDot[float32], testDot[float64]) }

func testDot[T kernels.Float](t *testing.T) {
	rng := newRand()
	forPlaced(t, func(x, y []T) {
		random(rng, x)
		random(rng, y)
		got := kernels.Dot(x, y)
		want := oracle.Dot(x, y)
		within(t, want.Error(float64(got)), oracle.Gamma[T](len(x))*want.Abs(), 0, len(x))
		again := kernels.Dot(slices.Clone(x), slices.Clone(y))
		require.Equal(t, bits(got), bits(again), "length %d: the result depends on the address", len(x))
	})
}

// TestDotIntegers uses sums that are exact in any order, so that a single
// element missed or taken twice shows.
func TestDotIntegers(t *testing.T) { both(t, testDotIntegers[float32], testDotIntegers[float64]) }

func testDotIntegers[T kernels.Float](t *testing.T) {
	forPlaced(t, func(x, y []T) {
		want := 0
		for i := range x {
			a, b := i%7-3, i%5-2
			x[i], y[i] = T(a), T(b)
			want += a * b
		}
		require.Equal(t, T(want), kernels.Dot(x, y), "length %d", len(x))
	})
}

func TestScal(t *testing.T) { both(t, testScal[float32], testScal[float64]) }

func testScal[T kernels.Float](t *testing.T) {
	rng := newRand()
	forPlaced(t, func(x, y []T) {
		random(rng, x)
		copy(y, x)
		kernels.Scal(T(1.7), y)
		for i := range x {
			if y[i] != x[i]*T(1.7) {
				t.Fatalf("element %d of %d: got %v, want %v", i, len(x), y[i], x[i]*T(1.7))
			}
		}
		guard.Fill(y)
		kernels.Scal(0, y)
		for i := range y {
			if bits(y[i]) != 0 {
				t.Fatalf("element %d of %d: Scal by 0 left %v of a NaN", i, len(y), y[i])
			}
		}
	})
}

func TestRot(t *testing.T) { both(t, testRot[float32], testRot[float64]) }

func testRot[T kernels.Float](t *testing.T) {
	rng := newRand()
	gamma := oracle.Gamma[T](2)
	const c, s = 0.8, -0.6
	forPlaced(t, func(x, y []T) {
		random(rng, x)
		random(rng, y)
		x0, y0 := slices.Clone(x), slices.Clone(y)
		kernels.Rot(x, y, c, s)
		for i := range x {
			wantX, wantY := oracle.Axpby(c, x0[i], s, y0[i]), oracle.Axpby(c, y0[i], -T(s), x0[i])
			within(t, wantX.Error(float64(x[i])), gamma*wantX.Abs(), i, len(x))
			within(t, wantY.Error(float64(y[i])), gamma*wantY.Abs(), i, len(y))
		}
	})
}

// TestSpecialValues puts one NaN or Inf at every position in turn: it must
// reach its own element, all of it and nothing else.
func TestSpecialValues(t *testing.T) { both(t, testSpecialValues[float32], testSpecialValues[float64]) }

func testSpecialValues[T kernels.Float](t *testing.T) {
	for n := 1; n <= 150; n++ {
		x, y := make([]T, n), make([]T, n)
		reset := func() {
			for i := range x {
				x[i], y[i] = 1, 2
			}
		}
		for at := range n {
			for _, special := range []T{nan[T](), inf[T](), -inf[T]()} {
				reset()
				x[at] = special
				kernels.Axpy(1, x, y)
				requireOnly(t, y, at, special+2, 3)

				kernels.Scal(-1, x)
				requireOnly(t, x, at, -special, -1)

				reset()
				x[at] = special
				kernels.Rot(x, y, 0.5, 0.25)
				requireOnly(t, x, at, special, 1)
				requireOnly(t, y, at, -special, 0.75)

				reset()
				x[at] = special
				requireSame(t, special, kernels.Dot(x, y))
				y[at] = 0
				require.True(t, isNaN(kernels.Dot(x, y)), "%v·0 at %d of %d", special, at, n)
				require.True(t, isNaN(kernels.Dot(y, x)), "0·%v at %d of %d", special, at, n)
			}
		}
	}
}

// requireOnly requires that x holds special at index at and rest elsewhere.
func requireOnly[T kernels.Float](t *testing.T, x []T, at int, special, rest T) {
	t.Helper()
	for i, v := range x {
		want := rest
		if i == at {
			want = special
		}
		if v != want && !(isNaN(v) && isNaN(want)) {
			t.Fatalf("special value at %d of %d: element %d is %v, want %v", at, len(x), i, v, want)
		}
	}
}

func requireSame[T kernels.Float](t *testing.T, want, got T) {
	t.Helper()
	if got != want && !(isNaN(got) && isNaN(want)) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestAlphaZero(t *testing.T) { both(t, testAlphaZero[float32], testAlphaZero[float64]) }

func testAlphaZero[T kernels.Float](t *testing.T) {
	negativeZero := T(math.Copysign(0, -1))
	for n := range 70 {
		x, y := make([]T, n), make([]T, n)
		for i := range x {
			x[i], y[i] = nan[T](), negativeZero
		}
		kernels.Axpy(0, x, y)
		kernels.Axpy(negativeZero, x, y)
		for i := range y {
			require.Equal(t, bits(negativeZero), bits(y[i]), "Axpy by 0 changed element %d of %d", i, n)
		}
	}
}

func TestLengthPanics(t *testing.T) { both(t, testLengthPanics[float32], testLengthPanics[float64]) }

func testLengthPanics[T kernels.Float](t *testing.T) {
	x, y := make([]T, 3), make([]T, 14)
	panicsWith(t, "Axpy", func() { kernels.Axpy(1, x, y) }, "3", "14")
	panicsWith(t, "Axpy", func() { kernels.Axpy(0, y, x) }, "3", "14")
	panicsWith(t, "Dot", func() { kernels.Dot(x, y) }, "3", "14")
	panicsWith(t, "Dot", func() { kernels.Dot(nil, y) }, "0", "14")
	panicsWith(t, "Rot", func() { kernels.Rot(x, y, 1, 0) }, "3", "14")
	a := make([]T, 41) // a 3 × 14 matrix lacks one
	panicsWith(t, "Gemv", func() { kernels.Gemv(3, 14, 1, a, 14, 1, y, 0, x) }, "3×14", "41")
	panicsWith(t, "Gemv", func() { kernels.Gemv(14, 3, 1, a, 1, 14, x, 0, y) }, "14×3", "41")
	panicsWith(t, "Gemv", func() { kernels.Gemv(2, 14, 1, a, 14, 1, x, 0, x) }, "len(x) = 3")
	panicsWith(t, "Gemv", func() { kernels.Gemv(14, 2, 1, a, 1, 14, x, 1, x) }, "len(y) = 3")
	panicsWith(t, "Ger", func() { kernels.Ger(3, 14, 1, x, y, a, 14) }, "3×14", "41")
	panicsWith(t, "Ger", func() { kernels.Ger(2, 14, 1, x, x, a, 14) }, "len(y) = 3")
	panicsWith(t, "Ger", func() { kernels.Ger(4, 3, 1, x, x, a, 10) }, "len(x) = 3")
}

// TestStackVectors holds the vectors to the stack: a call through a func value
// would move them to the heap.
func TestStackVectors(t *testing.T) { both(t, testStackVectors[float32], testStackVectors[float64]) }

func testStackVectors[T kernels.Float](t *testing.T) {
	var sum T
	allocs := testing.AllocsPerRun(100, func() {
		var x, y [37]T
		x[5], y[5] = 2, 3
		kernels.Axpy(2, x[:], y[:])
		kernels.Scal(3, x[:])
		kernels.Rot(x[:], y[:], 0, 1)
		sum += kernels.Dot(x[:], y[:])
	})
	require.Zero(t, allocs)
	require.Equal(t, T(101*7*-6), sum)
}

func TestEmpty(t *testing.T) {
	kernels.Axpy[float64](1, nil, nil)
	kernels.Scal[float64](2, nil)
	kernels.Rot[float64](nil, nil, 1, 0)
	require.Zero(t, kernels.Dot[float64](nil, nil))
}

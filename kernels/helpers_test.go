package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// both runs a test body for both element types.
func both(t *testing.T, f32, f64 func(*testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

// lengths covers every tail of every register width, and the limits of the
// chunks in which long vectors are worked off.
func lengths() []int {
	var ns []int
	for n := range 201 {
		ns = append(ns, n)
	}
	return append(ns, 255, 256, 257, 1023, 4099, 8191, 8192, 8193, 16383, 16385, 32767, 32768, 32769, 65535, 65537, 100003)
}

const maxLength = 100003

// places are the ways in which a vector lies in memory: up against either
// unreadable page, and off every alignment.
func places[T kernels.Float](r *guard.Region[T]) []func(n int) []T {
	at := func(skip int) func(int) []T { return func(n int) []T { return r.Unaligned(n, skip) } }
	return []func(int) []T{r.Tail, r.Head, at(1), at(3), at(7), at(0)}
}

// forPlaced calls f with x and y of every length in every place: together at
// the ends of memory and apart, so that their alignments differ.
func forPlaced[T kernels.Float](t *testing.T, f func(x, y []T)) { forPlacedAt(t, lengths(), f) }

// forPlacedAt is forPlaced at the lengths given.
func forPlacedAt[T kernels.Float](t *testing.T, lengths []int, f func(x, y []T)) {
	rx, ry := guard.New[T](t, maxLength), guard.New[T](t, maxLength)
	px, py := places(rx), places(ry)
	for _, n := range lengths {
		for i := range px {
			if n > 5000 && i >= 2 {
				break // alignments are met above, chunk limits need the ends
			}
			f(px[i](n), py[(i+n%2)%len(py)](n))
			rx.Check(t)
			ry.Check(t)
			if t.Failed() {
				t.Fatalf("length %d, place %d", n, i)
			}
		}
	}
}

// random fills x with normal deviates.
func random[T kernels.Float](rng *rand.Rand, x []T) {
	for i := range x {
		x[i] = T(rng.NormFloat64())
	}
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// within fails the test unless got is at most bound away; errors are the
// distances from the oracle.
func within(t *testing.T, err, bound float64, i, n int) {
	if !(err <= bound) {
		t.Helper()
		t.Fatalf("element %d of %d: error %g exceeds the bound %g", i, n, err, bound)
	}
}

// bits returns the bit pattern of v, for comparisons that tell zeros and NaNs
// apart.
func bits[T kernels.Float](v T) uint64 {
	if f, ok := any(v).(float32); ok {
		return uint64(math.Float32bits(f))
	}
	return math.Float64bits(float64(v))
}

func isNaN[T kernels.Float](v T) bool { return v != v }

func inf[T kernels.Float]() T { return T(math.Inf(1)) }

func nan[T kernels.Float]() T { return T(math.NaN()) }

// panicsWith requires that f panics with a kernels.Error by value, of operation
// op, that mentions every one of details.
func panicsWith(t *testing.T, op string, f func(), details ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		e, ok := recover().(kernels.Error)
		require.True(t, ok, "%s did not panic with kernels.Error", op)
		require.Equal(t, op, e.Op)
		for _, d := range details {
			require.Contains(t, e.Detail, d)
		}
	}()
	f()
}

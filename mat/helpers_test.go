package mat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/mat"
)

// both runs a test body for both element types.
func both(t *testing.T, f32, f64 func(*testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// product is one case of C = alpha·op(A)·op(B) + beta·C.
type product struct {
	tA, tB      mat.Transpose
	m, n, k     int
	alpha, beta float64
	gap         int // of every stride beyond the columns
}

func (p product) String() string {
	return fmt.Sprintf("tA=%v tB=%v m=%d n=%d k=%d alpha=%g beta=%g gap=%d", p.tA, p.tB, p.m, p.n, p.k, p.alpha, p.beta, p.gap)
}

var (
	alphas = []float64{1, -1, 2.5, 0}
	betas  = []float64{0, 1, -1, 0.5}
)

// vary sets transposes, factors and gap by a counter. Four counts in a row meet
// all transposes; the rest is scattered, so that a sweep over shapes meets every
// combination whatever the order of its loops.
func (p product) vary(i int) product {
	p.tA, p.tB = i&1 != 0, i&2 != 0
	h := uint32(i/4+1) * 0x9e3779b1 >> 16
	p.alpha, p.beta = alphas[h%4], betas[h/4%4]
	p.gap = []int{0, 1, 5, 0, 3}[h/16%5]
	return p
}

// sizes is full, or what emulators run of it (go test -short): fewer sizes, but
// every kernel, edge and rule.
func sizes(full, short int) int {
	if testing.Short() {
		return short
	}
	return full
}

// arena is the memory of the operands, each between two unreadable pages.
type arena[T mat.Float] struct{ a, b, c *guard.Region[T] }

// newArena has room for operands of n elements each.
func newArena[T mat.Float](t testing.TB, n int) arena[T] {
	return arena[T]{guard.New[T](t, n), guard.New[T](t, n), guard.New[T](t, n)}
}

func (ar arena[T]) check(t testing.TB) {
	t.Helper()
	ar.a.Check(t)
	ar.b.Check(t)
	ar.c.Check(t)
}

// place puts a rows × cols matrix of canaries up against one of the pages of r.
// Its last row is short: the slice ends with the last entry.
func place[T mat.Float](r *guard.Region[T], rows, cols, gap int, head bool) *mat.Dense[T] {
	m := &mat.Dense[T]{Rows: rows, Cols: cols, Stride: cols + gap}
	n := 0
	if rows > 0 && cols > 0 {
		n = (rows-1)*m.Stride + cols
	}
	if head {
		m.Data = r.Head(n)
	} else {
		m.Data = r.Tail(n)
	}
	return m
}

// operands places A, B and C for p.
func (ar arena[T]) operands(p product, head bool) (a, b, c *mat.Dense[T]) {
	ra, ca := swapIf(p.tA, p.m, p.k)
	rb, cb := swapIf(p.tB, p.k, p.n)
	return place(ar.a, ra, ca, p.gap, head), place(ar.b, rb, cb, p.gap, head), place(ar.c, p.m, p.n, p.gap, head)
}

func swapIf(t mat.Transpose, r, c int) (int, int) {
	if t {
		return c, r
	}
	return r, c
}

// fillIntegers sets the entries of m to small integers, zero among them, whose
// sums of products are exact in any order.
func fillIntegers[T mat.Float](rng *rand.Rand, m *mat.Dense[T]) {
	for i := range m.Rows {
		for j := range m.Cols {
			m.Data[i*m.Stride+j] = T(int(rng.Uint64()>>60) - 8)
		}
	}
}

// fillNormal sets the entries of m to normal deviates.
func fillNormal[T mat.Float](rng *rand.Rand, m *mat.Dense[T]) {
	for i := range m.Rows {
		for j := range m.Cols {
			m.Data[i*m.Stride+j] = T(rng.NormFloat64())
		}
	}
}

// random returns a rows × cols matrix of normal deviates.
func random[T mat.Float](rng *rand.Rand, rows, cols int) *mat.Dense[T] {
	m := mat.NewDense[T](rows, cols, nil)
	fillNormal(rng, m)
	return m
}

// entry returns op(M) as a function.
func entry[T mat.Float](t mat.Transpose, m *mat.Dense[T]) func(i, j int) T {
	if t {
		return func(i, j int) T { return m.Data[j*m.Stride+i] }
	}
	return func(i, j int) T { return m.Data[i*m.Stride+j] }
}

// naive returns alpha·op(A)·op(B) + beta·C by three loops in float64. It is
// exact for small integers, and a single NaN or Inf goes where IEEE 754 says.
func naive[T mat.Float](p product, a, b, c *mat.Dense[T]) []float64 {
	left, right := make([]float64, p.m*p.k), make([]float64, p.k*p.n)
	unpack(left, p.m, p.k, entry(p.tA, a))
	unpack(right, p.k, p.n, entry(p.tB, b))
	out := make([]float64, p.m*p.n)
	for i := range p.m {
		row := out[i*p.n : (i+1)*p.n]
		for l := range p.k {
			v := left[i*p.k+l]
			for j, w := range right[l*p.n : (l+1)*p.n] {
				row[j] += v * w
			}
		}
		for j := range row {
			s := 0.0
			if p.alpha != 0 {
				s = p.alpha * row[j]
			}
			if p.beta != 0 {
				s += p.beta * float64(c.Data[i*c.Stride+j])
			}
			row[j] = s
		}
	}
	return out
}

func unpack[T mat.Float](dst []float64, rows, cols int, at func(i, j int) T) {
	for i := range rows {
		for j := range cols {
			dst[i*cols+j] = float64(at(i, j))
		}
	}
}

// requireEntries requires that c holds want exactly, NaN for NaN, and that the
// gaps of its stride are untouched.
func requireEntries[T mat.Float](t testing.TB, want []float64, c *mat.Dense[T], what fmt.Stringer) {
	for i := range c.Rows {
		for j := range c.Cols {
			got, want := float64(c.Data[i*c.Stride+j]), want[i*c.Cols+j]
			if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Helper()
				t.Fatalf("%v: entry (%d, %d) is %v, want %v", what, i, j, got, want)
			}
		}
	}
	requireGaps(t, c, what)
}

func requireGaps[T mat.Float](t testing.TB, c *mat.Dense[T], what fmt.Stringer) {
	for i := 0; i+1 < c.Rows && c.Cols > 0; i++ {
		gap := c.Data[i*c.Stride+c.Cols : (i+1)*c.Stride]
		if at := guard.Touched(gap); at >= 0 {
			t.Helper()
			t.Fatalf("%v: row %d is written %d elements beyond its end", what, i, at+1)
		}
	}
}

// requireSameBits requires that two matrices are equal to the bit.
func requireSameBits[T mat.Float](t testing.TB, want, got *mat.Dense[T], format string, args ...any) {
	t.Helper()
	require.Equal(t, want.Rows, got.Rows)
	require.Equal(t, want.Cols, got.Cols)
	for i := range want.Rows {
		for j := range want.Cols {
			if w, g := float64(want.At(i, j)), float64(got.At(i, j)); math.Float64bits(w) != math.Float64bits(g) {
				t.Fatalf("%s: entry (%d, %d) is %v, want %v", fmt.Sprintf(format, args...), i, j, g, w)
			}
		}
	}
}

// panicsWith requires that f panics with a mat.Error by value, of operation op,
// that mentions every one of details.
func panicsWith(t *testing.T, op string, f func(), details ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		e, ok := recover().(mat.Error)
		require.True(t, ok, "%s did not panic with mat.Error", op)
		require.Equal(t, op, e.Op)
		for _, d := range details {
			require.Contains(t, e.Detail, d)
		}
	}()
	f()
}

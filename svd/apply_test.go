package svd_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// applied are shapes and ranks that between them reach every branch: tall,
// square, wide, of full rank and not, without entries.
var applied = []struct{ m, n, rank int }{
	{9, 5, 5}, {9, 5, 3}, {5, 9, 5}, {5, 9, 2}, {7, 7, 7}, {7, 7, 4}, {60, 30, 30}, {30, 60, 21},
	{4, 3, 0}, {3, 4, 0}, {5, 0, 0}, {0, 5, 0}, {1, 6, 1}, {6, 1, 1}, {0, 0, 0},
}

func withRank[T mat.Float](rng *rand.Rand, m, n, rank int) *mat.Dense[T] {
	sigma := make([]float64, rank)
	for i := range sigma {
		sigma[i] = 3 - 2*float64(i)/float64(rank)
	}
	return gallery.WithSingular[T](rng, m, n, sigma)
}

func requireSmall[T mat.Float](t *testing.T, x *mat.Dense[T], scale float64, what string, args ...any) {
	t.Helper()
	require.LessOrEqual(t, float64(x.MaxAbs()), scale*eps[T](), fmt.Sprintf(what, args...))
}

func product[T mat.Float](tA, tB mat.Transpose, a, b *mat.Dense[T]) *mat.Dense[T] {
	m, n := a.Rows, b.Cols
	if tA == mat.Trans {
		m = a.Cols
	}
	if tB == mat.Trans {
		n = b.Rows
	}
	c := mat.NewDense[T](m, n, nil)
	mat.Gemm(tA, tB, 1, a, b, 0, c)
	return c
}

func less[T mat.Float](a, b *mat.Dense[T]) *mat.Dense[T] {
	c := a.Clone()
	c.Sub(b)
	return c
}

func TestApplied(t *testing.T) { both(t, testApplied[float32], testApplied[float64]) }

func testApplied[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	for _, c := range applied {
		a := withRank[T](rng, c.m, c.n, c.rank)
		for _, method := range methods {
			var s svd.SVD[T]
			require.NoError(t, s.Factorize(a, svd.Options{Method: method, Full: true}))
			name := fmt.Sprintf("%+v by %v", c, method)
			requireFull(t, &s, a, name)
			requireSpaces(t, &s, a, c.rank, name)
			requirePinv(t, &s, a, name)
			requireLeastSquares(t, &s, a, c.rank, name)
			requireReconstructed(t, &s, a, c.rank, name)
		}
	}
}

// U and V are square and orthogonal, and UᵀAV is Σ.
func requireFull[T mat.Float](t *testing.T, s *svd.SVD[T], a *mat.Dense[T], name string) {
	var u, v mat.Dense[T]
	s.UTo(&u)
	s.VTo(&v)
	require.Equal(t, []int{a.Rows, a.Rows, a.Cols, a.Cols}, []int{u.Rows, u.Cols, v.Rows, v.Cols}, name)
	require.Less(t, oracle.Orthogonality(&u)+oracle.Orthogonality(&v), float64(threshold), name)
	core := product(mat.Trans, mat.NoTrans, &u, product(mat.NoTrans, mat.NoTrans, a, &v))
	for i, x := range s.Values(nil) {
		core.Set(i, i, core.At(i, i)-x)
	}
	requireSmall(t, core, 100, "UᵀAV of %s", name)
}

func requireSpaces[T mat.Float](t *testing.T, s *svd.SVD[T], a *mat.Dense[T], rank int, name string) {
	require.Equal(t, rank, s.Rank(0), name)
	var kernel, image mat.Dense[T]
	s.NullSpaceTo(&kernel, 0)
	s.RangeTo(&image, 0)
	require.Equal(t, []int{a.Cols, a.Cols - rank, a.Rows, rank}, []int{kernel.Rows, kernel.Cols, image.Rows, image.Cols}, name)
	require.Less(t, oracle.Orthogonality(&kernel)+oracle.Orthogonality(&image), float64(threshold), name)
	requireSmall(t, product(mat.NoTrans, mat.NoTrans, a, &kernel), 100, "null space of %s", name)
	within := product(mat.NoTrans, mat.NoTrans, &image, product(mat.Trans, mat.NoTrans, &image, a))
	requireSmall(t, less(within, a), 100, "range of %s", name)
}

// The four equations of Moore and Penrose.
func requirePinv[T mat.Float](t *testing.T, s *svd.SVD[T], a *mat.Dense[T], name string) {
	var x mat.Dense[T]
	s.PinvTo(&x, 0)
	ax, xa := product(mat.NoTrans, mat.NoTrans, a, &x), product(mat.NoTrans, mat.NoTrans, &x, a)
	requireSmall(t, less(product(mat.NoTrans, mat.NoTrans, ax, a), a), 200, "AXA of %s", name)
	requireSmall(t, less(product(mat.NoTrans, mat.NoTrans, xa, &x), &x), 200, "XAX of %s", name)
	requireSmall(t, less(ax, ax.T()), 200, "AX of %s", name)
	requireSmall(t, less(xa, xa.T()), 200, "XA of %s", name)
}

// The residual is orthogonal to the range, and the solution to the null space.
func requireLeastSquares[T mat.Float](t *testing.T, s *svd.SVD[T], a *mat.Dense[T], rank int, name string) {
	b := gallery.Gaussian[T](rand.New(rand.NewPCG(43, 44)), a.Rows, 3)
	var x, kernel mat.Dense[T]
	require.Equal(t, rank, s.SolveTo(&x, b, 0), name)
	s.NullSpaceTo(&kernel, 0)
	residual := less(product(mat.NoTrans, mat.NoTrans, a, &x), b)
	requireSmall(t, product(mat.Trans, mat.NoTrans, a, residual), 300, "Aᵀ(AX−B) of %s", name)
	requireSmall(t, product(mat.Trans, mat.NoTrans, &kernel, &x), 100, "KᵀX of %s", name)
}

func requireReconstructed[T mat.Float](t *testing.T, s *svd.SVD[T], a *mat.Dense[T], rank int, name string) {
	var b mat.Dense[T]
	s.ReconstructTo(&b, a.Rows+a.Cols)
	requireSmall(t, less(&b, a), 100, "UΣVᵀ of %s", name)
	s.ReconstructTo(&b, 0)
	require.Zero(t, b.MaxAbs(), name)
	if rank < 2 {
		return
	}
	s.ReconstructTo(&b, rank-1)
	var rest svd.SVD[T]
	require.NoError(t, rest.Factorize(less(a, &b), svd.Options{}))
	require.InDelta(t, s.Values(nil)[rank-1], rest.Norm2(), 100*eps[T](), "distance of %s", name)
}

// A cut-off is meant strictly, and what is below it counts for nothing.
func TestCutOff(t *testing.T) {
	a := mat.NewDense(3, 2, []float64{8, 0, 0, 2, 0, 0})
	var s svd.SVD[float64]
	require.NoError(t, s.Factorize(a, svd.Options{}))
	var x, y, kernel mat.Dense[float64]
	s.PinvTo(&x, 0.25)
	require.InDeltaSlice(t, []float64{0.125, 0, 0, 0, 0, 0}, x.Data, 1e-15)
	require.Equal(t, 1, s.SolveTo(&y, mat.NewDense(3, 1, []float64{8, 2, 5}), 0.25))
	require.InDeltaSlice(t, []float64{1, 0}, y.Data, 1e-15)
	s.NullSpaceTo(&kernel, 0.25)
	require.InDelta(t, 1, math.Abs(kernel.At(1, 0)), 1e-15)
	require.Equal(t, 8.0, s.Norm2())
}

func TestAppliedBugs(t *testing.T) {
	var s svd.SVD[float64]
	var x mat.Dense[float64]
	b := mat.NewDense[float64](3, 1, nil)
	each := func(rtol float64, dst *mat.Dense[float64]) {
		requirePanic(t, "PinvTo", func() { s.PinvTo(dst, rtol) })
		requirePanic(t, "RangeTo", func() { s.RangeTo(dst, rtol) })
		requirePanic(t, "NullSpaceTo", func() { s.NullSpaceTo(dst, rtol) })
		requirePanic(t, "SolveTo", func() { s.SolveTo(dst, b, rtol) })
	}
	each(0, &x)
	requirePanic(t, "Norm2", func() { s.Norm2() })
	requirePanic(t, "ReconstructTo", func() { s.ReconstructTo(&x, 1) })
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(45, 46)), 3, 2)
	require.NoError(t, s.Factorize(a, svd.Options{ValuesOnly: true}))
	each(0, &x)
	requirePanic(t, "ReconstructTo", func() { s.ReconstructTo(&x, 1) })
	require.NoError(t, s.Factorize(a, svd.Options{}))
	each(-1, &x)
	each(math.NaN(), &x)
	each(0, mat.NewDense[float64](9, 9, nil))
	requirePanic(t, "ReconstructTo", func() { s.ReconstructTo(&x, -1) })
	requirePanic(t, "ReconstructTo", func() { s.ReconstructTo(mat.NewDense[float64](2, 2, nil), 1) })
	requirePanic(t, "SolveTo", func() { s.SolveTo(&x, mat.NewDense[float64](2, 1, nil), 0) })
	require.NoError(t, s.Factorize(a, svd.Options{Full: true}))
	requirePanic(t, "UTo", func() { s.UTo(mat.NewDense[float64](3, 2, nil)) })
}

func TestAppliedAllocations(t *testing.T) {
	rng := rand.New(rand.NewPCG(47, 48))
	for _, shape := range [][2]int{{50, 20}, {20, 50}} {
		a := gallery.Gaussian[float64](rng, shape[0], shape[1])
		b := gallery.Gaussian[float64](rng, shape[0], 4)
		var s svd.SVD[float64]
		var u, v, pinv, image, kernel, low, x mat.Dense[float64]
		require.Zero(t, testing.AllocsPerRun(3, func() {
			if s.Factorize(a, svd.Options{Full: true, Threads: 2}) != nil {
				t.Fail()
			}
			s.UTo(&u)
			s.VTo(&v)
			s.PinvTo(&pinv, 0)
			s.RangeTo(&image, 0)
			s.NullSpaceTo(&kernel, 0)
			s.ReconstructTo(&low, 5)
			s.SolveTo(&x, b, 0)
		}), "%v", shape)
	}
}

// A computation stops before the unit at which the context ends, wherever that
// is, and the receiver is good for the next.
func TestContextStopsEveryStage(t *testing.T) {
	rng := rand.New(rand.NewPCG(49, 50))
	const n = 40
	b := gallery.Gaussian[float64](rng, n, n)
	for name, a := range map[string]*mat.Dense[float64]{
		"random":  b,
		"columns": gallery.Scaled[float64](b, nil, gallery.Grades(n, 16)),
		"both":    gallery.Scaled[float64](b, gallery.Grades(n, 9), gallery.Grades(n, 9)),
	} {
		for _, method := range methods {
			var s svd.SVD[float64]
			calls, pivoted := 0, false
			opts := svd.Options{Method: method, Progress: func(stage string, done, total int) {
				calls++
				pivoted = pivoted || stage == "QR with column pivoting"
				require.NotEmpty(t, stage)
				require.Less(t, done, total)
			}}
			require.NoError(t, s.Factorize(a, opts))
			want, whole := s.Values(nil), calls
			require.Equal(t, method == svd.OneSidedJacobi || name == "both", pivoted, "%s by %v", name, method)
			require.Positive(t, whole)
			for stop := 1; stop <= whole; stop++ {
				ctx, cancel := context.WithCancel(context.Background())
				calls = 0
				stopped := svd.Options{Method: method, Context: ctx, Progress: func(string, int, int) {
					if calls++; calls == stop {
						cancel()
					}
				}}
				require.ErrorIs(t, s.Factorize(a, stopped), context.Canceled, "%s by %v, call %d", name, method, stop)
				require.Equal(t, stop, calls, "it goes on, or gives way, after the end")
				requirePanic(t, "Values", func() { s.Values(nil) })
				cancel()
			}
			require.NoError(t, s.Factorize(a, opts))
			require.Equal(t, want, s.Values(nil))
		}
	}
}

// A context that has ended stops the eigensolver within a window as well.
func TestContextOfEigensolver(t *testing.T) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(51, 52)), 80, 80)
	ctx := &endsLater{Context: context.Background(), asked: 1}
	var s svd.SVD[float64]
	err := s.Factorize(a, svd.Options{Context: ctx})
	require.ErrorIs(t, err, context.Canceled)
	require.Contains(t, err.Error(), "tridiagonal form")
}

// endsLater is a context that is done once it was asked so many times.
type endsLater struct {
	context.Context
	asked int
}

func (c *endsLater) Err() error {
	if c.asked--; c.asked < 0 {
		return context.Canceled
	}
	return nil
}

func TestBeyondRange(t *testing.T) { both(t, testBeyondRange[float32], testBeyondRange[float64]) }

// Values beyond the range of the type are +Inf, and yet the matrix has its rank,
// its inverse and its solutions.
func testBeyondRange[T mat.Float](t *testing.T) {
	big := 0x1.8p127
	if eps[T]() < 1e-10 {
		big = 0x1.8p1023
	}
	for _, n := range []int{2, 16, 64} {
		a, ones := gallery.Hadamard[T](n), mat.NewDense[T](n, 3*n, nil)
		a.Scale(T(big))
		ones.Fill(T(big))
		for _, method := range methods {
			name := fmt.Sprintf("order %d by %v", n, method)
			var s svd.SVD[T]
			require.NoError(t, s.Factorize(ones, svd.Options{Method: method}))
			require.Equal(t, 1, s.Rank(0), name)
			require.NoError(t, s.Factorize(a, svd.Options{Method: method}))
			require.Equal(t, n, s.Rank(0), name)
			require.InDelta(t, 1, s.Cond(), 100*eps[T](), name)
			for _, x := range append(s.Values(nil), s.Norm2()) {
				require.True(t, math.IsInf(float64(x), 1), name)
			}
			requireAppliedBeyondRange(t, &s, a, T(big), name)
		}
		var s svd.SVD[T]
		require.NoError(t, s.Factorize(ones, svd.Options{Method: svd.Bidiagonal, ValuesOnly: true}))
		require.Equal(t, 1, s.Rank(0))
	}
}

// a is big times a matrix of signs, whose columns are orthogonal.
func requireAppliedBeyondRange[T mat.Float](t *testing.T, s *svd.SVD[T], a *mat.Dense[T], big T, name string) {
	n := a.Rows
	var x, inverse, same mat.Dense[T]
	s.ReconstructTo(&same, n)
	same.Scale(1 / big)
	b := a.Clone()
	b.Scale(1 / big)
	requireSmall(t, less(&same, b), 300, "UΣVᵀ of %s", name)
	require.Equal(t, n, s.SolveTo(&x, b, 0), name)
	x.Scale(big)
	requireSmall(t, less(&x, mat.Eye[T](n)), 300, "solution of %s", name)
	s.PinvTo(&inverse, 0)
	inverse.Scale(big)
	inverse.Scale(T(n))
	requireSmall(t, less(&inverse, b.T()), 1e3*float64(n), "inverse of %s", name)
}

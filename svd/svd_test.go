package svd_test

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// both runs a test for each element type.
func both(t *testing.T, f32, f64 func(t *testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

// threshold is half of that of LAPACK's ddrvbd; what is found here stays far
// below.
const threshold = 25

// methods are what every test of accuracy goes through.
var methods = []svd.Method{svd.Auto, svd.GramJacobi, svd.OneSidedJacobi}

// decompositions factorizes a by each method in turn, requires LAPACK's ratios,
// and yields the values.
func decompositions[T mat.Float](t *testing.T, a *mat.Dense[T], name string) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		t.Helper()
		for _, method := range methods {
			if !yield(decompose(t, a, method, fmt.Sprintf("%s by %v", name, method))) {
				return
			}
		}
	}
}

// decompose factorizes a, requires LAPACK's ratios, and returns the values.
func decompose[T mat.Float](t *testing.T, a *mat.Dense[T], method svd.Method, name string) []T {
	t.Helper()
	var s svd.SVD[T]
	var u, v mat.Dense[T]
	require.NoError(t, s.Factorize(a, svd.Options{Method: method}), "%s %d×%d", name, a.Rows, a.Cols)
	if method != svd.Auto {
		require.Equal(t, method, s.Stats().Method, "%s, %d×%d: %+v", name, a.Rows, a.Cols, s.Stats())
	}
	d := s.Values(nil)
	s.UTo(&u)
	s.VTo(&v)
	for i, x := range d {
		require.True(t, x >= 0 && (i == 0 || x <= d[i-1]), "%s: %v", name, d)
	}
	residual, orthU, orthV := oracle.SVDRatios(a, &u, d, &v)
	require.Less(t, residual, float64(threshold), "residual of %s, %d×%d", name, a.Rows, a.Cols)
	require.Less(t, orthU, float64(threshold), "orthogonality of U of %s, %d×%d", name, a.Rows, a.Cols)
	require.Less(t, orthV, float64(threshold), "orthogonality of V of %s, %d×%d", name, a.Rows, a.Cols)
	return d
}

func TestLAPACKTypes(t *testing.T) { both(t, testLAPACKTypes[float32], testLAPACKTypes[float64]) }

func testLAPACKTypes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, shape := range [][2]int{
		{0, 0}, {0, 3}, {3, 0}, {1, 1}, {1, 5}, {5, 1}, {2, 2}, {3, 3}, {7, 5},
		{5, 7}, {16, 16}, {40, 9}, {9, 40}, {33, 20}, {24, 31},
	} {
		for _, x := range gallery.GeneralTypes[T](rng, shape[0], shape[1]) {
			for range decompositions(t, x.A, x.Name) {
			}
		}
	}
}

func TestManySmall(t *testing.T) { both(t, testManySmall[float32], testManySmall[float64]) }

// Small integer matrices are full of ties, zeros and exact rank deficiency.
func testManySmall[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 4000 {
		a := gallery.Gaussian[T](rng, 1+rng.IntN(9), 1+rng.IntN(9))
		if i%2 == 0 {
			for k, v := range a.Data {
				a.Data[k] = T(math.Round(float64(v)))
			}
		}
		for range decompositions(t, a, "small") {
		}
	}
}

func TestClosedForms(t *testing.T) { both(t, testClosedForms[float32], testClosedForms[float64]) }

func testClosedForms[T mat.Float](t *testing.T) {
	for _, n := range []int{1, 3, 20} {
		for _, e := range []float64{1e-3, 1e-9, 1e-15} {
			a, want := gallery.Lauchli[T](n, e)
			for _, b := range []*mat.Dense[T]{a, transposed(a)} {
				for d := range decompositions(t, b, "Läuchli") {
					requireRelative(t, want, d, n, "Läuchli")
				}
			}
		}
	}
	for _, n := range []int{1, 2, 16, 32} {
		want := slices.Repeat([]float64{math.Sqrt(float64(n))}, n)
		for d := range decompositions(t, gallery.Hadamard[T](n), "Hadamard") {
			requireRelative(t, want, d, n, "Hadamard")
		}
	}
	a, want := gallery.Laplacian[T](24)
	slices.Reverse(want)
	for d := range decompositions(t, a, "Laplacian") {
		for k, s := range d {
			require.InDelta(t, want[k], s, 24*4*eps[T]())
		}
	}
}

// requireRelative requires every singular value to the last digits.
func requireRelative[T mat.Float](t *testing.T, want []float64, got []T, n int, name string) {
	t.Helper()
	for k, s := range got {
		require.InDelta(t, want[k], s, want[k]*eps[T]()*float64(n+4), "%s, value %d", name, k)
	}
}

func eps[T mat.Float]() float64 {
	if T(1)/3 == T(float32(1)/3) {
		return 0x1p-23
	}
	return 0x1p-52
}

func transposed[T mat.Float](a *mat.Dense[T]) *mat.Dense[T] {
	b := mat.NewDense[T](a.Cols, a.Rows, nil)
	for i := range a.Rows {
		for j := range a.Cols {
			b.Set(j, i, a.At(i, j))
		}
	}
	return b
}

func TestRelativeAccuracy(t *testing.T) {
	both(t, testRelativeAccuracy[float32], testRelativeAccuracy[float64])
}

// B has condition about 10, and scaling by rows, columns or both must not cost
// the small singular values a digit more than that, sorted or shuffled.
func testRelativeAccuracy[T mat.Float](t *testing.T) {
	reach := 290.0 // decades between the largest and the smallest singular value
	if eps[T]() > 1e-10 {
		reach = 28
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for _, shape := range [][2]int{{14, 14}, {28, 9}, {9, 18}} {
		m, n := shape[0], shape[1]
		spectrum := gallery.Grades(min(m, n), 1)
		b := gallery.WithSingular[float64](rng, m, n, spectrum)
		for _, decades := range []float64{12, 16} {
			rows, cols := gallery.Grades(m, decades), gallery.Grades(n, decades)
			mixed := gallery.Shuffled(rng, slices.Clone(rows))
			across := gallery.Shuffled(rng, slices.Clone(cols))
			for name, d := range map[string][2][]float64{
				"columns sorted":   {nil, cols},
				"columns shuffled": {nil, across},
				"rows sorted":      {rows, nil},
				"rows shuffled":    {mixed, nil},
				"both sorted":      {rows, cols},
				"both shuffled":    {mixed, across},
			} {
				if d[0] != nil && d[1] != nil && decades*2 > reach {
					continue
				}
				a := gallery.Scaled[T](b, d[0], d[1])
				want := oracle.SingularValues(a, 2*int(decades)+2)
				for d := range decompositions(t, a, name) {
					for k, s := range d {
						require.InDelta(t, want[k], s, want[k]*10*eps[T]()*float64(m+n),
							"%s by %v decades, %d×%d, value %d", name, decades, m, n, k)
					}
				}
			}
		}
	}
}

func TestAgainstExactArithmetic(t *testing.T) { both(t, testExact[float32], testExact[float64]) }

func testExact[T mat.Float](t *testing.T) {
	for name, a := range map[string]*mat.Dense[T]{
		"Hilbert":     gallery.Hilbert[T](12),
		"Kahan":       gallery.Kahan[T](20, 1.2),
		"Vandermonde": gallery.Vandermonde[T](14, 9),
		"Pascal":      gallery.Pascal[T](10),
		"Frank":       gallery.Frank[T](12),
	} {
		want := oracle.SingularValues(a, 20)
		for d := range decompositions(t, a, name) {
			for k, s := range d {
				require.InDelta(t, want[k], s, want[0]*eps[T]()*float64(a.Rows), "%s, value %d", name, k)
			}
		}
	}
}

func TestCrowdsConverge(t *testing.T) {
	const n = 90
	rng := rand.New(rand.NewPCG(7, 8))
	crowd, ones := gallery.Grades(n, 16), slices.Repeat([]float64{1}, n)
	for i := range crowd {
		crowd[i] = 1 - crowd[i]/2
	}
	for name, d := range map[string][]float64{"crowd": crowd, "ones": ones, "graded": gallery.Grades(n, 20)} {
		slices.Sort(d)
		slices.Reverse(d)
		a := gallery.WithSingular[float64](rng, n, n, d)
		for got := range decompositions(t, a, name) {
			for k, s := range got {
				require.InDelta(t, d[k], s, 2*n*eps[float64](), "%s, value %d", name, k)
			}
		}
	}
}

func TestVectorsOfViews(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	parent := mat.NewDense[float64](12, 14, nil)
	parent.Fill(math.NaN())
	for _, shape := range [][2]int{{9, 6}, {5, 11}, {7, 7}} {
		m, n := shape[0], shape[1]
		k := min(m, n)
		a := parent.View(2, 1, m, n)
		a.CopyFrom(gallery.Gaussian[float64](rng, m, n))
		before := slices.Clone(parent.Data)
		var s svd.SVD[float64]
		require.NoError(t, s.Factorize(a, svd.Options{}))
		for i, v := range parent.Data {
			require.Equal(t, math.Float64bits(before[i]), math.Float64bits(v), "the input changed")
		}
		u, v := mat.NewDense[float64](m, 20, nil), mat.NewDense[float64](n, 20, nil)
		s.UTo(u.View(0, 3, m, k))
		s.VTo(v.View(0, 3, n, k))
		residual, orthU, orthV := oracle.SVDRatios(a, u.View(0, 3, m, k), s.Values(nil), v.View(0, 3, n, k))
		require.Less(t, residual+orthU+orthV, float64(threshold))
		for _, x := range append(u.Data, v.Data...) {
			require.LessOrEqual(t, math.Abs(x), 1.0)
		}
		require.Zero(t, u.At(0, 2)+u.At(m-1, 3+k)+v.At(0, 2)+v.At(n-1, 3+k), "written outside of the view")
	}
}

func TestNotFinite(t *testing.T) {
	var s svd.SVD[float32]
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, at := range [][2]int{{0, 0}, {2, 1}, {1, 0}} {
			a := mat.NewDense[float32](3, 2, nil)
			require.NoError(t, s.Factorize(a, svd.Options{}))
			a.Set(at[0], at[1], float32(bad))
			require.ErrorIs(t, s.Factorize(a, svd.Options{}), mat.ErrNotFinite)
			requirePanic(t, "Values", func() { s.Values(nil) })
			requirePanic(t, "UTo", func() { s.UTo(&mat.Dense[float32]{}) })
		}
	}
}

func TestNoConvergence(t *testing.T) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(11, 12)), 30, 20)
	var s svd.SVD[float64]
	err := s.Factorize(a, svd.Options{Method: svd.OneSidedJacobi, MaxSweeps: 2})
	require.ErrorIs(t, err, mat.ErrNoConvergence)
	require.Contains(t, err.Error(), "2 sweeps")
	require.Contains(t, err.Error(), fmt.Sprintf("%.3g after", s.Stats().OffNorm))
	requirePanic(t, "VTo", func() { s.VTo(&mat.Dense[float64]{}) })
}

func TestValuesOnly(t *testing.T) {
	a := gallery.Gaussian[float32](rand.New(rand.NewPCG(13, 14)), 15, 22)
	var s svd.SVD[float32]
	require.NoError(t, s.Factorize(a, svd.Options{Method: svd.OneSidedJacobi, ValuesOnly: true}))
	requirePanic(t, "UTo", func() { s.UTo(&mat.Dense[float32]{}) })
	requirePanic(t, "VTo", func() { s.VTo(&mat.Dense[float32]{}) })
	require.Equal(t, decompose(t, a, svd.OneSidedJacobi, "random"), s.Values(make([]float32, 15)))
	require.Equal(t, 15, s.Rank(0))
	st := s.Stats()
	require.Equal(t, svd.OneSidedJacobi, st.Method)
	require.Positive(t, st.Sweeps)
	require.Positive(t, st.Rotations)
	require.Less(t, st.OffNorm, 15*eps[float32]())
}

func TestRankAndCond(t *testing.T) {
	var s svd.SVD[float64]
	d := mat.NewDense[float64](4, 3, nil)
	require.NoError(t, s.Factorize(d, svd.Options{}))
	require.Equal(t, 0, s.Rank(0))
	require.True(t, math.IsInf(s.Cond(), 1))
	d.Set(0, 0, 8)
	d.Set(1, 1, 2)
	d.Set(2, 2, 4*4*eps[float64]())
	require.NoError(t, s.Factorize(d, svd.Options{}))
	require.Equal(t, []float64{8, 2, 16 * eps[float64]()}, s.Values(nil))
	require.Equal(t, 2, s.Rank(0), "σ₃ is below max(m,n)·eps·σ₁")
	require.Equal(t, 3, s.Rank(eps[float64]()))
	require.Equal(t, 1, s.Rank(0.25), "above is meant strictly")
	require.Equal(t, 0, s.Rank(1))
	require.Equal(t, 0.5/eps[float64](), s.Cond())
	requirePanic(t, "Rank", func() { s.Rank(-1) })
	requirePanic(t, "Rank", func() { s.Rank(math.NaN()) })
	require.NoError(t, s.Factorize(&mat.Dense[float64]{}, svd.Options{}))
	require.Zero(t, s.Rank(0))
	require.Zero(t, s.Cond())
	rng := rand.New(rand.NewPCG(15, 16))
	for rank := range 8 {
		a := gallery.WithSingular[float64](rng, 20, 8, slices.Repeat([]float64{3}, rank))
		require.NoError(t, s.Factorize(a, svd.Options{}))
		require.Equal(t, rank, s.Rank(0))
	}
}

func TestCallerBugs(t *testing.T) {
	var s svd.SVD[float64]
	requirePanic(t, "Values", func() { s.Values(nil) })
	requirePanic(t, "UTo", func() { s.UTo(&mat.Dense[float64]{}) })
	requirePanic(t, "VTo", func() { s.VTo(&mat.Dense[float64]{}) })
	requirePanic(t, "Rank", func() { s.Rank(0) })
	requirePanic(t, "Cond", func() { s.Cond() })
	for _, f := range []func(){
		func() {
			s.Factorize(&mat.Dense[float64]{Rows: 2, Cols: 2, Stride: 2, Data: make([]float64, 3)}, svd.Options{})
		},
		func() { s.Factorize(mat.Eye[float64](2), svd.Options{Method: 99}) },
		func() { s.Factorize(mat.Eye[float64](2), svd.Options{MaxSweeps: -1}) },
		func() { s.Factorize(mat.Eye[float64](2), svd.Options{Threads: -1}) },
	} {
		requirePanic(t, "Factorize", f)
	}
	require.NoError(t, s.Factorize(mat.NewDense[float64](3, 2, nil), svd.Options{}))
	requirePanic(t, "Values", func() { s.Values(make([]float64, 3)) })
	requirePanic(t, "UTo", func() { s.UTo(mat.NewDense[float64](3, 3, nil)) })
	requirePanic(t, "VTo", func() { s.VTo(mat.NewDense[float64](3, 2, nil)) })
}

// A matrix that is not there is named, with the function that wants it.
func TestNil(t *testing.T) {
	var none *mat.Dense[float64]
	one := mat.Eye[float64](1)
	var s svd.SVD[float64]
	var b svd.Batch[float64]
	require.NoError(t, s.Factorize(one, svd.Options{}))
	csr := svd.NewCSR(1, 1, []int{0, 1}, []int{0}, []float64{1})
	for _, c := range []struct {
		op string
		f  func()
	}{
		{"Factorize", func() { _ = new(svd.SVD[float64]).Factorize(none, svd.Options{}) }},
		{"Factorize", func() { _ = b.Factorize([]*mat.Dense[float64]{one, none}, svd.Options{}) }},
		{"UTo", func() { s.UTo(none) }},
		{"VTo", func() { s.VTo(none) }},
		{"RangeTo", func() { s.RangeTo(none, 0) }},
		{"NullSpaceTo", func() { s.NullSpaceTo(none, 0) }},
		{"ReconstructTo", func() { s.ReconstructTo(none, 1) }},
		{"PinvTo", func() { s.PinvTo(none, 0) }},
		{"SolveTo", func() { s.SolveTo(none, one, 0) }},
		{"SolveTo", func() { s.SolveTo(one, none, 0) }},
		{"Truncated", func() { _, _, _, _ = svd.Truncated(none, 1, svd.TruncatedOptions{}) }},
		{"Approximate", func() { _, _ = svd.Approximate[float64](nil, 1, svd.TruncatedOptions{}) }},
		{"DenseOperator", func() { svd.DenseOperator(none, 1) }},
		{"MulTo", func() { csr.MulTo(none, one) }},
		{"MulTransTo", func() { csr.MulTransTo(one, none) }},
	} {
		t.Run(c.op, func(t *testing.T) { requirePanic(t, c.op, c.f) })
	}
}

func requirePanic(t *testing.T, op string, f func()) {
	t.Helper()
	defer func() {
		err, ok := recover().(mat.Error)
		require.True(t, ok, "%s does not panic with mat.Error", op)
		require.Equal(t, op, err.Op)
		require.NotEmpty(t, err.Detail)
	}()
	f()
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for _, shape := range [][2]int{{20, 20}, {80, 12}, {12, 80}} {
		a := gallery.Gaussian[float64](rng, shape[0], shape[1])
		k := min(shape[0], shape[1])
		u, v := mat.NewDense[float64](shape[0], k, nil), mat.NewDense[float64](shape[1], k, nil)
		d := make([]float64, k)
		var s svd.SVD[float64]
		require.Zero(t, testing.AllocsPerRun(3, func() {
			if s.Factorize(a, svd.Options{}) != nil {
				t.Fail()
			}
			s.Values(d)
			s.UTo(u)
			s.VTo(v)
		}), "%v", shape)
	}
}

func TestMethodNames(t *testing.T) {
	require.Equal(t, "Auto GramJacobi OneSidedJacobi Method(77)", fmt.Sprint(svd.Auto, " ", svd.GramJacobi, " ", svd.OneSidedJacobi, " ", svd.Method(77)))
}

func BenchmarkFactorize(b *testing.B) {
	for _, shape := range [][2]int{{8, 8}, {32, 32}, {100, 100}, {250, 250}, {1000, 100}} {
		a := gallery.Gaussian[float64](rand.New(rand.NewPCG(1, 1)), shape[0], shape[1])
		b.Run(fmt.Sprintf("%d×%d", shape[0], shape[1]), func(b *testing.B) {
			var s svd.SVD[float64]
			for b.Loop() {
				if err := s.Factorize(a, svd.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Fields whose product overflows pass no check.
func TestOverflowingStride(t *testing.T) {
	a := &mat.Dense[float64]{Rows: 3, Cols: 3, Stride: math.MaxInt, Data: make([]float64, 9)}
	requirePanic(t, "Factorize", func() { _ = new(svd.SVD[float64]).Factorize(a, svd.Options{}) })
	requirePanic(t, "Factorize", func() { _ = new(svd.Batch[float64]).Factorize([]*mat.Dense[float64]{a}, svd.Options{}) })
	requirePanic(t, "Truncated", func() { _, _, _, _ = svd.Truncated(a, 1, svd.TruncatedOptions{}) })
	requirePanic(t, "DenseOperator", func() { svd.DenseOperator(a, 1) })
}

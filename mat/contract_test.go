package mat_test

import (
	"math/bits"
	"testing"
	"time"

	"github.com/lanes-go/lanes/mat"
)

// TestShapePanics: callers' bugs panic with the function that was called and
// the shapes, through package functions and workspaces alike.
func TestShapePanics(t *testing.T) { both(t, testShapePanics[float32], testShapePanics[float64]) }

func testShapePanics[T mat.Float](t *testing.T) {
	dense := func(r, c int) *mat.Dense[T] { return mat.NewDense[T](r, c, nil) }
	a, b, c := dense(3, 4), dense(4, 5), dense(3, 5)
	wide := dense(6, 7)
	w := new(mat.Workspace[T])
	const n, y = mat.NoTrans, mat.Trans

	for _, gemm := range []func(tA, tB mat.Transpose, alpha T, a, b *mat.Dense[T], beta T, c *mat.Dense[T]){mat.Gemm[T], w.Gemm} {
		panicsWith(t, "Gemm", func() { gemm(n, n, 1, a, wide, 0, c) }, "3×4", "6×7", "3×5")
		panicsWith(t, "Gemm", func() { gemm(y, n, 1, a, b, 0, c) }, "4×3", "4×5")
		panicsWith(t, "Gemm", func() { gemm(n, y, 1, a, b, 0, c) }, "3×4", "5×4")
		panicsWith(t, "Gemm", func() { gemm(n, n, 0, a, b, 0, wide) }, "6×7")
		panicsWith(t, "Gemm", func() { gemm(n, n, 1, a, b, 0, new(mat.Dense[T])) }, "0×0")
		for _, bad := range badDenses[T]() {
			panicsWith(t, "Gemm", func() { gemm(n, n, 1, bad, b, 0, c) }, "A is")
			panicsWith(t, "Gemm", func() { gemm(n, n, 1, a, bad, 0, c) }, "B is")
			panicsWith(t, "Gemm", func() { gemm(n, n, 1, a, b, 0, bad) }, "C is")
		}
	}
	for _, gemv := range []func(tA mat.Transpose, alpha T, a *mat.Dense[T], x []T, beta T, y []T){mat.Gemv[T], w.Gemv} {
		panicsWith(t, "Gemv", func() { gemv(n, 1, a, make([]T, 3), 0, make([]T, 3)) }, "3×4", "len(x) = 3", "len(y) = 3")
		panicsWith(t, "Gemv", func() { gemv(n, 1, a, make([]T, 5), 0, make([]T, 3)) }, "len(x) = 5")
		panicsWith(t, "Gemv", func() { gemv(y, 1, a, make([]T, 3), 0, make([]T, 5)) }, "4×3", "len(y) = 5")
		panicsWith(t, "Gemv", func() { gemv(n, 0, a, nil, 0, nil) }, "len(x) = 0")
		panicsWith(t, "Gemv", func() { gemv(n, 1, badDenses[T]()[0], nil, 0, nil) }, "A is")
	}
	for _, syrk := range []func(tA mat.Transpose, alpha T, a *mat.Dense[T], beta T, c *mat.Dense[T]){mat.Syrk[T], w.Syrk} {
		panicsWith(t, "Syrk", func() { syrk(n, 1, a, 0, dense(4, 4)) }, "3×3", "4×4")
		panicsWith(t, "Syrk", func() { syrk(y, 1, a, 0, dense(3, 3)) }, "4×4", "3×3")
		panicsWith(t, "Syrk", func() { syrk(y, 1, a, 0, dense(4, 3)) }, "4×3")
		panicsWith(t, "Syrk", func() { syrk(n, 1, badDenses[T]()[0], 0, c) }, "A is")
	}
	panicsWith(t, "Mul", func() { c.Mul(a, wide) }, "3×4", "6×7")
	panicsWith(t, "Mul", func() { wide.Mul(a, b) }, "6×7", "3×5")
	panicsWith(t, "Mul", func() { c.Mul(badDenses[T]()[0], b) }, "A is")
	for _, bad := range badDenses[T]() {
		panicsWith(t, "Clone", func() { bad.Clone() }, "the matrix is")
	}
	panicsWith(t, "NewDense", func() { mat.NewDense[T](bits.UintSize<<20, 1<<(bits.UintSize-28), nil) }, "more entries")
}

// badDenses have fields that contradict one another.
func badDenses[T mat.Float]() []*mat.Dense[T] {
	return []*mat.Dense[T]{
		{Rows: 3, Cols: 4, Data: make([]T, 11), Stride: 4},
		{Rows: 3, Cols: 4, Data: make([]T, 12), Stride: 3},
		{Rows: -1, Cols: 4, Data: make([]T, 12), Stride: 4},
		{Rows: 3, Cols: -4, Data: make([]T, 12), Stride: 4},
		{Rows: 3, Cols: 4, Stride: 4},
		{Rows: 1 << (bits.UintSize - 2), Cols: 4, Data: make([]T, 12), Stride: 4},
		{Rows: 1 << (bits.UintSize - 2)},
		{Cols: 1 << (bits.UintSize - 2), Stride: 1 << (bits.UintSize - 2)},
	}
}

// TestNil: a matrix that is not there is named, with the function that wants it.
func TestNil(t *testing.T) { both(t, testNil[float32], testNil[float64]) }

func testNil[T mat.Float](t *testing.T) {
	one := mat.Eye[T](1)
	for _, c := range append(nilProducts(one, nil), nilFactors(t, one, nil)...) {
		panicsWith(t, c.op, c.f, "is nil")
	}
}

// opCall is a call that is to panic in the name of op.
type opCall struct {
	op string
	f  func()
}

func nilProducts[T mat.Float](one, none *mat.Dense[T]) []opCall {
	const n, l, u, non = mat.NoTrans, mat.Left, mat.Upper, mat.NonUnit
	pack, w := mat.Pack(n, one), new(mat.Workspace[T])
	some, nils := []*mat.Dense[T]{one}, []*mat.Dense[T]{nil}
	return []opCall{
		{"Gemv", func() { mat.Gemv(n, 1, none, nil, 0, nil) }},
		{"Ger", func() { mat.Ger(1, nil, nil, none) }},
		{"Syrk", func() { mat.Syrk(n, 1, none, 0, one) }},
		{"Syrk", func() { mat.Syrk(n, 1, one, 0, none) }},
		{"Trsm", func() { mat.Trsm(l, u, n, non, 1, none, one) }},
		{"Trsm", func() { mat.Trsm(l, u, n, non, 1, one, none) }},
		{"Trsv", func() { mat.Trsv(u, n, non, none, nil) }},
		{"Pack", func() { mat.Pack(n, none) }},
		{"GemmPacked", func() { w.GemmPacked(1, none, pack, 0, one, mat.Epilogue[T]{}) }},
		{"GemmPacked", func() { w.GemmPacked(1, one, nil, 0, one, mat.Epilogue[T]{}) }},
		{"GemmPacked", func() { w.GemmPacked(1, one, pack, 0, none, mat.Epilogue[T]{}) }},
		{"GemmBatch", func() { mat.GemmBatch(n, n, 1, nils, some, 0, some) }},
		{"GemmBatch", func() { mat.GemmBatch(n, n, 1, some, nils, 0, some) }},
		{"GemmBatch", func() { mat.GemmBatch(n, n, 1, some, some, 0, nils) }},
		{"GemmStridedBatch", func() { mat.GemmStridedBatch(n, n, 1, none, 0, one, 0, 0, one, 1, 1) }},
		{"GemmStridedBatch", func() { mat.GemmStridedBatch(n, n, 1, one, 0, none, 0, 0, one, 1, 1) }},
		{"GemmStridedBatch", func() { mat.GemmStridedBatch(n, n, 1, one, 0, one, 0, 0, none, 1, 1) }},
		{"Add", func() { one.Add(none) }},
		{"Sub", func() { none.Sub(one) }},
		{"Equal", func() { one.Equal(none) }},
		{"CopyFrom", func() { one.CopyFrom(none) }},
		{"CopyFrom", func() { none.CopyFrom(one) }},
		{"TransposeFrom", func() { one.TransposeFrom(none) }},
		{"View", func() { none.View(0, 0, 0, 0) }},
		{"Clone", func() { none.Clone() }},
		{"Norm", func() { none.Norm() }},
		{"Fill", func() { none.Fill(0) }},
	}
}

func nilFactors[T mat.Float](t *testing.T, one, none *mat.Dense[T]) []opCall {
	const n = mat.NoTrans
	var qr mat.QR[T]
	var lq mat.LQ[T]
	var qrp mat.QRP[T]
	var chol mat.Cholesky[T]
	qr.Factorize(one)
	lq.Factorize(one)
	qrp.Factorize(one)
	if chol.Factorize(one) != nil {
		t.Fatal("Cholesky of 1 failed")
	}
	return []opCall{
		{"Set", func() { new(mat.BlockReflector[T]).Set(none, nil) }},
		{"MulLeft", func() { new(mat.BlockReflector[T]).MulLeft(n, none) }},
		{"MulRight", func() { new(mat.BlockReflector[T]).MulRight(n, none) }},
		{"Factorize", func() { _ = new(mat.Cholesky[T]).Factorize(none) }},
		{"Factorize", func() { new(mat.QR[T]).Factorize(none) }},
		{"Factorize", func() { new(mat.LQ[T]).Factorize(none) }},
		{"Factorize", func() { new(mat.QRP[T]).Factorize(none) }},
		{"Factorize", func() { new(mat.TSQR[T]).Factorize(none) }},
		{"Solve", func() { chol.Solve(none, one) }},
		{"Solve", func() { chol.Solve(one, none) }},
		{"SolveU", func() { chol.SolveU(mat.Left, n, none) }},
		{"UTo", func() { chol.UTo(none) }},
		{"QTo", func() { qr.QTo(none) }},
		{"RTo", func() { qrp.RTo(none) }},
		{"LTo", func() { lq.LTo(none) }},
		{"MulQ", func() { qr.MulQ(n, none) }},
		{"MulQ", func() { lq.MulQ(n, none) }},
		{"MulQ", func() { qrp.MulQ(n, none) }},
		{"Solve", func() { _ = qr.Solve(none, one) }},
		{"Solve", func() { _ = lq.Solve(one, none) }},
	}
}

// TestManyEmptyRows: what has no entries takes no time, however many rows it has.
func TestManyEmptyRows(t *testing.T) {
	done := make(chan bool)
	go func() {
		defer close(done)
		a := mat.NewDense[float64](1<<(bits.UintSize*5/8), 0, nil)
		a.Clone().Fill(1)
		b := a.T()
		var r, q mat.Dense[float64]
		var qr mat.QR[float64]
		qr.Factorize(a)
		qr.RTo(&r)
		qr.QTo(&q)
		qr.MulQ(mat.NoTrans, &q)
		var lq mat.LQ[float64]
		lq.Factorize(b)
		if lq.Solve(&mat.Dense[float64]{}, mat.NewDense[float64](0, 0, nil)) != nil {
			t.Error("a matrix without rows is singular")
		}
		var tall mat.TSQR[float64]
		tall.Factorize(a)
		tall.QTo(&q)
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("it goes through the rows one by one")
	}
}

// TestOverlapPanics: a destination that shares entries with an operand.
func TestOverlapPanics(t *testing.T) { both(t, testOverlapPanics[float32], testOverlapPanics[float64]) }

func testOverlapPanics[T mat.Float](t *testing.T) {
	parent := mat.NewDense[T](12, 12, nil)
	v := func(i, j int) *mat.Dense[T] { return parent.View(i, j, 4, 4) }
	other := mat.Eye[T](4)
	const n = mat.NoTrans
	for _, at := range [][2]int{{4, 4}, {1, 1}, {7, 7}, {7, 1}, {1, 7}, {4, 5}, {5, 4}} {
		c, a := v(4, 4), v(at[0], at[1])
		panicsWith(t, "Gemm", func() { mat.Gemm(n, n, 1, a, other, 0, c) }, "4×4", "A")
		panicsWith(t, "Gemm", func() { mat.Gemm(n, n, 0, other, a, 1, c) }, "4×4", "B")
		panicsWith(t, "Syrk", func() { mat.Syrk(n, 1, a, 0, c) }, "4×4", "A")
		panicsWith(t, "Mul", func() { c.Mul(a, other) }, "4×4", "A")
		panicsWith(t, "Mul", func() { c.Mul(other, a) }, "4×4", "B")
		panicsWith(t, "CopyFrom", func() { c.CopyFrom(a) }, "4×4")
	}
	square := v(4, 4)
	for _, at := range []int{4*12 + 4, 7*12 + 7, 5*12 + 2} { // the last shares two entries
		y := parent.Data[at : at+4]
		panicsWith(t, "ColSums", func() { square.ColSums(y) }, "1×4", "the matrix")
		panicsWith(t, "ColMeans", func() { square.ColMeans(y) }, "1×4")
		panicsWith(t, "RowMeans", func() { square.RowMeans(y) }, "1×4")
		panicsWith(t, "Diag", func() { square.Diag(y) }, "1×4")
		panicsWith(t, "CenterColumns", func() { square.CenterColumns(y) }, "4×4", "means")
		panicsWith(t, "CenterRows", func() { square.CenterRows(y) }, "4×4", "means")
		panicsWith(t, "GemmPacked", func() {
			new(mat.Workspace[T]).GemmPacked(1, other, mat.Pack(n, other), 0, square, mat.Epilogue[T]{Bias: y})
		}, "4×4", "Bias")
	}
	x := parent.Data[3*12+4 : 3*12+8]
	panicsWith(t, "Gemv", func() { mat.Gemv(n, 1, v(3, 3), other.Row(0), 0, x) }, "A")
	panicsWith(t, "Gemv", func() { mat.Gemv(n, 1, other, x, 0, parent.Data[3*12+7:3*12+11]) }, "x")
}

// TestNoOverlap: operands whose address ranges meet, but no entries.
func TestNoOverlap(t *testing.T) { both(t, testNoOverlap[float32], testNoOverlap[float64]) }

func testNoOverlap[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, at := range [][4]int{{0, 0, 0, 4}, {0, 4, 0, 0}, {0, 0, 2, 4}, {5, 8, 0, 4}, {0, 4, 4, 4}, {4, 3, 0, 3}, {0, 7, 3, 0}} {
		parent := mat.NewDense[T](12, 12, nil)
		fillIntegers(rng, parent)
		c, a := parent.View(at[0], at[1], 4, 4), parent.View(at[2], at[3], 4, 4)
		p := product{m: 4, n: 4, k: 4, alpha: 1, beta: 1}
		want := naive(p, a, a, c)
		mat.Gemm(mat.NoTrans, mat.NoTrans, 1, a, a, 1, c)
		requireEntries(t, want, c.Clone(), p)
		c.CopyFrom(a)
		mat.Syrk(mat.Trans, 1, a, 0, c)
		mat.Gemv(mat.NoTrans, 1, a, make([]T, 4), 0, c.Row(2))
	}
}

// TestZeroDimensions: k = 0 leaves beta·C, no rows or columns leave nothing to
// do, whatever the factors.
func TestZeroDimensions(t *testing.T) {
	both(t, testZeroDimensions[float32], testZeroDimensions[float64])
}

func testZeroDimensions[T mat.Float](t *testing.T) {
	s := newGemmSweep[T](t, 320*50)
	for _, l := range [][3]int{{0, 0, 0}, {3, 4, 0}, {300, 40, 0}, {0, 4, 3}, {3, 0, 4}, {0, 0, 3}, {3, 0, 0}, {0, 3, 0}} {
		for range 4 * 64 {
			s.run(t, product{m: l[0], n: l[1], k: l[2]}.vary(s.count))
		}
	}
	for _, r := range [][2]int{{0, 5}, {5, 0}, {0, 0}} {
		empty := &mat.Dense[T]{Rows: r[0], Cols: r[1], Stride: r[1]}
		mat.Syrk(mat.NoTrans, 1, empty, 0, mat.NewDense[T](r[0], r[0], nil))
		y := []T{1, 2, 3, 4, 5}[:r[0]]
		mat.Gemv(mat.NoTrans, 1, empty, make([]T, r[1]), 2, y)
		for i, v := range y {
			if v != T(2*(i+1)) {
				t.Fatalf("Gemv with no columns made %v of %v", v, i+1)
			}
		}
	}
}

package mat

import "github.com/lanes-go/lanes/kernels"

// Transpose says whether an operand of a product is used as it is or
// transposed.
type Transpose bool

const (
	NoTrans Transpose = false
	Trans   Transpose = true
)

// Mul sets m = A·B. An empty m is sized. It panics with Error when the shapes
// do not fit or m shares entries with an operand. Cost: 2·Rows·Cols·A.Cols
// flops.
func (m *Dense[T]) Mul(a, b *Dense[T]) {
	if m.Rows != a.Rows || m.Cols != b.Cols || a.Cols != b.Rows || m.Cols == 0 {
		a.check("Mul", "A")
		b.check("Mul", "B")
		if a.Cols != b.Rows {
			panicf("Mul", "A is %d×%d, B is %d×%d", a.Rows, a.Cols, b.Rows, b.Cols)
		}
		m.Resize("Mul", a.Rows, b.Cols)
	}
	gemm(byMul, nil, 1, a, b, 0, m)
}

// Gemm computes C = alpha·op(A)·op(B) + beta·C (BLAS gemm), op being the
// transpose where tA or tB says so. With beta == 0 it never reads C, with
// alpha == 0 never A or B. It panics with Error when the shapes do not fit or
// C shares entries with an operand. Cost: 2mnk flops. The result does not
// depend on the number of threads.
func Gemm[T Float](tA, tB Transpose, alpha T, a, b *Dense[T], beta T, c *Dense[T]) {
	gemm(callOf(tA, tB), nil, alpha, a, b, beta, c)
}

// Gemv computes y = alpha·op(A)·x + beta·y (BLAS gemv). The lengths of x and y
// must be those of op(A) exactly. With beta == 0 it never reads y, with
// alpha == 0 never A or x. It panics with Error when the lengths do not fit or
// y shares entries with A or x. Cost: 2mn flops, mn elements read.
func Gemv[T Float](tA Transpose, alpha T, a *Dense[T], x []T, beta T, y []T) {
	gemv("Gemv", tA, alpha, a, x, beta, y)
}

// Ger adds alpha·x·yᵀ to A, a rank-1 update (BLAS ger). The lengths of x and y
// must be A's rows and columns exactly. With alpha == 0 it leaves A alone,
// even where x or y holds NaN or Inf; otherwise zeros are not skipped. It
// panics with Error when the lengths do not fit or A shares entries with x or
// y. Cost: 2mn flops, mn elements read and written.
func Ger[T Float](alpha T, x, y []T, a *Dense[T]) {
	a.check("Ger", "A")
	if len(x) != a.Rows || len(y) != a.Cols {
		panicf("Ger", "A is %d×%d, len(x) = %d, len(y) = %d", a.Rows, a.Cols, len(x), len(y))
	}
	checkOverlap("Ger", a, &Dense[T]{Rows: 1, Cols: len(x), Data: x, Stride: len(x)}, "x")
	checkOverlap("Ger", a, &Dense[T]{Rows: 1, Cols: len(y), Data: y, Stride: len(y)}, "y")
	kernels.Ger(a.Rows, a.Cols, alpha, x, y, a.Data, a.Stride)
}

// Syrk computes C = alpha·AᵀA + beta·C (tA == Trans) or C = alpha·AAᵀ + beta·C
// (NoTrans), after BLAS syrk. It reads the upper triangle of C and writes
// both: C is symmetric to the last bit. With beta == 0 it never reads C, with
// alpha == 0 never A. It panics with Error when the shapes do not fit or C
// shares entries with A. Cost: n²k flops for an n × n result.
func Syrk[T Float](tA Transpose, alpha T, a *Dense[T], beta T, c *Dense[T]) {
	syrk("Syrk", nil, tA, alpha, a, beta, c)
}

// gemmLarge is gemm with all checks and for all sizes.
func gemmLarge[T Float](how call, w *Workspace[T], alpha T, a, b *Dense[T], beta T, c *Dense[T]) {
	tA, tB := Transpose(how&transA != 0), Transpose(how&transB != 0)
	checkGemm(how.op(), tA, tB, a, b, c)
	multiply(w, tA, tB, alpha, a, b, beta, c)
}

func checkGemm[T Float](op string, tA, tB Transpose, a, b, c *Dense[T]) {
	if a == nil || b == nil || c == nil {
		panicGemm(op, tA, tB, a, b, c)
	}
	m, k := a.shape(tA)
	kb, n := b.shape(tB)
	if !a.valid() || !b.valid() || !c.valid() || k != kb || c.Rows != m || c.Cols != n {
		panicGemm(op, tA, tB, a, b, c)
	}
	checkOverlap(op, c, a, "A")
	checkOverlap(op, c, b, "B")
}

// multiply is gemm on operands that have been checked.
func multiply[T Float](w *Workspace[T], tA, tB Transpose, alpha T, a, b *Dense[T], beta T, c *Dense[T]) {
	var p kernels.Product[T] // field by field: a literal would be built and copied
	p.M, p.K = a.shape(tA)
	p.N = c.Cols
	setFactors(&p, tA, tB, a, b)
	p.Alpha, p.Beta, p.C, p.CRow = alpha, beta, c.Data, c.Stride
	if !p.RunSmall() {
		runBlocked(w, &p)
	}
}

func setFactors[T Float](p *kernels.Product[T], tA, tB Transpose, a, b *Dense[T]) {
	p.A, p.B = a.Data, b.Data
	p.ARow, p.ACol = a.strides(tA)
	p.BRow, p.BCol = b.strides(tB)
}

func runBlocked[T Float](w *Workspace[T], p *kernels.Product[T]) {
	if w == nil {
		w = getWorkspace[T]()
		defer putWorkspace(w)
	}
	w.kernel.Gemm(threadsFor(w.Threads), p)
}

func panicGemm[T Float](op string, tA, tB Transpose, a, b, c *Dense[T]) {
	a.check(op, "A")
	b.check(op, "B")
	c.check(op, "C")
	m, k := a.shape(tA)
	kb, n := b.shape(tB)
	panicf(op, "op(A) is %d×%d, op(B) is %d×%d, C is %d×%d", m, k, kb, n, c.Rows, c.Cols)
}

func gemv[T Float](op string, tA Transpose, alpha T, a *Dense[T], x []T, beta T, y []T) {
	a.check(op, "A")
	m, n := a.shape(tA)
	if len(x) != n || len(y) != m {
		panicf(op, "op(A) is %d×%d, len(x) = %d, len(y) = %d", m, n, len(x), len(y))
	}
	dst := &Dense[T]{Rows: m, Cols: 1, Data: y, Stride: 1}
	src := &Dense[T]{Rows: n, Cols: 1, Data: x, Stride: 1}
	checkOverlap(op, dst, a, "A")
	checkOverlap(op, dst, src, "x")
	row, col := a.strides(tA)
	kernels.Gemv(m, n, alpha, a.Data, row, col, x, beta, y)
}

func syrk[T Float](op string, w *Workspace[T], tA Transpose, alpha T, a *Dense[T], beta T, c *Dense[T]) {
	a.check(op, "A")
	c.check(op, "C")
	k, n := a.shape(!tA)
	if c.Rows != n || c.Cols != n {
		panicf(op, "the product is %d×%d, C is %d×%d", n, n, c.Rows, c.Cols)
	}
	checkOverlap(op, c, a, "A")
	p := kernels.Product[T]{M: n, N: n, K: k, Alpha: alpha, Beta: beta, C: c.Data, CRow: c.Stride, Upper: true}
	setFactors(&p, tA, !tA, a, a)
	if !p.RunSmall() {
		runBlocked(w, &p)
	}
	c.mirrorUpper()
}

// mirrorUpper copies the upper triangle of a square matrix into the lower one,
// block by block.
func (m *Dense[T]) mirrorUpper() {
	const block = 32
	for i := 0; i < m.Rows; i += block {
		rows := min(block, m.Rows-i)
		for r := i + 1; r < i+rows; r++ {
			for j := i; j < r; j++ {
				m.Data[r*m.Stride+j] = m.Data[j*m.Stride+r]
			}
		}
		if below := m.Rows - i - rows; below > 0 {
			kernels.Transpose(rows, below, m.Data[i*m.Stride+i+rows:], m.Stride, m.Data[(i+rows)*m.Stride+i:], m.Stride)
		}
	}
}

func (m *Dense[T]) shape(t Transpose) (rows, cols int) {
	if t {
		return m.Cols, m.Rows
	}
	return m.Rows, m.Cols
}

// strides are those between rows and between columns of op(m).
func (m *Dense[T]) strides(t Transpose) (row, col int) {
	if t {
		return 1, m.Stride
	}
	return m.Stride, 1
}

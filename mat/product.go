package mat

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
	a.check("Mul", "A")
	b.check("Mul", "B")
	if a.Cols != b.Rows {
		panicf("Mul", "A is %d×%d, B is %d×%d", a.Rows, a.Cols, b.Rows, b.Cols)
	}
	m.Resize("Mul", a.Rows, b.Cols)
	w := getWorkspace[T]()
	w.gemm("Mul", NoTrans, NoTrans, 1, a, b, 0, m)
	putWorkspace(w)
}

// Gemm computes C = alpha·op(A)·op(B) + beta·C (BLAS gemm), op being the
// transpose where tA or tB says so. With beta == 0 it never reads C, with
// alpha == 0 never A or B. It panics with Error when the shapes do not fit or
// C shares entries with an operand. Cost: 2mnk flops. The result does not
// depend on the number of threads.
func Gemm[T Float](tA, tB Transpose, alpha T, a, b *Dense[T], beta T, c *Dense[T]) {
	w := getWorkspace[T]()
	w.gemm("Gemm", tA, tB, alpha, a, b, beta, c)
	putWorkspace(w)
}

// Gemv computes y = alpha·op(A)·x + beta·y (BLAS gemv). The lengths of x and y
// must be those of op(A) exactly. With beta == 0 it never reads y, with
// alpha == 0 never A or x. It panics with Error when the lengths do not fit or
// y shares entries with A or x. Cost: 2mn flops, mn elements read.
func Gemv[T Float](tA Transpose, alpha T, a *Dense[T], x []T, beta T, y []T) {
	w := getWorkspace[T]()
	w.gemv("Gemv", tA, alpha, a, x, beta, y)
	putWorkspace(w)
}

// Syrk computes C = alpha·AᵀA + beta·C (tA == Trans) or C = alpha·AAᵀ + beta·C
// (NoTrans), after BLAS syrk. It reads the upper triangle of C and writes
// both: C is symmetric to the last bit. With beta == 0 it never reads C, with
// alpha == 0 never A. It panics with Error when the shapes do not fit or C
// shares entries with A. Cost: n²k flops for an n × n result.
func Syrk[T Float](tA Transpose, alpha T, a *Dense[T], beta T, c *Dense[T]) {
	w := getWorkspace[T]()
	w.syrk("Syrk", tA, alpha, a, beta, c)
	putWorkspace(w)
}

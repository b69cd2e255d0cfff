package kernels

// Operand is a matrix of the product: entry (i, j) is Data[i*Row+j*Col].
type Operand[T Float] struct {
	Data     []T
	Row, Col int
}

// Workspace holds the pack buffers of the products. The zero value is ready;
// one goroutine at a time may use it.
type Workspace[T Float] struct{}

// Gemm computes the m × n matrix C = alpha*A*B + beta*C, with at most threads
// goroutines. C is row-major with stride ldc. Operands are not checked.
func (w *Workspace[T]) Gemm(threads, m, n, k int, alpha T, a, b Operand[T], beta T, c []T, ldc int) {
	for i := range m {
		for j := range n {
			var s T
			if alpha != 0 {
				for p := range k {
					s += a.Data[i*a.Row+p*a.Col] * b.Data[p*b.Row+j*b.Col]
				}
				s *= alpha
			}
			if beta != 0 {
				s += beta * c[i*ldc+j]
			}
			c[i*ldc+j] = s
		}
	}
}

package kernels

// Gemv computes y = alpha*A*x + beta*y for an m × n operand whose rows or
// columns are contiguous. With beta == 0 it does not read y, with alpha == 0
// neither A nor x.
func Gemv[T Float](m, n int, alpha T, a Operand[T], x []T, beta T, y []T) {
	if n == 0 || alpha == 0 {
		scaleRows(beta, 1, m, y, m)
		return
	}
	if a.Col == 1 {
		gemvRows(m, n, alpha, a, x, beta, y)
		return
	}
	scaleRows(beta, 1, m, y, m)
	for j := range n {
		axpy(alpha*x[j], a.Data[j*a.Col:j*a.Col+m], y)
	}
}

// gemvRows takes the dot product of every row.
func gemvRows[T Float](m, n int, alpha T, a Operand[T], x []T, beta T, y []T) {
	for i := range m {
		v := alpha * Dot(a.Data[i*a.Row:i*a.Row+n], x)
		if beta != 0 {
			v += beta * y[i]
		}
		y[i] = v
	}
}

package kernels

// Gemv computes y = alpha*A*x + beta*y for an m × n matrix with
// entry (i, j) at a[i*aRow+j*aCol], one of the strides being 1. With beta == 0 it does not read y, with alpha == 0
// neither A nor x.
func Gemv[T Float](m, n int, alpha T, a []T, aRow, aCol int, x []T, beta T, y []T) {
	if m == 0 {
		return
	}
	if n == 0 || alpha == 0 {
		scaleRows(beta, 1, m, y, m)
		return
	}
	if aCol == 1 {
		gemvRows(m, n, alpha, a, aRow, x, beta, y)
		return
	}
	scaleRows(beta, 1, m, y, m)
	for j := range n {
		axpy(alpha*x[j], a[j*aCol:j*aCol+m], y)
	}
}

// gemvRows takes the dot product of every row.
func gemvRows[T Float](m, n int, alpha T, a []T, aRow int, x []T, beta T, y []T) {
	for i := range m {
		v := alpha * Dot(a[i*aRow:i*aRow+n], x)
		if beta != 0 {
			v += beta * y[i]
		}
		y[i] = v
	}
}

package oracle

// Gemm returns the m × n result alpha·A·B + beta·C, row by row, entry (i, j) of
// A, B and C being a(i, j), b(i, j) and c(i, j). With beta == 0 it does not ask
// for C, with alpha == 0 neither for A nor for B.
//
// A computed entry passes through k roundings for the dot product, one for
// alpha and one for adding beta·C, so that it errs by at most Gamma(k+2) times
// the Abs of its Sum.
func Gemm[T float32 | float64](m, n, k int, alpha T, a, b func(i, j int) T, beta T, c func(i, j int) T) []Sum {
	out := make([]Sum, m*n)
	for i := range m {
		for j := range n {
			s := &out[i*n+j]
			if alpha != 0 {
				for p := range k {
					s.Add(float64(a(i, p)), float64(b(p, j)))
				}
				s.Scale(float64(alpha))
			}
			if beta != 0 {
				s.Add(float64(beta), float64(c(i, j)))
			}
		}
	}
	return out
}

package oracle

// Dot returns xᵀy. Computed values err by at most Gamma(n) times its Abs.
func Dot[T float32 | float64](x, y []T) Sum {
	var s Sum
	for i := range x {
		s.Add(float64(x[i]), float64(y[i]))
	}
	return s
}

// Axpby returns alpha·x + beta·y for single elements. Computed values err by at
// most Gamma(2) times its Abs.
func Axpby[T float32 | float64](alpha, x, beta, y T) Sum {
	var s Sum
	s.Add(float64(alpha), float64(x))
	s.Add(float64(beta), float64(y))
	return s
}

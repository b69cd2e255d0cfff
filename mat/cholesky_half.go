package mat

// SolveU replaces B by U⁻¹·B, with Trans by U⁻ᵀ·B, or with side Right by B·U⁻¹
// or B·U⁻ᵀ: half of Solve, as changes of variables need it. It panics with
// Error when the shapes do not fit or Factorize failed. Cost: n²c flops for c
// right-hand sides.
func (c *Cholesky[T]) SolveU(side Side, t Transpose, b *Dense[T]) {
	c.checkFactored("SolveU")
	b.check("SolveU", "B")
	n := b.Rows
	if side == Right {
		n = b.Cols
	}
	if n != c.u.Rows {
		panicf("SolveU", "A is %d×%d, B is %d×%d", c.u.Rows, c.u.Rows, b.Rows, b.Cols)
	}
	if b.Rows == 0 || b.Cols == 0 {
		return
	}
	c.solver.work.Threads = c.Threads
	c.solver.solve(side, &triOperand[T]{&c.u, Upper, t, NonUnit}, b)
}

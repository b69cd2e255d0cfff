package mat

import "math/bits"

// GemmStridedBatch computes C_i = alpha·op(A_i)·op(B_i) + beta·C_i for i < count,
// after BLAS gemm_batch_strided: A_i is the matrix a with its Data advanced by
// i·aStep elements, and so are B_i and C_i. A step of 0 shares A or B among all
// products. The matrices C_i lie one behind the other, cStep ≥ (c.Rows−1)·c.Stride
// + c.Cols, or side by side, cStep ≥ c.Cols and (count−1)·cStep + c.Cols ≤
// c.Stride, as the heads of attention do.
//
// It panics with Error, before any work, when the shapes do not fit, count or a
// step is negative, a Data ends before the last of its matrices, two C_i meet,
// or C shares entries with A or B. There the gaps between matrices side by side
// count as entries, and so do those between the rows of other matrices unless the
// step is 0 or Rows·Stride. Cost: that of the products, on as many threads as
// SetMaxThreads allows.
func GemmStridedBatch[T Float](tA, tB Transpose, alpha T, a *Dense[T], aStep int, b *Dense[T], bStep int,
	beta T, c *Dense[T], cStep, count int) {
	var w BatchWorkspace[T]
	w.GemmStrided(tA, tB, alpha, a, aStep, b, bStep, beta, c, cStep, count)
}

// GemmStrided is GemmStridedBatch, with the same results to the bit.
func (w *BatchWorkspace[T]) GemmStrided(tA, tB Transpose, alpha T, a *Dense[T], aStep int, b *Dense[T], bStep int,
	beta T, c *Dense[T], cStep, count int) {
	const op = "GemmStridedBatch"
	if count < 0 || aStep < 0 || bStep < 0 || cStep < 0 {
		panicf(op, "count = %d, steps %d, %d, %d", count, aStep, bStep, cStep)
	}
	if count == 0 {
		return
	}
	a.check(op, "A")
	b.check(op, "B")
	c.check(op, "C")
	w.a, w.b, w.c = operands[T]{first: *a, step: aStep}, operands[T]{first: *b, step: bStep}, operands[T]{first: *c, step: cStep}
	w.checkStrided(op, tA, tB, count)
	_, k := a.shape(tA)
	w.multiply(tA, tB, alpha, beta, count, float64(count)*multiplyAdds(c.Rows, c.Cols, k))
}

// checkStrided panics with Error as GemmStridedBatch says.
func (w *BatchWorkspace[T]) checkStrided(op string, tA, tB Transpose, count int) {
	a, b, c := &w.a.first, &w.b.first, &w.c.first
	m, k := a.shape(tA)
	kb, n := b.shape(tB)
	if k != kb || c.Rows != m || c.Cols != n {
		panicGemm(op, tA, tB, a, b, c)
	}
	w.a.checkLength(op, "A", count)
	w.b.checkLength(op, "B", count)
	w.c.checkLength(op, "C", count)
	if !w.c.apart(count) {
		panicf(op, "%d matrices C, %d×%d with stride %d, meet at step %d", count, c.Rows, c.Cols, c.Stride, w.c.step)
	}
	all := w.c.envelope(count)
	readA, readB := w.a.envelope(count), w.b.envelope(count)
	checkOverlap(op, &all, &readA, "A")
	checkOverlap(op, &all, &readB, "B")
}

// checkLength panics with Error when the data end before the last matrix.
func (o *operands[T]) checkLength(op, what string, count int) {
	span := o.first.span()
	if span == 0 {
		return
	}
	over, last := bits.Mul64(uint64(count-1), uint64(o.step))
	if over != 0 || last > uint64(len(o.first.Data)-span) {
		panicf(op, "len(Data) = %d of %s does not hold %d matrices of %d elements at step %d",
			len(o.first.Data), what, count, span, o.step)
	}
}

// apart reports whether no two of the matrices share entries by the rules of
// GemmStridedBatch.
func (o *operands[T]) apart(count int) bool {
	return count == 1 || o.step >= o.first.span() || o.sideBySide(count)
}

func (o *operands[T]) sideBySide(count int) bool {
	return o.step >= o.first.Cols && (count-1)*o.step+o.first.Cols <= o.first.Stride
}

// envelope returns one matrix among whose entries are those of all, and few others.
func (o *operands[T]) envelope(count int) Dense[T] {
	m, span := o.first, o.first.span()
	last := (count - 1) * o.step
	switch {
	case span == 0 || last == 0:
	case o.sideBySide(count):
		m.Cols += last
	case o.step == m.Rows*m.Stride:
		m.Rows *= count
	case o.step >= span:
		m.Rows, m.Cols, m.Stride = count, span, o.step
	default: // they overlap, or share rows
		m.Rows, m.Cols, m.Stride = 1, last+span, last+span
	}
	if span > 0 {
		m.Data = m.Data[:last+span]
	}
	return m
}

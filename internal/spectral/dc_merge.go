package spectral

import (
	"github.com/lanes-go/lanes/mat"
)

// leafSize is the largest order that QL solves without a further division.
const leafSize = 25

// divide solves the symmetric tridiagonal eigenproblem by divide and conquer
// (Cuppen 1981; Gu and Eisenstat 1995; LAPACK stedc, laed1 to laed4). Vectors
// are rows: deflated ones are copied and rotated as contiguous memory, and an
// update is S·(old rows).
type divide[T mat.Float] struct {
	d, e []T
	z    mat.Dense[T] // row i is the vector of d[i]
	perm []int        // of each solved block, by ascending d, relative to its start

	deflation deflation[T]
	secular   secular[T]
	s         mat.Dense[T] // vectors of the rank-one update
	upper     mat.Dense[T] // gathered rows of the first half
	lower     mat.Dense[T] // gathered rows of the second half
	stats     *DCStats
}

// reset sizes the buffers for order n.
func (v *divide[T]) reset(n int) {
	v.d, v.e, v.perm = grow(v.d, n), grow(v.e, max(n-1, 0)), grow(v.perm, n)
	growDense(&v.z, n, n)
	v.deflation.grow(n)
	v.secular.reset(n)
	growDense(&v.s, n, n)
	growDense(&v.upper, n, n/2+1)
	growDense(&v.lower, n, n/2+1)
}

// run solves the tridiagonal (d, e), counting into stats.
func (v *divide[T]) run(ws *mat.Workspace[T], d, e []T, stats *DCStats) error {
	v.reset(len(d))
	v.stats = stats
	copy(v.d, d)
	copy(v.e, e)
	clear(v.z.Data)
	return v.solve(ws, 0, len(d))
}

// solve diagonalises rows first to last-1 of (d, e). Columns outside are zero
// in those rows of z, before and after.
func (v *divide[T]) solve(ws *mat.Workspace[T], first, last int) error {
	n := last - first
	if n <= leafSize {
		return v.leaf(first, last)
	}
	mid := first + n/2
	tear := abs(v.e[mid-1])
	v.d[mid-1] -= tear
	v.d[mid] -= tear
	if err := v.solve(ws, first, mid); err != nil {
		return err
	}
	if err := v.solve(ws, mid, last); err != nil {
		return err
	}
	v.merge(ws, first, mid, last)
	return nil
}

// leaf solves rows first to last-1 by QL.
func (v *divide[T]) leaf(first, last int) error {
	z := window(&v.z, first, first, last-first, last-first)
	for i := range z.Rows {
		z.Data[i*z.Stride+i] = 1
	}
	d := v.d[first:last]
	if err := qlVectors(d, v.e[first:max(last-1, first)], &z); err != nil {
		return err
	}
	perm := v.perm[first:last]
	for i := range perm {
		j := i
		for ; j > 0 && d[perm[j-1]] > d[i]; j-- {
			perm[j] = perm[j-1]
		}
		perm[j] = i
	}
	return nil
}

// merge joins the solved blocks first to mid-1 and mid to last-1, torn apart
// by the off-diagonal entry mid-1.
func (v *divide[T]) merge(ws *mat.Workspace[T], first, mid, last int) {
	n := last - first
	b := block[T]{
		d: v.d[first:last], perm: v.perm[first:last], half: mid - first,
		z: window(&v.z, first, first, n, n),
	}
	k := v.deflation.deflate(&b, v.e[mid-1])
	v.stats.Merges++
	v.stats.Rows += n
	v.stats.Deflated += n - k
	if k > 0 {
		v.update(ws, &b, k)
	}
	v.deflation.order(&b, k)
}

// update replaces the k rows that did not deflate by the vectors of the
// rank-one update. They become rows 0 to k-1 of the block.
func (v *divide[T]) update(ws *mat.Workspace[T], b *block[T], k int) {
	n1, n2 := b.half, len(b.d)-b.half
	f := &v.deflation
	sec := &v.secular
	sec.reset(k)
	f.fill(b, sec)
	c1, c2 := f.count[onlyUpper], f.count[both]
	growDense(&v.upper, c1+c2, n1)
	growDense(&v.lower, k-c1, n2)
	for i, row := range f.group[:c1+c2] {
		copy(v.upper.Row(i), b.z.Data[row*b.z.Stride:][:n1])
	}
	for i, row := range f.group[c1:] {
		copy(v.lower.Row(i), b.z.Data[row*b.z.Stride+n1:][:n2])
	}
	v.stats.Evaluations += sec.solve()
	f.compact(b, k)
	growDense(&v.s, k, k)
	for i := range k {
		b.d[i] = sec.root(i)
		sec.vector(i, v.s.Row(i))
	}
	left, right := window(&v.s, 0, 0, k, c1+c2), window(&v.s, 0, c1, k, k-c1)
	zl, zr := window(&b.z, 0, 0, k, n1), window(&b.z, 0, n1, k, n2)
	ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &left, &v.upper, 0, &zl)
	ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &right, &v.lower, 0, &zr)
}

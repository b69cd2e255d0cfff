package spectral

import (
	"github.com/lanes-go/lanes/mat"
)

// leafSize is the largest order that QL solves without a further division.
const leafSize = 32

// divide solves the symmetric tridiagonal eigenproblem by divide and conquer
// (Cuppen 1981; Gu and Eisenstat 1995; LAPACK stedc, laed1 to laed4). Vectors
// are rows: deflated ones are copied and rotated as contiguous memory, and an
// update is S·(old rows). For the values alone a merge needs the first and the
// last entry of each vector of its halves, and no more is kept of them.
type divide[T mat.Float] struct {
	d, e []T
	z    mat.Dense[T] // row i is the vector of d[i], or its two ends
	ends bool         // of the vectors are all that z holds
	perm []int        // of each solved block, by ascending d, relative to its start

	ql        ql[T]
	deflation deflation[T]
	secular   secular[T]
	s         mat.Dense[T] // vectors of the rank-one update
	upper     mat.Dense[T] // gathered rows of the first half
	lower     mat.Dense[T] // gathered rows of the second half
	stats     *DCStats
	watch     *Monitor
}

// reset sizes the buffers for order n.
func (v *divide[T]) reset(n int) {
	v.d, v.e, v.perm = grow(v.d, n), grow(v.e, max(n-1, 0)), grow(v.perm, n)
	if v.ends {
		growDense(&v.z, n, 2)
	} else {
		growDense(&v.z, n, n)
	}
	v.deflation.grow(n)
	v.secular.reset(n)
	growDense(&v.s, n, n)
	growDense(&v.upper, n, n/2+1)
	growDense(&v.lower, n, n/2+1)
}

// run solves the tridiagonal (d, e), counting into stats. With valuesOnly z is
// of no use after.
func (v *divide[T]) run(ws *mat.Workspace[T], d, e []T, valuesOnly bool, stats *DCStats) error {
	v.ends = valuesOnly
	v.reset(len(d))
	v.stats = stats
	copy(v.d, d)
	copy(v.e, e)
	clear(v.z.Data)
	return v.solve(ws, 0, len(d))
}

// rows returns the vectors of rows first to last-1, which are zero outside of
// the columns of the same numbers.
func (v *divide[T]) rows(first, last int) mat.Dense[T] {
	if v.ends {
		return window(&v.z, first, 0, last-first, 2)
	}
	return window(&v.z, first, first, last-first, last-first)
}

// solve diagonalises rows first to last-1 of (d, e).
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
	if !v.watch.Step(stageDivide, v.stats.Merges, mergesOf(len(v.d))) {
		return v.watch.Err()
	}
	v.merge(ws, first, mid, last)
	return nil
}

// mergesOf returns the number of merges of order n.
func mergesOf(n int) int {
	if n <= leafSize {
		return 0
	}
	return 1 + mergesOf(n/2) + mergesOf(n-n/2)
}

// leaf solves rows first to last-1 by QL.
func (v *divide[T]) leaf(first, last int) error {
	z := v.rows(first, last)
	if v.ends && z.Rows > 0 {
		z.Row(0)[0], z.Row(z.Rows - 1)[1] = 1, 1
	}
	for i := range z.Rows {
		if !v.ends {
			z.Row(i)[i] = 1
		}
	}
	d := v.d[first:last]
	if err := v.ql.run(d, v.e[first:max(last-1, first)], &z, z.Cols); err != nil {
		return err
	}
	sortPerm(d, v.perm[first:last])
	return nil
}

// sortPerm fills perm with the places of d in ascending order.
func sortPerm[T mat.Float](d []T, perm []int) {
	for i, x := range d {
		j := i
		for ; j > 0 && d[perm[j-1]] > x; j-- {
			perm[j] = perm[j-1]
		}
		perm[j] = i
	}
}

// merge joins the solved blocks first to mid-1 and mid to last-1, torn apart
// by the off-diagonal entry mid-1.
func (v *divide[T]) merge(ws *mat.Workspace[T], first, mid, last int) {
	n := last - first
	b := block[T]{
		d: v.d[first:last], perm: v.perm[first:last], half: mid - first,
		z: v.rows(first, last), ends: v.ends,
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

// update replaces the k rows that did not deflate by the eigenvalues and vectors
// of the rank-one update. They become rows 0 to k-1 of the block.
func (v *divide[T]) update(ws *mat.Workspace[T], b *block[T], k int) {
	v.secular.reset(k)
	v.deflation.fill(b, &v.secular)
	v.stats.Evaluations += v.secular.solve()
	if v.ends && len(b.d) == len(v.d) {
		v.deflation.compact(b, k)
	} else {
		v.gather(b, k)
		v.deflation.compact(b, k)
		v.multiply(ws, b, k)
	}
	for i := range k {
		b.d[i] = v.secular.root(i)
	}
}

// gather copies the rows of the update by kind: the columns of the first half
// to upper, those of the second to lower.
func (v *divide[T]) gather(b *block[T], k int) {
	n1, n2 := b.split(), b.z.Cols-b.split()
	only, first := v.deflation.count[onlyUpper], v.deflation.count[onlyUpper]+v.deflation.count[both]
	growDense(&v.upper, first, n1)
	growDense(&v.lower, k-only, n2)
	for i, row := range v.deflation.group[:first] {
		copy(v.upper.Row(i), b.z.Data[row*b.z.Stride:][:n1])
	}
	for i, row := range v.deflation.group[only:] {
		copy(v.lower.Row(i), b.z.Data[row*b.z.Stride+n1:][:n2])
	}
}

// multiply sets the first k rows of the block to the vectors of the update times
// the gathered rows.
func (v *divide[T]) multiply(ws *mat.Workspace[T], b *block[T], k int) {
	v.secular.recoverZ()
	growDense(&v.s, k, k)
	for i := range k {
		v.secular.vector(i, v.s.Row(i))
	}
	s1, s2 := window(&v.s, 0, 0, k, v.upper.Rows), window(&v.s, 0, k-v.lower.Rows, k, v.lower.Rows)
	z1, z2 := window(&b.z, 0, 0, k, v.upper.Cols), window(&b.z, 0, v.upper.Cols, k, v.lower.Cols)
	ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &s1, &v.upper, 0, &z1)
	ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &s2, &v.lower, 0, &z2)
}

package spectral

import (
	"time"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SymSubset is SymDC that can also stop before the last merge of two halves
// makes vectors, and then make some of them. The zero value is ready.
type SymSubset[T mat.Float] struct {
	SymDC[T]
	kept  int          // rows of the last merge that did not deflate
	some  mat.Dense[T] // vectors chosen, in the order of place
	place []int        // row of some for each of them, by ascending eigenvalue
}

// Begin computes all eigenvalues, and what Select needs, of the symmetric matrix
// whose upper triangle is that of a, square and finite. Values returns them. Cost:
// 4n³/3 flops, and n³/3 where nothing deflates.
func (s *SymSubset[T]) Begin(a *mat.Dense[T], threads int) error {
	exponent, start, err := s.tridiagonalize(a, false, threads)
	if err != nil {
		return err
	}
	kept, err := s.divide.runValues(&s.ws, s.tri.d, s.tri.e, &s.stats)
	if err != nil {
		return err
	}
	s.kept = kept
	for i, row := range s.divide.perm {
		s.values[i] = s.divide.d[row]
	}
	scaleBy(exponent, s.values)
	s.stats.Divide = time.Since(start)
	return nil
}

// runValues is run but for the vectors of the last merge, whose rows it has
// gathered. It returns how many of them come from the rank-one update.
func (v *divide[T]) runValues(ws *mat.Workspace[T], d, e []T, stats *DCStats) (kept int, err error) {
	n := len(d)
	v.ends = false
	v.reset(n)
	v.stats = stats
	copy(v.d, d)
	copy(v.e, e)
	clear(v.z.Data)
	if n <= leafSize {
		return 0, v.leaf(0, n)
	}
	mid := n / 2
	tear := abs(v.e[mid-1])
	v.d[mid-1] -= tear
	v.d[mid] -= tear
	if err := v.solve(ws, 0, mid); err != nil {
		return 0, err
	}
	if err := v.solve(ws, mid, n); err != nil {
		return 0, err
	}
	if !v.watch.Step(stageDivide, v.stats.Merges, mergesOf(len(v.d))) {
		return 0, v.watch.Err()
	}
	return v.mergeValues(mid), nil
}

// mergeValues is merge of the whole matrix but for the vectors.
func (v *divide[T]) mergeValues(mid int) (kept int) {
	b := block[T]{d: v.d, perm: v.perm, half: mid, z: v.z}
	k := v.deflation.deflate(&b, v.e[mid-1])
	v.stats.Merges++
	v.stats.Rows += len(v.d)
	v.stats.Deflated += len(v.d) - k
	if k > 0 {
		v.secular.reset(k)
		v.deflation.fill(&b, &v.secular)
		v.stats.Evaluations += v.secular.solve()
		v.gather(&b, k)
		v.deflation.compact(&b, k)
		v.secular.recoverZ()
		for i := range k {
			v.d[i] = v.secular.root(i)
		}
	}
	v.deflation.order(&b, k)
	return k
}

// Select computes the vectors of Values()[first:last], after Begin. Cost: 4n²
// flops for each.
func (s *SymSubset[T]) Select(first, last int) error {
	start := time.Now()
	perm := s.divide.perm[first:last]
	s.place = grow(s.place, len(perm))
	growDense(&s.some, len(perm), s.n)
	s.chooseRows(perm)
	s.stats.Divide += time.Since(start)
	start = time.Now()
	s.back.apply(&s.ws, &s.tri.a, s.tri.tau, &s.some, s.divide.s.Data)
	s.stats.Back = time.Since(start)
	return s.Watch.Err()
}

// chooseRows fills some with the vectors of the tridiagonal matrix in the rows
// perm: first those of the rank-one update, which stand in ascending order,
// then the deflated ones.
func (s *SymSubset[T]) chooseRows(perm []int) {
	v, roots, next := &s.divide, 0, 0
	for _, row := range perm {
		if row < s.kept {
			roots++
		}
	}
	growDense(&v.s, roots, s.kept)
	deflated := roots
	for i, row := range perm {
		if row < s.kept {
			v.secular.vector(row, v.s.Row(next))
			s.place[i] = next
			next++
			continue
		}
		copy(s.some.Row(deflated), v.z.Row(row))
		s.place[i] = deflated
		deflated++
	}
	if roots == 0 {
		return
	}
	k, n1 := s.kept, v.upper.Cols
	s1, s2 := window(&v.s, 0, 0, roots, v.upper.Rows), window(&v.s, 0, k-v.lower.Rows, roots, v.lower.Rows)
	z1, z2 := window(&s.some, 0, 0, roots, n1), window(&s.some, 0, n1, roots, v.lower.Cols)
	s.ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &s1, &v.upper, 0, &z1)
	s.ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &s2, &v.lower, 0, &z2)
}

// SelectedTo writes the vectors of the last Select to the columns of dst.
func (s *SymSubset[T]) SelectedTo(dst *mat.Dense[T]) {
	growDense(&s.tile, transposeTile, s.n)
	for first := 0; first < len(s.place); first += transposeTile {
		places := s.place[first:min(first+transposeTile, len(s.place))]
		for j, row := range places {
			copy(s.tile.Row(j), s.some.Row(row))
		}
		kernels.Transpose(len(places), s.n, s.tile.Data, s.tile.Stride, dst.Data[first:], dst.Stride)
	}
}

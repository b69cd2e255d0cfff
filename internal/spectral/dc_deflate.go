package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// block is two solved halves in the course of their merge. Indices of rows
// count from its start.
type block[T mat.Float] struct {
	d    []T
	z    mat.Dense[T]
	perm []int // rows by ascending d: of each half before, of the block after
	half int   // rows of the first half
	ends bool  // of the vectors, their first and last entry, are the columns of z
}

// split returns how many columns of z belong to the first half.
func (b *block[T]) split() int {
	if b.ends {
		return 1
	}
	return b.half
}

// kind says which columns of a row of vectors are not zero.
type kind uint8

const (
	onlyUpper kind = iota // those of the first half
	both
	onlyLower
	deflated // the row has left the rank-one update
)

// deflation splits the rank-one update D + rho·z·zᵀ of a merge into rows that
// are eigenvectors already and rows that are not (LAPACK laed2).
type deflation[T mat.Float] struct {
	rho    T
	z      []T
	kinds  []kind
	sorted []int // all rows by ascending d
	kept   []int // rows of the update by ascending d
	gone   []int // deflated rows, nearly by ascending d
	group  []int // kept by kind: then each half's columns are one block
	count  [3]int
}

func (f *deflation[T]) grow(n int) {
	f.z, f.kinds = grow(f.z, n), grow(f.kinds, n)
	f.sorted, f.kept, f.gone, f.group = grow(f.sorted, n), grow(f.kept, n), grow(f.gone, n), grow(f.group, n)
}

// deflate splits the rows of b, whose halves were torn apart at the
// off-diagonal entry e, and returns how many stay in the update.
func (f *deflation[T]) deflate(b *block[T], e T) (kept int) {
	n := len(b.d)
	f.z, f.kinds, f.sorted = f.z[:n], f.kinds[:n], f.sorted[:n]
	f.kept, f.gone, f.group = f.kept[:0], f.gone[:0], f.group[:n]
	f.tornRows(b, e)
	mergeSorted(b.perm[:b.half], b.perm[b.half:], b.half, b.d, f.sorted)
	f.scan(b, f.tolerance(b.d))
	f.gather()
	return len(f.kept)
}

// tornRows sets rho and z: the last row of the first half's vectors and the
// first row of the second half's, with norm 1. Where z holds ends, those at the
// tear give way to the zeros of the other half's columns.
func (f *deflation[T]) tornRows(b *block[T], e T) {
	f.rho = 2 * abs(e)
	column, scale := b.half-1, T(math.Sqrt2/2)
	if b.ends {
		column = 1
	}
	for i := range f.z {
		f.kinds[i] = onlyUpper
		if i >= b.half {
			f.kinds[i] = onlyLower
		}
		if i == b.half {
			column, scale = b.half, copysign(scale, e)
			if b.ends {
				column = 0
			}
		}
		entry := &b.z.Data[i*b.z.Stride+column]
		f.z[i] = scale * *entry
		if b.ends {
			*entry = 0
		}
	}
}

// tolerance is the change of the matrix that deflation may make: rounding.
func (f *deflation[T]) tolerance(d []T) T {
	var largest T
	for i, z := range f.z {
		largest = max(largest, abs(d[i]), abs(z))
	}
	return 4 * ulp[T]() * largest
}

// scan deflates rows of negligible z, and of two neighbours whose poles are so
// close that a rotation which empties the z of one barely couples them, that
// one.
func (f *deflation[T]) scan(b *block[T], tolerance T) {
	pending := -1 // the last row that is not yet kept
	for _, row := range f.sorted {
		if f.rho*abs(f.z[row]) <= tolerance {
			f.kinds[row] = deflated
			f.gone = append(f.gone, row)
			continue
		}
		if pending >= 0 && !f.rotate(b, pending, row, tolerance) {
			f.kept = append(f.kept, pending)
		}
		pending = row
	}
	if pending >= 0 {
		f.kept = append(f.kept, pending)
	}
}

// rotate moves the z of row p into row q if their poles are close enough, and
// reports whether p is deflated.
func (f *deflation[T]) rotate(b *block[T], p, q int, tolerance T) bool {
	norm := sqrt(f.z[p]*f.z[p] + f.z[q]*f.z[q])
	c, s := f.z[q]/norm, -f.z[p]/norm
	dp, dq := b.d[p], b.d[q]
	if abs((dq-dp)*c*s) > tolerance {
		return false
	}
	f.z[q], f.z[p] = norm, 0
	b.d[p], b.d[q] = dp*c*c+dq*s*s, dp*s*s+dq*c*c
	kernels.Rot(b.z.Row(p), b.z.Row(q), c, s)
	if f.kinds[p] != f.kinds[q] {
		f.kinds[q] = both
	}
	f.kinds[p] = deflated
	f.gone = append(f.gone, p)
	return true
}

// gather orders the kept rows by kind.
func (f *deflation[T]) gather() {
	f.count = [3]int{}
	for _, row := range f.kept {
		f.count[f.kinds[row]]++
	}
	f.group = f.group[:len(f.kept)]
	next := [3]int{0, f.count[onlyUpper], f.count[onlyUpper] + f.count[both]}
	for _, row := range f.kept {
		k := f.kinds[row]
		f.group[next[k]] = row
		next[k]++
	}
}

// fill hands the update to the secular solver, in the order of group.
func (f *deflation[T]) fill(b *block[T], s *secular[T]) {
	next := [3]int{0, f.count[onlyUpper], f.count[onlyUpper] + f.count[both]}
	var squares T
	for i, row := range f.kept {
		k := f.kinds[row]
		s.rank[i] = next[k]
		s.pole[next[k]] = b.d[row]
		s.z[next[k]] = f.z[row]
		squares += f.z[row] * f.z[row]
		next[k]++
	}
	s.rho = f.rho * squares
	kernels.Scal(1/sqrt(squares), s.z)
}

// compact moves the deflated rows among the first k to rows that the update
// frees: then the first k are free for its vectors.
func (f *deflation[T]) compact(b *block[T], k int) {
	free := k
	for i, row := range f.gone {
		if row >= k {
			continue
		}
		for f.kinds[free] == deflated {
			free++
		}
		copy(b.z.Row(free), b.z.Row(row))
		b.d[free] = b.d[row]
		f.gone[i] = free
		free++
	}
}

// order sets perm from the roots, rows 0 to k-1 with ascending d, and the
// deflated rows.
func (f *deflation[T]) order(b *block[T], k int) {
	for i, row := range f.gone {
		j := i
		for ; j > 0 && b.d[f.gone[j-1]] > b.d[row]; j-- {
			f.gone[j] = f.gone[j-1]
		}
		f.gone[j] = row
	}
	roots := f.sorted[:k] // free by now
	for i := range roots {
		roots[i] = i
	}
	mergeSorted(roots, f.gone, 0, b.d, b.perm)
}

// mergeSorted merges the rows x and y+offset, each by ascending d, into dst.
func mergeSorted[T mat.Float](x, y []int, offset int, d []T, dst []int) {
	for i := range dst {
		if len(y) == 0 || (len(x) > 0 && d[x[0]] <= d[y[0]+offset]) {
			dst[i], x = x[0], x[1:]
		} else {
			dst[i], y = y[0]+offset, y[1:]
		}
	}
}

package eig

import (
	"fmt"
	"time"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// jacobi is what the Jacobi methods work on.
type jacobi[T mat.Float] struct {
	scale   spectral.Scale
	work    []T // 2n²: what the method rotates
	d       []float64
	scratch []float64
	order   []int // row of vectors and d for each eigenvalue
	vectors rows[T]
	watch   *spectral.Monitor
	block   spectral.BlockJacobi[T]
	lanes   spectral.SymLanes[T]
	small   spectral.SymSmall[T]
	isSmall bool // small did it

	definite definite[T]
	place    []int // of the entries of vectors; nil: as they stand
}

// rows are vectors of equal length in one slice.
type rows[T mat.Float] struct {
	data   []T
	n      int
	stride int
}

func (r rows[T]) row(i int) []T { return r.data[i*r.stride : i*r.stride+r.n] }

func (r rows[T]) identity() {
	for i := range r.n {
		row := r.row(i)
		clear(row)
		row[i] = 1
	}
}

// load writes the scaled symmetric matrix whose upper triangle is that of a.
func (r rows[T]) load(s spectral.Scale, a *mat.Dense[T]) {
	for i := range r.n {
		row := r.row(i)
		spectral.ScaleTo(s, row[i:], a.Row(i)[i:])
		for j := i + 1; j < r.n; j++ {
			r.data[j*r.stride+i] = row[j]
		}
	}
}

// run finds the eigenvalues of a, whose largest entry is bound, and unless
// opts.ValuesOnly the vectors.
func (j *jacobi[T]) run(a *mat.Dense[T], bound float64, opts Options, stats *Stats) error {
	start := time.Now()
	j.reset(a.Rows, bound)
	var st spectral.Sweeps
	var err error
	if j.isSmall = stats.Method == Jacobi && a.Rows <= spectral.SmallOrder; j.isSmall {
		j.scale, st = j.small.Run(a, bound, j.d, sweepLimit(opts), j.watch)
	} else if stats.Method == OneSidedJacobi {
		st = j.oneSided(a, bound, sweepLimit(opts))
	} else {
		st, err = j.twoSided(a, opts, stats.Method)
	}
	if err != nil {
		return err
	}
	return j.conclude(st, start, stats)
}

func (j *jacobi[T]) reset(n int, bound float64) {
	j.scale = spectral.ScaleFor[T](n*n, bound)
	j.work = spectral.Grow(j.work, 2*n*n)
	j.d = spectral.Grow(j.d, n)
	j.scratch = spectral.Grow(j.scratch, 2*n)
	j.order = spectral.Grow(j.order, n)
	j.place, j.isSmall = nil, false
}

func sweepLimit(opts Options) int {
	if opts.MaxSweeps == 0 {
		return spectral.DefaultSweeps
	}
	return opts.MaxSweeps
}

// conclude orders the eigenvalues and fills the stats.
func (j *jacobi[T]) conclude(st spectral.Sweeps, start time.Time, stats *Stats) error {
	spectral.Ascending(j.d, j.order)
	stats.Sweeps, stats.Rotations, stats.OffNorm = st.Count, st.Rotations, st.Off
	stats.Diagonalise = time.Since(start)
	if err := j.watch.Err(); err != nil {
		return err
	}
	return converged(st, stats.Method)
}

// converged returns the error of sweeps that did not suffice.
func converged(st spectral.Sweeps, method Method) error {
	if st.Converged {
		return nil
	}
	return fmt.Errorf("%w: %v stands at an off-norm of %.3g after %d sweeps",
		mat.ErrNoConvergence, method, st.Off, st.Count)
}

// twoSided runs a cyclic method on a copy of a in the first half of work, with
// the vectors in the second.
func (j *jacobi[T]) twoSided(a *mat.Dense[T], opts Options, method Method) (spectral.Sweeps, error) {
	n := a.Rows
	full := rows[T]{j.work, n, n}
	full.load(j.scale, a)
	j.vectors = rows[T]{j.work[n*n:], n, n}
	var v []T
	if !opts.ValuesOnly {
		j.vectors.identity()
		v = j.vectors.data
	}
	if method == Jacobi {
		return spectral.SymJacobi(n, full.data, v, j.d, j.scratch[:n], sweepLimit(opts), j.watch), nil
	}
	j.block.Watch, j.block.Threads = j.watch, opts.Threads
	return j.block.Run(n, full.data, v, j.d, j.scratch[:n], sweepLimit(opts))
}

// oneSided runs the one-sided method on rows that hold W and V side by side.
func (j *jacobi[T]) oneSided(a *mat.Dense[T], bound float64, sweeps int) spectral.Sweeps {
	n := a.Rows
	if n <= lanesOrder {
		j.scale = spectral.ScaleNear[T](n*n, bound)
		st := j.lanes.Run(a, j.scale, j.d, sweeps, j.watch)
		j.vectors = rows[T]{}
		return st
	}
	rows[T]{j.work, n, 2 * n}.load(j.scale, a)
	j.vectors = rows[T]{j.work[min(n, len(j.work)):], n, 2 * n}
	j.vectors.identity()
	return spectral.SymOneSided(n, j.work, j.d, j.scratch[:n], sweeps, j.watch)
}

// valuesTo writes the eigenvalues to dst at the scale of the matrix.
func (j *jacobi[T]) valuesTo(dst []T) {
	for k, i := range j.order {
		dst[k] = T(j.scale.Undo(j.d[i]))
	}
}

// vectorsTo writes as many vectors as dst has columns, from number first on.
func (j *jacobi[T]) vectorsTo(dst *mat.Dense[T], first int) {
	if j.isSmall {
		j.small.VectorsTo(dst, j.order[first:first+dst.Cols])
		return
	}
	if j.vectors.data == nil {
		j.lanes.VectorsTo(dst, j.order[first:first+dst.Cols])
		return
	}
	for k, i := range j.order[first : first+dst.Cols] {
		for r, v := range j.vectors.row(i) {
			if j.place != nil {
				r = j.place[r]
			}
			dst.Data[r*dst.Stride+k] = v
		}
	}
}

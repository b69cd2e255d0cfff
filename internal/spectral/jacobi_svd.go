package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Floor returns the ratio of column norms below which a column counts as zero.
// It leaves the squares of all others in range at the scale of ScaleFor.
func Floor[T mat.Float]() float64 {
	if is64[T]() {
		return 0x1p-960
	}
	return 0x1p-96
}

// SVDOneSided makes n vectors of length n orthogonal by Jacobi rotations
// (Hestenes 1958; the thresholds are those of LAPACK's dgesvj). Vector i is the
// head of row i of rows, which is stride long; whatever follows in the row, such
// as a row of the identity to gather the rotations, turns with it. On return d,
// of length n, holds the squared lengths, exactly zero where a vector vanished,
// in no particular order. scratch has length 2n, watch may stop the iteration
// before any sweep. The scale of the vectors must be one that ScaleFor chose.
//
// A pair rotates when the cosine of its angle is above max(√n, 4)·eps; off is
// the largest cosine that a sweep meets, and a sweep without rotations ends the
// iteration. Rounded sines and cosines stretch what they rotate, and more often
// than not by a little more than 1: what that adds up to is taken out of d in the
// end. Cost of a sweep: n³ flops for the products and 3n²·stride for the rotations.
func SVDOneSided[T mat.Float](
	n int, rows []T, stride int, d, scratch []float64, maxSweeps int, watch *Monitor,
) Sweeps {
	j := svdOneSided[T]{n: n, rows: rows, stride: stride, d: d, stretch: scratch[n : 2*n]}
	clear(j.stretch)
	j.tol = Eps[T]() * math.Max(math.Sqrt(float64(n)), 4)
	var st Sweeps
	previous := 0.0
	for !st.Converged && st.Count < maxSweeps && watch.Step(stageSweeps, st.Count, maxSweeps) {
		j.lengths()
		j.order = sweepOrder(j.order, &st, previous, d, scratch[:n])
		previous = st.Off
		j.arrange()
		rotations, off := j.sweep()
		st.add(rotations, off)
		st.Converged = rotations == 0
	}
	j.lengths()
	for i, x := range j.stretch {
		d[i] /= 1 + x
	}
	return st
}

type svdOneSided[T mat.Float] struct {
	n, stride int
	rows      []T
	d         []float64 // squared lengths
	stretch   []float64 // what rotations have added to these, relative to them
	floor     float64   // of d
	tol       float64
	order     order
}

func (j *svdOneSided[T]) row(i int) []T { return j.rows[i*j.stride : (i+1)*j.stride] }

// lengths sums the squared lengths anew and clears the vectors that vanished:
// rotations shrink what depends on other vectors by eps each time, down into
// underflow, where no angle is defined.
func (j *svdOneSided[T]) lengths() {
	largest := 0.0
	for i := range j.n {
		j.d[i] = sumSquares(j.row(i)[:j.n])
		largest = max(largest, j.d[i])
	}
	j.floor = largest * Floor[T]() * Floor[T]()
	for i := range j.n {
		if j.d[i] <= j.floor {
			j.d[i] = 0
			clear(j.row(i)[:j.n])
		}
	}
}

// arrange brings the vectors into order, usually that of falling length.
func (j *svdOneSided[T]) arrange() {
	for p := range j.n {
		if q := j.order.first(j.d, p); q != p {
			j.d[p], j.d[q] = j.d[q], j.d[p]
			j.stretch[p], j.stretch[q] = j.stretch[q], j.stretch[p]
			kernels.Swap(j.row(p), j.row(q))
		}
	}
}

// sweep visits every pair once and returns the number of rotations and the
// largest cosine it met.
func (j *svdOneSided[T]) sweep() (rotations int, off float64) {
	n, d := j.n, j.d
	for p := range n {
		x := j.row(p)
		for q := p + 1; q < n; q++ {
			if d[p] <= j.floor || d[q] <= j.floor {
				continue
			}
			y := j.row(q)
			g := float64(kernels.Dot(x[:n], y[:n]))
			cosine := math.Abs(g) / (math.Sqrt(d[p]) * math.Sqrt(d[q]))
			off = max(off, cosine)
			if cosine <= j.tol {
				continue
			}
			rotations++
			j.rotate(p, q, g)
		}
	}
	return rotations, off
}

// rotate makes the rows p and q orthogonal, whose inner product is g, and
// leaves in p the one that comes first.
func (j *svdOneSided[T]) rotate(p, q int, g float64) {
	t := tangent(j.d[p], j.d[q], g)
	c, s := cosSin(t)
	before := [2]float64{j.d[p], j.d[q]}
	after := [2]float64{before[0] + t*g, before[1] - t*g}
	if j.order.swapped(after[0], after[1]) {
		c, s = -s, c
		before[0], before[1] = before[1], before[0]
		after[0], after[1] = after[1], after[0]
	}
	j.turn(p, q, T(c), T(s))
	j.d[p], j.d[q] = after[0], after[1]
	j.refresh(p, before[0])
	j.refresh(q, before[1])
}

// turn applies the rotation, whose c² + s² is not quite 1.
func (j *svdOneSided[T]) turn(p, q int, c, s T) {
	kernels.Rot(j.row(p), j.row(q), c, s)
	cc, ss := float64(c)*float64(c), float64(s)*float64(s)
	more := math.FMA(float64(c), float64(c), math.FMA(float64(s), float64(s), -1))
	x, y := j.stretch[p], j.stretch[q]
	j.stretch[p], j.stretch[q] = more+cc*x+ss*y, more+ss*x+cc*y
}

// refresh sums d[i] anew where cancellation has left few of the digits that it
// had before.
func (j *svdOneSided[T]) refresh(i int, before float64) {
	if j.d[i] <= math.Sqrt(Eps[T]())*before {
		j.d[i] = sumSquares(j.row(i)[:j.n])
	}
}

// Complete replaces the rows of the len(d) × n matrix (rows stride apart, n long)
// for which d is zero, so that all are orthonormal; the others are so already.
// used has length n. Cost: 8n·len(d) flops for each row.
func Complete[T mat.Float](n int, rows []T, stride int, d, used []float64) {
	row := func(i int) []T { return rows[i*stride : i*stride+n] }
	clear(used)
	use := func(u []T) {
		for k, v := range u {
			used[k] += float64(v) * float64(v)
		}
	}
	for i, x := range d {
		if x > 0 {
			use(row(i))
		}
	}
	for i, x := range d {
		if x > 0 {
			continue
		}
		// The unit vector farthest from the span of the rows so far, made
		// orthogonal to them twice (Kahan and Parlett: twice is enough).
		u := row(i)
		clear(u)
		u[leastUsed(used)] = 1
		for range 2 {
			for k, y := range d {
				if y > 0 || k < i {
					kernels.Axpy(-kernels.Dot(u, row(k)), row(k), u)
				}
			}
		}
		Normalise(u)
		use(u)
	}
}

func leastUsed(used []float64) int {
	best := 0
	for k, x := range used {
		if x < used[best] {
			best = k
		}
	}
	return best
}

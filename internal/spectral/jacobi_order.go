package spectral

import (
	"math"
	"slices"
)

// order is the order that Jacobi rotations give the diagonal: by binary
// magnitude of the distance to center, the farthest first; within one binade
// what lies above center first; and then by distance again.
//
// Row-cyclic Jacobi converges quadratically when eigenvalues of one cluster
// stand together and stalls when they do not, so entries of opposite sign must
// not mingle. It converges fast from the start when the cluster where most
// eigenvalues lie, usually zero, comes last, as each row of a sweep then splits
// off what dominates the rest; with that cluster first the off-norm falls by
// no more than half a sweep.
type order struct {
	center float64
	scale  float64
}

// around returns the order of d about center.
func around(center float64, d []float64) order {
	var far float64
	for _, x := range d {
		far = max(far, math.Abs(x-center))
	}
	if far == 0 {
		return order{center, 1}
	}
	// The farthest entries, which may form a cluster, keep clear of the border
	// between two binades.
	return order{center, 1 / (1.5 * far)}
}

// swapped reports whether x must not come before y.
func (o order) swapped(x, y float64) bool {
	dx, dy := (x-o.center)*o.scale, (y-o.center)*o.scale
	ax, ay := math.Abs(dx), math.Abs(dy)
	if ex, ey := math.Float64bits(ax)>>52, math.Float64bits(ay)>>52; ex != ey {
		return ex < ey
	}
	if (dx < 0) != (dy < 0) {
		return dx < 0
	}
	return ax < ay
}

// first returns the index of the entry of d[from:] that comes first.
func (o order) first(d []float64, from int) int {
	for i := from + 1; i < len(d); i++ {
		if o.swapped(d[from], d[i]) {
			from = i
		}
	}
	return from
}

// coarse times the threshold of rotation is where order stops to matter: what
// is below may be rounding noise, which must not exchange rows for ever.
const coarse = 8

// rotation takes the cosine and the sine that make g, the entry between d[p] and
// d[q], zero, gives these their new values, and exchanges them, by the angle too,
// where they are out of order.
func (o order) rotation(d []float64, p, q int, g, tol float64) (c, s float64, swapped bool) {
	t := tangent(d[p], d[q], g)
	c, s = cosSin(t)
	d[p], d[q] = d[p]+t*g, d[q]-t*g
	if math.Abs(g) > coarse*tol && o.swapped(d[p], d[q]) {
		d[p], d[q] = d[q], d[p]
		return -s, c, true
	}
	return c, s, false
}

// mode estimates where the entries of d lie densest by halving the sample, each
// time to the shortest interval that holds half of it (Robertson and Cryer
// 1974). It sorts d.
func mode(d []float64) float64 {
	slices.Sort(d)
	for len(d) > 2 {
		h, best := (len(d)+1)/2, 0
		for i := 0; i+h <= len(d); i++ {
			if d[i+h-1]-d[i] < d[best+h-1]-d[best] {
				best = i
			}
		}
		d = d[best : best+h]
	}
	return (d[0] + d[len(d)-1]) / 2
}

// sweepOrder chooses the order of each sweep: about zero, and about the mode
// once the iteration is seen to crawl. scratch has the length of d.
func sweepOrder(o order, st *Sweeps, previousOff float64, d, scratch []float64) order {
	center := o.center
	if st.Count > 1 && st.Off < 1e-3 && st.Off > 0.2*previousOff {
		copy(scratch, d)
		center = mode(scratch)
	}
	return around(center, d)
}

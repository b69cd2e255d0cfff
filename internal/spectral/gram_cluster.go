package spectral

import "math"

// clusters diagonalises the groups of neighbouring columns that are too close,
// in length, to their cosines for rotations of first order, and reports
// whether there were any.
func (g *GramSVD[T]) clusters() (found bool, err error) {
	g.invert()
	if !g.mark() {
		return false, nil
	}
	for first := 0; first < g.n; {
		end := g.last[first]
		for k := first; k <= end; k++ {
			end = max(end, g.last[k])
		}
		if end > first {
			if err := g.cluster(first, end-first+1); err != nil {
				return false, err
			}
		}
		first = end + 1
	}
	g.renormalise()
	return true, nil
}

// mark sets last[i] to the farthest column that column i must not rotate with
// simply, and reports whether there is any.
func (g *GramSVD[T]) mark() (found bool) {
	for i := range g.n {
		g.last[i] = i
		if g.rows[i] <= g.tol {
			continue
		}
		row, e := g.g.Row(i), g.e.Row(i)
		for j := i + 1; j < g.n; j++ {
			x, r := math.Abs(float64(row[j])), math.Abs(float64(e[j]))
			if x <= g.tol {
				continue
			}
			t := g.D[j] * g.inverse[i]
			gap := (1 - t) * (1 + t)
			if size := x + r; size > clusterScaled*gap || t*size > clusterTurn*gap {
				g.last[i], found = j, true
			}
		}
	}
	return found
}

// tight is the ratio of lengths above which the Gram matrix of a cluster is
// shifted before its eigenvectors are sought.
const tight = 0.7

// cluster multiplies the k columns from p on by the eigenvectors of their Gram
// matrix, whose entries are those of g.g.
//
// The eigensolver's error is eps times the norm of what it is given. That of a
// tight cluster is nearly a multiple of the identity: less that multiple, which
// is exact, its norm is the width of the cluster.
func (g *GramSVD[T]) cluster(p, k int) error {
	g.stats.Clusters++
	d, unit := g.D[p:p+k], g.inverse[p]
	gram := window(&g.next, 0, 0, k, k)
	shift := 0.0
	if ratio := d[k-1] * unit; ratio > tight {
		shift = (1 + ratio*ratio) / 2
	}
	for i := range k {
		row, cosines := gram.Row(i), g.g.Row(p + i)[p:p+k]
		x := d[i] * unit
		for j, c := range cosines {
			row[j] = T(float64(c) * x * (d[j] * unit))
		}
		row[i] = T(x*x - shift)
	}
	q, err := g.eigenvectors(&gram)
	if err != nil {
		return err
	}
	if g.track {
		g.rotate(&g.v, &g.turn, &q, p)
	}
	for i := range k {
		row := q.Row(i)
		for j := range row {
			row[j] *= T(d[j] * unit)
		}
	}
	g.rotate(&g.w, &g.next, &q, p)
	for i := range d {
		d[i] = 1 / unit
	}
	return nil
}

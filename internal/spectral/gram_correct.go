package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// correct rotates all pairs at once, on columns of unit length, until every
// cosine, and every entry of I − VᵀV, is rounding. A Gram matrix shows it, or
// the last correction was so small that what it leaves is below eps.
func (g *GramSVD[T]) correct(limit int) error {
	g.normalise()
	g.unitRight()
	g.sort(0)
	for {
		if !g.Watch.Step(stageCorrections, g.stats.Corrections, limit+1) {
			return g.Watch.Err()
		}
		g.gram()
		if g.stats.Off <= g.tol && g.stats.Drift <= 2*g.tolerance(g.n) {
			break
		}
		if g.stats.Corrections == limit {
			return g.failure()
		}
		g.stats.Corrections++
		g.pairs()
		found, err := g.clusters()
		if err != nil {
			return err
		}
		if !found && g.rotateAll() {
			break
		}
		g.sort(0)
	}
	g.sort(0)
	return nil
}

// tolerance is the largest inner product of two unit vectors of length m that
// counts as zero.
func (g *GramSVD[T]) tolerance(m int) float64 {
	return max(math.Sqrt(float64(m)), 20) * Eps[T]()
}

// gram forms Ĝ = ŴᵀŴ in g.g and R = I − VᵀV in g.e, which is zero while V is
// orthogonal by its making, and measures both.
func (g *GramSVD[T]) gram() {
	g.work.Syrk(mat.NoTrans, 1, &g.w, 0, &g.g)
	g.measureCosines()
	g.measureDrift()
}

// measureCosines sets Off, and rows to the largest cosine of each column with later ones.
func (g *GramSVD[T]) measureCosines() {
	g.stats.Off = 0
	for i := range g.n {
		g.rows[i] = MaxAbs(g.g.Row(i)[i+1:], 0)
		g.stats.Off = max(g.stats.Off, g.rows[i])
	}
}

func (g *GramSVD[T]) measureDrift() {
	g.stats.Drift = 0
	if !g.track || !g.drifted {
		g.e.Fill(0)
		return
	}
	g.work.Syrk(mat.NoTrans, -1, &g.v, 0, &g.e)
	for i := range g.n {
		row := g.e.Row(i)
		row[i]++
		g.stats.Drift = MaxAbs(row, g.stats.Drift)
	}
}

// unitRight brings the vectors V to unit length and refers D to them. The
// diagonal of R is then zero, as the second order of the corrections takes for
// granted.
func (g *GramSVD[T]) unitRight() {
	if g.track {
		for j := range g.n {
			row := g.v.Row(j)
			length := math.Sqrt(sumSquares(row))
			g.D[j] /= length
			kernels.Scal(T(1/length), row)
		}
	}
}

// rotateAll makes one simultaneous correction, and reports whether what it
// leaves needs no other Gram matrix to be known for less than eps.
//
// Where V is not asked for, all that it has seen is orthogonal, which changes
// nothing in VᵀV, and it stands at the identity: from a correction on of which
// even second order is not orthogonal, it tells how far from it.
func (g *GramSVD[T]) rotateAll() (last bool) {
	size := g.turnAll()
	g.advance(&g.w, &g.next, &g.g, &g.turn, size)
	if g.track {
		g.advance(&g.v, &g.turn, &g.e, &g.next, size)
		g.drifted = true
	}
	g.renormalise()
	last = g.left <= g.negligibleLeft() && g.unturned <= 2*g.tolerance(g.n)
	if last {
		g.stats.Off = g.left + Eps[T]()
	}
	return last
}

// negligibleLeft is what a correction may leave of cosines, or of I − VᵀV, in
// the Frobenius norm.
func (g *GramSVD[T]) negligibleLeft() float64 { return g.limits.last * float64(g.n) * Eps[T]() }

// turnAll replaces Ĝ and R by the turns Ê and E, to second order where first
// leaves too much, and returns the norm of the larger one. It sets g.left to the
// norm of what they leave of Ĝ and R where pairs turn, and g.unturned to the
// largest cosine of those that do not.
func (g *GramSVD[T]) turnAll() (size float64) {
	g.unturned = 0
	size = g.firstOrder()
	g.left = size * size
	if g.left > g.negligibleLeft() {
		g.left = size * (g.left + g.secondOrder())
		g.track = g.track || g.left > g.negligibleLeft()
	}
	return size
}

func (g *GramSVD[T]) invert() {
	for j, x := range g.D {
		g.inverse[j] = 0
		if x > 0 {
			g.inverse[j] = 1 / x
		}
	}
}

// renormalise moves the lengths that columns have gained to D, and refers D to
// vectors V of unit length.
func (g *GramSVD[T]) renormalise() {
	g.unitRight()
	for j, x := range g.D {
		if x == 0 {
			continue
		}
		row := g.w.Row(j)
		gain := math.Sqrt(sumSquares(row))
		g.D[j] = x * gain
		if gain > 0 {
			kernels.Scal(T(1/gain), row)
		}
	}
}

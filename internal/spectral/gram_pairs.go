package spectral

import (
	"math"

	"github.com/lanes-go/lanes/mat"
)

// singles is how often pairs rotates one column, at most. More would add up to
// rounding that shows in VᵀV.
const singles = 16

// pairs rotates the pairs of columns that are to turn by more than limits.single one
// by one: what a simultaneous correction leaves is of third order in the turns, and
// large where lengths are close. A rotation takes Ĝ and R with it, whose entries but
// for those of the pair are small, so that what they round to is eps times as much.
// Cost: 6m + 18n flops for each.
func (g *GramSVD[T]) pairs() {
	g.invert()
	clear(g.last)
	moved := false
	for again := true; again; {
		again = false
		for i := range g.n {
			again = g.pairsOf(i) || again
		}
		moved = moved || again
	}
	if !moved {
		return
	}
	if g.sortOrder(0) {
		g.permute(&g.w, 0)
		g.permuteSymmetric(&g.g)
		if g.track {
			g.permute(&g.v, 0)
			g.permuteSymmetric(&g.e)
		}
		g.permuteD(0)
	}
	g.measureCosines()
}

// pairsOf rotates column i against later ones, counting in last, and reports whether
// it did.
func (g *GramSVD[T]) pairsOf(i int) (moved bool) {
	largest := 2 * (g.stats.Off + g.stats.Drift)
	for j := i + 1; j < g.n && g.last[i] < singles; j++ {
		t := g.D[j] * g.inverse[i]
		gap := math.Abs((1 - t) * (1 + t))
		if t*largest <= g.limits.single*gap {
			break
		}
		c, r := math.Abs(float64(g.g.Row(i)[j])), math.Abs(float64(g.e.Row(i)[j]))
		if g.last[j] < singles && max(c, r) > g.tol && t*(c+r) > g.limits.single*gap {
			g.rotatePair(i, j)
			g.last[i]++
			g.last[j]++
			moved = true
		}
	}
	return moved
}

// rotatePair makes columns i and j of W and of V orthogonal.
func (g *GramSVD[T]) rotatePair(i, j int) {
	unit := max(g.D[i], g.D[j])
	x, y := g.D[i]/unit, g.D[j]/unit
	m, first, second := pairTurn(x, y, float64(g.g.Row(i)[j]), float64(g.e.Row(i)[j]))
	scaled := turn2{m.ii * x / first, m.ij * x / second, m.ji * y / first, m.jj * y / second}
	g.D[i], g.D[j] = unit*first, unit*second
	g.inverse[i], g.inverse[j] = 1/g.D[i], 1/g.D[j]
	mix(scaled, g.w.Row(i), g.w.Row(j))
	mixSymmetric(scaled, &g.g, i, j)
	if g.track {
		mix(m, g.v.Row(i), g.v.Row(j))
		mixSymmetric(m, &g.e, i, j)
	}
}

// turn2 is a matrix by which two columns i and j are multiplied.
type turn2 struct{ ii, ij, ji, jj float64 }

// pairTurn returns the M for which Mᵀ·G·M is diagonal, the squares of first and
// second, and Mᵀ·(I−R)·M the identity, where columns of lengths x and y have the
// cosine c in G, and R is r off the diagonal: M = (I−R)^(−1/2)·J with a rotation J.
func pairTurn(x, y, c, r float64) (m turn2, first, second float64) {
	p, q := 1/math.Sqrt(1-r), 1/math.Sqrt(1+r)
	u, v := (p+q)/2, (p-q)/2
	cross := c * x * y
	alpha := u*u*x*x + 2*u*v*cross + v*v*y*y
	beta := v*v*x*x + 2*u*v*cross + u*u*y*y
	gamma := u*v*(x*x+y*y) + (u*u+v*v)*cross
	half := (u*u - v*v) * (y - x) * (y + x) / 2
	t := math.Copysign(gamma, gamma*half) / (math.Abs(half) + math.Hypot(half, gamma))
	cos := 1 / math.Sqrt(1+t*t)
	sin := t * cos
	m = turn2{u*cos - v*sin, u*sin + v*cos, v*cos - u*sin, v*sin + u*cos}
	return m, math.Sqrt(alpha - t*gamma), math.Sqrt(beta + t*gamma)
}

// mix multiplies two columns by m.
func mix[T mat.Float](m turn2, x, y []T) {
	ii, ij, ji, jj := T(m.ii), T(m.ij), T(m.ji), T(m.jj)
	y = y[:len(x)]
	for k, a := range x {
		b := y[k]
		x[k], y[k] = ii*a+ji*b, ij*a+jj*b
	}
}

// mixSymmetric multiplies rows and columns i and j of a, Ĝ−I or R, by m, which makes
// the pair's own entries zero. Of Ĝ nobody reads the diagonal.
func mixSymmetric[T mat.Float](m turn2, a *mat.Dense[T], i, j int) {
	x, y := a.Row(i), a.Row(j)
	mix(m, x, y)
	x[i], x[j], y[i], y[j] = 0, 0, 0, 0
	for k := range a.Rows {
		row := a.Row(k)
		row[i], row[j] = x[k], y[k]
	}
}

// permuteSymmetric permutes rows and columns.
func (g *GramSVD[T]) permuteSymmetric(x *mat.Dense[T]) {
	g.permute(x, 0)
	for i := range g.n {
		if j := g.source(i); j != i {
			for k := range x.Rows {
				row := x.Row(k)
				row[i], row[j] = row[j], row[i]
			}
		}
	}
}

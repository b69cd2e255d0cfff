package kernels

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/asm"
)

// SymOrder is the largest order of SymRotations.
const SymOrder = 8

// SymRotations diagonalise a small symmetric matrix by two-sided Jacobi rotations:
// a whole iteration is one call, with the angles of a round of disjoint pairs in the
// lanes of a vector. The zero value is ready for Reset.
type SymRotations struct {
	// Order is that of the matrix, rounded up to 4 or 8.
	Order int
	// A holds the matrix, Order rows of as many entries, symmetric, zero where it is
	// less.
	A []float64

	// Values and V are the eigenvalues and the unit vectors, in rows: what Sweep leaves.
	Values, V []float64
	// Rotations is the number of them since Reset. Off is the Frobenius norm off the
	// diagonal that is left, relative to that of the matrix.
	Rotations int
	Off       float64

	x, y  []float64 // the matrix and the vectors, and what they become
	d     []float64 // diagonal, symTail numbers, Values
	buf   []float64
	fresh int // 1 before the first sweep
}

const (
	symSquare = SymOrder * SymOrder
	// symTail are, behind the diagonal, the sums of squares off it and of all entries,
	// the rotations of a call, and two numbers that the kernel keeps.
	symTail = 5
)

// Reset makes room for a matrix of order n, and sets A to zero. It panics with Error
// unless 0 <= n <= SymOrder. Only the first Reset allocates.
func (s *SymRotations) Reset(n int) {
	if n < 0 || n > SymOrder {
		panic(Error{"SymRotations.Reset", fmt.Sprintf("n = %d", n)})
	}
	if s.buf == nil {
		var all []float64
		s.buf, s.d, all = lines(s.buf, 2*SymOrder+symTail, 5*symSquare)
		s.A, s.x, s.y = all[:symSquare], all[symSquare:3*symSquare], all[3*symSquare:]
	}
	s.Order = SymOrder
	if n <= SymOrder/2 {
		s.Order = SymOrder / 2
	}
	s.A = s.A[:s.Order*s.Order]
	clear(s.A)
	s.Rotations, s.fresh = 0, 1
}

// Sweep meets every pair of rows at most sweeps times, and stops before a sweep where
// Off is at most tol. It returns the number of sweeps: called again, it goes on.
// Squares of what rounding leaves of entries must be in the range of normal numbers.
// Cost of a sweep: 700 flops at order 4, 5000 at order 8.
func (s *SymRotations) Sweep(sweeps int, tol float64) (done int) {
	n := s.Order
	if symJacobiInAssembly {
		done = asm.SymjacobiF64(isa, n, s.fresh, sweeps, tol*tol, &s.A[0], &s.d[0], &s.x[0], &s.y[0])
	} else {
		done = symJacobiGo(n, s.fresh, sweeps, tol*tol, s.A, s.d, s.x, s.y)
	}
	if done%2 == 1 {
		s.x, s.y = s.y, s.x
	}
	s.fresh = 0
	s.V, s.Values = s.y[n*n:2*n*n], s.d[n+symTail:2*n+symTail]
	off, all := s.d[n], s.d[n+1]
	s.Off = 0
	if off != 0 {
		s.Off = math.Sqrt(off / all)
	}
	s.Rotations += int(s.d[n+2])
	return done
}

var symJacobiInAssembly = inAssembly("symjacobi")

// symJacobiGo is the kernel in Go. Where the kernel moves rows and columns from
// round to round, it looks up where they would be.
func symJacobiGo(n, fresh, sweeps int, limit float64, a, d, x, y []float64) (done int) {
	x, y = x[:2*n*n], y[:2*n*n]
	j := symJacobi{n: n, d: d[:n], a: x[:n*n], v: x[n*n:]}
	if fresh != 0 {
		d[n+1] = dotGo(a, a)
		copy(j.a, a)
		clear(j.v)
		for i := range j.d {
			j.d[i], j.a[i*n+i], j.v[i*n+i] = a[i*n+i], 0, 1
		}
	}
	all := d[n+1]
	j.floor = limit * all / float64(n*n)
	for ; ; done++ {
		off := dotGo(j.a, j.a)
		d[n], d[n+2] = off, float64(j.rotations)
		if off <= limit*all || done == sweeps {
			break
		}
		for round := range n - 1 {
			for k := range n / 2 {
				j.rotate(circlePlace(k, round, n), circlePlace(n-1-k, round, n))
			}
		}
	}
	if done%2 == 1 {
		copy(y, x)
		j.v, y = y[n*n:], x
	}
	j.refine(a, y[:n*n], y[n*n:], d[n+symTail:][:n])
	return done
}

// symJacobi is what symJacobiGo works on.
type symJacobi struct {
	n         int
	d, a, v   []float64
	floor     float64 // square of the largest entry that stays
	rotations int
}

// rotate does one rotation of rows and columns p and q.
func (j *symJacobi) rotate(p, q int) {
	n := j.n
	g := j.a[p*n+q]
	if !(g*g > j.floor) {
		return
	}
	j.rotations++
	delta := j.d[p] - j.d[q]
	tau := halfTangent(delta, g)
	s := 2 * tau / (1 + tau*tau)
	c := 1 - s*tau
	e := c*g - s*delta
	h := s * (c*g + e)
	j.d[p] += h
	j.d[q] -= h
	rotateHalf(j.a[p*n:][:n], j.a[q*n:][:n], s, tau)
	rotateHalf(j.v[p*n:][:n], j.v[q*n:][:n], s, tau)
	for i := 0; i < n*n; i += n {
		x, y := j.a[i+p], j.a[i+q]
		j.a[i+p] = x + s*(y-tau*x)
		j.a[i+q] = y - s*(x+tau*y)
	}
	j.a[p*n+p], j.a[q*n+q] = 0, 0
	next := c*e - s*(s*g)
	j.a[p*n+q], j.a[q*n+p] = next, next
}

// halfTangent returns about the tangent of half the angle that annihilates the
// off-diagonal entry g of two rows whose diagonal entries differ by delta: right to
// 1.7 %, to second order in g/delta, and where delta is zero.
func halfTangent(delta, g float64) float64 {
	const beta, kappa = 0.843, 0.41421356237309503 // tan(π/8)
	size := math.Abs(delta)
	u := size + 2*beta*math.Abs(g)
	return math.Copysign(0.5, delta) * g * u / (size*u + beta/kappa*(g*g))
}

// refine sets v to V + V·e/2, e = I − VᵀV, and values to the Rayleigh quotients.
func (j *symJacobi) refine(a, e, v, values []float64) {
	n := j.n
	for p := range n {
		row := e[p*n:][:n]
		clear(row)
		row[p] = 1
		for i := range n {
			axpyGo(-j.v[i*n+p], j.v[i*n:][:n], row)
		}
	}
	for i := range n {
		from, to := j.v[i*n:][:n], v[i*n:][:n]
		copy(to, from)
		for k, x := range from {
			axpyGo(x/2, e[k*n:][:n], to)
		}
		values[i] = 0
		for k, x := range to {
			values[i] += x * dotGo(a[k*n:][:n], to)
		}
	}
}

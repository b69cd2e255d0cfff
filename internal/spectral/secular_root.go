package spectral

import "github.com/lanes-go/lanes/mat"

// secularLimit bounds the evaluations for one root. Rational interpolation
// takes 3 to 6; halving the bracket in the exponent and then in the mantissa
// ends before the limit even if it never helped.
const secularLimit = 100

// firstGuesses is the number of models solved for the first guess, on sums
// taken once.
const firstGuesses = 3

// secularRoot is the search for one root.
type secularRoot[T mat.Float] struct {
	near      int // index of the nearest pole, the origin
	far       T   // the other pole of the rational model, minus origin
	shift     T
	low, high T    // bracket of the shift
	last      bool // both poles are below the root
}

// inner finds root i < k-1, between poles rank[i] and rank[i+1].
func (s *secular[T]) inner(i int) (evaluations int) {
	a, b := s.rank[i], s.rank[i+1]
	gap := s.pole[b] - s.pole[a]
	half := gap / 2
	sums := secularEval(s.pole, s.weight, s.pole[a], half)
	f := 1/s.rho + sums.psi + sums.phi
	rest := f + (s.weight[a]-s.weight[b])/half // f without its two nearest terms
	slope := max(0, sums.psiSlope+sums.phiSlope-(s.weight[a]+s.weight[b])/half/half)
	r := secularRoot[T]{near: a, far: gap, high: half}
	own, other := s.weight[a], s.weight[b]
	if f <= 0 { // seen from pole b, λ falling, -f is the same function
		r = secularRoot[T]{near: b, far: -gap, low: -half}
		own, other, rest = other, own, -rest
	}
	// own/x = rest + other/(gap-x), rest being linear: first as at the middle,
	// then as at the last x.
	x := half
	for range firstGuesses {
		c := rest + slope*(x-half)
		x = min(half, quadraticRoot(c, c*gap+own+other, own*gap))
	}
	r.shift = copysign(x, r.far)
	evaluations = 1 + s.iterate(&r)
	s.origin[i], s.shift[i] = s.pole[r.near], r.shift
	return evaluations
}

// outer finds the last root, at most rho above the largest pole.
func (s *secular[T]) outer() (evaluations int) {
	k := len(s.pole)
	b := s.rank[k-1]
	s.origin[k-1], s.shift[k-1] = s.pole[b], s.rho
	if k == 1 {
		return 0
	}
	a := s.rank[k-2]
	gap, half := s.pole[b]-s.pole[a], s.rho/2
	sums := secularEval(s.pole, s.weight, s.pole[b], half)
	f := 1/s.rho + sums.psi
	rest := f + s.weight[a]/(gap+half) + s.weight[b]/half
	r := secularRoot[T]{near: b, far: -gap, high: s.rho, last: true}
	if f > 0 {
		r.high = half
	} else {
		r.low = half
	}
	r.shift = r.high
	if rest > 0 { // x = λ-pole(b): rest·x² + (rest·gap-sum)·x - weight(b)·gap = 0
		x := -quadraticRoot(rest, rest*gap-s.weight[a]-s.weight[b], -s.weight[b]*gap)
		r.shift = min(max(x, r.low), r.high)
	}
	evaluations = 1 + s.iterate(&r)
	s.shift[k-1] = r.shift
	return evaluations
}

// iterate improves r.shift until f there, the step or the bracket is rounding,
// or the limit is reached. The nearest pole's term is kept apart from the sums:
// however close the root, what is left of f is smooth there and not cancelled.
func (s *secular[T]) iterate(r *secularRoot[T]) (evaluations int) {
	u := ulp[T]() / 2
	settled := sqrt(u) / 8 // convergence is quadratic
	own, origin := s.weight[r.near], s.pole[r.near]
	s.weight[r.near] = 0
	for evaluations < secularLimit {
		sums := secularEval(s.pole, s.weight, origin, r.shift)
		evaluations++
		rest := 1/s.rho + sums.psi + sums.phi
		f := rest - own/r.shift
		slope := sums.psiSlope + sums.phiSlope + own/r.shift/r.shift
		size := 8*(1/s.rho+sums.phi-sums.psi+own/abs(r.shift)) + abs(r.shift)*slope
		if abs(f) <= u*size {
			break
		}
		if f < 0 {
			r.low = r.shift
		} else {
			r.high = r.shift
		}
		step := r.step(rest, own, &sums)
		if !(step*f < 0) {
			step = -f / slope
		}
		next := r.shift + step
		if r.high-r.low <= 2*u*max(abs(r.low), abs(r.high)) {
			break
		}
		inside := next > r.low && next < r.high
		if !inside {
			next = r.bisect()
		}
		r.shift = next
		if inside && abs(step) <= settled*abs(next) {
			break
		}
	}
	s.weight[r.near] = own
	return evaluations
}

// step returns the way from the shift to the zero of
//
//	c + p/(near-x) + q/(far-x),
//
// p and q being such that the first fraction has the slope of the poles on the
// nearest one's side of the root and the second that of the other side ("the
// middle way", Li 1993, LAWN 89). Of the last root, both poles are on one side:
// the first fraction is then the nearest pole's term alone.
func (r *secularRoot[T]) step(rest, own T, sums *secularSums[T]) T {
	nearSlope, farSlope := sums.psiSlope, sums.phiSlope
	if r.last {
		nearSlope, farSlope = 0, sums.psiSlope
	} else if r.far < 0 {
		nearSlope, farSlope = farSlope, nearSlope
	}
	near, far := -r.shift, r.far-r.shift
	c := rest - near*nearSlope - far*farSlope
	p, q := own+near*near*nearSlope, far*far*farSlope
	a, b := c*(near+far)+p+q, far*(rest*near+own)
	if r.last {
		return -quadraticRoot(c, -a, b)
	}
	return quadraticRoot(c, a, b)
}

// bisect halves the bracket: its exponents first, then its mantissas.
func (r *secularRoot[T]) bisect() T {
	low, high := min(abs(r.low), abs(r.high)), max(abs(r.low), abs(r.high))
	low = max(low, T(precisionOf[T]().tiny))
	middle := (low + high) / 2
	if high > 8*low {
		middle = sqrt(low) * sqrt(high)
	}
	if r.low < 0 {
		return -middle
	}
	return middle
}

// quadraticRoot returns the root (a-sqrt(a²-4bc))/2c of c·x² - a·x + b without
// cancellation. A discriminant that rounding made negative counts as its
// absolute value.
func quadraticRoot[T mat.Float](c, a, b T) T {
	root := sqrt(abs(a*a - 4*b*c))
	if a <= 0 {
		return (a - root) / (2 * c)
	}
	return 2 * b / (a + root)
}

package spectral

import "github.com/lanes-go/lanes/mat"

// secularLimit bounds the evaluations for one root. Rational interpolation
// takes 3 to 6; halving the bracket in the exponent and then in the mantissa
// ends before the limit even if it never helped.
const secularLimit = 100

// secularRoot is the search for one root.
type secularRoot[T mat.Float] struct {
	origin, shift T
	low, high     T // bracket of the shift
	below, above  T // the poles of the rational model, minus origin
	// nearest is the weight of the pole above, when that too is below the root,
	// which is the last one; 0 for the others.
	nearest T
}

// inner finds root i < k-1, between poles rank[i] and rank[i+1].
func (s *secular[T]) inner(i int) (evaluations int) {
	a, b := s.rank[i], s.rank[i+1]
	gap := s.pole[b] - s.pole[a]
	half := gap / 2
	sums := secularEval(s.pole, s.weight, s.pole[a], half)
	f := 1/s.rho + sums.psi + sums.phi
	rest := f + (s.weight[a]-s.weight[b])/half // f without its two nearest terms
	sum := s.weight[a] + s.weight[b]
	var r secularRoot[T]
	if f > 0 { // x = λ-pole(a): rest·x² - (rest·gap+sum)·x + weight(a)·gap = 0
		r = secularRoot[T]{origin: s.pole[a], high: half, above: gap}
		r.shift = quadraticRoot(rest, rest*gap+sum, s.weight[a]*gap)
	} else { // the mirror image, x = pole(b)-λ
		r = secularRoot[T]{origin: s.pole[b], low: -half, below: -gap}
		r.shift = -quadraticRoot(-rest, sum-rest*gap, s.weight[b]*gap)
	}
	evaluations = 1 + s.iterate(&r)
	s.origin[i], s.shift[i] = r.origin, r.shift
	return evaluations
}

// last finds the root above the largest pole, at most rho above it.
func (s *secular[T]) last() (evaluations int) {
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
	r := secularRoot[T]{origin: s.pole[b], high: s.rho, below: -gap, nearest: s.weight[b]}
	if f > 0 {
		r.high = half
	} else {
		r.low = half
	}
	r.shift = r.high
	if rest > 0 { // x = λ-pole(b): rest·x² + (rest·gap-sum)·x - weight(b)·gap = 0
		r.shift = -quadraticRoot(rest, rest*gap-s.weight[a]-s.weight[b], -s.weight[b]*gap)
	}
	evaluations = 1 + s.iterate(&r)
	s.shift[k-1] = r.shift
	return evaluations
}

// iterate improves r.shift until f there, the step or the bracket is rounding,
// or the limit is reached.
func (s *secular[T]) iterate(r *secularRoot[T]) (evaluations int) {
	u := ulp[T]() / 2
	for evaluations < secularLimit {
		if !(r.shift > r.low && r.shift < r.high) {
			r.shift = r.bisect()
		}
		sums := secularEval(s.pole, s.weight, r.origin, r.shift)
		evaluations++
		f := 1/s.rho + sums.psi + sums.phi
		rounding := u * (8*(1/s.rho+sums.phi-sums.psi) + abs(r.shift)*(sums.psiSlope+sums.phiSlope))
		if abs(f) <= rounding {
			break
		}
		if f < 0 {
			r.low = r.shift
		} else {
			r.high = r.shift
		}
		next := r.shift + r.step(f, &sums)
		if next == r.shift || r.high-r.low <= 2*u*max(abs(r.low), abs(r.high)) {
			break
		}
		r.shift = next
	}
	return evaluations
}

// step returns the way to the zero of c + p/(below-x) + q/(above-x), whose
// first term has psi's value and slope and whose second has phi's ("the middle
// way", Li 1993, LAWN 89); for the last root, both poles being below it, the
// second is the nearest pole's own term.
func (r *secularRoot[T]) step(f T, sums *secularSums[T]) T {
	slope, psiSlope, phiSlope := sums.psiSlope+sums.phiSlope, sums.psiSlope, sums.phiSlope
	below, above := r.below-r.shift, r.above-r.shift
	if r.nearest != 0 {
		phiSlope = r.nearest / (above * above)
		psiSlope = max(slope-phiSlope, 0)
	}
	c := f - below*psiSlope - above*phiSlope
	a, b := (below+above)*f-below*above*slope, below*above*f
	var step T
	if r.nearest == 0 {
		step = quadraticRoot(c, a, b)
	} else {
		step = -quadraticRoot(c, -a, b)
	}
	if !(step*f < 0) {
		return -f / slope
	}
	return step
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

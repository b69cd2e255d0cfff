package spectral

import (
	"cmp"
	"math"
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// dqds finds the eigenvalues of a positive qd array q(0), e(0), q(1), …, the
// squares of the singular values of a bidiagonal matrix, by qd transformations
// with shifts (Fernando and Parlett 1994; LAPACK lasq1 to lasq5). It loses no
// relative accuracy.
type dqds struct {
	q, e         []float64 // the array, e one entry longer than it need be
	nextQ, nextE []float64 // room for a transformation
	steps        int       // left to do

	// The last d of the last transformation, the one before it, and the least of
	// the others; all zero where there was none.
	last, before, least float64
	leastE, limit       float64 // the least e but for the last two, and what it is above where none is negligible
}

const (
	// dqdsSteps is how many transformations there may be for each value; three
	// or four are usual.
	dqdsSteps = 100
	// vanished is the square of the relative size of an off-diagonal entry that
	// changes no value by more than rounding.
	vanished = 0x1p-100
	// flipRatio is how much larger the last q may be than the first: small values
	// are to be found at the end.
	flipRatio = 1.5
)

// bidiagonalValues writes the singular values of the upper bidiagonal matrix
// (d, e) to dst, in descending order. Entries are to be of the order of 1 or
// smaller; their squares may underflow. It reports failure, of which no finite
// matrix is known.
func bidiagonalValues[T mat.Float](z *dqds, d, e []T, dst []float64) bool {
	n := len(d)
	z.q, z.nextQ = Grow(z.q, n), Grow(z.nextQ, n)
	z.e, z.nextE = Grow(z.e, n), Grow(z.nextE, n)
	clear(z.e)
	for i, x := range d {
		z.q[i] = float64(x) * float64(x)
	}
	for i, x := range e {
		z.e[i] = float64(x) * float64(x)
	}
	z.steps, z.limit = dqdsSteps*n, 0
	for i, x := range z.q {
		z.limit = max(z.limit, 2*vanished*(x+z.e[i])) // no sum of shifts is above all q
	}
	if !z.block(0, n, 0, dst) {
		return false
	}
	for i, x := range dst {
		dst[i] = math.Sqrt(x)
	}
	slices.SortFunc(dst, func(a, b float64) int { return cmp.Compare(b, a) })
	return true
}

// block writes the eigenvalues of entries first to end−1 to dst, to all of which
// sum is to be added.
func (z *dqds) block(first, end int, sum float64, dst []float64) bool {
	z.last, z.before, z.least, z.leastE = 0, 0, 0, 0
	if end > first && flipRatio*z.q[first] < z.q[end-1] {
		slices.Reverse(z.q[first:end])
		slices.Reverse(z.e[first : end-1])
	}
	for end > first {
		k := z.split(first, end, sum)
		switch {
		case k == end-1:
			dst[k] = z.q[k] + sum
			end--
			z.last, z.before = z.before, z.least
		case k == end-2:
			dst[k], dst[k+1] = z.pair(k)
			dst[k] += sum
			dst[k+1] += sum
			end -= 2
			z.last, z.before, z.least = 0, 0, 0
		case k > first:
			if !z.block(k, end, sum, dst) {
				return false
			}
			end = k
			z.last, z.before, z.least = 0, 0, 0
		default:
			shift, ok := z.step(first, end)
			if !ok {
				return false
			}
			sum += shift
		}
	}
	return true
}

// split returns where the last part of the block begins that is apart from what
// comes before.
func (z *dqds) split(first, end int, sum float64) int {
	least := first
	if z.leastE > z.limit {
		least = max(first, end-3)
	}
	for k := end - 1; k > least; k-- {
		if z.e[k-1] <= vanished*(sum+max(z.q[k-1], z.q[k])) {
			return k
		}
	}
	return first
}

// pair returns the eigenvalues of entries k and k+1, the larger first.
func (z *dqds) pair(k int) (large, small float64) {
	a, b, c := math.Sqrt(z.q[k]), math.Sqrt(z.e[k]), math.Sqrt(z.q[k+1])
	// Of [a b; 0 c]: the sum of the squares and the product are known.
	large = (math.Hypot(a+c, b) + math.Hypot(a-c, b)) / 2
	if large == 0 {
		return 0, 0
	}
	small = a * c / large
	return large * large, small * small
}

// step makes one transformation and returns its shift.
func (z *dqds) step(first, end int) (shift float64, ok bool) {
	shift = z.shift(first, end) * (1 - 0x1p-50) // one that is the value itself may be above it
	for tries := 0; ; tries++ {
		if z.steps--; z.steps < 0 {
			return 0, false
		}
		if z.transform(first, end, shift) {
			return shift, true
		}
		switch {
		case shift == 0 || tries > 3:
			if shift == 0 {
				return 0, false
			}
			shift = 0
		case tries == 0 && min(z.before, z.least) >= 0 && shift+z.last > 0: // it failed at the end: that was close
			shift = (shift + z.last) * (1 - 0x1p-50)
		default:
			shift /= 4
		}
	}
}

// transform replaces the array by that of LR's next step with a shift. It
// reports false, and leaves the array alone, where the shift is above the least
// eigenvalue. The block has two entries or more.
func (z *dqds) transform(first, end int, shift float64) bool {
	n := end - first
	q, e := z.q[first:end], z.e[first:end]
	nextQ, nextE := z.nextQ[:n], z.nextE[:n]
	t := qdStep{QDState: kernels.QDState{P: q[0] - shift, R: 1, Least: math.Inf(1), LeastE: math.Inf(1)}, shift: shift}
	before := t.P
	if n > 2 {
		t.Least = t.P
		t.run(q[1:n-2], e[:n-3], nextQ, nextE)
		before = t.one(q[n-2], e[n-3], &nextQ[n-3], &nextE[n-3])
	}
	last := t.one(q[n-1], e[n-2], &nextQ[n-2], &nextE[n-2])
	nextQ[n-1] = last
	z.last, z.before, z.least = last, before, t.Least
	if !(min(t.Least, before, last) >= 0) || !Finite(last) {
		return false
	}
	z.leastE = t.LeastE
	if first == 0 { // nothing but this block is left
		z.q, z.nextQ = z.nextQ, z.q
		z.e, z.nextE = z.nextE, z.e
		return true
	}
	copy(q, nextQ)
	copy(e[:n-1], nextE)
	return true
}

// qdStep is a transformation under way.
type qdStep struct {
	kernels.QDState
	shift float64
}

// qdRun is how many entries are divided one by one where fractions fail.
const qdRun = 8

// run takes the next entries of q and those of e before them, and stops early where
// a d is negative.
func (t *qdStep) run(q, e, nextQ, nextE []float64) {
	for {
		nextQ, nextE = nextQ[:len(e)], nextE[:len(e)]
		done := kernels.QD(t.shift, q, e, nextQ, nextE, &t.QDState)
		if done == len(e) || !(t.Least >= 0) {
			return
		}
		k := min(done+qdRun, len(e))
		t.divide(q[done:k], e[done:k], nextQ[done:k], nextE[done:k])
		q, e, nextQ, nextE = q[k:], e[k:], nextQ[k:], nextE[k:]
	}
}

// leastFraction is far enough from underflow.
const leastFraction = 0x1p-480

// one does one of the last entries and returns d, which is not among the least.
func (t *qdStep) one(q, e float64, nextQ, nextE *float64) float64 {
	r := t.P + e*t.R
	if !(r >= leastFraction) {
		s := t.P/t.R + e
		t.P, t.R = (t.P/t.R)*(q/s)-t.shift, 1
		*nextQ, *nextE = s, e*(q/s)
		return t.P
	}
	inverse := 1 / r
	*nextQ, *nextE = r/t.R, e*(q*(t.R*inverse))
	t.P, t.R = (q-t.shift)*t.P-t.shift*e*t.R, r
	return t.P * inverse
}

// divide does any number of entries one after another.
func (t *qdStep) divide(q, e, nextQ, nextE []float64) {
	d, least, leastE := t.P/t.R, t.Least, t.LeastE
	q, nextQ, nextE = q[:len(e)], nextQ[:len(e)], nextE[:len(e)]
	for i, x := range e {
		s := d + x
		ratio := q[i] / s
		d = d*ratio - t.shift
		x *= ratio
		nextQ[i], nextE[i] = s, x
		if d < least {
			least = d
		}
		if x < leastE {
			leastE = x
		}
	}
	t.QDState = kernels.QDState{P: d, R: 1, Least: least, LeastE: leastE}
}

// shift returns a number that is likely to be below the least eigenvalue, and
// near it where the last d is the least (LAPACK lasq4).
func (z *dqds) shift(first, end int) float64 {
	least := min(z.last, z.before, z.least)
	switch {
	case !(least > 0):
		return 0
	case z.last > least || end-first < 3:
		return least / 4
	case z.before <= z.least:
		return z.shiftByGap(end - 1)
	}
	return z.shiftByQuotient(first, end)
}

// shiftByGap takes what the last two entries do to each other off the last d,
// where both are smaller than the others: k is the last.
func (z *dqds) shiftByGap(k int) float64 {
	last, second := math.Sqrt(z.q[k]*z.e[k-1]), math.Sqrt(z.q[k-1]*z.e[k-2])
	diagonal := z.q[k-1] + z.e[k-1]
	gap := diagonal - z.last - last - second
	if beyond := z.least*3/4 - diagonal; beyond > second {
		gap = diagonal - z.last - second/beyond*second
	}
	if gap > last {
		return max(z.last-last/gap*last, z.last/2)
	}
	s := max(z.last-last, 0)
	if diagonal > last+second {
		s = min(s, diagonal-last-second)
	}
	return max(s, z.last/3)
}

// shiftByQuotient returns the Rayleigh quotient of the vector that belongs to
// the last d, less the residual.
func (z *dqds) shiftByQuotient(first, end int) float64 {
	const most = 0.563
	ratio, sum := 1.0, 0.0
	for i := end - 2; i >= first; i-- {
		if z.e[i] > z.q[i] {
			return z.last / 4
		}
		ratio *= z.e[i] / z.q[i]
		sum += ratio
		if 100*ratio < sum || sum > most {
			break
		}
	}
	if sum *= 1.05; sum > most {
		return z.last / 4
	}
	return z.last * (1 - math.Sqrt(sum)) / (1 + sum)
}

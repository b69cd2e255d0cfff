package main

// The activations. All but the ReLUs go through y = −|x|, where the exponential
// is at most 1 and no sum cancels, and find the side of x in the end.

// bodies are the elementwise operations and their bodies.
var bodies = map[string]func(*program, value) value{
	"exp":       (*program).exp,
	"relu":      (*program).relu,
	"leakyrelu": (*program).leakyReLU,
	"gelu":      (*program).gelu,
	"gelutanh":  (*program).geluTanh,
	"silu":      (*program).silu,
	"tanh":      (*program).tanh,
	"sigmoid":   (*program).sigmoid,
}

// relu adds a zero that turns −0 into +0.
func (p *program) relu(x value) value { return p.add(p.max(x, p.k(0)), p.k(0)) }

func (p *program) leakyReLU(x value) value { return p.max(x, p.mul(x, p.k(leak))) }

func (p *program) sigmoid(x value) value {
	y := p.max(p.negAbs(x), p.lowest())
	e := p.exponential(y)
	low := p.scale(p.mantissa(e), &e)
	return p.div(p.choose(x, low, p.k(1)), p.add(low, p.k(1)))
}

// tanh is m/(m + 2), m = exp(−2|x|) − 1 = 2^n·q + (2^n − 1), with the sign of
// x. Where x is small n is 0 and m is q, relatively exact.
func (p *program) tanh(x value) value {
	y := p.max(p.mul(p.negAbs(x), p.k(2)), p.k(-80)) // saturated by far, and 2^n still normal
	e := p.exponential(y)
	s := p.toExponent(e.biased)
	m := p.fma(e.q, s, p.sub(s, p.k(1)))
	t := p.abs(p.div(m, p.add(m, p.k(2))))
	return p.or(t, p.and(x, p.signBit()))
}

// gate is x·S(x) from low = −|x|·S(−|x|), for an S with S(x) = 1 − S(−x).
func (p *program) gate(x, low value) value { return p.choose(x, low, p.add(low, x)) }

// logistic is y·sigmoid(v) with v's exponential given, scaled last, so that a
// factor beyond the subnormal numbers does not spoil a product among them.
func (p *program) logistic(y value, e power) value {
	d := p.add(p.scale(p.mantissa(e), &e), p.k(1))
	return p.scale(p.times(p.div(y, d), e), &e)
}

func (p *program) silu(x value) value {
	y := p.max(p.negAbs(x), p.of(-110, -753)) // y·exp(y) rounds to −0
	return p.gate(x, p.logistic(y, p.exponential(y)))
}

func (p *program) geluTanh(x value) value {
	y := p.max(p.negAbs(x), p.of(-11, -22)) // y·exp(v) rounds to −0
	v, excess := p.geluArgument(y)
	return p.gate(x, p.logistic(y, p.exponential(v, excess)))
}

// geluArgument is v = y·(geluSlope + geluCubic·y²) and by how much it exceeds
// the true one: v may be −100 and needs ten bits more than an element has for
// exp(v) to keep its digits.
func (p *program) geluArgument(y value) (v, excess value) {
	slopeHi, slopeLo := p.twoParts(geluSlope, geluSlope-geluSlope64)
	cubicHi, cubicLo := p.twoParts(geluCubic, geluCubic-geluCubic64)
	s := p.mul(y, y)
	over := p.fnma(y, y, s) // s − y², exactly
	c := p.mul(s, cubicHi)
	excess = p.fnma(s, cubicHi, c)
	excess = p.fnma(s, cubicLo, excess)
	excess = p.fma(over, cubicHi, excess)
	g := p.add(c, slopeHi)
	// Knuth's sum: what the addition lost.
	b := p.sub(g, slopeHi)
	lost := p.add(p.sub(c, b), p.sub(slopeHi, p.sub(g, b)))
	lost = p.add(p.sub(lost, excess), slopeLo)
	v = p.mul(y, g)
	return v, p.fnma(y, lost, p.fnma(y, g, v))
}

// twoParts is a constant to twice the digits: rest is what float64 leaves of it.
func (p *program) twoParts(whole, rest float64) (hi, lo value) {
	single := float64(float32(whole))
	return p.k(whole), p.of(whole-single, rest)
}

// gelu is x·Φ(x) by the tail of the normal distribution.
func (p *program) gelu(x value) value {
	y := p.max(p.negAbs(x), p.k(-normalTails[p.elem].limit))
	d, w := p.tailArgument(y)
	e := p.density(y, p.tailLoss(y, d, w))
	return p.gate(x, p.scale(p.times(p.mul(p.tail(w), y), e), &e))
}

// density is exp(−y²/2), with the square to twice the digits, times 1 + gain.
func (p *program) density(y value, gain ...value) power {
	half := p.mul(y, p.k(-0.5))
	square := p.mul(y, half)
	excess := p.fnma(y, half, square)
	for _, g := range gain {
		excess = p.sub(excess, g)
	}
	return p.exponential(square, excess)
}

// tailArgument is d = K − y and w = 1/d.
func (p *program) tailArgument(y value) (d, w value) {
	d = p.sub(p.k(normalTails[p.elem].k), y)
	return d, p.div(p.k(1), d)
}

// tail is Φ(y)·exp(y²/2) for y ≤ 0, from w.
func (p *program) tail(w value) value {
	t := normalTails[p.elem]
	return p.mul(p.horner(t.coefficients, p.fma(w, p.k(2*t.k), p.k(-1))), w)
}

// tailLoss is what the roundings of d and w take from the tail, relatively: what
// they take from w, times the tail's own slope on logarithmic scales, which a line
// in w gives well enough.
func (p *program) tailLoss(y, d, w value) value {
	t := normalTails[p.elem]
	over := p.add(p.sub(d, p.k(t.k)), y) // d − (K − y), exactly
	lost := p.fma(w, over, p.fnma(w, d, p.k(1)))
	return p.mul(lost, p.fma(w, p.k(t.slope), p.k(1)))
}

package main

// The derivatives of the activations at z, by which Backward multiplies. As
// there, y = −|z| keeps the exponential at most 1.

var derivatives = map[string]func(*program, value) value{
	"relugrad":      func(p *program, z value) value { return p.kinkedSlope(z, 0) },
	"leakyrelugrad": func(p *program, z value) value { return p.kinkedSlope(z, leak) },
	"gelugrad":      (*program).geluSlope,
	"gelutanhgrad":  (*program).geluTanhSlope,
	"silugrad":      (*program).siluSlope,
	"tanhgrad":      (*program).tanhSlope,
	"sigmoidgrad":   (*program).sigmoidSlope,
}

// kinkedSlope is 1 above zero and slope from zero down. The sign of 0 − z tells
// which; a NaN enters by way of min and max, which keep Inf out.
func (p *program) kinkedSlope(z value, slope float64) value {
	nan := p.mul(p.max(p.min(z, p.k(1)), p.k(-1)), p.k(0))
	return p.add(p.choose(p.sub(p.k(0), z), p.k(1), p.k(slope)), nan)
}

// bell is e = exp(y) and (1 + e)², whose ratio is the derivative of sigmoid
// without the cancelling 1 − s.
func (p *program) bell(y value) (e, square value) {
	x := p.exponential(y)
	e = p.scale(p.mantissa(x), &x)
	d := p.add(e, p.k(1))
	return e, p.mul(d, d)
}

func (p *program) sigmoidSlope(z value) value {
	e, square := p.bell(p.max(p.negAbs(z), p.lowest()))
	return p.div(e, square)
}

// tanhSlope uses tanh z = 2·sigmoid(2z) − 1.
func (p *program) tanhSlope(z value) value {
	e, square := p.bell(p.max(p.mul(p.negAbs(z), p.k(2)), p.lowest()))
	return p.div(p.mul(e, p.k(4)), square)
}

// mirrored is the slope at z from that at −|z|, for the slope of x·S(x) with
// S(x) = 1 − S(−x): it is 1 minus that on the other side.
func (p *program) mirrored(z, low value) value { return p.choose(z, low, p.sub(p.k(1), low)) }

// logisticSlope is the derivative of y·sigmoid(v(y)) where v < 0: with
// e = exp(v) it is e·(1 + e + rise)/(1 + e)², rise being y·dv/dy.
func (p *program) logisticSlope(e power, rise value) value {
	d := p.add(p.scale(p.mantissa(e), &e), p.k(1))
	return p.scale(p.times(p.div(p.add(d, rise), p.mul(d, d)), e), &e)
}

func (p *program) siluSlope(z value) value {
	y := p.max(p.negAbs(z), p.of(-110, -753))
	return p.mirrored(z, p.logisticSlope(p.exponential(y), y))
}

func (p *program) geluTanhSlope(z value) value {
	y := p.max(p.negAbs(z), p.of(-11, -22))
	v, excess := p.geluArgument(y)
	e := p.exponential(v, excess)
	rise := p.mul(y, p.fma(p.mul(y, y), p.k(3*geluCubic), p.k(geluSlope)))
	return p.mirrored(z, p.logisticSlope(e, rise))
}

// geluSlope is Φ + y·φ with the density taken out of both.
func (p *program) geluSlope(z value) value {
	y := p.max(p.negAbs(z), p.k(-normalTails[p.elem].limit))
	e := p.density(y)
	_, w := p.tailArgument(y)
	sum := p.fma(y, p.k(inverseRootTwoPi), p.tail(w))
	return p.mirrored(z, p.scale(p.times(sum, e), &e))
}

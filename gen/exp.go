package main

import "math"

// power is exp(y) on its way: (1 + q)·2^n.
type power struct {
	q, n         value
	biased       value // n as an integer plus the bias of exponents, in the low bits
	first, later value // 2^n as the product of two normal numbers, once needed
	split        bool
}

// magic makes the sum with a small integer hold that integer, plus the bias of
// exponents, in its low bits; the addition rounds to it.
func (p *program) magic() value { return p.of(0x1.8p23+127, 0x1.8p52+1023) }

// toExponent moves those low bits to the place of an exponent.
func (p *program) toExponent(x value) value { return p.shl(x, either(p.elem, 23, 52)) }

// exponential splits y = n·ln 2 + r with |r| ≤ ln 2/2 and computes
// q = exp(r) − 1. It is for arguments that the caller has bounded to where
// n + bias fits, below and above. An error of y that the caller knows, the
// excess of y over the true argument, is taken off r.
func (p *program) exponential(y value, excess ...value) power {
	biased := p.fma(y, p.k(math.Log2E), p.magic())
	n := p.sub(biased, p.magic())
	r := p.fnma(n, p.of(ln2Hi32, ln2Hi64), y)
	for _, e := range excess {
		r = p.sub(r, e)
	}
	r = p.fnma(n, p.of(ln2Lo32, ln2Lo64), r)
	q := p.horner(expm1Coefficients[p.elem], r)
	q = p.fma(q, p.mul(r, r), r)
	return power{q: q, n: n, biased: biased}
}

// horner evaluates a polynomial, lowest coefficient first.
func (p *program) horner(c []float64, x value) value {
	last := len(c) - 1
	sum := p.fma(p.k(c[last]), x, p.k(c[last-1]))
	for i := last - 2; i >= 0; i-- {
		sum = p.fma(sum, x, p.k(c[i]))
	}
	return sum
}

// mantissa is the 1 + q of an exponential.
func (p *program) mantissa(e power) value { return p.add(e.q, p.k(1)) }

// times is x·(1 + q), with one rounding less than by the mantissa.
func (p *program) times(x value, e power) value { return p.fma(x, e.q, x) }

// scale is x·2^n with one rounding, into the subnormal numbers too. Without an
// instruction for it, 2^n is cut in two factors of about half its exponent.
func (p *program) scale(x value, e *power) value {
	if p.isa == avx512 {
		return p.two(opScale, x, e.n)
	}
	if !e.split {
		e.split = true
		half := p.fma(e.n, p.k(0.5), p.magic())
		rest := p.sub(e.n, p.sub(half, p.magic()))
		e.first = p.toExponent(half)
		e.later = p.toExponent(p.add(rest, p.magic()))
	}
	return p.mul(p.mul(x, e.first), e.later)
}

// Below lowest an exponential rounds to 0; above highest it overflows. Both
// stay within what exponential allows.
func (p *program) lowest() value  { return p.of(-105, -746) }
func (p *program) highest() value { return p.of(89, 710) }

func (p *program) exp(x value) value {
	y := p.max(p.min(x, p.highest()), p.lowest())
	e := p.exponential(y)
	return p.scale(p.mantissa(e), &e)
}

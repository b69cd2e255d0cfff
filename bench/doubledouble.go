package main

import "math"

// dd is a number of about 106 bits, the sum of two float64 of which the second
// is at most half an ulp of the first (Dekker 1971).
type dd struct{ hi, lo float64 }

// quickSum is x + y for |x| ≥ |y|.
func quickSum(x, y float64) dd {
	s := float64(x + y)
	return dd{s, y - float64(s-x)}
}

func (a dd) add(b dd) dd {
	s := float64(a.hi + b.hi)
	t := float64(s - a.hi)
	rest := float64(a.hi-float64(s-t)) + float64(b.hi-t) // Knuth's exact sum
	return quickSum(s, rest+float64(a.lo+b.lo))
}

func (a dd) neg() dd { return dd{-a.hi, -a.lo} }

func (a dd) mul(b dd) dd {
	p := float64(a.hi * b.hi)
	rest := math.FMA(a.hi, b.hi, -p)
	return quickSum(p, math.FMA(a.hi, b.lo, math.FMA(a.lo, b.hi, rest)))
}

// quo is a/b: a quotient and its correction.
func (a dd) quo(b dd) dd {
	q := dd{hi: a.hi / b.hi}
	r := a.add(b.mul(q).neg())
	return quickSum(q.hi, r.hi/b.hi)
}

// root is √a: a square root and Newton's correction.
func (a dd) root() dd {
	s := dd{hi: math.Sqrt(a.hi)}
	r := a.add(s.mul(s).neg())
	return quickSum(s.hi, r.hi/(2*s.hi))
}

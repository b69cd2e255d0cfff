package kernels_test

import "math"

// double is hi + lo, a number of at least 100 bits (Dekker 1971): what the
// functions in float64 are compared with.
type double struct{ hi, lo float64 }

func exactly(x float64) double { return double{x, 0} }

func sumOf(x, y float64) double {
	s := x + y
	b := s - x
	return double{s, (x - (s - b)) + (y - b)}
}

func (a double) add(b double) double {
	s, t := sumOf(a.hi, b.hi), sumOf(a.lo, b.lo)
	s = sumOf(s.hi, s.lo+t.hi)
	return sumOf(s.hi, s.lo+t.lo)
}

func (a double) neg() double { return double{-a.hi, -a.lo} }

func (a double) mul(b double) double {
	p := float64(a.hi * b.hi)
	return sumOf(p, math.FMA(a.hi, b.hi, -p)+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

func (a double) quo(b double) double {
	q := a.hi / b.hi
	r := a.add(b.mul(exactly(-q)))
	next := r.hi / b.hi
	r = r.add(b.mul(exactly(-next)))
	return sumOf(q, next).add(exactly(r.hi / b.hi))
}

func (a double) root() double {
	r := exactly(math.Sqrt(a.hi))
	d := a.add(r.mul(r).neg())
	return r.add(d.quo(r.add(r)))
}

// ldexp is a·2^n, exactly unless it underflows.
func (a double) ldexp(n int) double { return double{math.Ldexp(a.hi, n), math.Ldexp(a.lo, n)} }

var (
	one    = exactly(1)
	pi     = double{math.Pi, 0x1.1a62633145c07p-53}
	ln2    = [3]float64{0x1.62e42fefa38p-1, 0x1.ef35793c76p-45, 0x1.cc01f97b57a08p-87} // the first two so short that n·ln 2 is exact
	cubic  = exactly(44715).quo(exactly(1e6))
	slope  = exactly(8).quo(pi).root()
	rootPi = exactly(2).mul(pi).root() // √(2π)
)

// wide is m·2^exp, so that no result underflows.
type wide struct {
	m   double
	exp int
}

// expm1Of is n and s in exp(v) = 2^n·(1 + s): s is the series at r/2^9,
// r = v − n·ln 2, doubled by s → s·(s + 2).
func expm1Of(v double) (n int, s double) {
	const halvings, terms = 9, 14
	f := math.Round(v.hi / math.Ln2)
	r := v
	for _, part := range ln2 {
		r = r.add(exactly(part).mul(exactly(-f)))
	}
	r = r.ldexp(-halvings)
	for i := terms; i > 0; i-- {
		s = r.mul(s.add(one)).quo(exactly(float64(i)))
	}
	for range halvings {
		s = s.mul(s.add(exactly(2)))
	}
	return int(f), s
}

func wideExp(v double) wide {
	n, s := expm1Of(v)
	return wide{s.add(one), n}
}

func wideTanh(x float64) wide {
	if math.Abs(x) < 0x1p-200 {
		return wide{exactly(x), 0}
	}
	n, s := expm1Of(exactly(2 * min(math.Abs(x), 60)))
	m := s.add(one).ldexp(n).add(one.neg())
	if n == 0 {
		m = s
	}
	return wide{m.quo(m.add(exactly(2))).mul(exactly(math.Copysign(1, x))), 0}
}

// wideSigmoid is exp(−|v|)/(1 + exp(−|v|)) where v < 0, and 1/(1 + exp(−|v|))
// elsewhere.
func wideSigmoid(v double) wide {
	low := v
	if v.hi > 0 {
		low = v.neg()
	}
	e := wideExp(low)
	sum := one.add(e.m.ldexp(max(e.exp, -400)))
	if v.hi < 0 {
		return wide{e.m.quo(sum), e.exp}
	}
	return wide{one.quo(sum), 0}
}

// times is x·w, x being so split that nothing underflows.
func (w wide) times(x float64) wide {
	f, n := math.Frexp(x)
	return wide{w.m.mul(exactly(f)), w.exp + n}
}

func wideGELUTanh(x float64) wide {
	v := exactly(max(-1e3, min(x, 1e3))) // where sigmoid is 0 and 1
	v = slope.mul(v.add(cubic.mul(v.mul(v).mul(v))))
	if v.hi < -1e5 {
		return wide{exactly(-1), -1 << 17}
	}
	return wideSigmoid(v).times(x)
}

func wideGELU(x float64) wide { return widePhi(max(-800, min(x, 800))).times(x) }

// widePhi is Φ(x): near zero by the series of Φ − 1/2, farther out by the
// continued fraction of Mills' ratio, R(a) = 1/(a+ 1/(a+ 2/(a+ 3/(a+ …)))).
func widePhi(x float64) wide {
	a := exactly(math.Abs(x))
	square := a.mul(a)
	density := wideExp(square.ldexp(-1).neg())
	density.m = density.m.quo(rootPi)
	tail := density
	if a.hi < 5 {
		sum, term := a, a
		for i := 3; i < 320; i += 2 {
			term = term.mul(square).quo(exactly(float64(i)))
			sum = sum.add(term)
		}
		tail = wide{exactly(0.5).add(density.m.ldexp(density.exp).mul(sum).neg()), 0}
	} else {
		r := a
		for i := 200; i > 0; i-- {
			r = a.add(exactly(float64(i)).quo(r))
		}
		tail.m = density.m.quo(r)
	}
	if x > 0 {
		tail = wide{one.add(tail.m.ldexp(max(tail.exp, -400)).neg()), 0}
	}
	return tail
}

// value is w rounded to float64, and off the distance of got from w in ulps.
func (w wide) value() float64 { return math.Ldexp(w.m.hi, w.exp) }

func (w wide) off(got float64) float64 {
	_, e := math.Frexp(w.m.hi)
	unit := max(w.exp+e-53, -1074)       // the ulp's exponent
	g := exactly(math.Ldexp(got, -unit)) // at most 2^54
	if w.exp-unit < -1000 {
		return math.Abs(g.hi)
	}
	d := g.add(w.m.ldexp(w.exp - unit).neg())
	return math.Abs(d.hi)
}

package main

import (
	"math"
	"math/big"
	"testing"
)

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(x) }

func bigPolynomial(c []float64, x *big.Float) *big.Float {
	sum := bigFloat(0)
	for i := len(c) - 1; i >= 0; i-- {
		sum.Mul(sum, x)
		sum.Add(sum, bigFloat(c[i]))
	}
	return sum
}

// log2Off is the binary logarithm of the relative error of got.
func log2Off(got, want *big.Float) float64 {
	d := new(big.Float).Sub(got, want)
	f, _ := d.Quo(d, want).Float64()
	return math.Log2(math.Abs(f))
}

// TestExpm1Coefficients: r + r²·P(r) is as near to exp(r) − 1 as the comment
// says.
func TestExpm1Coefficients(t *testing.T) {
	for elem, bound := range map[Elem]float64{f32: -28.3, f64: -54.9} {
		worst := math.Inf(-1)
		for i := -999; i <= 999; i += 2 {
			r := bigFloat(float64(i) / 1000 * math.Ln2 / 2)
			p := bigPolynomial(expm1Coefficients[elem], r)
			p.Mul(p, r).Mul(p, r).Add(p, r)
			want, term := bigFloat(0), bigFloat(1)
			for j := 1; j < 40; j++ {
				term.Mul(term, r).Quo(term, bigFloat(float64(j)))
				want.Add(want, term)
			}
			worst = max(worst, log2Off(p, want))
		}
		t.Logf("%s: 2^%.2f", elem.Name, worst)
		if worst > bound {
			t.Errorf("%s: 2^%.2f, more than 2^%g", elem.Name, worst, bound)
		}
	}
}

// TestNormalTail: as the comment says, by the continued fraction of Mills' ratio
// where that converges fast and by the series of Φ − 1/2 elsewhere.
func TestNormalTail(t *testing.T) {
	root := new(big.Float).SetPrec(200).Sqrt(bigFloat(2))
	pi, _, err := big.ParseFloat("3.14159265358979323846264338327950288419716939937510582097494459", 10, 200, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	root.Mul(root, new(big.Float).SetPrec(200).Sqrt(pi)) // √(2π)
	for elem, bound := range map[Elem]float64{f32: -24.7, f64: -56.3} {
		n := normalTails[elem]
		worst, bent := math.Inf(-1), 0.0
		for i := range 400 {
			s := float64(i) / 400
			a := bigFloat(min(n.k*s/(1.02-s), n.limit)) // even in t
			sum := new(big.Float).Add(bigFloat(n.k), a)
			x := new(big.Float).Sub(bigFloat(n.k), a)
			got := bigPolynomial(n.coefficients, x.Quo(x, sum))
			got.Quo(got, sum)
			want := bigMills(a, root)
			worst = max(worst, log2Off(got, want))
			bent = max(bent, math.Abs((1+n.slope*inverse(sum))/tailSlope(a, sum, want)-1))
		}
		t.Logf("%s: 2^%.2f, slope to %.3f", elem.Name, worst, bent)
		if bent > 0.1 {
			t.Errorf("%s: the slope is off by %.3f of it", elem.Name, bent)
		}
		if worst > bound {
			t.Errorf("%s: 2^%.2f, more than 2^%g", elem.Name, worst, bound)
		}
	}
}

func inverse(x *big.Float) float64 {
	f, _ := x.Float64()
	return 1 / f
}

// tailSlope is −d log tail/d log(K + a) at a: the tail's derivative is a·tail − φ(0).
func tailSlope(a, sum, tail *big.Float) float64 {
	s := new(big.Float).Quo(bigFloat(inverseRootTwoPi), tail)
	f, _ := s.Sub(s, a).Mul(s, sum).Float64()
	return f
}

// bigMills is Φ(−a)·exp(a²/2).
func bigMills(a, root *big.Float) *big.Float {
	if f, _ := a.Float64(); f >= 5 {
		r := a
		for i := 300; i > 0; i-- {
			r = new(big.Float).Add(a, new(big.Float).Quo(bigFloat(float64(i)), r))
		}
		r = new(big.Float).Mul(r, root)
		return r.Quo(bigFloat(1), r)
	}
	square := new(big.Float).Mul(a, a)
	half, power, factor := bigFloat(1), bigFloat(1), new(big.Float).Quo(square, bigFloat(2))
	sum, term := new(big.Float).Set(a), new(big.Float).Set(a)
	for j := 1; j < 200; j++ {
		power.Mul(power, factor).Quo(power, bigFloat(float64(j)))
		half.Add(half, power) // exp(a²/2)
		term.Mul(term, square).Quo(term, bigFloat(float64(2*j+1)))
		sum.Add(sum, term)
	}
	half.Quo(half, bigFloat(2))
	return half.Sub(half, sum.Quo(sum, root))
}

package kernels_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/lanes-go/lanes/kernels"
)

// function is an elementwise operation with the largest error that its
// documentation states, in ulps.
type function struct {
	name   string
	bound  float64
	single func(dst, x []float32)
	double func(dst, x []float64)
	ref    func(x float64) float64 // for float32
	exact  func(x float64) *big.Float
}

func functions() []function {
	act := func(name string, bound float64, a kernels.Activation, ref func(float64) float64, exact func(float64) *big.Float) function {
		return function{name, bound,
			func(dst, x []float32) { kernels.ActivateBias(a, dst, x, nil) },
			func(dst, x []float64) { kernels.ActivateBias(a, dst, x, nil) }, ref, exact}
	}
	logistic := func(x, v float64) float64 { // x·sigmoid(v), for v of either sign
		if v < 0 {
			return x * math.Exp(v) / (1 + math.Exp(v))
		}
		return x / (1 + math.Exp(-v))
	}
	geluArgument := func(x float64) float64 { return 2 * math.Sqrt2 / math.SqrtPi * (x + 0.044715*x*x*x) }
	return []function{
		{"exp", 1.5, kernels.Exp[float32], kernels.Exp[float64], math.Exp, func(x float64) *big.Float { return bigExp(newBig(x)) }},
		act("tanh", 2.7, kernels.Tanh, math.Tanh, bigTanh),
		act("sigmoid", 2.5, kernels.Sigmoid, func(x float64) float64 { return logistic(1, x) }, func(x float64) *big.Float { return bigLogistic(1, newBig(x)) }),
		act("silu", 3.2, kernels.SiLU, func(x float64) float64 { return logistic(x, x) }, func(x float64) *big.Float { return bigLogistic(x, newBig(x)) }),
		act("gelutanh", 3.2, kernels.GELUTanh, func(x float64) float64 { return logistic(x, geluArgument(x)) }, bigGELUTanh),
		act("gelu", 6, kernels.GELU, func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }, bigGELU),
	}
}

// ulpOf is the distance of the numbers of the element around v, subnormal ones
// included.
func ulpOf[T kernels.Float](v float64) float64 {
	_, e := math.Frexp(v)
	if _, single := any(T(0)).(float32); single {
		return math.Ldexp(1, max(e-24, -149))
	}
	return math.Ldexp(1, max(e-53, -1074))
}

// TestUlps32 takes float32 inputs at a stride through all bit patterns, NaN, Inf
// and subnormal numbers among them.
func TestUlps32(t *testing.T) {
	stride := uint64(4099)
	if testing.Short() {
		stride = 1000003
	}
	x, y := make([]float32, 4096), make([]float32, 4096)
	for _, f := range functions() {
		worst, at := 0.0, float32(0)
		for next := uint64(0); next < 1<<32; {
			for i := range x {
				x[i] = math.Float32frombits(uint32(next))
				next += stride
			}
			f.single(y, x)
			for i, v := range x {
				if math.IsInf(float64(v), 0) {
					continue // see TestLimits
				}
				want, got := f.ref(float64(v)), float64(y[i])
				if v != v || math.Abs(want) >= 0x1.ffffffp127 {
					if v != v && got == got || v == v && !math.IsInf(got, 0) {
						t.Fatalf("%s(%v) = %v, want %v", f.name, v, got, want)
					}
					continue
				}
				if e := math.Abs(got-want) / ulpOf[float32](want); !(e <= worst) {
					worst, at = e, v
				}
			}
		}
		t.Logf("%s: %.3f ulps at %v", f.name, worst, at)
		if !(worst <= f.bound) {
			t.Errorf("%s(%v) is off by %g ulps, more than %g", f.name, at, worst, f.bound)
		}
	}
}

// TestUlps64 compares with 160 bits, at points of every size that matters and
// about the ends.
func TestUlps64(t *testing.T) {
	n := 500
	if testing.Short() {
		n = 100
	}
	rng := newRand()
	x := []float64{0, 5e-324, -5e-324, 1e-310, -1e-310, 1e-17, -1e-17, 709.78, -708.5, -744.4, -745.13, -745.14, -750, -38.5, -38.48, -37.5, -21.9, 19.06, -19.06}
	for range n {
		u := 2*rng.Float64() - 1
		x = append(x, u*760, u*40, u*6, u, math.Ldexp(u, -rng.IntN(60)))
	}
	y := make([]float64, len(x))
	for _, f := range functions() {
		f.double(y, x)
		worst, at := 0.0, 0.0
		for i, v := range x {
			exact := f.exact(v)
			want, _ := exact.Float64()
			if math.IsInf(want, 0) || math.IsInf(y[i], 0) {
				if want != y[i] {
					t.Fatalf("%s(%v) = %v, want %v", f.name, v, y[i], want)
				}
				continue
			}
			diff, _ := exact.Sub(exact, newBig(y[i])).Float64()
			// An error below the smallest number is none that Float64 shows.
			if e := math.Abs(diff) / ulpOf[float64](want); !(e <= worst) {
				worst, at = e, v
			}
		}
		t.Logf("%s: %.3f ulps at %v", f.name, worst, at)
		if !(worst <= f.bound) {
			t.Errorf("%s(%v) is off by %g ulps, more than %g", f.name, at, worst, f.bound)
		}
	}
}

func newBig(x float64) *big.Float { return new(big.Float).SetPrec(160).SetFloat64(x) }

func bigOp(op func(z, a, b *big.Float) *big.Float, a, b *big.Float) *big.Float {
	return op(new(big.Float).SetPrec(160), a, b)
}
func bigAdd(a, b *big.Float) *big.Float { return bigOp((*big.Float).Add, a, b) }
func bigMul(a, b *big.Float) *big.Float { return bigOp((*big.Float).Mul, a, b) }
func bigQuo(a, b *big.Float) *big.Float { return bigOp((*big.Float).Quo, a, b) }

// bigExpm1 sums the series at x/2^k and doubles by m → m·(m + 2).
func bigExpm1(x *big.Float) *big.Float {
	k := max(0, x.MantExp(nil)+8)
	r := new(big.Float).SetMantExp(x, -k)
	sum, term := new(big.Float).SetPrec(160), newBig(1)
	for i := 1; i < 24; i++ {
		term = bigQuo(bigMul(term, r), newBig(float64(i)))
		sum = bigAdd(sum, term)
	}
	for range k {
		sum = bigMul(sum, bigAdd(sum, newBig(2)))
	}
	return sum
}

func bigExp(x *big.Float) *big.Float {
	if x.Sign() < 0 { // no cancellation
		return bigQuo(newBig(1), bigExp(new(big.Float).Neg(x)))
	}
	return bigAdd(bigExpm1(x), newBig(1))
}

func bigTanh(x float64) *big.Float {
	m := bigExpm1(newBig(2 * math.Abs(x)))
	m = bigQuo(m, bigAdd(m, newBig(2)))
	if x < 0 {
		m.Neg(m)
	}
	return m
}

// bigLogistic is x·sigmoid(v).
func bigLogistic(x float64, v *big.Float) *big.Float {
	return bigQuo(newBig(x), bigAdd(newBig(1), bigExp(new(big.Float).Neg(v))))
}

func bigGELUTanh(x float64) *big.Float {
	cube := bigMul(bigMul(newBig(x), newBig(x)), newBig(x))
	inner := bigAdd(newBig(x), bigQuo(bigMul(newBig(44715), cube), newBig(1e6)))
	root := new(big.Float).SetPrec(160).Sqrt(bigQuo(newBig(8), bigPi()))
	return bigLogistic(x, bigMul(root, inner))
}

func bigPi() *big.Float {
	pi, _, err := big.ParseFloat("3.14159265358979323846264338327950288419716939937510582097494459", 10, 160, big.ToNearestEven)
	if err != nil {
		panic(err)
	}
	return pi
}

// bigGELU is x·Φ(x): near zero by the series of Φ − 1/2, farther out by the
// continued fraction of Mills' ratio, R(a) = 1/(a+ 1/(a+ 2/(a+ 3/(a+ …)))).
func bigGELU(x float64) *big.Float {
	a := newBig(math.Abs(x))
	square := bigMul(a, a)
	density := bigQuo(bigExp(bigQuo(square, newBig(-2))), new(big.Float).SetPrec(160).Sqrt(bigMul(newBig(2), bigPi())))
	var tail *big.Float
	if math.Abs(x) < 5 {
		sum, term := newBig(math.Abs(x)), newBig(math.Abs(x))
		for i := 3; i < 320; i += 2 {
			term = bigQuo(bigMul(term, square), newBig(float64(i)))
			sum = bigAdd(sum, term)
		}
		tail = bigAdd(newBig(0.5), new(big.Float).Neg(bigMul(density, sum)))
	} else {
		r := a
		for i := 200; i > 0; i-- {
			r = bigAdd(a, bigQuo(newBig(float64(i)), r))
		}
		tail = bigQuo(density, r)
	}
	if x > 0 {
		tail = bigAdd(newBig(1), new(big.Float).Neg(tail))
	}
	return bigMul(newBig(x), tail)
}

// TestLimits: the ends, and the sign of zero.
func TestLimits(t *testing.T) { both(t, testLimits[float32], testLimits[float64]) }

func testLimits[T kernels.Float](t *testing.T) {
	inf, negZero := inf[T](), T(math.Copysign(0, -1))
	one := func(act kernels.Activation, v T) T {
		y := []T{v}
		kernels.Activate(act, y)
		return y[0]
	}
	for _, c := range []struct {
		act             kernels.Activation
		bottom, top, at T // at −Inf, +Inf, −0
	}{
		{kernels.ReLU, 0, inf, 0},
		{kernels.LeakyReLU, -inf, inf, negZero},
		{kernels.GELU, negZero, inf, negZero},
		{kernels.GELUTanh, negZero, inf, negZero},
		{kernels.SiLU, negZero, inf, negZero},
		{kernels.Tanh, -1, 1, negZero},
		{kernels.Sigmoid, 0, 1, 0.5},
	} {
		for i, v := range []T{-inf, inf, negZero} {
			want := []T{c.bottom, c.top, c.at}[i]
			if got := one(c.act, v); bits(got) != bits(want) {
				t.Errorf("activation %d of %v is %v, want %v", c.act, v, got, want)
			}
		}
		if got := one(c.act, nan[T]()); got == got {
			t.Errorf("activation %d of NaN is %v", c.act, got)
		}
	}
	y := []T{-inf, inf, nan[T](), 0, negZero}
	kernels.Exp(y, y)
	if fmt.Sprint(y) != "[0 +Inf NaN 1 1]" {
		t.Errorf("exp at the ends: %v", y)
	}
}

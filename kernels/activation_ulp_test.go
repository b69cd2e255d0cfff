package kernels_test

import (
	"fmt"
	"math"
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
	exact  func(x float64) wide
}

func functions() []function {
	act := func(name string, bound float64, a kernels.Activation, ref func(float64) float64, exact func(float64) wide) function {
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
		{"exp", 1.5, kernels.Exp[float32], kernels.Exp[float64], math.Exp, func(x float64) wide { return wideExp(exactly(max(-1e4, min(x, 1e4)))) }},
		act("tanh", 2.7, kernels.Tanh, math.Tanh, wideTanh),
		act("sigmoid", 2.5, kernels.Sigmoid, func(x float64) float64 { return logistic(1, x) }, func(x float64) wide { return wideSigmoid(exactly(x)) }),
		act("silu", 3.2, kernels.SiLU, func(x float64) float64 { return logistic(x, x) }, func(x float64) wide { return wideSigmoid(exactly(x)).times(x) }),
		act("gelutanh", 3.2, kernels.GELUTanh, func(x float64) float64 { return logistic(x, geluArgument(x)) }, wideGELUTanh),
		act("gelu", 4, kernels.GELU, func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }, wideGELU),
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

// TestUlps64 compares with double-double arithmetic, at points of every size that matters and
// about the ends.
func TestUlps64(t *testing.T) {
	n := 20000
	if testing.Short() {
		n = 500
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
			want := exact.value()
			if math.IsInf(want, 0) || math.IsInf(y[i], 0) {
				if want != y[i] {
					t.Fatalf("%s(%v) = %v, want %v", f.name, v, y[i], want)
				}
				continue
			}
			if e := exact.off(y[i]); !(e <= worst) {
				worst, at = e, v
			}
		}
		t.Logf("%s: %.3f ulps at %v", f.name, worst, at)
		if !(worst <= f.bound) {
			t.Errorf("%s(%v) is off by %g ulps, more than %g", f.name, at, worst, f.bound)
		}
	}
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

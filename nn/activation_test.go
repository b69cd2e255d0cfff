package nn

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

func apply[T mat.Float](act Activation, z T) T {
	x := []T{z}
	kernels.Activate(act, x)
	return x[0]
}

func slope[T mat.Float](act Activation, z T) T {
	x := []T{0}
	kernels.ActivateGrad(act, x, []T{1}, []T{z})
	return x[0]
}

func TestActivationValues(t *testing.T) {
	for _, c := range []struct {
		act                  Activation
		z, value, derivative float64
	}{
		{ReLU, 3, 3, 1},
		{ReLU, -3, 0, 0},
		{ReLU, 0, 0, 0},
		{LeakyReLU, 3, 3, 1},
		{LeakyReLU, -3, -0.03, 0.01},
		{LeakyReLU, 0, 0, 0.01},
		{Sigmoid, 0, 0.5, 0.25},
		{Tanh, 0, 0, 1},
		{SiLU, 0, 0, 0.5},
		{GELU, 0, 0, 0.5},
		{GELUTanh, 0, 0, 0.5},

		// In 90-digit arithmetic, from the definitions.
		{Sigmoid, -6, 2.47262315663477434e-03, 2.46650929136004761e-03},
		{Sigmoid, -2, 1.19202922022117561e-01, 1.04993585403506520e-01},
		{Sigmoid, -0.5, 3.77540668798145462e-01, 2.35003712201594495e-01},
		{Sigmoid, 0.125, 5.31209373373756288e-01, 2.49025975013617479e-01},
		{Sigmoid, 1, 7.31058578630004896e-01, 1.96611933241481851e-01},
		{Sigmoid, 8, 9.99664649869533517e-01, 3.35237670756474238e-04},
		{Tanh, -6, -9.99987711650795585e-01, 2.45765474053327018e-05},
		{Tanh, -2, -9.64027580075816903e-01, 7.06508248531644706e-02},
		{Tanh, -0.5, -4.62117157260009737e-01, 7.86447732965927404e-01},
		{Tanh, 0.125, 1.24353001771596208e-01, 9.84536330950393390e-01},
		{Tanh, 1, 7.61594155955764851e-01, 4.19974341614026081e-01},
		{Tanh, 8, 9.99999774929675844e-01, 4.50140597563729147e-07},
		{SiLU, -6, -1.48357389398086452e-02, -1.23264325915255126e-02},
		{SiLU, -2, -2.38405844044235121e-01, -9.07842487848954799e-02},
		{SiLU, -0.5, -1.88770334399072731e-01, 2.60038812697348187e-01},
		{SiLU, 0.125, 6.64011716717195360e-02, 5.62337620250458414e-01},
		{SiLU, 1, 7.31058578630004896e-01, 9.27670511871486747e-01},
		{SiLU, 8, 7.99731719895626814, 1.00234655123558536},
		{GELU, -6, -5.91952587022618854e-09, -3.54687094539020151e-08},
		{GELU, -2, -4.55002638963584172e-02, -8.52318010781969032e-02},
		{GELU, -0.5, -1.54268769362993441e-01, 1.32504875343837147e-01},
		{GELU, 0.125, 6.87172781037641150e-02, 5.99217935698206583e-01},
		{GELU, 1, 8.41344746068542926e-01, 1.08331547058768640},
		{GELU, 8, 7.99999999999999467, 1.00000000000003975},
		{GELUTanh, -6, -8.43964670076229702e-11, -7.70997393095369596e-10},
		{GELUTanh, -2, -4.54023059122249800e-02, -8.60992566236183782e-02},
		{GELUTanh, -0.5, -1.54285990174856086e-01, 1.32630096465357700e-01},
		{GELUTanh, 0.125, 6.87171986242233884e-02, 5.99215406162791453e-01},
		{GELUTanh, 1, 8.41191990608276652e-01, 1.08296408384578258},
		{GELUTanh, 8, 8.00000000000000000, 1.00000000000000000},
	} {
		for _, v := range []struct{ want, got float64 }{{c.value, apply(c.act, c.z)}, {c.derivative, slope(c.act, c.z)}} {
			// Arguments of exp below 50 carry two roundings each.
			require.InDelta(t, v.want, v.got, 100*ulp*math.Abs(v.want), "%d(%v)", c.act, c.z)
		}
		require.Equal(t, apply(c.act, c.z) == 0, apply(c.act, float32(c.z)) == 0)
		require.InDelta(t, c.value, float64(apply(c.act, float32(c.z))), math.Abs(c.value)*0x1p-21)
		require.InDelta(t, c.derivative, float64(slope(c.act, float32(c.z))), math.Abs(c.derivative)*0x1p-21)
	}
}

const ulp = 0x1p-53

func TestActivationsAtTheEnds(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		act             Activation
		z, value, slope float64
	}{
		{ReLU, inf, inf, 1}, {ReLU, -inf, 0, 0},
		{LeakyReLU, inf, inf, 1}, {LeakyReLU, -inf, -inf, 0.01},
		{GELU, 1e300, 1e300, 1}, {GELU, inf, inf, 1}, {GELU, -1e300, 0, 0}, {GELU, -inf, 0, 0},
		{GELUTanh, 1e300, 1e300, 1}, {GELUTanh, inf, inf, 1}, {GELUTanh, -1e300, 0, 0}, {GELUTanh, -inf, 0, 0},
		{SiLU, 1e300, 1e300, 1}, {SiLU, inf, inf, 1}, {SiLU, -1e300, 0, 0}, {SiLU, -inf, 0, 0},
		{Tanh, inf, 1, 0}, {Tanh, -inf, -1, 0},
		{Sigmoid, inf, 1, 0}, {Sigmoid, -inf, 0, 0},
	} {
		require.Equal(t, c.value, apply(c.act, c.z), "%d(%v)", c.act, c.z)
		require.Equal(t, c.slope, slope(c.act, c.z), "%d'(%v)", c.act, c.z)
	}
}

func TestNaNStaysNaN(t *testing.T) {
	t.Run("float32", testNaNStaysNaN[float32])
	t.Run("float64", testNaNStaysNaN[float64])
}

func testNaNStaysNaN[T mat.Float](t *testing.T) {
	nan := T(math.NaN())
	for _, act := range activations {
		t.Run(fmt.Sprint(act), func(t *testing.T) {
			l := NewLinear[T](1, 1, act, newRand())
			var y, dx mat.Dense[T]
			l.Forward(&y, mat.NewDense(2, 1, []T{nan, 1}))
			require.True(t, y.At(0, 0) != y.At(0, 0))
			require.True(t, y.At(1, 0) == y.At(1, 0))
			l.Backward(&dx, mat.NewDense(2, 1, []T{1, 1}))
			require.True(t, l.GradW.At(0, 0) != l.GradW.At(0, 0))
			if act == Identity || act == ReLU {
				return
			}
			require.True(t, dx.At(0, 0) != dx.At(0, 0))
		})
	}
}

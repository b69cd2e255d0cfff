package nn

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func apply[T mat.Float](act Activation, z T) T {
	x := []T{z}
	activate(act, x)
	return x[0]
}

func slope[T mat.Float](act Activation, z T) T {
	x := []T{0}
	derive(act, x, []T{1}, []T{z})
	return x[0]
}

// Values to 16 digits from series in 60-digit arithmetic.
func TestActivationValues(t *testing.T) {
	for _, c := range []struct {
		act     Activation
		z, f, d float64
	}{
		{ReLU, 3, 3, 1}, {ReLU, -3, 0, 0}, {ReLU, 0, 0, 0},
		{LeakyReLU, 3, 3, 1}, {LeakyReLU, -3, -0.03, 0.01}, {LeakyReLU, 0, 0, 0.01},
		{Sigmoid, 0, 0.5, 0.25}, {Tanh, 0, 0, 1},
		{SiLU, 0, 0, 0.5}, {GELU, 0, 0, 0.5}, {GELUTanh, 0, 0, 0.5},
VALUES
	} {
		require.InEpsilon(t, 1+c.f, 1+apply(c.act, c.z), 4e-16, "%v(%v)", c.act, c.z)
		require.InEpsilon(t, 1+c.d, 1+slope(c.act, c.z), 4e-16, "%v'(%v)", c.act, c.z)
	}
}

package mat

import "github.com/lanes-go/lanes/kernels"

// Activation names an elementwise function that may follow a product.
type Activation = kernels.Activation

// The activations. NaN stays NaN.
const (
	Identity  = kernels.Identity  // x
	ReLU      = kernels.ReLU      // max(x, 0)
	LeakyReLU = kernels.LeakyReLU // x where positive, 0.01·x elsewhere
	GELU      = kernels.GELU      // x·Φ(x), Φ being the normal distribution's
	GELUTanh  = kernels.GELUTanh  // the tanh approximation of GELU
	SiLU      = kernels.SiLU      // x / (1 + exp(−x))
	Tanh      = kernels.Tanh      // tanh x
	Sigmoid   = kernels.Sigmoid   // 1 / (1 + exp(−x))
)

package nn

import "github.com/lanes-go/lanes/mat"

// Activation is the elementwise function at the end of a [Linear] layer.
type Activation = mat.Activation

// The activations, under the names of package mat.
const (
	Identity  = mat.Identity
	ReLU      = mat.ReLU
	LeakyReLU = mat.LeakyReLU
	GELU      = mat.GELU
	GELUTanh  = mat.GELUTanh
	SiLU      = mat.SiLU
	Tanh      = mat.Tanh
	Sigmoid   = mat.Sigmoid
)

package mat

// Activation names an elementwise function that follows a product.
type Activation uint8

const (
	Identity  Activation = iota // x
	ReLU                        // max(x, 0)
	LeakyReLU                   // x where positive, 0.01·x elsewhere
	GELU                        // x·Φ(x), Φ being the normal distribution's
	GELUTanh                    // the tanh approximation of GELU
	SiLU                        // x / (1 + exp(−x))
	Tanh                        // tanh x
	Sigmoid                     // 1 / (1 + exp(−x))
)

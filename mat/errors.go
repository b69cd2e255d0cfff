package mat

import (
	"errors"
	"fmt"

	"github.com/lanes-go/lanes/kernels"
)

// Float is the element type of matrices: float32 or float64.
type Float = kernels.Float

// Error is what a caller's bug panics with, by value.
type Error = kernels.Error

// ErrNotFinite reports NaN or Inf in the input of a decomposition. Nothing has
// been computed when it is returned.
var ErrNotFinite = errors.New("lanes: the input holds NaN or Inf")

// ErrNoConvergence reports that an iteration reached its limit. Errors that
// wrap it say how far it came.
var ErrNoConvergence = errors.New("lanes: no convergence")

func panicf(op, format string, args ...any) {
	panic(Error{Op: op, Detail: fmt.Sprintf(format, args...)})
}

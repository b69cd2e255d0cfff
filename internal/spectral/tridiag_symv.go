package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// symv multiplies by a symmetric matrix of which only the upper triangle is
// read, each entry once (BLAS symv).
type symv[T mat.Float] struct{}

// mul sets y = A·x. Each row serves twice while it is in cache: its dot with x
// is an entry of y, its multiple is added to the entries after.
func (s *symv[T]) mul(a *mat.Dense[T], x, y []T) {
	n := a.Rows
	clear(y)
	for i := range n {
		row := a.Data[i*a.Stride+i:][:n-i]
		y[i] += row[0]*x[i] + kernels.Dot(row[1:], x[i+1:])
		kernels.Axpy(x[i], row[1:], y[i+1:])
	}
}

package eig

import "fmt"

// Method is an algorithm for symmetric matrices.
type Method uint8

const (
	// Auto takes the fastest method for the size and the options.
	Auto Method = 0
	// Jacobi is the cyclic two-sided method, the simplest there is.
	Jacobi Method = 2
	// OneSidedJacobi rotates the columns of W = A·V only, and finds the entries
	// of VᵀAV as inner products: every access is contiguous.
	OneSidedJacobi Method = 3
)

// String returns the name of the constant.
func (m Method) String() string {
	switch m {
	case Auto:
		return "Auto"
	case Jacobi:
		return "Jacobi"
	case OneSidedJacobi:
		return "OneSidedJacobi"
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Options of Factorize. The zero value computes vectors by the fastest method.
type Options struct {
	// Method is the algorithm; Auto chooses.
	Method Method
	// ValuesOnly leaves the eigenvectors out.
	ValuesOnly bool
	// MaxSweeps limits the Jacobi stages; 0 means 30.
	MaxSweeps int
	// Threads caps the goroutines of the stages that can use several; 0 means
	// the cap of mat.SetMaxThreads. Jacobi rotations run on one.
	Threads int
}

// Stats tells how a decomposition was found.
type Stats struct {
	// Method is the algorithm taken, never Auto.
	Method Method
	// Sweeps is the number of Jacobi sweeps over all pairs.
	Sweeps int
	// Rotations is the number of plane rotations.
	Rotations int
	// OffNorm is the Frobenius norm of the off-diagonal of VᵀAV which the last
	// sweep met, relative to that of A.
	OffNorm float64
}

package svd

import "fmt"

// Method is an algorithm for the complete decomposition.
type Method uint8

const (
	// Auto takes the fastest method for the size and the options.
	Auto Method = 0
	// OneSidedJacobi is QR with column pivoting and one-sided Jacobi on the rows
	// of R.
	OneSidedJacobi Method = 2
)

// String returns the name of the constant.
func (m Method) String() string {
	switch m {
	case Auto:
		return "Auto"
	case OneSidedJacobi:
		return "OneSidedJacobi"
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Options of Factorize. The zero value computes vectors by the fastest method.
type Options struct {
	// Method is the algorithm; Auto chooses.
	Method Method
	// ValuesOnly leaves U and V out.
	ValuesOnly bool
	// MaxSweeps limits the Jacobi stages; 0 means 30.
	MaxSweeps int
	// Threads caps the goroutines of the matrix products; 0 means the cap of
	// mat.SetMaxThreads. Jacobi rotations run on one.
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
	// OffNorm is the largest cosine between two columns which the last sweep
	// met.
	OffNorm float64
}

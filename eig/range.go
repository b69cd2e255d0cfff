package eig

import (
	"math"
	"sort"

	"github.com/lanes-go/lanes/mat"
)

// Range selects eigenvalues by number or by value, and with them eigenvectors.
// At most one of Smallest, Largest and the interval may be given; the zero value
// selects all.
//
// Divide and conquer then leaves out the vectors of its last and largest merge
// and the back-transformation of those that are not selected: with few of
// them, 4n³/3 flops for the tridiagonal form and up to n³/3 for the rest remain
// of 14n³/3. The Jacobi methods compute all and hand out what is selected.
type Range struct {
	// Smallest and Largest are numbers of eigenvalues from that end; more than
	// there are means all.
	Smallest, Largest int
	// From and To are the interval From ≤ λ < To, unless both are 0; math.Inf
	// leaves a side open. An eigenvalue within its error, about eps·‖A‖, of a border
	// may fall on either side.
	From, To float64
}

func (r Range) all() bool { return r == Range{} }

func (r Range) check() {
	if r.Smallest < 0 || r.Largest < 0 || !(r.From <= r.To) {
		panicf("Factorize", "Range: Smallest = %d, Largest = %d, From = %g, To = %g", r.Smallest, r.Largest, r.From, r.To)
	}
	given := 0
	for _, is := range [...]bool{r.Smallest > 0, r.Largest > 0, r.From != 0 || r.To != 0} {
		if is {
			given++
		}
	}
	if given > 1 {
		panicf("Factorize", "Range: more than one of Smallest = %d, Largest = %d and the interval from %g to %g",
			r.Smallest, r.Largest, r.From, r.To)
	}
}

// indices returns where the selected ones of the ascending values begin and end.
func indices[T mat.Float](r Range, values []T) (first, last int) {
	n := len(values)
	switch {
	case r.all():
		return 0, n
	case r.Smallest > 0:
		return 0, min(r.Smallest, n)
	case r.Largest > 0:
		return n - min(r.Largest, n), n
	}
	from := sort.Search(n, func(i int) bool { return float64(values[i]) >= r.From })
	if math.IsInf(r.To, 1) { // so may values be
		return from, n
	}
	return from, from + sort.Search(n-from, func(i int) bool { return float64(values[from+i]) >= r.To })
}

package pca

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// Solver is the way from a centred sample to its components.
type Solver uint8

const (
	// Auto takes Covariance for up to 1000 columns and ten times as many rows,
	// FullSVD where neither exceeds 500, Randomized where Components is below 80
	// % of what there are, and FullSVD otherwise: the rules of scikit-learn.
	Auto Solver = iota
	// Covariance is the eigendecomposition of the covariance matrix: nd² flops
	// and an eigenproblem of size d, of which Components, where given, limits the
	// vectors (LAPACK syevr). Variances below eps of the largest drown in rounding.
	Covariance
	// FullSVD is the thin singular value decomposition of the centred sample.
	FullSVD
	// Randomized finds the leading components alone (svd.Truncated), near
	// enough to the best, and repeatably: Seed decides.
	Randomized
)

// String returns the name of the constant.
func (s Solver) String() string {
	switch s {
	case Auto:
		return "Auto"
	case Covariance:
		return "Covariance"
	case FullSVD:
		return "FullSVD"
	case Randomized:
		return "Randomized"
	}
	return fmt.Sprintf("Solver(%d)", uint8(s))
}

// Options of New. The zero value keeps every component.
type Options struct {
	// Components is the number to keep, at most min(rows, columns); 0 means all
	// of them, or what Variance says.
	Components int
	// Variance is the share of the variance to keep, in (0, 1], by the fewest
	// components that reach it; 0 leaves the number to Components, and one of the
	// two must be 0. Randomized cannot know it.
	Variance float64
	// Solver finds the components; Auto chooses.
	Solver Solver
	// Whiten divides each transformed column by its standard deviation, so that
	// all have variance 1. Components whose variance is nothing but rounding
	// become 0.
	Whiten bool
	// Population divides by the number of rows rather than by one less.
	Population bool
	// Seed of Randomized.
	Seed uint64
	// Threads caps the goroutines; 0 means the cap of mat.SetMaxThreads.
	Threads int
}

func (o Options) check() {
	ok := o.Components >= 0 && o.Variance >= 0 && o.Variance <= 1 && o.Threads >= 0 &&
		(o.Components == 0 || o.Variance == 0) && o.Solver <= Randomized &&
		(o.Solver != Randomized || o.Variance == 0)
	if !ok {
		panic(mat.Error{Op: "New", Detail: fmt.Sprintf("%+v", o)})
	}
}

// solver resolves Auto for an n × d sample.
func (o Options) solver(n, d int) Solver {
	switch {
	case o.Solver != Auto:
		return o.Solver
	case d <= 1000 && n >= 10*d:
		return Covariance
	case max(n, d) > 500 && o.Components > 0 && 5*o.Components < 4*min(n, d):
		return Randomized
	}
	return FullSVD
}

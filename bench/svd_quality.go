package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// svdQuality is how exact a decomposition A = U·Σ·Vᵀ is.
type svdQuality struct {
	Residual      float64 `json:"residual"`              // largest ‖A·v − σ·u‖/‖A‖ of a sample
	Orthogonality float64 `json:"orthogonality"`         // largest entry of UᵀU − I and VᵀV − I of a sample
	Sigma         float64 `json:"sigma_error,omitempty"` // largest relative error of a singular value
}

func svdQualityOf[T mat.Float](a *mat.Dense[T], values []T, u, v *mat.Dense[T], reference []float64) *svdQuality {
	var residual, orthogonality deviation
	addResiduals(&residual, a, values, u, v, frobenius(a))
	orthogonality.addOrthogonality(columns(u), 1)
	orthogonality.addOrthogonality(columns(v), 1)
	q := &svdQuality{Residual: residual.worst, Orthogonality: orthogonality.worst}
	for i, want := range reference {
		if want > 0 {
			q.Sigma = max(q.Sigma, abs(float64(values[i])-want)/want)
		}
	}
	return q
}

func abs(v float64) float64 { return math.Abs(v) }

// referee returns the singular values of a by one-sided Jacobi in float64, which
// loses no digits to the scaling of rows and columns.
func referee[T mat.Float](a *mat.Dense[T]) ([]float64, error) {
	var s svd.SVD[float64]
	err := s.Factorize(widen(a), svd.Options{Method: svd.OneSidedJacobi, ValuesOnly: true})
	if err != nil {
		return nil, err
	}
	return s.Values(nil), nil
}

// svdQualityNotes puts the quality of a cell's results in a line.
func svdQualityNotes(c *cell) []string {
	var parts []string
	for _, r := range c.Results {
		q := r.SVD
		if q == nil {
			continue
		}
		part := fmt.Sprintf("%s %.0e %.0e", r.Impl, q.Residual, q.Orthogonality)
		if q.Sigma > 0 {
			part += fmt.Sprintf(" σ %.0e", q.Sigma)
		}
		parts = append(parts, part)
	}
	return []string{"residual, orthogonality, relative error of σ: " + strings.Join(parts, "; ")}
}

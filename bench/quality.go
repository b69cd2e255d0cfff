package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/lanes-go/lanes/mat"
)

// quality tells how good an eigendecomposition is, in LAPACK's ratios in the
// 1-norm, and against reference values where there are any.
type quality struct {
	Residual      float64 `json:"residual"`      // ‖AV − VΛ‖ / (‖A‖·n·ulp)
	Orthogonality float64 `json:"orthogonality"` // ‖I − VᵀV‖ / (n·ulp)
	// Relative is the largest relative error of a value, Lost how many are off by
	// more than lostDigits.
	Relative float64 `json:"relative,omitempty"`
	Lost     int     `json:"lost"`
}

// lostDigits is the relative error from which on a value counts as lost.
func lostDigits[T mat.Float]() float64 {
	if ulp[T]() > 0x1p-52 {
		return 1e-3
	}
	return 1e-6
}

// measureVectors sets the ratios of values and vectors, computed in float64.
func (q *quality) measureVectors(a, v *mat.Dense[float64], values []float64, ulp float64) {
	n := a.Rows
	r, e := v.Clone(), mat.Eye[float64](n)
	for i := range n {
		row := r.Row(i)
		for j := range row {
			row[j] *= -values[j]
		}
	}
	mat.Gemm(mat.NoTrans, mat.NoTrans, 1, a, v, 1, r)
	mat.Gemm(mat.Trans, mat.NoTrans, -1, v, v, 1, e)
	q.Residual = columnSum(r) / (columnSum(a) * float64(n) * ulp)
	q.Orthogonality = columnSum(e) / (float64(n) * ulp)
}

// compare sets the errors of values beside the right ones.
func (q *quality) compare(values, right []float64, lost float64) {
	for i, want := range right {
		relative := math.Abs(values[i]-want) / want
		q.Relative = max(q.Relative, relative)
		if relative > lost {
			q.Lost++
		}
	}
}

// columnSum is the 1-norm.
func columnSum(m *mat.Dense[float64]) (norm float64) {
	for j := range m.Cols {
		sum := 0.0
		for i := range m.Rows {
			sum += math.Abs(m.Data[i*m.Stride+j])
		}
		norm = max(norm, sum)
	}
	return norm
}

// widened returns a copy of m in float64.
func widened[T mat.Float](m *mat.Dense[T]) *mat.Dense[float64] {
	w := mat.NewDense[float64](m.Rows, m.Cols, nil)
	for i := range m.Rows {
		for j, x := range m.Row(i) {
			w.Data[i*w.Stride+j] = float64(x)
		}
	}
	return w
}

// qualityOf measures what the last run of a job left; right may be nil.
func qualityOf[T mat.Float](a *mat.Dense[T], job *eigenJob[T], vectors bool, right []float64) *quality {
	q := new(quality)
	values := make([]float64, len(job.values))
	for i, x := range job.values {
		values[i] = float64(x)
	}
	if vectors {
		q.measureVectors(widened(a), widened(job.vectors()), values, ulp[T]())
	}
	if right != nil {
		q.compare(values, right, lostDigits[T]())
	}
	return q
}

// qualityNote is a line about all results of a cell.
func qualityNote(c *cell, vectors, graded bool) string {
	var parts []string
	for _, r := range c.Results {
		if r.Quality == nil {
			continue
		}
		text := r.Impl
		if vectors {
			text += fmt.Sprintf(" residual %.2g orthogonality %.2g", r.Quality.Residual, r.Quality.Orthogonality)
		}
		if graded {
			text += fmt.Sprintf(" relative error %.1e (%d lost)", r.Quality.Relative, r.Quality.Lost)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

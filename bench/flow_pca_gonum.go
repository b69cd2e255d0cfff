package main

import (
	"slices"

	gonum "gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/lanes-go/lanes/mat"
)

// gonumPCA takes the faster of gonum's two ways, the covariance matrix and its
// eigenvectors: stat.PC decomposes the sample itself.
func gonumPCA(x *mat.Dense[float64], k int) *pcaJob[float64] {
	data := toGonum(x)
	var cov gonum.SymDense
	var eig gonum.EigenSym
	var vectors, scores gonum.Dense
	centred := gonum.NewDense(x.Rows, x.Cols, nil)
	return &pcaJob[float64]{
		run: func() error {
			cov.Reset()
			stat.CovarianceMatrix(&cov, data, nil)
			if !eig.Factorize(&cov, true) {
				return errGonum
			}
			vectors.Reset()
			eig.VectorsTo(&vectors)
			centre(fromGonum(centred), x)
			scores.Reset()
			scores.Mul(centred, vectors.Slice(0, x.Cols, x.Cols-k, x.Cols))
			return nil
		},
		variances: func() []float64 {
			values := eig.Values(nil)
			slices.Reverse(values)
			return values[:k]
		},
		components: func() *mat.Dense[float64] {
			components := mat.NewDense[float64](k, x.Cols, nil)
			for j := range k {
				copy(components.Row(j), gonum.Col(nil, x.Cols-1-j, &vectors))
			}
			return components
		},
	}
}

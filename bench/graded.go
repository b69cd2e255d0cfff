package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/mat"
)

// gradedDecades is the range of the eigenvalues of a graded matrix.
func gradedDecades[T mat.Float]() float64 {
	if ulp[T]() > 0x1p-52 {
		return 8
	}
	return 16
}

// gradedMatrix returns D·B·D, positive definite, with a B of condition about 14,
// the Gram matrix of 3n Gaussian vectors over 3n, and scales D that fall over
// half the decades, in random order: the sorted one is a lucky case.
func gradedMatrix[T mat.Float](n int, decades float64) *mat.Dense[T] {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	m, b := mat.NewDense[float64](n, 3*n, nil), mat.NewDense[float64](n, n, nil)
	for i := range m.Data {
		m.Data[i] = rng.NormFloat64()
	}
	mat.Syrk(mat.NoTrans, 1/float64(3*n), m, 0, b)
	d := make([]float64, n)
	for i, p := range rng.Perm(n) {
		d[i] = math.Pow(10, -decades/2*float64(p)/float64(n-1))
	}
	a := mat.NewDense[T](n, n, nil)
	for i := range n {
		for j := range n {
			a.Data[i*n+j] = T(d[i] * b.Data[i*n+j] * d[j])
		}
	}
	return a
}

// gradedValues returns the eigenvalues of a positive definite matrix, ascending,
// each right in its last digit however small: 1/λ is the Rayleigh quotient of
// A⁻¹ for an eigenvector, and as its error is the square of the vector's,
// double precision, accurate by scales, is enough of a vector. Cholesky's
// factor of the matrix sorted by its diagonal and its solutions are computed in
// double-double, where the scales cost nothing (Demmel and Veselić 1992). Cost:
// 2n³/3 multiplications of some 5 ns.
func gradedValues[T mat.Float](a *mat.Dense[T]) ([]float64, error) {
	n := a.Rows
	wide, vectors := mat.NewDense[float64](n, n, nil), mat.NewDense[float64](n, n, nil)
	for i, x := range a.Data {
		wide.Data[i] = float64(x)
	}
	var sym eig.Sym[float64]
	if err := sym.Factorize(wide, eig.Options{Accurate: true}); err != nil {
		return nil, err
	}
	sym.VectorsTo(vectors)
	order := fallingDiagonal(wide)
	l := wideCholesky(wide, order)
	values, x := make([]float64, n), make([]dd, n)
	for k := range n {
		squares := dd{}
		for i, row := range order {
			x[i] = dd{hi: vectors.At(row, k)}
			squares = squares.add(x[i].mul(x[i]))
		}
		values[k] = squares.quo(inverseForm(l, x)).hi
	}
	slices.Sort(values)
	return values, nil
}

func fallingDiagonal(a *mat.Dense[float64]) []int {
	order := make([]int, a.Rows)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(a.At(j, j), a.At(i, i)) })
	return order
}

// wideCholesky returns the rows of L, LLᵀ being A in the given order of rows.
func wideCholesky(a *mat.Dense[float64], order []int) [][]dd {
	l := make([][]dd, len(order))
	for i, row := range order {
		l[i] = make([]dd, i+1)
		for j := range l[i] {
			sum := dd{hi: a.At(row, order[j])}
			for k := range j {
				sum = sum.add(l[i][k].mul(l[j][k]).neg())
			}
			if i == j {
				l[i][j] = sum.root()
			} else {
				l[i][j] = sum.quo(l[j][j])
			}
		}
	}
	return l
}

// inverseForm returns xᵀ(LLᵀ)⁻¹x = ‖L⁻¹x‖², and L⁻¹x in x.
func inverseForm(l [][]dd, x []dd) (sum dd) {
	for i, row := range l {
		y := x[i]
		for k := range i {
			y = y.add(row[k].mul(x[k]).neg())
		}
		x[i] = y.quo(row[i])
		sum = sum.add(x[i].mul(x[i]))
	}
	return sum
}

package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// gradedSingularValues returns the singular values of a square matrix, descending,
// each right in its last digit however small. For float32 that is one-sided Jacobi
// in float64. For float64 the pivoted QR of the matrix with its rows sorted by size
// is in double-double, which leaves a factor R graded by rows alone; one-sided
// Jacobi on these in float64 gives a V with small entries as right as large ones,
// and as the error of a singular value is the square of the vector's, the lengths
// of the rows of VᵀR in double-double are the values. Cost: 7n³/3 multiplications
// of some 5 ns, and Jacobi's.
func gradedSingularValues[T mat.Float](a *mat.Dense[T]) ([]float64, error) {
	if ulp[T]() > 0x1p-52 {
		return referee(a)
	}
	r := pivotedTriangle(columnsBySize(widen(a)))
	v, err := jacobiOfRows(r)
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(r))
	for k := range values {
		row, sum := v.Row(k), make([]dd, len(r))
		for i, x := range row {
			for j, y := range r[i] {
				sum[j] = sum[j].add(y.mul(dd{hi: x}))
			}
		}
		unit := dd{}
		for _, x := range row {
			unit = unit.add(dd{hi: x}.mul(dd{hi: x}))
		}
		values[k] = squareSum(sum).quo(unit).root().hi
	}
	slices.SortFunc(values, func(x, y float64) int { return cmp.Compare(y, x) })
	return values, nil
}

// columnsBySize returns the columns of a, rows with the largest entries first.
func columnsBySize(a *mat.Dense[float64]) [][]dd {
	size, order := make([]float64, a.Rows), make([]int, a.Rows)
	for i := range order {
		order[i], size[i] = i, largestAbs(a.Row(i))
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(size[j], size[i]) })
	columns := make([][]dd, a.Cols)
	for j := range columns {
		columns[j] = make([]dd, a.Rows)
		for i, row := range order {
			columns[j][i] = dd{hi: a.At(row, j)}
		}
	}
	return columns
}

func largestAbs(x []float64) (largest float64) {
	for _, v := range x {
		largest = max(largest, abs(v))
	}
	return largest
}

// pivotedTriangle returns the rows of R, with QR the columns in the order that
// pivoting chose, by reflectors. It overwrites the columns.
func pivotedTriangle(columns [][]dd) [][]dd {
	for k := range columns {
		pivotLongest(columns, k)
		reflect(columns, k)
	}
	r := make([][]dd, len(columns))
	for i := range r {
		r[i] = make([]dd, len(columns))
		for j := i; j < len(columns); j++ {
			r[i][j] = columns[j][i]
		}
	}
	return r
}

// pivotLongest exchanges column k with the longest one from k on, below row k.
func pivotLongest(columns [][]dd, k int) {
	longest, at := -1.0, k
	for j, c := range columns[k:] {
		sum := 0.0
		for _, x := range c[k:] {
			sum += x.hi * x.hi
		}
		if sum > longest {
			longest, at = sum, k+j
		}
	}
	columns[k], columns[at] = columns[at], columns[k]
}

// reflect clears column k below row k by I − u·uᵀ·2/uᵀu, applied to the others.
func reflect(columns [][]dd, k int) {
	u := slices.Clone(columns[k][k:])
	length := squareSum(u).root()
	if length.hi == 0 {
		return
	}
	if u[0].hi > 0 {
		length = length.neg()
	}
	u[0] = u[0].add(length.neg())
	half := squareSum(u).mul(dd{hi: 0.5})
	for _, c := range columns[k+1:] {
		dot := dd{}
		for i, x := range u {
			dot = dot.add(x.mul(c[k+i]))
		}
		factor := dot.quo(half).neg()
		for i, x := range u {
			c[k+i] = c[k+i].add(x.mul(factor))
		}
	}
	clear(columns[k][k:])
	columns[k][k] = length
}

func squareSum(x []dd) (sum dd) {
	for _, v := range x {
		sum = sum.add(v.mul(v))
	}
	return sum
}

// jacobiSweeps is several times what a matrix needs.
const jacobiSweeps = 40

// jacobiOfRows returns Vᵀ whose product with r has orthogonal rows, by plane
// rotations of pairs, each in float64.
func jacobiOfRows(r [][]dd) (*mat.Dense[float64], error) {
	n := len(r)
	w, v := mat.NewDense[float64](n, n, nil), mat.NewDense[float64](n, n, nil)
	for i, row := range r {
		v.Set(i, i, 1)
		for j, x := range row {
			w.Set(i, j, x.hi)
		}
	}
	tol := 4 * math.Sqrt(float64(n)) * ulp[float64]()
	for range jacobiSweeps {
		if !jacobiSweep(w, v, tol) {
			return v, nil
		}
	}
	return nil, fmt.Errorf("the reference's rotations do not converge in %d sweeps", jacobiSweeps)
}

// jacobiSweep rotates every pair of rows of w, and of v, of a cosine above tol,
// and reports whether there was one.
func jacobiSweep(w, v *mat.Dense[float64], tol float64) (rotated bool) {
	for i := range w.Rows {
		for j := i + 1; j < w.Rows; j++ {
			x, y := w.Row(i), w.Row(j)
			xx, yy, xy := kernels.DotTriple(x, y)
			if !(abs(xy) > tol*math.Sqrt(xx)*math.Sqrt(yy)) {
				continue
			}
			rotated = true
			zeta := (yy - xx) / (2 * xy)
			t := math.Copysign(1/(abs(zeta)+math.Hypot(1, zeta)), zeta)
			c := 1 / math.Hypot(1, t)
			kernels.Rot(x, y, c, -c*t)
			kernels.Rot(v.Row(i), v.Row(j), c, -c*t)
		}
	}
	return rotated
}

package oracle

import (
	"math"

	"github.com/lanes-go/lanes/mat"
)

// The ratios of LAPACK's test programs: errors in units of ulp, times the
// dimension where the bound has it. Its thresholds are 60 for ddrvst and 50 for
// ddrvbd. They are computed in float64 on matrices scaled by a power of two, so
// that they hold at every scale.

// SymmetricRatios returns ‖A·V − V·Λ‖ / (‖A‖·n·ulp) in the 1-norm and
// ‖I − VᵀV‖ / (n·ulp), reading the upper triangle of a. A residual that the
// spacing of subnormal eigenvalues explains is not counted.
func SymmetricRatios[T mat.Float](a *mat.Dense[T], values []T, v *mat.Dense[T]) (residual, orthogonality float64) {
	n := a.Rows
	if n == 0 {
		return 0, 0
	}
	s := scaleOf(a)
	r := mat.NewDense[float64](n, n, nil)
	var norm float64
	for i := range n {
		var row float64
		for k := range n {
			x := s.ldexp(float64(a.At(min(i, k), max(i, k))))
			row += math.Abs(x)
			sums := r.Row(i)
			for j, y := range v.Row(k) {
				sums[j] += x * float64(y)
			}
		}
		norm = max(norm, row)
		for j := range n {
			r.Data[i*n+j] -= s.ldexp(float64(values[j])) * float64(v.At(i, j))
		}
	}
	return quotient(max(0, norm1(r)-s.spacing()*math.Sqrt(float64(n))), norm*float64(n)*ulp[T]()), Orthogonality(v)
}

// SVDRatios returns ‖A − U·Σ·Vᵀ‖ / (‖A‖·max(m,n)·ulp) in the 1-norm, and
// ‖I − UᵀU‖ / (m·ulp) and ‖I − VᵀV‖ / (n·ulp).
func SVDRatios[T mat.Float](a, u *mat.Dense[T], sigma []T, v *mat.Dense[T]) (residual, orthU, orthV float64) {
	m, n := a.Rows, a.Cols
	if m == 0 || n == 0 {
		return 0, 0, 0
	}
	s := scaleOf(a)
	r, x := mat.NewDense[float64](m, n, nil), mat.NewDense[float64](m, n, nil)
	scaled := make([]float64, len(sigma)) // row i of U·Σ
	for i := range m {
		for k, d := range sigma {
			scaled[k] = float64(u.At(i, k)) * s.ldexp(float64(d))
		}
		for j := range n {
			x.Data[i*n+j] = s.ldexp(float64(a.At(i, j)))
			sum := x.Data[i*n+j]
			for k, y := range v.Row(j)[:len(scaled)] {
				sum -= scaled[k] * float64(y)
			}
			r.Data[i*n+j] = sum
		}
	}
	excess := max(0, norm1(r)-s.spacing()*math.Sqrt(float64(m)))
	return quotient(excess, norm1(x)*float64(max(m, n))*ulp[T]()), Orthogonality(u), Orthogonality(v)
}

// Orthogonality returns ‖I − QᵀQ‖ / (m·ulp) in the 1-norm for q with m rows.
func Orthogonality[T mat.Float](q *mat.Dense[T]) float64 {
	n := q.Cols
	e := mat.Eye[float64](n)
	for k := range q.Rows {
		row := q.Row(k)
		for i, x := range row {
			sums := e.Row(i)
			for j, y := range row {
				sums[j] -= float64(x) * float64(y)
			}
		}
	}
	return norm1(e) / (float64(max(q.Rows, 1)) * ulp[T]())
}

// scale brings the largest entry of a matrix near 1.
type scale struct {
	exp  int
	tiny float64 // spacing of the subnormal T
}

func scaleOf[T mat.Float](a *mat.Dense[T]) scale {
	var bound float64
	for i := range a.Rows {
		for _, v := range a.Row(i) {
			if x := math.Abs(float64(v)); x > bound {
				bound = x // not max: NaN may stand where nothing is read
			}
		}
	}
	_, e := math.Frexp(bound)
	s := scale{exp: -e, tiny: 0x1p-1074}
	if ulp[T]() > 0x1p-52 {
		s.tiny = 0x1p-149
	}
	return s
}

func (s scale) ldexp(x float64) float64 { return math.Ldexp(x, s.exp) }

func (s scale) spacing() float64 { return s.ldexp(s.tiny) }

func norm1(a *mat.Dense[float64]) float64 {
	var norm float64
	for j := range a.Cols {
		var col float64
		for i := range a.Rows {
			col += math.Abs(a.At(i, j))
		}
		if col > norm || col != col {
			norm = col
		}
	}
	return norm
}

// quotient is x/y, and 0/0 = 0 for the zero matrix.
func quotient(x, y float64) float64 {
	if x == 0 {
		return 0
	}
	return x / y
}

// ulp is the distance from 1 to the next larger T.
func ulp[T mat.Float]() float64 {
	if T(1)/3 == T(float32(1)/3) {
		return 0x1p-23
	}
	return 0x1p-52
}

package kernels

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

var tridiagInAssembly = inAssembly("tridiag")

// TridiagOrder is the largest order that Tridiag takes.
const TridiagOrder = 64

// wholeLines returns the least number of elements that fills whole cache lines and
// is at least n.
func wholeLines[T Float](n int) int {
	line := 64 / int(unsafe.Sizeof(T(0)))
	return (n + line - 1) / line * line
}

// TridiagWork returns the length of the workspace that Tridiag needs.
func TridiagWork[T Float](n int) int { return 3 * wholeLines[T](n) }

// Tridiag reduces rows first to last-1 of a symmetric n × n matrix to tridiagonal
// form by reflectors H(i) = I - tau[i]·v·vᵀ on both sides (LAPACK sytd2): d and e
// become its diagonal and off-diagonal, row i of a the vector v of H(i), with
// v[i+1] = 1 and other entries before that than zero. Entry (i, j) is a[i*lda+j],
// in both triangles; rows fill whole cache lines with zeros. Rows come in order from
// 0 on, the work of a matrix being the same, and zero before row 0; the last call
// has last = n. It panics with Error where slices are short or n exceeds
// TridiagOrder. Where the squares of a row come near underflow, it counts as zero.
// Cost: 2n³ flops for all rows.
func Tridiag[T Float](first, last, n int, a []T, lda int, d, e, tau, work []T) {
	width := wholeLines[T](n)
	if first < 0 || last <= first || last > n || n > TridiagOrder || lda < width || len(a) < (n-1)*lda+width ||
		len(d) < n || len(e) < n-1 || len(tau) < n-1 || len(work) < 3*width {
		panic(Error{"Tridiag", fmt.Sprintf("rows %d to %d of %d, lda = %d, len(a) = %d, len(d) = %d, len(e) = %d, len(tau) = %d, len(work) = %d",
			first, last, n, lda, len(a), len(d), len(e), len(tau), len(work))})
	}
	reflected := min(last, n-1)
	switch {
	case reflected <= first:
	case !tridiagInAssembly:
		tridiagGo(first, reflected, n, a, lda, d, e, tau, work)
	case is64[T]():
		asm.TridiagF64(isa, first, reflected, n, f64p(a), lda, f64p(d), f64p(e), f64p(tau), f64p(work))
	default:
		asm.TridiagF32(isa, first, reflected, n, f32p(a), lda, f32p(d), f32p(e), f32p(tau), f32p(work))
	}
	if last == n {
		d[n-1] = a[(n-1)*lda+n-1] // the reflector of row n-2 is the identity
	}
}

// tridiagGo is the kernel on level 1 kernels.
func tridiagGo[T Float](first, last, n int, a []T, lda int, d, e, tau, work []T) {
	width := wholeLines[T](n)
	w, u := work[:n], work[width:][:n]
	previous := work[2*width:][:n]
	if first > 0 {
		previous = a[(first-1)*lda:][:n]
	}
	for i := first; i < last; i++ {
		v := a[i*lda:][:n]
		applyLast(previous, w, v, i, i)
		d[i] = v[i]
		e[i], tau[i] = reflector(v[i+1:])
		clear(u)
		for j := i + 1; j < n; j++ {
			row := a[j*lda:][:n]
			applyLast(previous, w, row, i, j)
			Axpy(v[j], row[i+1:], u[i+1:])
		}
		copy(w[i+1:], u[i+1:])
		Scal(tau[i], w[i+1:])
		Axpy(-tau[i]/2*Dot(v[i+1:], w[i+1:]), v[i+1:], w[i+1:])
		previous = v
	}
}

// applyLast applies to row j of the trailing matrix, which begins at row and
// column i, what v and w are of.
func applyLast[T Float](v, w, row []T, i, j int) {
	Axpy(-v[j], w[i:], row[i:])
	Axpy(-w[j], v[i:], row[i:])
}

// reflector overwrites x by v, v[0] = 1, with (I - tau·v·vᵀ)·x = beta·e(0)
// (LAPACK larfg).
func reflector[T Float](x []T) (beta, tau T) {
	alpha, tail := x[0], x[1:]
	x[0] = 1
	squares := Dot(tail, tail)
	tiny := T(0x1p-80)
	if is64[T]() {
		tiny = T(math.Ldexp(1, -918))
	}
	if !(squares > tiny) {
		clear(tail)
		return alpha, 0
	}
	beta = T(-math.Copysign(math.Sqrt(float64(alpha*alpha+squares)), float64(alpha)))
	Scal(1/(alpha-beta), tail)
	return beta, (beta - alpha) / beta
}

// Ormtr applies the reflectors H(i) = I - tau[i]·v·vᵀ of Tridiag to the rows of q,
// of which it has n, one after another: q becomes H(n-2)···H(0)·q (LAPACK ormtr).
// Entry j of v is a[i*lda+j] for j > i. Rows of q are cols elements long, which fill
// whole cache lines. It panics with Error where slices are short. Cost: 2n²·cols
// flops.
func Ormtr[T Float](n, cols int, a []T, lda int, tau, q []T, ldq int) {
	if n < 2 || cols < 1 {
		return
	}
	if cols%wholeLines[T](1) != 0 || n > TridiagOrder || lda < n || len(a) < (n-1)*lda || len(tau) < n-1 || ldq < cols || len(q) < (n-1)*ldq+cols {
		panic(Error{"Ormtr", fmt.Sprintf("n = %d, cols = %d, lda = %d, len(a) = %d, len(tau) = %d, ldq = %d, len(q) = %d",
			n, cols, lda, len(a), len(tau), ldq, len(q))})
	}
	switch {
	case !tridiagInAssembly:
		ormtrGo(n, cols, a, lda, tau, q, ldq)
	case is64[T]():
		asm.OrmtrF64(isa, n, cols, f64p(a), lda, f64p(tau), f64p(q), ldq)
	default:
		asm.OrmtrF32(isa, n, cols, f32p(a), lda, f32p(tau), f32p(q), ldq)
	}
}

// ormtrGo is the kernel on level 1 kernels.
func ormtrGo[T Float](n, cols int, a []T, lda int, tau, q []T, ldq int) {
	var product [TridiagOrder]T
	for ; cols > 0; cols -= len(product) {
		p := product[:min(cols, len(product))]
		for i := range n - 1 {
			v := a[i*lda:][:n]
			clear(p)
			for j := i + 1; j < n; j++ {
				Axpy(v[j], q[j*ldq:][:len(p)], p)
			}
			for j := i + 1; j < n; j++ {
				Axpy(-tau[i]*v[j], p, q[j*ldq:][:len(p)])
			}
		}
		q = q[len(p):]
	}
}

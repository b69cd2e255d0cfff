package kernels

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/asm"
)

var qlInAssembly = inAssembly("qlsweep")

// QLSpare is how many elements the slices of QLSweep have behind those it works on.
const QLSpare = 8

// QLWork returns the length of the workspace that QLSweep needs for a matrix of
// order n.
func QLWork(n int) int { return 2*n + 48 }

// QLSweep does one sweep of the QL algorithm, T - shift·I = Q·L, T becoming L·Q +
// shift·I, on the symmetric tridiagonal matrix with diagonal d[:k+1] and
// off-diagonal e[:k], both of which it replaces. Rotation j = k-1, …, 0 of the
// rows j+1 and j, as RotRows applies it, has cosine c[j] and sine s[j]. All four
// slices have QLSpare elements more; those of d and e it leaves alone.
//
// In place of pivots it computes minors of T - shift·I, scaled, by a recurrence
// without division. Their range grows with the order: where they leave that of
// normal numbers it returns false, and d and e are what they were. That entries
// of T are at most about 1 keeps them from growing. e has no zeros. It panics with
// Error where slices are short. Cost: about 30 flops, a root and a division for
// each rotation.
func QLSweep[T Float](k int, d, e []float64, shift float64, c, s []T, work []float64) bool {
	if k <= 0 || len(d) < k+1+QLSpare || len(e) < k+QLSpare || len(c) < k+QLSpare || len(s) < k+QLSpare || len(work) < QLWork(k+1) {
		panic(Error{"QLSweep", fmt.Sprintf("k = %d, len(d) = %d, len(e) = %d, len(c) = %d, len(s) = %d, len(work) = %d",
			k, len(d), len(e), len(c), len(s), len(work))})
	}
	if !qlInAssembly {
		return qlSweepGo(d[:k+1], e[:k], shift, c[:k], s[:k], work)
	}
	last, ok := d[k], 0
	if is64[T]() {
		ok = asm.QlsweepF64(isa, k, &d[0], &e[0], shift, &work[0], f64p(c), f64p(s))
	} else {
		ok = asm.QlsweepF32(isa, k, &d[0], &e[0], shift, &work[0], f32p(c), f32p(s))
	}
	if ok == 0 {
		copy(d[:k], work)
		copy(e[:k], work[(k+17)&^7:])
		d[k] = last
	}
	return ok != 0
}

// leastMinor bounds the squares of minors from below: roots and quotients of such
// are normal numbers. What is too large becomes infinite.
const leastMinor = 0x1p-900

// qlSweepGo is the kernel in Go; its generator tells of the recurrence.
func qlSweepGo[T Float](d, e []float64, shift float64, c, s []T, work []float64) bool {
	k := len(e)
	y, w := work[:k], work[k:][:k]
	below, minor, square := 1.0, d[k]-shift, 1.0
	for j := k - 1; j >= 0; j-- {
		b := e[j] * e[j]
		t := b * below
		below = minor
		minor = (d[j]-shift)*minor - t
		square = below*below + b*square
		y[j], w[j] = minor, square
		if !(square > leastMinor && square <= math.MaxFloat64) {
			return false
		}
	}
	root, last, turned, before, p := 1.0, d[k]-shift, 0.0, 1.0, 0.0
	for j := k - 1; j >= 0; j-- {
		here := math.Sqrt(w[j])
		inverse := 1 / here
		cosine, sine := last*inverse, e[j]*root*inverse
		last = y[j]
		half := (1 - cosine*cosine - sine*sine) / 2
		cosine += cosine * half
		sine += sine * half
		c[j], s[j] = T(cosine), T(sine)
		pBelow := p
		p = sine * (sine*(d[j]-shift) + cosine*(before*e[j]))
		if j < k-1 {
			e[j+1] = turned * here
		}
		turned = sine * inverse
		d[j+1] += p - pBelow
		root, before = here, cosine
	}
	e[0] = turned * last
	d[0] -= p
	return true
}

// RotRows turns neighbouring rows of z, n elements long and entry (i, j) at
// z[i*ldz+j], by rotations from the last pair up (LAPACK lasr): for j =
// len(c)-1, …, 0 rows j+1 and j become
//
//	c[j]·z(j+1) + s[j]·z(j)   c[j]·z(j) - s[j]·z(j+1)
//
// It panics with Error where slices are short. Cost: 6n flops for each rotation.
func RotRows[T Float](n int, z []T, ldz int, c, s []T) {
	k := len(c)
	if k == 0 || n == 0 {
		return
	}
	if len(s) != k || ldz < n || n < 0 || len(z) < k*ldz+n {
		panic(Error{"RotRows", fmt.Sprintf("n = %d, len(z) = %d, ldz = %d, len(c) = %d, len(s) = %d", n, len(z), ldz, k, len(s))})
	}
	for k > 0 {
		// A call is some microseconds of work.
		first := max(0, k-max(1, chunk/n))
		rotRows(n, z[first*ldz:], ldz, c[first:k], s[first:k])
		k = first
	}
}

func rotRows[T Float](n int, z []T, ldz int, c, s []T) {
	switch {
	case !qlInAssembly:
		for j := len(c) - 1; j >= 0; j-- {
			Rot(z[(j+1)*ldz:][:n], z[j*ldz:][:n], c[j], s[j])
		}
	case is64[T]():
		asm.RotrowsF64(isa, len(c), n, f64p(z), ldz, f64p(c), f64p(s))
	default:
		asm.RotrowsF32(isa, len(c), n, f32p(z), ldz, f32p(c), f32p(s))
	}
}

package kernels

import (
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// chunk bounds the vectors of one assembly call, which Go cannot preempt: it
// is some microseconds of work at the speed of memory.
const chunk = 1 << 15

// far is the number of bytes from which on a vector is taken to lie beyond the
// nearer caches.
const far = 6 << 20

// farISA runs vectors of that length: the processor foresees what is read in
// pieces of 32 bytes further than what is read by the line, and reads memory up to
// a fifth faster so.
var farISA = min(isa, asm.AVX2)

// isaFor is the instruction set for vectors of n entries.
func isaFor[T Float](n int) asm.ISA {
	var entry T
	if uintptr(n)*unsafe.Sizeof(entry) < far {
		return isa
	}
	return farISA
}

func f32p[T Float](x []T) *float32 { return (*float32)(unsafe.Pointer(unsafe.SliceData(x))) }
func f64p[T Float](x []T) *float64 { return (*float64)(unsafe.Pointer(unsafe.SliceData(x))) }

// Axpy adds alpha*x to y, element by element (BLAS axpy). With alpha == 0 it
// leaves y alone, even where x holds NaN or Inf. It panics with Error unless
// len(x) == len(y). Cost: 2n flops, 3n elements of memory traffic.
func Axpy[T Float](alpha T, x, y []T) {
	if len(x) != len(y) {
		panicLengths("Axpy", len(x), len(y))
	}
	if alpha == 0 {
		return
	}
	for set := isaFor[T](len(x)); ; x, y = x[chunk:], y[chunk:] {
		n := min(len(x), chunk)
		switch {
		case set == asm.GO:
			axpyGo(alpha, x[:n], y[:n])
		case is64[T]():
			asm.AxpyF64(set, n, float64(alpha), f64p(x), f64p(y))
		default:
			asm.AxpyF32(set, n, float32(alpha), f32p(x), f32p(y))
		}
		if n == len(x) {
			return
		}
	}
}

// Dot returns the inner product of x and y (BLAS dot). It panics with Error
// unless len(x) == len(y). Cost: 2n flops, 2n elements read.
func Dot[T Float](x, y []T) (sum T) {
	if len(x) != len(y) {
		panicLengths("Dot", len(x), len(y))
	}
	for set := isaFor[T](len(x)); ; x, y = x[chunk:], y[chunk:] {
		n := min(len(x), chunk)
		switch {
		case set == asm.GO:
			sum += dotGo(x[:n], y[:n])
		case is64[T]():
			sum += T(asm.DotF64(set, n, f64p(x), f64p(y)))
		default:
			sum += T(asm.DotF32(set, n, f32p(x), f32p(y)))
		}
		if n == len(x) {
			return sum
		}
	}
}

// Scal multiplies x by alpha (BLAS scal). With alpha == 0 it writes zeros
// without reading x, so NaN and Inf vanish.
func Scal[T Float](alpha T, x []T) {
	if alpha == 0 {
		clear(x)
		return
	}
	for set := isaFor[T](len(x)); ; x = x[chunk:] {
		n := min(len(x), chunk)
		switch {
		case set == asm.GO:
			scalGo(alpha, x[:n])
		case is64[T]():
			asm.ScalF64(set, n, float64(alpha), f64p(x))
		default:
			asm.ScalF32(set, n, float32(alpha), f32p(x))
		}
		if n == len(x) {
			return
		}
	}
}

// Rot applies a plane rotation: x, y = c*x + s*y, c*y - s*x (BLAS rot). It
// panics with Error unless len(x) == len(y). Cost: 6n flops.
func Rot[T Float](x, y []T, c, s T) {
	if len(x) != len(y) {
		panicLengths("Rot", len(x), len(y))
	}
	for len(x) > chunk {
		Rot(x[:chunk], y[:chunk], c, s)
		x, y = x[chunk:], y[chunk:]
	}
	switch {
	case isa == asm.GO:
		rotGo(x, y, c, s)
	case is64[T]():
		asm.RotF64(isa, len(x), f64p(x), f64p(y), float64(c), float64(s))
	default:
		asm.RotF32(isa, len(x), f32p(x), f32p(y), float32(c), float32(s))
	}
}

// Swap exchanges x and y (BLAS swap). It panics with Error unless
// len(x) == len(y).
func Swap[T Float](x, y []T) {
	if len(x) != len(y) {
		panicLengths("Swap", len(x), len(y))
	}
	for len(x) > chunk {
		Swap(x[:chunk], y[:chunk])
		x, y = x[chunk:], y[chunk:]
	}
	switch {
	case isa == asm.GO:
		swapGo(x, y)
	case is64[T]():
		asm.SwapF64(isa, len(x), f64p(x), f64p(y))
	default:
		asm.SwapF32(isa, len(x), f32p(x), f32p(y))
	}
}

// Asum returns Σ|x[i]| (BLAS asum).
func Asum[T Float](x []T) (sum T) {
	for set := isaFor[T](len(x)); ; x = x[chunk:] {
		n := min(len(x), chunk)
		switch {
		case set == asm.GO:
			sum += asumGo(x[:n])
		case is64[T]():
			sum += T(asm.AsumF64(set, n, f64p(x)))
		default:
			sum += T(asm.AsumF32(set, n, f32p(x)))
		}
		if n == len(x) {
			return sum
		}
	}
}

// SumSq returns Σx[i]², which overflows and underflows where the squares do;
// Nrm2 does not.
func SumSq[T Float](x []T) (sum T) {
	for set := isaFor[T](len(x)); ; x = x[chunk:] {
		n := min(len(x), chunk)
		switch {
		case set == asm.GO:
			sum += dotGo(x[:n], x[:n])
		case is64[T]():
			sum += T(asm.SumsqF64(set, n, f64p(x)))
		default:
			sum += T(asm.SumsqF32(set, n, f32p(x)))
		}
		if n == len(x) {
			return sum
		}
	}
}

// DotTriple returns x·x, y·y and x·y in one pass: what one-sided Jacobi
// decides a rotation on. It panics with Error unless len(x) == len(y).
func DotTriple[T Float](x, y []T) (xx, yy, xy T) {
	if len(x) != len(y) {
		panicLengths("DotTriple", len(x), len(y))
	}
	if isa == asm.GO {
		return tripleGo(x, y)
	}
	var sums [3]T
	for len(x) > 0 {
		n := min(len(x), chunk)
		if is64[T]() {
			asm.TripleF64(isa, n, f64p(x), f64p(y), f64p(sums[:]))
		} else {
			asm.TripleF32(isa, n, f32p(x), f32p(y), f32p(sums[:]))
		}
		xx, yy, xy = xx+sums[0], yy+sums[1], xy+sums[2]
		x, y = x[n:], y[n:]
	}
	return xx, yy, xy
}

// Iamax returns the index of the first entry of largest magnitude (BLAS
// iamax), or -1 for an empty x. NaN counts as larger than Inf.
func Iamax[T Float](x []T) int {
	if isa == asm.GO {
		return iamaxGo(x)
	}
	best, start := -1, 0
	for rest := x; len(rest) > 0; {
		n := min(len(rest), chunk)
		var i int
		if is64[T]() {
			i = asm.IamaxF64(isa, n, f64p(rest))
		} else {
			i = asm.IamaxF32(isa, n, f32p(rest))
		}
		if best < 0 || magnitude(x[start+i]) > magnitude(x[best]) {
			best = start + i
		}
		start, rest = start+n, rest[n:]
	}
	return best
}

// magnitude maps |v| to integers in the same order, NaN on top.
func magnitude[T Float](v T) uint64 {
	return math.Float64bits(float64(v)) &^ (1 << 63)
}

// Nrm2 returns the Euclidean norm of x (BLAS nrm2). The plain sum of squares
// is used where it neither overflows nor loses digits to underflow; otherwise
// x is scaled by a power of two on the way.
func Nrm2[T Float](x []T) T {
	low, high := 1e-290, 1e300
	if !is64[T]() {
		low, high = 1e-30, 1e37
	}
	if s := float64(SumSq(x)); (s > low && s < high) || s != s {
		return T(math.Sqrt(s))
	}
	return nrm2Scaled(x)
}

// nrm2Scaled is Nrm2 for entries whose squares leave the range of T. float32
// entries are squared in float64.
func nrm2Scaled[T Float](x []T) T {
	i := Iamax(x)
	if i < 0 || x[i] == 0 {
		return 0
	}
	largest := math.Abs(float64(x[i]))
	if math.IsInf(largest, 0) || largest != largest {
		return T(largest)
	}
	_, e := math.Frexp(largest)
	half := -e / 2 // in two steps: 2^-e itself may overflow
	up, rest := math.Ldexp(1, half), math.Ldexp(1, -e-half)
	var s float64
	for _, v := range x {
		f := float64(v) * up * rest
		s += float64(f * f)
	}
	return T(math.Sqrt(s) / up / rest)
}

// FMALoop runs a loop of fused multiply-adds on registers alone and returns
// how many flops it made. Timed, it gives the peak of one core.
func FMALoop[T Float](rounds int) (flops int) {
	if rounds <= 0 {
		return 0
	}
	if isa == asm.GO {
		return fmaLoopGo[T](rounds)
	}
	lanes := gemmKernel[T]().Lanes
	for left := rounds; left > 0; left -= chunk / 16 {
		if is64[T]() {
			asm.FmaloopF64(isa, min(left, chunk/16))
		} else {
			asm.FmaloopF32(isa, min(left, chunk/16))
		}
	}
	return rounds * 24 * 2 * lanes
}

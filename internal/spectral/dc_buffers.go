package spectral

import (
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/mat"
)

// grow returns a slice of length n, over the array of s where that suffices.
// Its entries are undefined.
func grow[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// growDense gives m the shape rows × cols over its own array where that
// suffices. Its entries are undefined. Rows begin a whole number of cache
// lines apart, and never a multiple of 512 bytes, which would send the entries
// of a column to a few sets of the cache.
func growDense[T mat.Float](m *mat.Dense[T], rows, cols int) {
	stride := strideOf[T](cols)
	*m = mat.Dense[T]{Rows: rows, Cols: cols, Stride: stride, Data: grow(m.Data, rows*stride)}
}

// strideOf is the stride that growDense gives to rows of so many entries.
func strideOf[T mat.Float](cols int) int {
	var zero T
	size := int(unsafe.Sizeof(zero))
	line := 64 / size
	stride := roundUp(cols, line)
	if stride*size%512 == 0 {
		stride += line
	}
	return stride
}

// roundUp returns the least multiple of unit that is at least n.
func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

// window is mat's View by value: it stays on the stack.
func window[T mat.Float](m *mat.Dense[T], i, j, rows, cols int) mat.Dense[T] {
	v := mat.Dense[T]{Rows: rows, Cols: cols, Stride: m.Stride}
	if rows > 0 && cols > 0 {
		o := i*m.Stride + j
		v.Data = m.Data[o : o+(rows-1)*m.Stride+cols]
	}
	return v
}

// precision holds the constants of floating-point type T.
type precision struct {
	ulp        float64 // distance from 1 to the next number
	tinySquare float64 // sums of squares up to here may have lost digits to underflow
	tiny       float64 // smallest normal number
	maxExp     int     // 2^±maxExp are normal numbers
}

func precisionOf[T mat.Float]() precision {
	var zero T
	if unsafe.Sizeof(zero) == 4 {
		return precision{ulp: 0x1p-23, tinySquare: 0x1p-80, tiny: 0x1p-126, maxExp: 125}
	}
	return precision{ulp: 0x1p-52, tinySquare: 0x1p-918, tiny: 0x1p-1022, maxExp: 1021}
}

func tinySquare[T mat.Float]() T { return T(precisionOf[T]().tinySquare) }

func ulp[T mat.Float]() T { return T(precisionOf[T]().ulp) }

func abs[T mat.Float](x T) T { return T(math.Abs(float64(x))) }

func sqrt[T mat.Float](x T) T { return T(math.Sqrt(float64(x))) }

func copysign[T mat.Float](x, y T) T { return T(math.Copysign(float64(x), float64(y))) }

package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Transpose copies the m × n matrix src, row-major with stride ss, into its
// transpose dst, row-major with stride ds. The slices must hold what the
// shapes say and share no entry.
func Transpose[T Float](m, n int, src []T, ss int, dst []T, ds int) {
	const line, colliding = 64, 1024 // bytes
	rows, cols := 128, 128           // of one assembly call, some microseconds
	if size := int(unsafe.Sizeof(T(0))); isa != asm.AVX512 && ds*size%colliding == 0 {
		cols = line / size // rows of dst share few sets of L1, and a vector is not the whole of a line
	}
	for i := 0; i < m; i += rows {
		for j := 0; j < n; j += cols {
			transposeBlock(min(rows, m-i), min(cols, n-j), src[i*ss+j:], ss, dst[j*ds+i:], ds)
		}
	}
}

func transposeBlock[T Float](m, n int, src []T, ss int, dst []T, ds int) {
	s, d := unsafe.Pointer(&src[0]), unsafe.Pointer(&dst[0])
	switch {
	case isa == asm.GO:
		transposeGo(m, n, src, ss, dst, ds)
	case is64[T]():
		asm.TransposeF64(isa, m, n, (*float64)(s), ss, (*float64)(d), ds)
	default:
		asm.TransposeF32(isa, m, n, (*float32)(s), ss, (*float32)(d), ds)
	}
}

func transposeGo[T Float](m, n int, src []T, ss int, dst []T, ds int) {
	for i := range m {
		for j, v := range src[i*ss:][:n] {
			dst[j*ds+i] = v
		}
	}
}

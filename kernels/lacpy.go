package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// lacpy copies an m × n matrix (LAPACK lacpy), both row-major.
func lacpy[T Float](m, n int, src []T, ss int, dst []T, ds int) {
	if m == 0 || n == 0 {
		return
	}
	s, d := unsafe.Pointer(&src[0]), unsafe.Pointer(&dst[0])
	switch {
	case !lacpyInAssembly:
		for i := range m {
			copy(dst[i*ds:][:n], src[i*ss:])
		}
	case is64[T]():
		asm.LacpyF64(isa, m, n, (*float64)(s), ss, (*float64)(d), ds)
	default:
		asm.LacpyF32(isa, m, n, (*float32)(s), ss, (*float32)(d), ds)
	}
}

var lacpyInAssembly = inAssembly("lacpy")
